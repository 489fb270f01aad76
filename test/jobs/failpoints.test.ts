import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { aRule, offering } from '#test/services/offers/offering.ts';
import { changeCustomer } from '#test/simulator/customer-changes.ts';
import { refundOrder } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { endOf, spawnWorker } from '#test/support/worker-process.ts';
import { askingStaff } from '#test/support/asking-staff.ts';

const STORE = syntheticStore(300);
const DOMAIN = STORE.shop.domain;
/** Of the web process: test/services/sync/webhooks/webhooks.test.ts has the one, L4 what a lost answer of the other is. */
const OF_WEB: readonly string[] = ['webhook-before-store', 'redeem-inside'];

let app: AppUnderTest;
let context: ShopContext;
let shopify: ShopStore;
let owner: pg.Client;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  context = await app.install(DOMAIN);
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  shopify = app.running.simulator.requireStore(DOMAIN);
});

afterAll(async () => {
  worker?.kill('SIGKILL');
  await owner.end();
  await app.stop();
});

/**
 * Runs the real worker until it ends itself at one of the failpoints, or until `isDone`.
 * @returns the failpoint it died at, or null
 */
async function runWorker(failpoints: readonly string[], isDone: () => Promise<boolean>): Promise<string | null> {
  const FAILPOINTS = failpoints.map((name) => `${name}=kill`).join(',');
  worker = spawnWorker({ ...app.env, NODE_ENV: 'test', FAILPOINTS }, ['ignore', 'inherit', 'pipe']);
  let said = '';
  worker.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  let hasEnded = false;
  const ended = endOf(worker).then(() => (hasEnded = true));
  // What is asked here is asked of the database that the worker works with: seldom, and not at all once it has ended.
  while (!hasEnded && !(await isDone())) await Promise.race([ended, wait(100)]);
  worker.kill('SIGTERM');
  await ended;
  return /failpoint (\S+) kill/.exec(said)?.[1] ?? null;
}

async function count(sql: string): Promise<number> {
  const { rows } = await owner.query<{ count: string }>(sql);
  return Number(rows[0]?.count);
}

async function isSettled(): Promise<boolean> {
  return (
    (await count(`
      SELECT (SELECT count(*) FROM imports WHERE state IN ('requested', 'running', 'storing'))
        + (SELECT count(*) FROM webhook_inbox WHERE state = 'waiting')
        + (SELECT count(*) FROM reconciliations WHERE state IN ('requested', 'running', 'comparing', 'repairing'))
        + (SELECT count(*) FROM segment_writes WHERE state IN ('requested', 'writing'))
        + (SELECT count(*) FROM loyalty_redemptions WHERE not_before <= now() + interval '1 hour')
        + (SELECT count(*) FROM loyalty_members WHERE due_at <= now())
        + (SELECT count(*) FROM loyalty_members m LEFT JOIN loyalty_member_traces t USING (shop_id, member_id)
            WHERE m.customer_id > 0 AND (m.last_sequence > coalesce(t.seen_sequence, 0) OR t.due_at <= now()))
        + (SELECT count(*) FROM loyalty_flow_events WHERE state = 'waiting')
        + (SELECT count(*) FROM loyalty_progress p JOIN shops s USING (shop_id) WHERE p.orders_version < s.data_version)
        + (SELECT count(*) FROM account_invites WHERE not_before <= now() + interval '1 hour')
        + (SELECT count(*) FROM loyalty_gifts WHERE not_before IS NOT NULL)
        + (SELECT count(*) FROM offer_settings WHERE is_enabled AND (pool_due_at IS NULL OR pool_due_at <= now() + interval '1 minute'))
        + (SELECT count(*) FROM offer_credits WHERE state = 'intended')
        + (SELECT count(*) FROM offer_discounts WHERE ends_at < now() AND tidied_at IS NULL)
        + (SELECT count(*) FROM offer_codes WHERE state = 'intended') AS count`)) === 0
  );
}

/**
 * Each kind of work is asked for while its own failpoints are armed and no others: a worker that dies at another's, between
 * a sending and the place behind it, leaves what it sent to be found, and nothing passes that place again.
 */
const FAMILIES: readonly { prefixes: readonly string[]; ask: () => Promise<void> }[] = [
  { prefixes: ['import'], ask: async () => {} },
  { prefixes: ['pool'], ask: switchOffersOn },
  { prefixes: ['offer'], ask: askForCode },
  { prefixes: ['credit'], ask: askForCredit },
  { prefixes: ['discount'], ask: askForTidying },
  { prefixes: ['webhook', 'redact', 'token', 'reconcile'], ask: askForComparison },
  { prefixes: ['segment'], ask: askForSegment },
  { prefixes: ['award', 'member-time'], ask: askForPoints },
  { prefixes: ['gift'], ask: askForGift },
  { prefixes: ['redemption'], ask: () => askForRewards('redemption') },
  { prefixes: ['trace', 'flow'], ask: () => askForRewards('trace') },
  { prefixes: ['invite'], ask: askForInvites },
];

let redactedId = 0;

/** From then on codes are made ahead. */
async function switchOffersOn(): Promise<void> {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  expect(await saveOfferSettings(context, offering())).toMatchObject({ ok: true });
}

/** Of what was made ahead nothing is left. */
async function askForCode(): Promise<void> {
  await owner.query("UPDATE offer_pool_codes SET state = 'failed'");
  await askForOffer(3);
}

const CREDITED = 4;

async function askForCredit(): Promise<void> {
  const { saveOfferSettings } = await import('#app/services/offers/save-offer-settings.server.ts');
  expect(await saveOfferSettings(context, offering([aRule({ grant: { kind: 'store-credit', amountMinor: 100 } })]))).toMatchObject({ ok: true });
  await askForOffer(CREDITED);
}

async function askForOffer(position: number): Promise<void> {
  const order = [...shopify.orders.values()][position];
  // An offer is for an order of today; the comparison puts back when it really was made.
  await owner.query("UPDATE orders SET created_at = now(), updated_at = updated_at - interval '1 day' WHERE order_id = $1", [order?.id]);
  const { requestNextOrderOffer } = await import('#app/services/offers/request-next-order-offer.server.ts');
  expect(await requestNextOrderOffer(context, { orderId: BigInt(order?.id ?? 0), customerId: null })).toMatchObject({ value: { state: 'pending', isPromised: true } });
}

/** A discount that ended years ago, and that nobody used. */
async function askForTidying(): Promise<void> {
  const [made] = [...shopify.discounts.values()].filter(({ title }) => title.startsWith('Perennial: next order'));
  if (made === undefined) throw new Error('no discount');
  const time = { startsAt: '2020-01-01T00:00:00.000Z', endsAt: '2020-02-01T00:00:00.000Z' };
  shopify.save('discount', { ...made, ...time, id: ENDED_ID, title: 'Perennial: ended', codes: [{ id: ENDED_ID, code: 'BACK-ENDED', asyncUsageCount: 0 }] });
  await owner.query(
    `INSERT INTO offer_discounts (shop_id, discount_key, discount_gid, title, minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
     SELECT shop_id, 'ended', $1, 'Perennial: ended', 0, 'EUR', $2, $3, $2 FROM shops`,
    [`gid://shopify/DiscountCodeNode/${ENDED_ID}`, time.startsAt, time.endsAt],
  );
  await owner.query('UPDATE shops SET upkeep_due_at = now()');
}

const ENDED_ID = 999_999_000;

/** Changes that came, one that did not, somebody who is to be forgotten, and a token that is over. */
async function askForComparison(): Promise<void> {
  const [first, second, third] = [...shopify.orders.values()];
  if (!first || !second || !third) throw new Error('too few orders');
  refundOrder(shopify, first, { lines: [], everything: false, freeAmountMinor: 1, note: null }, new Date());
  await owner.query('DELETE FROM orders WHERE order_id = $1', [second.id]);
  redactedId = third.customerId ?? 0;
  // Gone from Shopify without a word. Those that are there may be written to meanwhile, which leaves them to the next comparison.
  await owner.query("INSERT INTO customers (shop_id, customer_id, created_at, updated_at, number_of_orders) SELECT shop_id, 999999, '2020-01-01', '2020-01-01', 0 FROM shops");
  shopify.emit('customers/redact', { shop_domain: DOMAIN, customer: { id: redactedId }, orders_to_redact: [third.id] });
  await owner.query("UPDATE sessions SET expires_at = now() - interval '1 minute'");
  const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
  await requestReconciliation(context, { scope: 'all', cause: 'asked' });
}

async function askForSegment(): Promise<void> {
  const { requestSegmentWrite } = await import('#app/services/segments/write/request-segment-write.server.ts');
  const asked = { segmentKey: 'returning', title: 'Regulars', kind: 'tag', tag: 'perennial-regulars', isKept: false, hasNative: true } as const;
  expect(await requestSegmentWrite(context, asked)).toMatchObject({ ok: true });
}

const buyerId = () => BigInt([...shopify.customers.keys()].at(-2) ?? 0);

/** All orders are to be awarded, and every member's time looked at. */
async function askForPoints(): Promise<void> {
  const { aProgram } = await import('#test/support/loyalty/a-program.ts');
  const { givePoints } = await import('#test/support/loyalty/give-points.ts');
  const { shopId } = context.shop;
  await owner.query('INSERT INTO loyalty_program_versions (shop_id, version, program, saved_at) VALUES ($1, 1, $2, now())', [shopId, JSON.stringify(aProgram())]);
  await owner.query('INSERT INTO loyalty_progress (shop_id, is_followed) VALUES ($1, true)', [shopId]);
  await givePoints(context, { customerId: buyerId(), points: 2_000, key: 'failpoints' });
  await owner.query('UPDATE loyalty_members SET due_at = now()');
}

/** Everybody in the segment that was written before gets points, once. */
async function askForGift(): Promise<void> {
  const [segment] = [...shopify.segments.values()];
  const { requestGift } = await import('#app/services/loyalty/gifts/request-gift.server.ts');
  const asked = { segmentId: BigInt(segment?.id ?? 0), points: 7, note: 'For regulars', requestKey: '0b8f2f1e-6a53-4f5c-9a8e-5d1f7c2b9e44' };
  expect(await requestGift(context, asked, askingStaff('1'))).toMatchObject({ ok: true });
}

/** One customer's points are to become a discount, and another redemption was not used. */
async function askForRewards(key: string): Promise<void> {
  const { redeemPoints } = await import('#app/services/loyalty/redeem-points.server.ts');
  const asked = { customerId: buyerId(), points: null, currency: null };
  if (key === 'redemption') {
    expect(await redeemPoints(context, { ...asked, rewardId: 'amount-1000', requestKey: 'unused' })).toMatchObject({ ok: true });
    await owner.query("UPDATE loyalty_redemptions SET state = 'releasing'");
  }
  expect(await redeemPoints(context, { ...asked, rewardId: 'amount-500', requestKey: key })).toMatchObject({ ok: true });
}

const invited = () => [...shopify.customers.values()].filter(({ id, deletedAt }) => INVITED.has(id) && deletedAt === null);
const INVITED = new Set<number>();

/** Two customers wished for an invite to their account: one e-mail for each of the two places to die at. */
async function askForInvites(): Promise<void> {
  shopify.save('shop', { ...shopify.shop, customerAccounts: 'CLASSIC' });
  await owner.query('INSERT INTO account_settings SELECT shop_id, true, true, true, now() FROM shops');
  for (const id of [...shopify.customers.keys()].slice(-5, -3)) {
    INVITED.add(id);
    const customer = shopify.customers.get(id);
    if (customer) changeCustomer(shopify, customer, { state: 'DISABLED' }, new Date());
    await owner.query("INSERT INTO account_invites (shop_id, customer_id, order_id, state, wished_at, not_before) SELECT shop_id, $1, 1, 'open', now(), now() FROM shops", [id]);
  }
}

/** What is left alone for minutes otherwise is gone on with at once. */
async function hasten(): Promise<void> {
  await owner.query("UPDATE loyalty_redemptions SET not_before = now() WHERE state IN ('reserved', 'releasing')");
  // An e-mail that Shopify knows nothing of ten minutes later did not go out.
  await owner.query("UPDATE account_invite_emails SET intended_at = now() - interval '11 minutes' WHERE state = 'intended'");
  await owner.query("UPDATE account_invites SET not_before = now() WHERE state = 'open' AND next_step = 0");
  await owner.query('UPDATE loyalty_gifts SET not_before = now() WHERE not_before IS NOT NULL');
  await owner.query('UPDATE offer_settings SET pool_due_at = now()');
  await owner.query("UPDATE offer_credits SET not_before = now() WHERE state = 'intended'");
  await owner.query('UPDATE shops SET upkeep_due_at = now()');
  // Nor is Shopify told within the minute of what nobody hastens.
  await owner.query('UPDATE loyalty_tracing SET look_due_at = now()');
  await owner.query("UPDATE loyalty_flow_events SET not_before = now() WHERE state = 'waiting'");
}

it('ends right although the worker was killed once at every failpoint there is', { timeout: 900_000 }, async () => {
  const { FAILPOINTS } = await import('#app/failpoint.server.ts');
  const unknown = FAILPOINTS.filter((name) => !OF_WEB.includes(name));
  const left = new Set<string>(unknown);
  for (const { prefixes, ask } of FAMILIES) {
    const armed = unknown.filter((name) => prefixes.some((prefix) => name.startsWith(`${prefix}-`)));
    await ask();
    for (;;) {
      const hit = await runWorker(armed.filter((name) => left.has(name)), isSettled);
      if (hit === null) break;
      left.delete(hit);
      await hasten();
    }
    // A worker that found nothing to do was not killed: the list would hold a place that nothing passes.
    expect(armed.filter((name) => left.has(name))).toEqual([]);
  }
  expect([...left]).toEqual([]);

  expect(await count('SELECT count(*) FROM orders')).toBe(300);
  expect(await count(`SELECT count(*) FROM customers WHERE customer_id = ${redactedId}`)).toBe(0);
  expect(await count("SELECT count(*) FROM offer_codes WHERE state = 'issued'")).toBe(1);
  const [issued] = (await owner.query<{ code: string }>("SELECT code FROM offer_codes WHERE state = 'issued'")).rows;
  expect(shopify.findCode(issued?.code ?? '')?.discount.title).toMatch(/^Perennial: next order/);
  expect([...shopify.discounts.values()].filter(({ title }) => title.startsWith('Perennial: reward')).length).toBe(2);
  expect(creditsInShopify()).toEqual([100]);
  expect(shopify.discounts.has(ENDED_ID)).toBe(false);
  expect(await count("SELECT count(*) FROM offer_pool_codes WHERE state = 'intended'")).toBe(0);
  expect(await count("SELECT count(*) FROM loyalty_redemptions WHERE state = 'issued' AND points = 500")).toBe(2);
  expect(await count("SELECT count(*) FROM loyalty_redemptions WHERE state = 'released' AND points = 1000")).toBe(1);
  expect(await count("SELECT count(*) FROM loyalty_entries WHERE kind = 'order'")).toBeGreaterThan(100);
  expect(await count("SELECT count(*) FROM webhook_inbox WHERE state = 'dead'")).toBe(0);
  expect(await pointsInShopify()).toEqual(await pointsInLedger());
  const told = app.running.simulator.flow.received.map(({ handle, payload }) => `${handle} ${String(payload['Event ID'])}`);
  // Told twice at the one place where the answer was lost, and of the two rewards that there are.
  expect([...new Set(told)]).toEqual([expect.stringMatching(/^reward-redeemed /), expect.stringMatching(/^reward-redeemed /)]);
  expect(told.length).toBeLessThanOrEqual(3);
  expect(invited().map(({ accountInvites }) => accountInvites?.length)).toEqual([1, 1]);
  const tagged = [...shopify.customers.values()].filter(({ tags }) => tags.includes('perennial-regulars')).length;
  expect(tagged).toBe(await count("SELECT count(*) FROM segment_write_members WHERE state = 'done'"));
  expect([...shopify.segments.values()].map(({ name }) => name)).toEqual(['Regulars']);
  expect(await count("SELECT count(*) FROM loyalty_entries WHERE reason ->> 'code' = 'to-segment'")).toBe(tagged);

  // What Shopify says once more, from the beginning, changes nothing.
  const before = await stateHash();
  const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
  await restartImports(context);
  expect(await runWorker([], isSettled)).toBeNull();
  expect(await stateHash()).toEqual(before);
});

function creditsInShopify(): number[] {
  return [...shopify.customers.values()].flatMap(({ storeCredit = [] }) => storeCredit.flatMap(({ credits }) => credits.map(({ amountMinor }) => amountMinor)));
}

async function pointsInLedger(): Promise<Record<string, string>> {
  const { rows } = await owner.query<{ id: string; points: string }>(
    `SELECT m.customer_id::text AS id, coalesce(sum(p.points) FILTER (WHERE p.account = 'customer'), 0)::text AS points
     FROM loyalty_members m LEFT JOIN loyalty_postings p USING (shop_id, member_id) WHERE m.customer_id > 0 GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ id, points }) => [id, points]));
}

async function pointsInShopify(): Promise<Record<string, string>> {
  return Object.fromEntries([...shopify.customers.values()].flatMap(({ id, metafields = [] }) => metafields.filter(({ key }) => key === 'points').map(({ value }) => [String(id), value])));
}

async function stateHash(): Promise<Record<string, string>> {
  const { computeStateHash } = await import('#app/adapters/db/checks/state-hash.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  return (await withTenantConnection(context.pool, context.shop, (connection) => computeStateHash(connection, context.shop))).tables;
}
