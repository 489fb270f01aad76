import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aProgram } from '#test/support/loyalty/a-program.ts';
import { anOrder, balanceOf, DAY_MS, entriesAbout, freshId, putAndAward, shop, START, startAwarding } from './awarding-stage.ts';

beforeAll(startAwarding);
afterAll(() => shop.stop());
beforeEach(() => shop.setClock(START));

describe('an order that is paid', () => {
  it('earns five points a unit, pending until its return window is over', async () => {
    const order = anOrder();
    await putAndAward(order);
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 400 });
    // Bought on 2 March in Berlin: the fourteenth day after it ends with 16 March.
    shop.setClock(new Date('2026-03-16T22:59:59Z'));
    await shop.passTime();
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 400 });
    shop.setClock(new Date('2026-03-16T23:00:00Z'));
    await shop.passTime();
    expect(await balanceOf(order.customerId)).toEqual({ points: 400, pending: 0 });
  });

  it('earns once, however often it is written', async () => {
    const order = anOrder();
    await putAndAward(order);
    await putAndAward(order);
    await putAndAward(order);
    expect(await entriesAbout(order.orderId)).toEqual([{ kind: 'order', given: 400, version: 1, code: 'order-earned' }]);
  });

  it('earns nothing before it is paid, nor for a guest', async () => {
    const unpaid = anOrder({ financialStatus: 'PENDING' });
    const ofGuest = anOrder({ customerId: null });
    await shop.putOrder(ofGuest);
    await putAndAward(unpaid);
    expect(await entriesAbout(unpaid.orderId)).toEqual([]);
    expect(await entriesAbout(ofGuest.orderId)).toEqual([]);
    await putAndAward({ ...unpaid, financialStatus: 'PAID' });
    expect(await balanceOf(unpaid.customerId)).toEqual({ points: 0, pending: 400 });
  });

  it('of a guest earns for the customer whom it is given to later', async () => {
    const order = anOrder({ customerId: null });
    await putAndAward(order);
    const customerId = freshId();
    await putAndAward({ ...order, customerId });
    expect(await balanceOf(customerId)).toEqual({ points: 0, pending: 400 });
  });

  it('takes its points along to another customer', async () => {
    const order = anOrder();
    await putAndAward(order);
    const customerId = freshId();
    await putAndAward({ ...order, customerId });
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 0 });
    expect(await balanceOf(customerId)).toEqual({ points: 0, pending: 400 });
  });
});

describe('a refund', () => {
  it('takes back what the returned lines earned, in however many steps', async () => {
    const order = anOrder();
    await putAndAward(order);
    const [first, second] = order.lines;
    if (first === undefined || second === undefined) throw new Error('two lines');
    await putAndAward({ ...order, lines: [first, { ...second, currentQuantity: 2 }] });
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 350 });
    await putAndAward({ ...order, lines: [{ ...first, currentQuantity: 0 }, { ...second, currentQuantity: 2 }] });
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 100 });
    await putAndAward({ ...order, lines: [{ ...first, currentQuantity: 0 }, { ...second, currentQuantity: 0 }] });
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 0 });
    expect((await entriesAbout(order.orderId)).map(({ given }) => given)).toEqual([400, -50, -250, -100]);
  });

  it('goes by the program that the points were given under, whatever it is today', async () => {
    const order = anOrder();
    await putAndAward(order);
    shop.setClock(new Date(START.getTime() + DAY_MS));
    const version = await shop.saveProgram(aProgram({ earning: { rates: [{ currency: 'EUR', points: 10, perMinor: 100 }] } }));
    await putAndAward({ ...order, freeRefundMinor: 40_00 });
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 200 });
    const later = anOrder({ processedAt: new Date(START.getTime() + 2 * DAY_MS) });
    await putAndAward(later);
    expect(await entriesAbout(later.orderId)).toEqual([{ kind: 'order', given: 800, version, code: 'order-earned' }]);
    const late = anOrder();
    await putAndAward(late);
    // Told of late: judged by what held when it was placed.
    expect(await entriesAbout(late.orderId)).toEqual([{ kind: 'order', given: 400, version: 1, code: 'order-earned' }]);
  });

  it('after the points were spendable leaves what was not spent', async () => {
    const order = anOrder();
    await putAndAward(order);
    shop.setClock(new Date(START.getTime() + 20 * DAY_MS));
    await shop.passTime();
    await putAndAward({ ...order, cancelledAt: shop.context.now() });
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 0 });
    expect((await entriesAbout(order.orderId)).at(-1)).toMatchObject({ given: -400, code: 'order-cancelled' });
  });
});

describe('a member who is not active', () => {
  it('loses their points after twelve months, on the first instant of the day after, and once', async () => {
    const order = anOrder();
    await putAndAward(order);
    shop.setClock(new Date('2026-03-20T00:00:00Z'));
    await shop.passTime();
    shop.setClock(new Date('2027-03-02T22:59:59Z'));
    await shop.passTime();
    expect(await balanceOf(order.customerId)).toEqual({ points: 400, pending: 0 });
    shop.setClock(new Date('2027-03-02T23:00:00Z'));
    await shop.passTime();
    await shop.passTime();
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 0 });
  });
});

describe('a worker that is late', () => {
  it('lets points expire that were over before the next order, although nobody had looked', async () => {
    const first = anOrder();
    await putAndAward(first);
    const later = new Date('2027-06-01T10:00:00Z');
    shop.setClock(later);
    await putAndAward(anOrder({ customerId: first.customerId, processedAt: later }));
    expect(await balanceOf(first.customerId)).toEqual({ points: 0, pending: 800 });
  });
});

describe('an order whose award fails', () => {
  it('is set aside, told of and tried again, while all others of the shop are awarded', async () => {
    const { lookOverMembers } = await import('#app/services/loyalty/look-over-members.server.ts');
    const look = async () => {
      await shop.owner.query('UPDATE loyalty_progress SET check_due_at = $1', [shop.context.now()]);
      return lookOverMembers(shop.context);
    };
    // As if a row of the member were older than their entries.
    const turnBack = (by: number) => shop.owner.query('UPDATE loyalty_members SET last_sequence = last_sequence - $2 WHERE customer_id = $1', [broken.customerId, by]);
    const broken = anOrder();
    await putAndAward(broken);
    await putAndAward(anOrder({ customerId: broken.customerId }));
    await turnBack(1);
    const next = anOrder({ customerId: broken.customerId });
    const sound = anOrder();
    for (const order of [next, sound]) await shop.putOrder(order);
    await shop.award();
    expect(await balanceOf(sound.customerId)).toEqual({ points: 0, pending: 400 });
    expect(await entriesAbout(next.orderId)).toEqual([]);
    expect(await look()).toContainEqual({ code: 'orders-not-awarded', count: 1 });
    await turnBack(-1);
    expect((await look())?.map(({ code }) => code)).not.toContain('orders-not-awarded');
    expect(await balanceOf(next.customerId)).toEqual({ points: 0, pending: 1200 });
    const { rows } = await shop.owner.query('SELECT aside_order_ids FROM loyalty_progress');
    expect(rows).toEqual([{ aside_order_ids: [] }]);
  });

  it('is not looked for where it is the database that fails', async () => {
    const { awardOrders } = await import('#app/services/loyalty/award-orders.server.ts');
    const order = anOrder();
    await shop.putOrder(order);
    await shop.owner.query('REVOKE INSERT ON loyalty_entries FROM perennial_app');
    await expect(awardOrders(shop.context)).rejects.toThrow();
    await shop.owner.query('GRANT INSERT ON loyalty_entries TO perennial_app');
    await shop.award();
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 400 });
  });
});

describe('an order of somebody who was forgotten', () => {
  it('earns nothing when it is paid at last', async () => {
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    const { systemRuntime } = await import('#app/runtime.server.ts');
    const customerId = freshId();
    await putAndAward(anOrder({ customerId }));
    const unpaid = anOrder({ customerId, financialStatus: 'PENDING' });
    await putAndAward(unpaid);
    await redactCustomer({ ...systemRuntime, ...shop.context }, { customerId: BigInt(customerId), orderIds: [] });
    const { rows } = await shop.owner.query<{ customer_id: string }>('SELECT customer_id FROM orders WHERE order_id = $1', [unpaid.orderId]);
    expect(Number(rows[0]?.customer_id)).toBeLessThan(0);
    await putAndAward({ ...unpaid, customerId: Number(rows[0]?.customer_id), financialStatus: 'PAID' });
    expect(await entriesAbout(unpaid.orderId)).toEqual([]);
  });
});

describe('a turn that is overtaken', () => {
  it('gives nothing for an order that went to somebody else after it was read', async () => {
    const { withBriefConnection } = await import('#app/adapters/db/brief-connection.server.ts');
    const { loadEarningOrders } = await import('#app/adapters/db/loyalty/earning-orders.server.ts');
    const { readTerms } = await import('#app/adapters/db/loyalty/newest-program.server.ts');
    const { awardThese } = await import('#app/services/loyalty/award-orders.server.ts');
    const { context } = shop;
    const order = anOrder();
    const orderIds = [BigInt(order.orderId)];
    await shop.putOrder(order);
    const asRead = await context.inShop((db) => loadEarningOrders(db, context.shop, orderIds));
    await shop.putOrder({ ...order, customerId: freshId() });
    await withBriefConnection(context.pool, context.shop, async (connection, askLast) => {
      const terms = await readTerms(connection, context.shop);
      if (terms === null) throw new Error('no program');
      askLast(await awardThese(context, connection, { orderIds, orders: () => Promise.resolve(asRead), terms }));
    });
    expect(await entriesAbout(order.orderId)).toEqual([]);
    expect((await shop.owner.query('SELECT FROM loyalty_members WHERE customer_id = $1', [order.customerId])).rowCount).toBe(0);
    await shop.award();
    expect(await balanceOf(order.customerId)).toEqual({ points: 0, pending: 0 });
  });

  it('leaves the mark of what is awarded where it is', async () => {
    const { moveAwardedVersion } = await import('#app/adapters/db/loyalty/progress.repository.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    await putAndAward(anOrder());
    const mark = async () => (await shop.owner.query<{ version: string }>('SELECT orders_version AS version FROM loyalty_progress')).rows[0]?.version ?? '0';
    const before = await mark();
    await withTenantConnection(shop.context.pool, shop.context.shop, (connection) => moveAwardedVersion(connection, shop.context.shop, BigInt(before) - 1n));
    expect(await mark()).toBe(before);
  });
});

describe('the ledger', () => {
  it('is a chain of hashes that leads from each member’s first entry to the last', async () => {
    const { verifyChains } = await import('#app/adapters/db/loyalty/verify-chains.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    const findings = await withTenantConnection(shop.context.pool, shop.context.shop, (connection) => verifyChains(connection, shop.context.shop));
    expect(findings.broken).toEqual([]);
    expect(findings.entries).toBeGreaterThan(15);
  });
});
