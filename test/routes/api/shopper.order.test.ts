import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { OrderThanks } from '#app/contracts/order-thanks.ts';
import { aProgram } from '#test/support/loyalty/loyalty-shop.ts';
import { daysAgo, openShopperShop, OTHER_DOMAIN, type ShopperShop } from './shopper-shop.ts';

const ANNA = 4001;
const BEN = 4002;
const LINES = [{ lineId: 11, totalMinor: 4000 }];

let shop: ShopperShop;

beforeAll(async () => {
  shop = await openShopperShop();
});
beforeEach(async () => {
  await shop.reset();
  await shop.saveProgram(aProgram({ earning: { pendingDays: 14 } }));
});
afterAll(() => shop.stop());

async function pointsOf(orderId: number, as: number | null): Promise<OrderThanks['points']> {
  const { status, body } = await shop.ask(`/api/shopper/order?orderId=${encodeURIComponent(`gid://shopify/OrderIdentity/${orderId}`)}`, { as });
  expect(status).toBe(200);
  return (body as OrderThanks).points;
}

const NONE = { state: 'none' };

describe('the points of an order', () => {
  it('are pending until the order is known, promised until the worker has come to it, and then those of the ledger', async () => {
    expect(await pointsOf(1, ANNA)).toEqual({ state: 'pending', retryAfterMs: 600 });
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    expect(await pointsOf(1, ANNA)).toEqual({ state: 'pending', retryAfterMs: expect.any(Number), isPromised: true });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toEqual({
      state: 'ready',
      points: 200,
      standing: 'pending',
      spendableFrom: expect.stringMatching(/^\d{4}-\d\d-\d\dT2[23]:00:00Z$/),
      balancePoints: 0,
    });
  });

  it('are asked for ever less often while nobody comes to them', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    const waits: number[] = [];
    for (const secondsAgo of [0, 20, 60]) {
      await shop.owner.query("UPDATE orders SET created_at = now() - $1 * interval '1 second'", [secondsAgo]);
      const points = await pointsOf(1, ANNA);
      waits.push(points.state === 'pending' ? points.retryAfterMs : 0);
    }
    expect(waits[0]).toBeLessThan(10_000);
    expect(waits[1]).toBeGreaterThanOrEqual(10_000);
    expect(waits[2]).toBe(15_000);
  });

  it('are told to a buyer who is signed out as long as the page is open, without the balance', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, null)).toMatchObject({ state: 'ready', points: 200, balancePoints: null });
    await shop.owner.query("UPDATE orders SET created_at = now() - interval '25 hours'");
    expect(await pointsOf(1, null)).toEqual(NONE);
    expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'ready', points: 200 });
  });

  it('are spendable at once where nothing is waited for', async () => {
    await shop.saveProgram(aProgram({ earning: { pendingDays: 0 } }), 90);
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toEqual({ state: 'ready', points: 200, standing: 'spendable', spendableFrom: null, balancePoints: 200 });
  });

  it('are what is left after refunds, and none after the last of them', async () => {
    const order = { orderId: 1, customerId: ANNA, processedAt: daysAgo(0) };
    await shop.putOrder({ ...order, lines: [{ lineId: 11, totalMinor: 4000, quantity: 4 }] });
    await shop.award();
    await shop.putOrder({ ...order, lines: [{ lineId: 11, totalMinor: 4000, quantity: 4, currentQuantity: 1 }] });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'ready', points: 50 });
    await shop.putOrder({ ...order, lines: [{ lineId: 11, totalMinor: 4000, quantity: 4, currentQuantity: 0 }] });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toEqual(NONE);
  });

  it('hold those for a first order', async () => {
    await shop.saveProgram(aProgram({ earning: { firstOrderPoints: 70 } }), 90);
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'ready', points: 270 });
  });

  it('of a guest can be claimed, as many as they then are given', async () => {
    await shop.putOrder({ orderId: 1, customerId: null, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, null)).toEqual({ state: 'ready', points: 200, standing: 'claimable', spendableFrom: null, balancePoints: null });
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toMatchObject({ state: 'ready', points: 200, standing: 'pending' });
  });

  it('are promised while the order waits for its payment or its shipping', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES, financialStatus: 'PENDING' });
    await shop.award();
    expect(await pointsOf(1, ANNA)).toEqual({ state: 'ready', points: 200, standing: 'pending', spendableFrom: null, balancePoints: 0 });
    await shop.saveProgram(aProgram({ earning: { occasion: 'fulfilled' } }), 90);
    await shop.putOrder({ orderId: 2, customerId: ANNA, lines: [{ lineId: 12, totalMinor: 1000 }] });
    await shop.award();
    expect(await pointsOf(2, ANNA)).toMatchObject({ state: 'ready', points: 50, standing: 'pending', spendableFrom: null });
    await shop.putOrder({ orderId: 2, customerId: ANNA, lines: [{ lineId: 12, totalMinor: 1000 }], fulfillmentStatus: 'FULFILLED' });
    await shop.award();
    expect(await pointsOf(2, ANNA)).toMatchObject({ state: 'ready', points: 50, spendableFrom: expect.any(String) });
    await shop.putOrder({ orderId: 3, customerId: ANNA, lines: [{ lineId: 13, totalMinor: 1000 }], financialStatus: 'VOIDED' });
    expect(await pointsOf(3, ANNA)).toEqual(NONE);
  });

  it.each([
    ['somebody else', BEN],
    ['a guest, to whoever is signed in', ANNA],
  ])('of %s look like those of an order without any', async (_name, asker) => {
    await shop.putOrder({ orderId: 1, customerId: asker === BEN ? ANNA : null, lines: LINES });
    await shop.award();
    expect(await pointsOf(1, asker)).toEqual(NONE);
  });

  it('are none for an order that earns nothing, at once', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: [{ lineId: 11, totalMinor: 4000, isGiftCard: true }] });
    expect(await pointsOf(1, ANNA)).toEqual(NONE);
    await shop.putOrder({ orderId: 2, customerId: ANNA, lines: [{ lineId: 12, totalMinor: 4000 }], cancelledAt: new Date() });
    expect(await pointsOf(2, ANNA)).toEqual(NONE);
  });

  it('are none without a program, for whoever is left out, for whoever was forgotten, and in a shop that left', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = true');
    expect(await pointsOf(1, ANNA)).toEqual(NONE);
    await shop.owner.query('UPDATE loyalty_members SET is_excluded = false');
    await shop.saveProgram(aProgram({ status: { kind: 'off' } }), 90);
    expect(await pointsOf(1, ANNA)).toEqual(NONE);
    expect(await pointsOf(9, ANNA)).toEqual(NONE);
    await shop.saveProgram(aProgram(), 80);
    await shop.owner.query('UPDATE orders SET customer_id = -5');
    expect(await pointsOf(1, null)).toEqual(NONE);
    await shop.owner.query('UPDATE shops SET uninstalled_at = now()');
    expect(await pointsOf(9, null)).toEqual(NONE);
  });

  it('of another shop look like those of an order that nobody knows', async () => {
    await shop.putOrder({ orderId: 1, customerId: ANNA, lines: LINES });
    await shop.award();
    const [known, unknown] = await Promise.all([1, 7].map((id) => shop.ask(`/api/shopper/order?orderId=${id}`, { as: ANNA, domain: OTHER_DOMAIN })));
    expect(known?.body).toEqual(unknown?.body);
  });
});

it.each(['', '?orderId=', '?orderId=-7', '?orderId=gid://shopify/Customer/7', '?orderId=1&orderId=2', '?orderId=9223372036854775808'])(
  'refuses %s as the order id',
  async (query) => {
    const { status, body } = await shop.ask(`/api/shopper/order${query}`, { as: ANNA });
    expect([status, body]).toEqual([400, { error: 'order-id' }]);
  },
);
