import { readFileSync } from 'node:fs';

import pg from 'pg';

import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { percentile, sendOpenLoop } from '#test/support/open-loop.ts';
import { startPerennialOnSharedServer } from '#test/support/perennial-on-shared-server.ts';
import { webUrlOf, workerPidOf } from '#test/support/running-processes.ts';
import { orderWebhook, visitAsMerchant } from '#test/support/stack-requests.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

const PEAK_PROMISED_MB = 300;
const RATE_PROMISED = 1_000;
const P99_PROMISED_MS = 500;
// Three thousand orders are stored in a second or two, which anything else on the machine delays: so few are held to less.
const SMALL_RATE = 200;
const SMALL_P99_MS = 2_000;
const WEBHOOKS_PER_SECOND = 20;

promiseOf('S5', 'one shop, webhooks meanwhile', async ({ pick }) => {
  const count = pick(3_000, 200_000);
  const store = syntheticStore(count);
  const { domain } = store.shop;
  const orderIds = store.orders.map(({ id }) => id);
  const perennial = await startPerennialOnSharedServer(() => store);
  const owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  try {
    await owner.connect();
    const first = await visitAsMerchant(perennial, domain, perennial.appFrontUrl);
    if (!first.ok) throw new Error(`The app answered ${first.status} to its first visit`);
    const stateIs = (states: string[]) => async () => {
      const { rows } = await owner.query<{ state: string }>("SELECT state FROM imports WHERE resource = 'orders'");
      return states.includes(rows[0]?.state ?? '') ? rows[0]?.state : undefined;
    };
    await waitFor('the orders to be stored', stateIs(['storing', 'completed', 'failed']), { timeoutMs: 10 * 60_000, intervalMs: 10 });
    const startedAtMs = performance.now();
    const webhooks = sendWebhooks(perennial, { domain, orderIds, seconds: pick(2, 15) });
    const state = await waitFor('the orders to be here', stateIs(['completed', 'failed']), { timeoutMs: 10 * 60_000, intervalMs: 10 });
    const seconds = (performance.now() - startedAtMs) / 1_000;
    const shots = await webhooks;
    const peakMb = peakResidentMb(workerPidOf(perennial));
    const { rows } = await owner.query<{ orders: number; objects: number }>(
      `SELECT (SELECT count(*)::int FROM orders) AS orders, objects_stored AS objects FROM imports WHERE resource = 'orders'`,
    );
    const [file] = perennial.simulator.simulator.bulk.list(domain);
    const megabytes = (file?.fileSize ?? 0) / 1e6;
    const perSecond = count / seconds;
    const p99 = percentile(shots.map(({ latencyMs }) => latencyMs), 0.99);
    const refused = shots.filter(({ status }) => status !== 200).length;
    return {
      tried: `${count.toLocaleString('en')} orders in ${Number(rows[0]?.objects).toLocaleString('en')} lines of ${megabytes.toFixed(0)} MB, ${shots.length} webhooks`,
      measured: `peak ${peakMb.toFixed(0)} MB, ${Math.round(perSecond).toLocaleString('en')} orders/s (${seconds.toFixed(1)} s with the download), p99 ${p99.toFixed(0)} ms, ${refused} not 200`,
      isKept:
        state === 'completed' && rows[0]?.orders === count && peakMb <= PEAK_PROMISED_MB && perSecond >= pick(SMALL_RATE, RATE_PROMISED) &&
        p99 <= pick(SMALL_P99_MS, P99_PROMISED_MS) && refused === 0,
    };
  } finally {
    await owner.end();
    await perennial.close();
  }
});

function sendWebhooks(
  perennial: Parameters<typeof webUrlOf>[0] & Parameters<typeof visitAsMerchant>[0],
  { domain, orderIds, seconds }: { domain: string; orderIds: readonly number[]; seconds: number },
) {
  const secret = perennial.simulator.simulator.app.clientSecret;
  const requests = Array.from({ length: WEBHOOKS_PER_SECOND * seconds }, (_, index) =>
    orderWebhook({
      orderId: orderIds[(index * 7) % orderIds.length] ?? 0,
      domain,
      secret,
      updatedAt: new Date().toISOString(),
      offsetMs: (index * 1_000) / WEBHOOKS_PER_SECOND,
    }),
  );
  // The sender is a process, which takes a moment to begin.
  return sendOpenLoop({ url: webUrlOf(perennial), startAtMs: Date.now() + 150, timeoutMs: 10_000, requests });
}

/** The most that the process ever held in memory. */
function peakResidentMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
