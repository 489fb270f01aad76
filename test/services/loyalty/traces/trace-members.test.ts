import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openTracingStage, tieredProgram } from './tracing-stage.ts';
import type { TracingStage } from './tracing-stage.ts';

let stage: TracingStage;
let nextOrderId = 900_000;
let nextCustomer = 99;

beforeAll(async () => {
  stage = await openTracingStage();
  await stage.shop.saveProgram(tieredProgram());
});
afterAll(() => stage.stop());

beforeEach(async () => {
  stage.shop.passMs(1_000);
  await stage.settle();
  stage.shop.app.running.simulator.flow.received.length = 0;
});

/** Of the local Shopify, somebody of whom nothing was told yet. */
function somebody(): number {
  nextCustomer += 1;
  return nextCustomer;
}

/** 100.00 at 5 points each unit of money. */
async function buy(customerId: number, change: { refundedMinor?: number; orderId?: number } = {}): Promise<number> {
  const { orderId = (nextOrderId += 1), ...rest } = change;
  stage.shop.passMs(1_000);
  await stage.shop.putOrder({ orderId, customerId, ...rest });
  await stage.shop.award();
  return orderId;
}

describe('metafields', () => {
  it('say what a member has, pending and in which tier, and since when they are one', async () => {
    const id = somebody();
    await buy(id);
    await stage.settle();
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(stage.shop.now());
    expect(stage.metafields(id)).toEqual({ points: '500', pending_points: '0', tier: 'silver', tier_name: 'Silver', member_since: today });
  });

  it('may be read by storefronts and customer accounts, and written by nobody else', () => {
    const definitions = [...stage.shop.shopify.metafieldDefinitions.values()];
    expect(definitions.map(({ key }) => key)).toEqual(['points', 'pending_points', 'tier', 'tier_name', 'member_since', 'tier_ends_on']);
    expect(definitions.every(({ namespace }) => namespace === `app--${stage.shop.app.env.SHOPIFY_API_KEY}--loyalty`)).toBe(true);
    expect(definitions.every(({ access }) => access.storefront === 'PUBLIC_READ' && access.customerAccount === 'READ')).toBe(true);
  });

  it('follow what is taken back', async () => {
    const id = somebody();
    const orderId = await buy(id);
    await stage.settle();
    await buy(id, { orderId, refundedMinor: 5_000 });
    await stage.settle();
    expect(stage.metafields(id)).toMatchObject({ points: '250' });
  });

  it('are sent for what has changed alone, and not at all for what has not', async () => {
    const id = somebody();
    await stage.shop.give(id, 10);
    await stage.settle();
    const calls = countCalls();
    await stage.shop.give(id, 5);
    await stage.settle();
    expect(stage.metafields(id)).toMatchObject({ points: '15' });
    expect(calls.sent('SetCustomerMetafields')).toEqual([['points']]);
    await stage.rows("UPDATE loyalty_tracing SET sweep_due_at = 'epoch', sweep_is_whole = true");
    await stage.settle();
    expect(calls.sent('SetCustomerMetafields')).toHaveLength(1);
    calls.stop();
  });

  it('go out for several members in one call', async () => {
    const ids = Array.from({ length: 12 }, somebody);
    for (const id of ids) await stage.shop.give(id, 10);
    await stage.settle();
    const calls = countCalls();
    for (const id of ids) await stage.shop.give(id, 1);
    await stage.settle();
    expect(calls.sent('SetCustomerMetafields')).toEqual([Array.from({ length: 12 }, () => 'points')]);
    calls.stop();
  });

  it('of one who is gone from Shopify keep nobody else from theirs', async () => {
    const [gone, there] = [somebody(), somebody()];
    const customer = stage.shop.shopify.customers.get(gone);
    if (!customer) throw new Error('nobody');
    stage.shop.shopify.restore('customer', { ...customer, deletedAt: '2026-01-01T00:00:00Z' });
    await stage.shop.give(gone, 10);
    await stage.shop.give(there, 20);
    await stage.settle();
    expect(stage.metafields(there)).toMatchObject({ points: '20' });
    expect(await stage.rows(`SELECT problem, due_at FROM loyalty_member_traces WHERE customer_id = ${gone}`)).toEqual([{ problem: 'gone', due_at: null }]);
  });

  it('say when a tier ends, and are without it once it has', async () => {
    const id = somebody();
    const orderId = await buy(id);
    await buy(id, { orderId, refundedMinor: 10_000 });
    await stage.settle();
    const { tier, tier_ends_on: endsOn } = stage.metafields(id);
    expect({ tier, endsOn }).toEqual({ tier: 'silver', endsOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string });
    stage.shop.passMs(31 * 86_400_000);
    await stage.settle();
    expect(stage.metafields(id)).toMatchObject({ tier: 'bronze', tier_name: 'Bronze', points: '0' });
    expect(stage.metafields(id)).not.toHaveProperty('tier_ends_on');
  });

  it('of everybody follow a tier that is renamed', async () => {
    const id = somebody();
    await stage.shop.give(id, 10);
    await stage.settle();
    const { tiers } = tieredProgram();
    if (tiers === null) throw new Error('no tiers');
    await stage.shop.saveProgram(tieredProgram({ tiers: { ...tiers, levels: tiers.levels.map((level) => ({ ...level, name: `${level.name} club` })) } }));
    stage.shop.passMs(61_000);
    await stage.settle();
    expect(stage.metafields(id)).toMatchObject({ tier: 'bronze', tier_name: 'Bronze club' });
    expect(stage.told()).toEqual([]);
    await stage.shop.saveProgram(tieredProgram());
  });

  it('are taken back where the program is off, and come again with it', async () => {
    const id = somebody();
    await stage.shop.give(id, 10);
    await stage.settle();
    await stage.shop.saveProgram(tieredProgram({ status: { kind: 'off' } }));
    stage.shop.passMs(61_000);
    await stage.settle();
    expect(stage.metafields(id)).toEqual({});
    await stage.shop.saveProgram(tieredProgram());
    stage.shop.passMs(61_000);
    await stage.settle();
    expect(stage.metafields(id)).toMatchObject({ points: '10', tier: 'bronze' });
  });

  it('are written anew for an app that came back, since what it had written may be gone', async () => {
    const id = somebody();
    await stage.shop.give(id, 10);
    await stage.settle();
    const customer = stage.shop.shopify.customers.get(id);
    if (!customer) throw new Error('nobody');
    stage.shop.shopify.restore('customer', { ...customer, metafields: [] });
    for (const definition of stage.shop.shopify.metafieldDefinitions.values()) stage.shop.shopify.restore('metafieldDefinition', { ...definition, isDeleted: true });
    await stage.rows("UPDATE shops SET installed_at = installed_at + interval '1 minute'");
    stage.shop.passMs(61_000);
    await stage.settle();
    expect(stage.metafields(id)).toMatchObject({ points: '10' });
    expect([...stage.shop.shopify.metafieldDefinitions.values()].filter(({ isDeleted }) => !isDeleted)).toHaveLength(6);
  });

  it('find a member whom the look at new entries has missed', async () => {
    const id = somebody();
    await stage.shop.give(id, 10);
    // As if the entry were recorded long before it was committed.
    const seenUntil = (ms: number) => stage.rows(`UPDATE loyalty_tracing SET seen_until = '${new Date(stage.shop.now().getTime() + ms).toISOString()}'`);
    await seenUntil(86_400_000);
    await stage.turn();
    expect(stage.metafields(id)).toEqual({});
    stage.shop.passMs(3_600_000);
    await seenUntil(86_400_000);
    await stage.settle();
    expect(stage.metafields(id)).toMatchObject({ points: '10' });
    await seenUntil(0);
  });
});

describe('somebody else', () => {
  const tracesOf = (id: number) => stage.rows(`SELECT 1 FROM loyalty_member_traces WHERE customer_id = ${id}`);

  async function merge(from: number, to: number): Promise<void> {
    const { mergeMembers } = await import('#app/services/loyalty/merge-members.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    const { context } = stage.shop;
    await withTenantConnection(context.pool, context.shop, (connection) => mergeMembers(context, connection, { fromId: BigInt(from), toId: BigInt(to) }));
  }

  it('gets the points of a customer who went up in them, of whom nothing is kept', async () => {
    const [gone, stays] = [somebody(), somebody()];
    await stage.shop.give(gone, 30);
    await stage.shop.give(stays, 12);
    await stage.settle();
    await merge(gone, stays);
    expect(await tracesOf(gone)).toEqual([]);
    await stage.settle();
    expect(stage.metafields(stays)).toMatchObject({ points: '42' });
  });

  it('gets the points of a member whom a merge made theirs', async () => {
    const [before, after] = [somebody(), somebody()];
    await stage.shop.give(before, 30);
    await stage.settle();
    await merge(before, after);
    expect(await tracesOf(before)).toEqual([]);
    await stage.settle();
    expect(stage.metafields(after)).toMatchObject({ points: '30', tier: 'bronze' });
  });

  it('who was forgotten leaves nothing, and is written to no more', async () => {
    const id = somebody();
    await buy(id);
    await stage.settle();
    await stage.shop.give(id, 5);
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(stage.shop.context, { customerId: BigInt(id), orderIds: [] });
    const events = () => stage.rows(`SELECT 1 FROM loyalty_flow_events e JOIN loyalty_members m USING (shop_id, member_id) WHERE m.customer_id < 0`);
    expect([await tracesOf(id), await events()]).toEqual([[], []]);
    stage.shop.passMs(3_700_000);
    await stage.settle();
    expect([await tracesOf(id), await events()]).toEqual([[], []]);
    expect(stage.metafields(id)).toMatchObject({ points: '500' });
  });
});

describe('a tag', () => {
  it('is given to nobody unless the merchant asks for it', async () => {
    const id = somebody();
    await buy(id);
    await stage.settle();
    expect(stage.tags(id)).toEqual([]);
  });

  it('tells the tier of everybody once it is asked for, changes with it, and goes when it is not any more', async () => {
    const id = somebody();
    const { saveTagging } = await import('#app/services/loyalty/traces/save-tagging.server.ts');
    await stage.shop.give(id, 10);
    await stage.settle();
    await saveTagging(stage.shop.context, true);
    await stage.settle();
    expect(stage.tags(id)).toEqual(['Tier: Bronze']);
    await buy(id);
    await stage.settle();
    expect(stage.tags(id)).toEqual(['Tier: Silver']);
    await saveTagging(stage.shop.context, false);
    await stage.settle();
    expect(stage.tags(id)).toEqual([]);
  });

  it('of a tier that has one of its own is given without being asked for, and one that was there before is never taken', async () => {
    const [ours, theirs] = [somebody(), somebody()];
    const { tiers } = tieredProgram();
    if (tiers === null) throw new Error('no tiers');
    const customer = stage.shop.shopify.customers.get(theirs);
    if (!customer) throw new Error('nobody');
    stage.shop.shopify.restore('customer', { ...customer, tags: ['early-access'] });
    await stage.shop.saveProgram(tieredProgram({ tiers: { ...tiers, levels: tiers.levels.map((level) => (level.id === 'silver' ? { ...level, tag: 'early-access' } : level)) } }));
    await buy(ours);
    await buy(theirs);
    await stage.settle();
    expect([stage.tags(ours), stage.tags(theirs)]).toEqual([['early-access'], ['early-access']]);
    await stage.shop.saveProgram(tieredProgram());
    stage.shop.passMs(61_000);
    await stage.settle();
    expect([stage.tags(ours), stage.tags(theirs)]).toEqual([[], ['early-access']]);
  });
});

describe('Shopify Flow', () => {
  it('is told of points that were earned, with what the member has by then', async () => {
    const id = somebody();
    const orderId = await buy(id);
    await stage.settle();
    expect(stage.told('points-earned').map(({ payload }) => payload)).toEqual([
      { customer_id: id, Points: 500, 'Points balance': 500, 'Points pending': 0, Reason: 'order-earned', 'Event ID': `order/${orderId}/1` },
    ]);
  });

  it('is told of nothing that is taken back, given by hand or brought from elsewhere', async () => {
    const id = somebody();
    const orderId = await buy(id);
    await stage.settle();
    const before = stage.told('points-earned').length;
    await buy(id, { orderId, refundedMinor: 5_000 });
    await stage.shop.give(id, 10);
    await stage.settle();
    expect(stage.told('points-earned')).toHaveLength(before);
  });

  it('is told of a tier that was reached, and of one that was lost', async () => {
    const id = somebody();
    const orderId = await buy(id);
    await stage.settle();
    await buy(id, { orderId, refundedMinor: 10_000 });
    await stage.settle();
    stage.shop.passMs(31 * 86_400_000);
    await stage.settle();
    const told = stage.told('tier-changed').map(({ payload }) => payload).filter((payload) => payload['customer_id'] === id);
    expect(told).toMatchObject([
      { customer_id: id, Tier: 'Silver', 'Tier handle': 'silver', 'Tier before': 'Bronze', Direction: 'up' },
      { customer_id: id, Tier: 'Bronze', 'Tier before': 'Silver', Direction: 'down', 'Points balance': 0 },
    ]);
    expect(new Set(told.map((payload) => payload['Event ID'])).size).toBe(2);
  });

  it('is told of a reward once there is a code to use', async () => {
    const id = somebody();
    await stage.shop.give(id, 600);
    expect(await stage.shop.redeem({ customerId: BigInt(id) })).toMatchObject({ ok: true });
    await stage.turn();
    expect(stage.told('reward-redeemed')).toEqual([]);
    await stage.shop.advance();
    await stage.settle();
    const [redemption] = await stage.shop.redemptions();
    expect(stage.told('reward-redeemed').map(({ payload }) => payload)).toEqual([
      { customer_id: id, Points: 500, 'Points balance': 100, Reward: expect.any(String) as string, Code: redemption?.code, 'Event ID': expect.stringContaining('/') as string },
    ]);
  });

  it('is told of nothing that was earned looking back, or that nobody noticed for days', async () => {
    const [late, old] = [somebody(), somebody()];
    await buy(late);
    stage.shop.passMs(4 * 86_400_000);
    await stage.settle();
    await stage.shop.putOrder({ orderId: (nextOrderId += 1), customerId: old });
    await stage.rows(`UPDATE orders SET processed_at = processed_at - interval '90 days' WHERE order_id = ${nextOrderId}`);
    await stage.shop.award();
    await stage.settle();
    expect(stage.metafields(old)).toMatchObject({ points: '500' });
    expect(stage.told('points-earned')).toEqual([]);
  });
});

/** What the app asks of Shopify from now on, by operation: the keys that it sets. */
function countCalls() {
  const direct = globalThis.fetch;
  const calls: { operation: string; keys: string[] }[] = [];
  globalThis.fetch = async (input, init) => {
    const body = typeof init?.body === 'string' ? init.body : '';
    const operation = /"operationName":"(\w+)"/.exec(body)?.[1] ?? /(?:query|mutation) (\w+)/.exec(body)?.[1];
    if (operation !== undefined) calls.push({ operation, keys: [...body.matchAll(/"key":"(\w+)"/g)].map((match) => match[1] ?? '') });
    return direct(input, init);
  };
  return {
    sent: (operation: string) => calls.filter((call) => call.operation === operation).map(({ keys }) => keys),
    stop: () => {
      globalThis.fetch = direct;
    },
  };
}
