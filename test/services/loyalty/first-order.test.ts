import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aProgram } from '#test/support/loyalty/a-program.ts';
import type { TestOrder } from '#test/support/loyalty/loyalty-shop.ts';
import { anOrder, balanceOf, DAY_MS, entriesAbout, freshId, putAndAward, shop, START, startAwarding } from './awarding-stage.ts';

beforeAll(startAwarding);
afterAll(() => shop.stop());
beforeEach(() => shop.setClock(START));

describe('a first order', () => {
  it('is one although the order before it was cancelled or a test', async () => {
    const SECOND_MS = 1_000;
    shop.setClock(new Date(START.getTime() - SECOND_MS));
    await shop.saveProgram(aProgram({ earning: { firstOrderPoints: 20 } }));
    shop.setClock(START);
    const customerId = freshId();
    const before = { customerId, processedAt: new Date(START.getTime() - SECOND_MS / 2) };
    await putAndAward(anOrder({ ...before, cancelledAt: START }));
    const test = anOrder(before);
    await shop.putOrder(test);
    await shop.owner.query('UPDATE orders SET is_test = true WHERE order_id = $1', [test.orderId]);
    await shop.award();
    const [first, second] = [anOrder({ customerId }), anOrder({ customerId })];
    for (const order of [first, second]) await putAndAward(order);
    expect((await entriesAbout(first.orderId)).map(({ code, given }) => [code, given])).toEqual([['order-earned', 400], ['first-order', 20]]);
    expect((await entriesAbout(second.orderId)).map(({ code }) => code)).toEqual(['order-earned']);
    await shop.saveProgram(aProgram());
  });
});

describe('the points for a first order', () => {
  const PAID = { financialStatus: 'PAID' };
  const UNPAID = { financialStatus: 'PENDING' };
  const CANCELLED = { cancelledAt: START };

  beforeAll(async () => {
    shop.setClock(new Date(START.getTime() - DAY_MS / 2));
    await shop.saveProgram(aProgram({ earning: { firstOrderPoints: 20 } }));
  });

  afterAll(() => shop.saveProgram(aProgram()));

  async function firstPointsOf(orders: readonly TestOrder[]): Promise<number[]> {
    const entries = await Promise.all(orders.map(({ orderId }) => entriesAbout(orderId)));
    return entries.map((about) => about.filter(({ kind }) => kind === 'grant').reduce((sum, { given }) => sum + given, 0));
  }

  /** Of the same customer, an hour apart. */
  function twoOrders(): [TestOrder, TestOrder] {
    const customerId = freshId();
    const at = (hour: number) => ({ customerId, processedAt: new Date(START.getTime() + hour * 3_600_000) });
    return [anOrder(at(-2)), anOrder(at(-1))];
  }

  it('go on to the next order when the one that they came with is cancelled or deleted', async () => {
    const [one, two] = twoOrders();
    await putAndAward(one);
    await putAndAward({ ...one, ...CANCELLED });
    expect(await firstPointsOf([one, two])).toEqual([0, 0]);
    await putAndAward(two);
    expect(await firstPointsOf([one, two])).toEqual([0, 20]);
    expect(await balanceOf(two.customerId)).toEqual({ points: 0, pending: 420 });

    const [three, four] = twoOrders();
    await putAndAward(three);
    await putAndAward(four);
    await shop.owner.query('UPDATE shops SET data_version = data_version + 1');
    await shop.owner.query('UPDATE orders SET deleted_at = now() WHERE order_id = $1', [three.orderId]);
    await shop.award();
    expect(await firstPointsOf([three, four])).toEqual([0, 20]);
    expect(await balanceOf(four.customerId)).toEqual({ points: 0, pending: 420 });
  });

  it('come with the earliest order that stands, whatever was heard of in which order', async () => {
    const steps = [[0, {}], [1, {}], [1, CANCELLED], [0, UNPAID], [0, PAID], [0, CANCELLED], [1, UNPAID], [1, PAID]] as const;
    const scripts = [
      { events: [0, 1], first: 0 },
      { events: [1, 0], first: 0 },
      { events: [1, 3, 4], first: 0 },
      { events: [3, 1, 5], first: 1 },
      { events: [1, 0, 5], first: 1 },
      { events: [0, 1, 2], first: 0 },
      { events: [3, 1, 4, 2], first: 0 },
      { events: [6, 0, 5, 7], first: 1 },
    ];
    for (const { events, first } of scripts) {
      const orders = twoOrders();
      for (const event of events) {
        const [which, change] = steps[event] ?? [0, {}];
        await putAndAward({ ...orders[which], ...change });
      }
      expect({ events, points: await firstPointsOf(orders) }).toEqual({ events, points: first === 0 ? [20, 0] : [0, 20] });
    }
  });

  it('go with their order to another customer, and the next order of the one before has them', async () => {
    const [one, two] = twoOrders();
    await putAndAward(one);
    await putAndAward(two);
    const customerId = freshId();
    await putAndAward({ ...one, customerId });
    expect(await firstPointsOf([one, two])).toEqual([20, 20]);
    expect(await balanceOf(two.customerId)).toEqual({ points: 0, pending: 420 });
    expect(await balanceOf(customerId)).toEqual({ points: 0, pending: 420 });
  });
});
