import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import type { Program } from '#app/domain/loyalty/program/program.ts';
import { isInSegment } from '#test/simulator/admin-graphql/resolvers/segment-resolvers.ts';
import { installFaultyWire } from '#test/services/offers/faulty-wire.ts';
import { openTracingStage, tieredProgram } from '../traces/tracing-stage.ts';
import type { TracingStage } from '../traces/tracing-stage.ts';

const DAY_MS = 86_400_000;

let stage: TracingStage;
let wire: ReturnType<typeof installFaultyWire>;
let nextCustomer = 99;

beforeAll(async () => {
  stage = await openTracingStage();
  wire = installFaultyWire();
});
afterAll(async () => {
  wire.remove();
  await stage.stop();
});
beforeEach(() => save(program(['gold'])));
afterEach(async () => {
  wire.reset();
  stage.shop.app.running.simulator.faults.set({ seed: 1, rules: [] });
  await save(program([]));
  // Through whatever pause a test has left behind.
  pass(2 * DAY_MS);
  await stage.turn();
  expect(inShopify()).toEqual({ discounts: [], segments: [] });
});

/** By our clock and by Shopify's. */
function pass(ms: number): void {
  stage.shop.passMs(ms);
  stage.shop.app.running.simulator.advanceClock(ms);
}

function program(free: readonly string[], change: Partial<Program> = {}): Program {
  const made = tieredProgram(change);
  if (made.tiers === null) throw new Error('no tiers');
  return { ...made, tiers: { ...made.tiers, levels: made.tiers.levels.map((level) => ({ ...level, hasFreeShipping: free.includes(level.id) })) } };
}

async function save(saved: Program): Promise<void> {
  await stage.shop.saveProgram(saved);
  pass(1_000);
}

/** What there is of ours, as a merchant would see it. */
function inShopify() {
  const { automaticDiscounts, segments } = stage.shop.shopify;
  const living = [...segments.values()].filter(({ isDeleted, name }) => !isDeleted && name.startsWith('Perennial'));
  const discounts = [...automaticDiscounts.values()].map(({ title, segmentIds }) => ({ title, segments: segmentIds.map((id) => segments.get(id)?.query) }));
  return { discounts, segments: living.map(({ query }) => query) };
}

const GOLD = "customer_tags CONTAINS 'Tier: Gold'";
const SILVER = "customer_tags CONTAINS 'Tier: Silver'";
const IN_FORCE = { discounts: [{ title: 'Free shipping', segments: [GOLD] }], segments: [GOLD] };

function theDiscount() {
  const [discount] = stage.shop.shopify.automaticDiscounts.values();
  if (!discount) throw new Error('no discount');
  return discount;
}

/** What the merchant is told. */
async function told(): Promise<string | null> {
  const { getFreeShipping } = await import('#app/services/loyalty/perks/get-free-shipping.server.ts');
  return (await getFreeShipping(stage.shop.context))?.phase ?? null;
}

async function noted(): Promise<{ phase: string; tierIds: string[]; trouble: string | null }> {
  const [row] = await stage.rows<{ free_shipping: { phase: string; tierIds: string[]; trouble: string | null } }>('SELECT free_shipping FROM loyalty_tracing');
  if (!row) throw new Error('nothing noted');
  const { phase, tierIds, trouble } = row.free_shipping;
  return { phase, tierIds, trouble };
}

it('is one automatic discount for those whose tag says that they are in the tier, whoever else is tagged', async () => {
  expect(await told()).toBe('making');
  await stage.turn();
  expect(inShopify()).toEqual(IN_FORCE);
  expect(await noted()).toEqual({ phase: 'in-force', tierIds: ['gold'], trouble: null });
  expect(await told()).toBe('in-force');
  expect(theDiscount().combinesWith).toEqual({ orderDiscounts: true, productDiscounts: true, shippingDiscounts: false });
  const [gold, bronze] = [(nextCustomer += 1), (nextCustomer += 1)];
  for (const orderId of [920_001, 920_002]) await stage.shop.putOrder({ orderId, customerId: gold });
  await stage.shop.award();
  await stage.shop.give(bronze, 10);
  await stage.settle();
  expect([stage.tags(gold), stage.tags(bronze)]).toEqual([['Tier: Gold'], []]);
  const members = [...stage.shop.shopify.customers.values()].filter((customer) => isInSegment(customer, { query: GOLD }));
  expect(members.map(({ id }) => id)).toEqual([gold]);
  // Taken out of the program by the merchant, and in again.
  const { excludeMember } = await import('#app/services/loyalty/exclude-member.server.ts');
  const [row] = await stage.rows<{ member_id: string }>(`SELECT member_id FROM loyalty_members WHERE customer_id = ${gold}`);
  for (const [isExcluded, tags] of [[true, []], [false, ['Tier: Gold']]] as const) {
    await excludeMember(stage.shop.context, { memberId: BigInt(row?.member_id ?? 0), isExcluded, staffId: '1' });
    await stage.settle();
    expect(stage.tags(gold)).toEqual(tags);
  }
});

it('is asked for once, and not again at every look', async () => {
  await stage.turn();
  for (let looks = 0; looks < 3; looks += 1) {
    pass(60_000);
    await stage.turn();
  }
  expect(['CreateSegment', 'CreateTierFreeShipping', 'TierFreeShipping', 'ChangeSegmentQuery'].map((one) => wire.arrivedOf(one))).toEqual([1, 1, 0, 0]);
});

it.each(['request-lost', 'answer-lost', 'error-before', 'error-after', 'not-understood'] as const)('%s: there is one all the same, and nobody is told before', async (fault) => {
  for (const operation of ['CreateSegment', 'CreateTierFreeShipping']) {
    wire.plan(operation, [fault]);
    await stage.turn();
    expect(await noted()).toMatchObject({ phase: 'making', tierIds: [], trouble: fault === 'not-understood' ? 'refused' : 'unavailable' });
    // Not at once again: somebody else's turn, and Shopify's to come back.
    await stage.turn();
    expect((await noted()).trouble).not.toBeNull();
    pass(301_000);
  }
  await stage.turn();
  expect(inShopify()).toEqual(IN_FORCE);
  expect(await noted()).toEqual({ phase: 'in-force', tierIds: ['gold'], trouble: null });
  for (const operation of ['DeleteTierFreeShipping', 'DeleteSegment']) wire.plan(operation, [fault]);
  await save(program([]));
  for (let turns = 0; turns < 3; turns += 1) {
    await stage.turn();
    pass(301_000);
  }
  expect(inShopify()).toEqual({ discounts: [], segments: [] });
});

it('goes on for the tiers that the program has, by the tags that they have', async () => {
  await stage.turn();
  const { id } = theDiscount();
  await save(program(['silver', 'gold']));
  expect(await told()).toBe('making');
  wire.plan('ChangeSegmentQuery', ['answer-lost']);
  await stage.turn();
  expect(await noted()).toMatchObject({ tierIds: [], trouble: 'unavailable' });
  pass(301_000);
  await stage.turn();
  expect(inShopify()).toEqual({ discounts: [{ title: 'Free shipping', segments: [`${SILVER} OR ${GOLD}`] }], segments: [`${SILVER} OR ${GOLD}`] });
  expect(theDiscount().id).toBe(id);
  const { tiers } = program(['gold']);
  if (tiers === null) throw new Error('no tiers');
  await save({ ...program([]), tiers: { ...tiers, levels: tiers.levels.map((level) => (level.id === 'gold' ? { ...level, name: "Mum's \\ gold" } : level)) } });
  await stage.turn();
  expect(inShopify().segments).toEqual([String.raw`customer_tags CONTAINS 'Tier: Mum\'s \\ gold'`]);
  expect(await noted()).toMatchObject({ phase: 'in-force', tierIds: ['gold'] });
});

it('goes on while the program is paused and until its last day, and ends with it', async () => {
  await stage.turn();
  await save(program(['gold'], { status: { kind: 'paused' } }));
  await stage.turn();
  expect(inShopify()).toEqual(IN_FORCE);
  const today = Math.floor(stage.shop.now().getTime() / DAY_MS);
  await save(program(['gold'], { status: { kind: 'winding-down', lastRedemptionDay: today + 1 } }));
  await stage.turn();
  expect(inShopify()).toEqual(IN_FORCE);
  pass(3 * DAY_MS);
  expect(await told()).toBe('ending');
  await stage.turn();
  expect(inShopify()).toEqual({ discounts: [], segments: [] });
  expect(await told()).toBe('not-live');
  await save(program(['gold'], { status: { kind: 'off' } }));
  await stage.turn();
  expect(inShopify()).toEqual({ discounts: [], segments: [] });
});

it('ends by itself where nobody is left to put it off, and is put off as long as somebody is', async () => {
  await stage.turn();
  const begun = theDiscount().endsAt;
  expect(Date.parse(begun ?? '') - stage.shop.now().getTime()).toBeGreaterThan(29 * DAY_MS);
  pass(16 * DAY_MS);
  await stage.turn();
  expect(Date.parse(theDiscount().endsAt ?? '') - stage.shop.now().getTime()).toBeGreaterThan(29 * DAY_MS);
  // Away for longer than it lasts: it ran out by itself, which is nobody's wish.
  pass(40 * DAY_MS);
  await stage.turn();
  expect(await noted()).toMatchObject({ phase: 'in-force', tierIds: ['gold'] });
  expect(Date.parse(theDiscount().endsAt ?? '')).toBeGreaterThan(stage.shop.now().getTime());
});

it.each([
  ['deleted', () => stage.shop.shopify.save('automaticDiscount', { ...theDiscount(), deletedAt: stage.shop.now().toISOString() })],
  ['ended', () => stage.shop.shopify.save('automaticDiscount', { ...theDiscount(), endsAt: stage.shop.now().toISOString() })],
  ['given to others', () => stage.shop.shopify.save('automaticDiscount', { ...theDiscount(), segmentIds: [] })],
])('%s by the merchant it stays so and nobody is told of it, until the merchant wants it back', async (_what, change) => {
  await stage.turn();
  change();
  pass(6 * 3_600_000);
  await stage.turn();
  expect(await noted()).toEqual({ phase: 'by-hand', tierIds: [], trouble: null });
  pass(DAY_MS);
  await stage.turn();
  expect(wire.arrivedOf('CreateTierFreeShipping')).toBe(1);
  const { renewFreeShipping } = await import('#app/services/loyalty/perks/renew-free-shipping.server.ts');
  expect(await told()).toBe('by-hand');
  await renewFreeShipping(stage.shop.context);
  expect(await told()).toBe('making');
  await stage.turn();
  expect(inShopify()).toEqual(IN_FORCE);
  expect(await noted()).toMatchObject({ phase: 'in-force', tierIds: ['gold'] });
});

it('a store that has as many automatic discounts as Shopify allows says so, and has it a day after there is room', async () => {
  const { shopify } = stage.shop;
  const blank = { title: 'Sale', createdAt: '2026-01-01T00:00:00Z', startsAt: '2026-01-01T00:00:00Z', endsAt: null, asyncUsageCount: 0, segmentIds: [] };
  const combinesWith = { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false };
  const theirs = Array.from({ length: 25 }, () => ({ ...blank, combinesWith, id: shopify.nextId() }));
  for (const one of theirs) shopify.save('automaticDiscount', one);
  await stage.turn();
  expect(await noted()).toEqual({ phase: 'too-many', tierIds: [], trouble: null });
  expect(await told()).toBe('too-many');
  for (const one of theirs) shopify.save('automaticDiscount', { ...one, deletedAt: '2026-01-02T00:00:00Z' });
  pass(60_000);
  await stage.turn();
  expect(inShopify().discounts).toEqual([]);
  pass(DAY_MS);
  await stage.turn();
  expect(inShopify()).toEqual(IN_FORCE);
});

it('that a restored database does not know of any more is found and kept, not made twice', async () => {
  await stage.turn();
  const { id } = theDiscount();
  await stage.rows('UPDATE loyalty_tracing SET free_shipping = NULL');
  pass(60_000);
  await stage.turn();
  expect(inShopify()).toEqual(IN_FORCE);
  expect([theDiscount().id, (await noted()).phase]).toEqual([id, 'in-force']);
});

it('a scope that was not granted is said, and holds up nothing else', async () => {
  stage.shop.app.running.simulator.faults.set({ seed: 4, rules: [{ where: 'graphql', only: 'CreateSegment', first: 1, what: { kind: 'withheld', field: 'segmentCreate' } }] });
  const id = (nextCustomer += 1);
  await stage.shop.give(id, 10);
  expect(await stage.turn()).toMatchObject({ problem: null });
  expect(await noted()).toMatchObject({ phase: 'making', trouble: 'scope' });
  expect(stage.metafields(id)).toMatchObject({ points: '10' });
});
