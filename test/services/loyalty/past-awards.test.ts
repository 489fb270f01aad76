import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { addPastAwards, NO_PAST_AWARDS } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { PastAwards, PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';
import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { leastPointsOf } from '#app/domain/loyalty/program/reward-worth.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { aProgram } from '#test/support/loyalty/a-program.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop, TestOrder } from '#test/support/loyalty/loyalty-shop.ts';

const ZONE = 'America/New_York';
const DAY_MS = 86_400_000;
/** Of a test: a process knows a version by its number and the second in which it was saved. */
let now = new Date('2026-02-10T15:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
const dayAgo = (days: number) => dayOfInstant(ago(days).getTime(), ZONE);

const LEVEL = { factorBasisPoints: 10_000, entryPoints: null, hasFreeShipping: false, tag: null };
const TIERED: Program = aProgram({
  status: { kind: 'off' },
  earning: { welcomePoints: 25, firstOrderPoints: 40, thresholdBonuses: [{ id: 'big', currency: 'EUR', minimumMinor: 100_00, points: 77 }] },
  expiry: { kind: 'inactivity', months: 1, noticeDays: [] },
  tiers: {
    ...{ basis: 'points', window: 'rolling-year', graceDays: 30 },
    levels: [
      { ...LEVEL, id: 'bronze', name: 'Bronze', threshold: 0 },
      { ...LEVEL, id: 'silver', name: 'Silver', threshold: 700, factorBasisPoints: 12_500, entryPoints: 33 },
      { ...LEVEL, id: 'gold', name: 'Gold', threshold: 3_000, factorBasisPoints: 15_000, entryPoints: 11 },
    ],
  },
});

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop({ timeZone: ZONE });
});

beforeEach(async () => {
  now = new Date(now.getTime() + 1_000);
  shop.setClock(now);
  const tables = ['loyalty_notices', 'loyalty_flow_events', 'loyalty_tier_changes', 'loyalty_postings', 'loyalty_entries', 'loyalty_exclusions', 'loyalty_members', 'loyalty_progress', 'loyalty_program_versions', 'order_lines', 'orders'];
  await shop.owner.query('SET session_replication_role = replica');
  for (const table of tables) await shop.owner.query(`DELETE FROM ${table}`);
  await shop.owner.query('SET session_replication_role = DEFAULT');
});

afterAll(() => shop.stop());

let lastOrderId = 0;

function anOrder(customerId: number, daysAgo: number, totalMinor: number, change: Partial<TestOrder> = {}): TestOrder {
  lastOrderId += 1;
  return { orderId: lastOrderId, customerId, processedAt: ago(daysAgo), lines: [{ lineId: 1, totalMinor }], ...change };
}

/** Orders of two years, with guests, returns, cancellations and such as nobody has paid for. */
async function putPast(seed: number, count = 700): Promise<void> {
  const random = seededRandom(seed);
  for (let n = 0; n < count; n += 1) {
    const change: Partial<TestOrder> = {
      ...(random.chance(0.05) ? { customerId: null } : {}),
      ...(random.chance(0.05) ? { cancelledAt: now } : {}),
      ...(random.chance(0.05) ? { financialStatus: 'PENDING' } : {}),
      ...(random.chance(0.1) ? { freeRefundMinor: 1_50 } : {}),
    };
    await shop.putOrder(anOrder(1 + Math.floor(random.next() * 60), random.between(1, 730), Math.floor(random.between(2_00, 190_00)), change));
  }
}

interface Counted {
  counted: PastAwards;
  orders: PastOrders;
}

async function dryRun(sinceDay: number, program: Program | null): Promise<Counted> {
  const { tryPastAwards } = await import('#app/services/loyalty/try-past-awards.server.ts');
  let counted = NO_PAST_AWARDS;
  let after = 0n;
  for (;;) {
    const tried = await tryPastAwards(shop.context, { program, sinceDay, after });
    if (!tried.ok) throw new Error(tried.reason);
    counted = addPastAwards(counted, tried.value.counted);
    if (tried.value.next === null) return { counted, orders: tried.value.orders };
    after = tried.value.next;
  }
}

async function save(basedOn: number, program: Program | null, change: StatusChange, counted: PastOrders | null = null) {
  const { saveProgram } = await import('#app/services/loyalty/save-program.server.ts');
  return saveProgram(shop.context, { basedOn, program, change, counted, savedBy: null });
}

async function awardPast(): Promise<void> {
  const { awardPastOrders } = await import('#app/services/loyalty/award-past-orders.server.ts');
  while ((await awardPastOrders(shop.context)) === 'more');
}

/** As the merchant does it: sees what it comes to, and confirms that. */
async function lookBack(basedOn: number, sinceDay: number, program: Program | null): Promise<PastAwards> {
  const { counted, orders } = await dryRun(sinceDay, program);
  expect(await save(basedOn, program, { to: 'live', sinceDay }, orders)).toEqual({ ok: true, value: { version: basedOn + 1 } });
  await awardPast();
  return counted;
}

interface Posted {
  entries: number;
  points: number;
  members: number;
  orders: number;
  inTier: number;
  expired: number;
}

async function posted(): Promise<Posted> {
  const { rows } = await shop.owner.query<Posted>(
    `SELECT (SELECT count(*)::int FROM loyalty_entries) AS entries,
       -coalesce(sum(points) FILTER (WHERE account = 'issued'), 0)::int AS points,
       count(DISTINCT member_id) FILTER (WHERE account = 'issued')::int AS members,
       (SELECT count(DISTINCT order_id)::int FROM loyalty_entries WHERE kind = 'order') AS orders,
       (SELECT count(DISTINCT member_id)::int FROM loyalty_tier_changes) AS "inTier",
       coalesce(sum(points) FILTER (WHERE account = 'expired'), 0)::int AS expired FROM loyalty_postings`,
  );
  const [sums] = rows;
  if (sums === undefined) throw new Error('no sums');
  return sums;
}

describe('a program that looks back', () => {
  it('posts what the dry run said, and the dry run posts nothing', async () => {
    await putPast(7);
    const { counted } = await dryRun(dayAgo(400), TIERED);
    expect(await posted()).toMatchObject({ entries: 0, points: 0, members: 0 });
    expect(await lookBack(0, dayAgo(400), TIERED)).toEqual(counted);
    const { points, members, orders, inTier } = await posted();
    expect({ points, members, earningOrders: orders, reachTier: inTier }).toEqual({
      ...{ points: counted.points, members: counted.members },
      ...{ earningOrders: counted.earningOrders, reachTier: counted.reachTier },
    });
    expect(counted.points).toBeGreaterThan(10_000);
    expect(counted.reachTier).toBeGreaterThan(0);
    const cheapest = Math.min(...TIERED.rewards.map(({ gives }) => leastPointsOf(gives)));
    const { rows } = await shop.owner.query<{ rich: number }>('SELECT count(*)::int AS rich FROM loyalty_members WHERE balance_points + pending_points >= $1', [cheapest]);
    expect(counted.reachReward).toBe(rows[0]?.rich);
  });

  it('gives an order its points once, however often it is looked at', async () => {
    await putPast(8, 120);
    await lookBack(0, dayAgo(300), TIERED);
    const first = await posted();
    // As when every order is heard of again, and the worker is sent over the past once more.
    await shop.owner.query('UPDATE loyalty_progress SET orders_version = 0, past_after = 0');
    await shop.award();
    await awardPast();
    expect(await posted()).toEqual(first);
    // Further back: the orders in between get theirs, and those that have theirs nothing.
    const further = await lookBack(1, dayAgo(600), null);
    const second = await posted();
    expect(further.points).toBeGreaterThan(0);
    expect(second.points - first.points).toBe(further.points);
    expect(second.orders - first.orders).toBe(further.earningOrders);
  });

  it('takes back what a refund of an old order leaves without reason', async () => {
    const order = anOrder(1, 100, 80_00);
    await shop.putOrder(order);
    const plain = aProgram({ status: { kind: 'off' } });
    await lookBack(0, dayAgo(120), plain);
    expect(await posted()).toMatchObject({ points: 400 });
    await shop.putOrder({ ...order, cancelledAt: now });
    await shop.award();
    expect(await posted()).toMatchObject({ points: 0 });
  });

  it.each([
    ['age', { kind: 'age', months: 1, noticeDays: [] }],
    ['inactivity', { kind: 'inactivity', months: 1, noticeDays: [] }],
  ] as const)('leaves points of old orders for a month and 30 days at least, where they end by %s', async (_, expiry) => {
    await shop.putOrder(anOrder(1, 350, 80_00));
    await lookBack(0, dayAgo(360), aProgram({ status: { kind: 'off' }, expiry }));
    const { rows } = await shop.owner.query('SELECT balance_points, pending_points FROM loyalty_members');
    expect(rows).toEqual([{ balance_points: 400, pending_points: 0 }]);
    // 10 February and a month is 28 days, and two more are 30.
    const endsAt = Date.parse('2026-03-12T04:00:00Z');
    shop.setClock(new Date(endsAt - 1));
    await shop.passTime();
    expect(await posted()).toMatchObject({ expired: 0 });
    shop.setClock(new Date(endsAt));
    await shop.passTime();
    expect(await posted()).toMatchObject({ expired: 400 });
  });

  it('awards orders of today before those of the past are through, and says how far it is', async () => {
    const { awardPastOrders } = await import('#app/services/loyalty/award-past-orders.server.ts');
    const { loadPastProgress } = await import('#app/adapters/db/loyalty/past-awards.repository.server.ts');
    await putPast(9, 450);
    const program = aProgram({ status: { kind: 'off' } });
    const { orders } = await dryRun(dayAgo(740), program);
    await save(0, program, { to: 'live', sinceDay: dayAgo(740) }, orders);
    const progress = () => shop.context.inShop((db) => loadPastProgress(db, shop.context.shop));
    expect(await awardPastOrders(shop.context)).toBe('more');
    expect(await progress()).toMatchObject({ isUnderWay: true, orders: orders.orders });
    expect((await progress())?.ordersSeen).toBeLessThan(orders.orders);
    const today = anOrder(9_999, 0, 80_00);
    await shop.putOrder(today);
    await shop.award();
    const { rows } = await shop.owner.query('SELECT order_id::int FROM loyalty_entries WHERE order_id = $1', [today.orderId]);
    expect(rows).toEqual([{ order_id: today.orderId }]);
    await awardPast();
    expect(await progress()).toMatchObject({ isUnderWay: false, ordersSeen: orders.orders });
  });

  it('tells Flow of nobody’s old order', async () => {
    await putPast(10, 40);
    await lookBack(0, dayAgo(740), aProgram({ status: { kind: 'off' }, earning: { welcomePoints: 10, firstOrderPoints: 10 } }));
    const { noteMembers } = await import('#app/services/loyalty/traces/note-members.server.ts');
    while ((await noteMembers(shop.context)) === 'more');
    expect((await shop.owner.query('SELECT trigger FROM loyalty_flow_events')).rows).toEqual([]);
  });
});

describe('looking back is refused', () => {
  const PLAIN = aProgram({ status: { kind: 'off' } });

  it('where nobody has seen what it costs, or the past has changed by much since', async () => {
    await putPast(11, 60);
    const change = { to: 'live', sinceDay: dayAgo(740) } as const;
    expect(await save(0, PLAIN, change)).toEqual({ ok: false, reason: 'past-changed' });
    const { orders } = await dryRun(dayAgo(740), PLAIN);
    await putPast(12, 30);
    expect(await save(0, PLAIN, change, orders)).toEqual({ ok: false, reason: 'past-changed' });
    expect(await posted()).toMatchObject({ entries: 0 });
  });

  it('while a program is being wound down or paused, to a later day than before, and to a day that is to come', async () => {
    await putPast(13, 10);
    const sinceDay = dayAgo(700);
    const { orders } = await dryRun(sinceDay, PLAIN);
    expect(await save(0, PLAIN, { to: 'live', sinceDay: dayAgo(-1) }, orders)).toEqual({ ok: false, reason: 'since-day-out-of-range' });
    await lookBack(0, sinceDay, PLAIN);
    for (const later of [sinceDay, sinceDay + 1]) {
      expect(await save(1, null, { to: 'live', sinceDay: later }, orders)).toEqual({ ok: false, reason: 'since-day-out-of-range' });
    }
    await save(1, null, { to: 'paused' });
    expect(await save(2, null, { to: 'live', sinceDay: sinceDay - 1 }, orders)).toEqual({ ok: false, reason: 'not-from-here' });
    await save(2, null, { to: 'winding-down', lastRedemptionDay: dayAgo(0) + 60 });
    expect(await save(3, null, { to: 'live', sinceDay: sinceDay - 1 }, orders)).toEqual({ ok: false, reason: 'not-from-here' });
  });

  it('while the past is being read, or awarded', async () => {
    await putPast(14, 10);
    const { shopId } = shop.context.shop;
    const sinceDay = dayAgo(700);
    const { orders } = await dryRun(sinceDay, PLAIN);
    await shop.owner.query("INSERT INTO imports (shop_id, import_id, resource, state, requested_at) VALUES ($1, gen_random_uuid(), 'orders', 'running', now())", [shopId]);
    expect(await save(0, PLAIN, { to: 'live', sinceDay }, orders)).toEqual({ ok: false, reason: 'importing' });
    await shop.owner.query('DELETE FROM imports');
    expect(await save(0, PLAIN, { to: 'live', sinceDay }, orders)).toMatchObject({ ok: true });
    expect(await save(1, null, { to: 'live', sinceDay: sinceDay - 10 }, orders)).toEqual({ ok: false, reason: 'under-way' });
  });
});
