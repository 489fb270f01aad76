import { expect, it } from 'vitest';

import { tierFactOfOrder } from '#app/domain/loyalty/tiers/tier-fact-of-order.ts';

const order = { exclusion: null, financialStatus: 'PAID', processedAtMs: 7, shopValue: { currency: 'EUR', amountMinor: 50_00 } };
const by = { points: 250, shopCurrency: 'EUR' };

it('counts what an order is worth, its points, and that it was paid', () => {
  expect(tierFactOfOrder(order, by)).toEqual({ atMs: 7, spendMinor: 50_00, points: 250, orders: 1 });
  expect(tierFactOfOrder({ ...order, financialStatus: 'PENDING' }, by)?.orders).toBe(0);
  expect(tierFactOfOrder({ ...order, exclusion: 'cancelled' }, by)).toBeNull();
});

it('adds no money of a currency that the shop has left, though the order stays one', () => {
  expect(tierFactOfOrder(order, { ...by, shopCurrency: 'JPY' })).toEqual({ atMs: 7, spendMinor: 0, points: 250, orders: 1 });
});
