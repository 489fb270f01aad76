import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import pg from 'pg';

import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { signSessionToken } from '#test/simulator/session-token.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { percentile, sendOpenLoop, type PlannedRequest } from '#test/support/open-loop.ts';
import { startPerennialOnSharedServer } from '#test/support/perennial-on-shared-server.ts';
import type { PerennialUnderTest } from '#test/support/perennial-under-test.ts';
import { webUrlOf } from '#test/support/running-processes.ts';
import { visitAsMerchant } from '#test/support/stack-requests.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

const STORE = syntheticStore(20);
const { domain } = STORE.shop;
const PAGES_A_SECOND = 100;
const MOST_P99_MS = 1_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** A page asks for so long at most. */
const PATIENCE_MS = 20_000;
const TROUBLE_WAIT_MS = 900;
const FIRST_ORDER = 900_001;

promiseOf('C1', 'over HTTP in open loop, codes enough at hand, Shopify throttled', async ({ pick }) => {
  const count = pick(80, 1_000);
  const target = (count * 6) / 5;
  const perennial = await startPerennialOnSharedServer(() => STORE);
  const owner = new pg.Client({ connectionString: perennial.databaseOwnerUrl });
  try {
    await owner.connect();
    await fillPool(perennial, owner, target);
    const now = new Date();
    await placeOrders(owner, { first: FIRST_ORDER, count, at: now });
    const orderIds = Array.from({ length: count }, (_, index) => FIRST_ORDER + index);
    const calm = throttle(perennial);
    // The sender is a process, which takes a moment to begin.
    const plan = { url: webUrlOf(perennial), startAtMs: Date.now() + 1_500, timeoutMs: ANSWER_TIMEOUT_MS, keepsBodies: true };
    const shots = await sendOpenLoop({ ...plan, requests: orderIds.map((orderId, index) => ({ offsetMs: (index * 1_000) / PAGES_A_SECOND, ...pageOf(orderId, perennial) })) });
    const first = shots.map(({ status, body = '' }) => (status === 200 ? codeIn(body) : null));
    const codes = await Promise.all(orderIds.map((orderId, index) => first[index] ?? askAgain(orderId, perennial)));
    calm();
    await waitFor('the pool to be full again', async () => (await freeCodes(owner)) >= target / 2 || undefined, { timeoutMs: 60_000 });
    const latencies = shots.map(({ latencyMs }) => latencyMs);
    const [p50, p99, max] = [0.5, 0.99, 1].map((share) => Math.round(percentile(latencies, share)));
    const atOnce = first.filter((code) => code !== null).length;
    const different = new Set(codes.filter((code) => code !== null)).size;
    const shopify = perennial.simulator.simulator.requireStore(domain);
    const strangers = codes.filter((code) => code === null || shopify.findCode(code)?.discount.title.startsWith('Perennial: next order, 15 %') !== true).length;
    // In the small run other tests have the machine too.
    const isQuick = pick(true, atOnce === count && (p99 ?? Infinity) <= MOST_P99_MS);
    return {
      tried: `${count} pages in ${(count / PAGES_A_SECOND).toFixed(1)} s to the built web process, half of them guests’, Shopify’s bucket empty`,
      measured: `${atOnce} got their code in the first answer (p50 ${p50} ms, p99 ${p99} ms, max ${max} ms); ${different} different codes, ${strangers} unknown to Shopify; filled again afterwards`,
      isKept: isQuick && different === count && strangers === 0,
    };
  } finally {
    await owner.end();
    await perennial.close();
  }
});

/** An installed shop with its history, a busy hour twenty days ago, and the codes that such an hour needs. */
async function fillPool(perennial: PerennialUnderTest, owner: pg.Client, target: number): Promise<void> {
  const visit = await visitAsMerchant(perennial, domain, perennial.appFrontUrl);
  if (!visit.ok) throw new Error(`The app answered ${visit.status} to its first visit`);
  const isCompleted = async () => (await owner.query("SELECT FROM imports WHERE state = 'completed'")).rowCount === 2 || undefined;
  await waitFor('the history to be there', isCompleted, { timeoutMs: 60_000 });
  // The orders of this test are none of Shopify's, which a comparison would find.
  await owner.query("UPDATE shops SET reconcile_due_at = now() + interval '1 day', freshness_due_at = now() + interval '1 day'");
  await placeOrders(owner, { first: FIRST_ORDER - target, count: target / 2, at: new Date(Date.now() - 20 * 86_400_000) });
  await owner.query("INSERT INTO offer_settings (shop_id, is_enabled, audience, currency, updated_at) SELECT shop_id, true, 'every-order', currency, now() FROM shops");
  await waitFor('codes to be made ahead', async () => (await freeCodes(owner)) >= target || undefined, { timeoutMs: 60_000 });
}

/** Every other one a guest's. */
async function placeOrders(owner: pg.Client, { first, count, at }: { first: number; count: number; at: Date }): Promise<void> {
  await owner.query(
    `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, is_test, currency, presentment_currency, taxes_included, discount_codes,
       subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor, shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor)
     SELECT shop_id, n, '#' || n, CASE WHEN n % 2 = 0 THEN n + 1000000 END, $3, $3, $3, false, currency, currency, true, '{}', 1000, 1000, 0, 0, 0, 0, 1000, 1000, 0, 0
     FROM shops, generate_series($1::bigint, $2::bigint) n`,
    [first, first + count - 1, at],
  );
}

/** Of the discounts that hold now, the one with the most: codes of the days to come are of no use to these pages. */
async function freeCodes(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ free: number }>(
    `SELECT count(*)::int AS free FROM offer_pool_codes p JOIN offer_discounts d USING (shop_id, discount_key)
     WHERE p.state = 'added' AND d.starts_at <= now() GROUP BY d.discount_key ORDER BY 1 DESC LIMIT 1`,
  );
  return rows[0]?.free ?? 0;
}

/** Somebody else of the same app uses all the points of the store. */
function throttle({ simulator }: PerennialUnderTest): () => void {
  const bucket = simulator.simulator.bucketOf(domain);
  const drain = setInterval(() => bucket.drain(), 1);
  return () => {
    clearInterval(drain);
    bucket.fill();
  };
}

/** As the block on the page asks, each from a home of its own. */
function pageOf(orderId: number, { simulator }: PerennialUnderTest): Omit<PlannedRequest, 'offsetMs'> & { method: 'GET' } {
  const { clientId, clientSecret } = simulator.simulator.app;
  const now = Math.floor(Date.now() / 1000);
  const isGuest = orderId % 2 === 1;
  const claims = { dest: domain, aud: clientId, exp: now + 300, nbf: now - 1, iat: now - 1, jti: randomUUID(), ...(isGuest ? {} : { sub: `gid://shopify/Customer/${orderId + 1_000_000}` }) };
  return {
    method: 'GET',
    path: `/api/checkout/next-order-offer?orderId=${encodeURIComponent(`gid://shopify/OrderIdentity/${orderId}`)}`,
    headers: { Authorization: `Bearer ${signSessionToken(claims, clientSecret)}`, 'X-Forwarded-For': `198.51.${Math.floor(orderId / 256) % 256}.${orderId % 256}` },
    body: '',
  };
}

function codeIn(body: string): string | null {
  const offer = JSON.parse(body) as NextOrderOffer;
  return offer.state === 'ready' ? offer.code : null;
}

/** As the block does until it has one, or has no patience any more. */
async function askAgain(orderId: number, perennial: PerennialUnderTest): Promise<string | null> {
  const url = webUrlOf(perennial);
  for (const untilMs = Date.now() + PATIENCE_MS; Date.now() < untilMs; await wait(TROUBLE_WAIT_MS)) {
    const { path, headers } = pageOf(orderId, perennial);
    const answer = await fetch(`${url}${path}`, { headers });
    const code = answer.status === 200 ? codeIn(await answer.text()) : null;
    if (code !== null) return code;
  }
  return null;
}
