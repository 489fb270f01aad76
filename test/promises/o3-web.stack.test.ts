import pg from 'pg';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { promiseOf } from './promise.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startPerennialOnSharedServer } from '#test/support/perennial-on-shared-server.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { webUrlOf } from '#test/support/running-processes.ts';
import { orderWebhook, visitAsMerchant } from '#test/support/stack-requests.ts';
import { waitFor } from '#test/support/wait-for.ts';

const DRAIN_PROMISED_MS = 10_000;
const HELD_MS = 1_200;
const SHOPPER = 4_001;

promiseOf('O3', 'web told to end with requests in flight', async ({ pick }) => {
  const count = pick(20, 100);
  const store = syntheticStore(30);
  const { domain } = store.shop;
  const perennial = await startPerennialOnSharedServer(() => store);
  const owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  // A transaction sees the activity as it was when it first looked.
  const observer = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  try {
    await Promise.all([owner.connect(), observer.connect()]);
    await visitAsMerchant(perennial, domain, perennial.appFrontUrl);
    const url = webUrlOf(perennial);
    const { clientSecret } = perennial.simulator.simulator.app;
    await beginProgram(owner, domain);
    const before = Number((await owner.query<{ n: string }>('SELECT count(*) AS n FROM webhook_inbox')).rows[0]?.n);

    // None of them can be answered before this lock goes, so all are in flight when web is told to end.
    await owner.query('BEGIN; LOCK TABLE webhook_inbox IN ACCESS EXCLUSIVE MODE');
    // Nor can what is noted behind an answer be written before this one goes.
    await owner.query('SELECT 1 FROM shops WHERE domain = $1 FOR NO KEY UPDATE', [domain]);
    const look = await lookAtPoints(perennial, domain);
    const answers = Array.from({ length: count }, async (_, index) => {
      const { path, headers, body } = orderWebhook({ orderId: store.orders[index % 30]?.id ?? 0, domain, secret: clientSecret, updatedAt: new Date().toISOString(), offsetMs: 0 });
      try {
        return (await fetch(`${url}${path}`, { method: 'POST', headers, body })).status;
      } catch {
        return null;
      }
    });
    // Web has two statements under way at most for one shop's webhooks; the others wait for their turn in its memory.
    await waitFor('the requests to be in flight', async () => {
      const { rows } = await observer.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%receive_webhook%'");
      return (rows[0]?.n ?? 0) >= 2 || undefined;
    });
    // Connections are taken in their order: when these are answered, those before them have been taken.
    for (let turn = 0; turn < 3; turn += 1) await fetch(`${url}/livez`);
    const stoppedAtMs = performance.now();
    const stopping = perennial.stopWeb().then(() => performance.now() - stoppedAtMs);
    await waitFor('the listener to close', () => fetch(`${url}/livez`).then(() => undefined, () => true as const));
    const ready = performance.now() - stoppedAtMs;
    await new Promise((resolve) => setTimeout(resolve, HELD_MS));
    await owner.query('COMMIT');
    const statuses = await Promise.all(answers);
    const drainedMs = await stopping;
    const stored = Number((await owner.query<{ n: string }>('SELECT count(*) AS n FROM webhook_inbox')).rows[0]?.n) - before;
    const dropped = statuses.filter((status) => status !== 200).length;
    const noted = (await owner.query('SELECT FROM loyalty_members WHERE customer_id = $1 AND claimed_at IS NOT NULL', [SHOPPER])).rowCount ?? 0;
    return {
      tried: `${count} requests in flight at SIGTERM, and a shopper's first look answered whose note was not written`,
      measured: `${dropped} dropped, ${stored} kept, ${noted} of 1 noted, no new ones after ${ready.toFixed(0)} ms, drained in ${(drainedMs / 1000).toFixed(1)} s of which ${HELD_MS / 1000} s were held`,
      isKept: dropped === 0 && stored >= count && look === 200 && noted === 1 && drainedMs <= DRAIN_PROMISED_MS,
    };
  } finally {
    await Promise.all([owner.end(), observer.end()]);
    await perennial.close();
  }
});

/** One that gives points for joining, so that a shopper's first look has something to write. */
async function beginProgram(owner: pg.Client, domain: string): Promise<void> {
  const program = { ...defaultProgram({ currency: 'EUR', unitMinor: 100 }), status: { kind: 'live' } };
  const { rows } = await owner.query<{ shop_id: number }>(
    "UPDATE shops SET currency = coalesce(currency, 'EUR'), iana_time_zone = coalesce(iana_time_zone, 'UTC') WHERE domain = $1 RETURNING shop_id",
    [domain],
  );
  const shopId = rows[0]?.shop_id;
  await owner.query('INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now())', [shopId, JSON.stringify(program)]);
  await owner.query('INSERT INTO loyalty_progress (shop_id, is_followed) VALUES ($1, true)', [shopId]);
}

async function lookAtPoints(perennial: PerennialUnderTest, domain: string): Promise<number> {
  const { clientId, clientSecret } = perennial.simulator.simulator.app;
  const now = Math.floor(Date.now() / 1000);
  const claims = { dest: domain, aud: clientId, exp: now + 300, nbf: now - 1, iat: now - 1, jti: 'a-first-look', sub: `gid://shopify/Customer/${SHOPPER}` };
  const answer = await fetch(`${webUrlOf(perennial)}/api/shopper/loyalty`, { headers: { Authorization: `Bearer ${signSessionToken(claims, clientSecret)}` } });
  return answer.status;
}
