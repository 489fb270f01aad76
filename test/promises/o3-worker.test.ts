import type { ChildProcess } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';

import { promiseOf } from './promise.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { askForEveryWrite, countUnsettled, EACH_ONCE, effectsIn, holdWrites, letTimePass, ONLY_ONCE, UNDER_WAY, writeOf } from '#test/support/every-write.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { endOf, spawnWorker } from '#test/support/worker-process.ts';

const DRAIN_PROMISED_MS = 10_000;
const ORDERS = 20;
/** Of a shop: a code and credit, a reward of each kind, an invite, and what Flow is told of two rewards and two tiers. */
const SENT_A_SHOP = 9;

function startWorker(faulty: FaultyApp): ChildProcess {
  return spawnWorker({ ...faulty.app.env, SHOPIFY_SIM_ORIGIN: faulty.proxy.url }, ['ignore', 'ignore', 'inherit']);
}

/** A second pull of the history is asked for, which the workers are at as well. */
async function pullAnew(faulty: FaultyApp): Promise<void> {
  await faulty.owner.query("INSERT INTO imports (shop_id, import_id, resource, state, requested_at) SELECT shop_id, gen_random_uuid(), r, 'requested', now() FROM shops, unnest(ARRAY['orders', 'customers']) r");
}

promiseOf('O3', 'workers told to end with every kind of write in flight, another beside them', async ({ pick }) => {
  const pairs = pick(1, 3);
  const stores = Array.from({ length: 2 * pairs }, (_, index) => syntheticStore(ORDERS, { shop: { id: index + 1, domain: `deploy-${index + 1}.myshopify.com` } }));
  const faulty = await startFaultyApp(stores);
  const workers: ChildProcess[] = [];
  const storeOf = (domain: string) => faulty.app.running.simulator.requireStore(domain);
  try {
    for (const { shop } of stores) {
      const context = await faulty.app.install(shop.domain);
      await faulty.pull(context);
      await askForEveryWrite({ owner: faulty.owner, context, shopify: storeOf(shop.domain), earnsFromMs: Date.now() });
    }
    await pullAnew(faulty);
    const before = faulty.proxy.requests.length;
    // Of two shops, so that those are in flight, too, that come after others; each of two workers traces one of them.
    const held = holdWrites(faulty.proxy, new Map(stores.slice(0, 2).map(({ shop }, index) => [shop.domain, UNDER_WAY[index] ?? []])));
    const first = [startWorker(faulty), startWorker(faulty)];
    workers.push(...first);
    const inFlight = UNDER_WAY.flat().length;
    await waitFor('every kind of write to be in flight', () => held.underWay.size === inFlight || undefined, { timeoutMs: 60_000 });
    const stoppedAtMs = performance.now();
    for (const worker of first) worker.kill('SIGTERM');
    const second = startWorker(faulty);
    workers.push(second);
    held.release();
    const ends = await Promise.all(first.map(endOf));
    const drainedMs = performance.now() - stoppedAtMs;
    await waitFor('all of it to be done and every history to be pulled', async () => {
      const [row] = await faulty.rows("SELECT count(*)::int AS waiting FROM imports WHERE state IN ('requested', 'running', 'storing')");
      if ((await countUnsettled(faulty.owner)) === 0 && row?.['waiting'] === 0) return true;
      await letTimePass(faulty.owner);
      return undefined;
    }, { timeoutMs: 60_000 });
    second.kill('SIGTERM');
    const { code: secondCode } = await endOf(second);
    const unlike = stores.flatMap(({ shop }) => {
      const found = effectsIn(storeOf(shop.domain));
      return isDeepStrictEqual(found, EACH_ONCE) ? [] : [`${shop.domain} ${JSON.stringify(found)}`];
    });
    const sent = faulty.proxy.requests.slice(before).map(writeOf).filter((write) => write !== null && ONLY_ONCE.includes(write)).length;
    const [orders] = await faulty.rows('SELECT count(*)::int AS orders FROM orders');
    const isDrained = drainedMs <= DRAIN_PROMISED_MS && [...ends.map(({ code }) => code), secondCode].every((code) => code === 0);
    return {
      tried: `${inFlight} kinds of writes in flight at SIGTERM, all of them for ${stores.length} shops, and ${stores.length * 2} imports`,
      measured: `drained in ${(drainedMs / 1000).toFixed(1)} s with codes ${ends.map(({ code }) => code).join(' ')}; ${unlike.length === 0 ? 'each in Shopify once' : `NOT each once: ${unlike.join(', ')}`} (${sent} of ${stores.length * SENT_A_SHOP} sent), ${orders?.['orders']} of ${stores.length * ORDERS} orders; the other ended with code ${secondCode}`,
      isKept: isDrained && unlike.length === 0 && sent === stores.length * SENT_A_SHOP && orders?.['orders'] === stores.length * ORDERS,
    };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map(endOf));
    faulty.proxy.clear();
    await faulty.stop();
  }
});
