import { afterAll, beforeAll, expect, it } from 'vitest';

import type { PastOrder } from '#app/domain/loyalty/accrual/past-order.ts';
import { openLoyaltyShop } from '#test/support/loyalty/loyalty-shop.ts';
import type { LoyaltyShop, TestOrder } from '#test/support/loyalty/loyalty-shop.ts';

const YESTERDAY = new Date('2026-03-01T10:00:00.123Z');
const PAID = new Date('2026-03-20T10:00:00.456Z');
const SENT_LAST = new Date('2026-04-02T10:00:00.789Z');
const LONG_AGO = new Date('2024-03-01T10:00:00Z');

let shop: LoyaltyShop;

beforeAll(async () => {
  shop = await openLoyaltyShop();
});

afterAll(() => shop.stop());

async function readAll({ withFulfillments }: { withFulfillments: boolean }): Promise<PastOrder[][]> {
  const { readCustomersOrders } = await import('#app/adapters/db/loyalty/earning-customers.server.ts');
  const customers: PastOrder[][] = [];
  await readCustomersOrders(shop.context, { sinceMs: Date.parse('2026-01-01T00:00:00Z'), withFulfillments }, ({ orders }) => void customers.push([...orders]));
  return customers;
}

it('reads each customer’s orders as they are read one by one for an award, lines and all', async () => {
  const line = { lineId: 1, totalMinor: 30_00 };
  const orders: TestOrder[] = [
    { orderId: 1, customerId: 7, processedAt: YESTERDAY, paidAt: PAID, sentAt: [YESTERDAY, SENT_LAST], lines: [line, { lineId: 2, productId: null, quantity: 3, currentQuantity: 2, totalMinor: 9_99 }] },
    { orderId: 2, customerId: 7, processedAt: LONG_AGO, lines: [{ ...line, lineId: 2 ** 53 - 1, isGiftCard: true }], freeRefundMinor: 1_50 },
    { orderId: 3, customerId: 5, processedAt: YESTERDAY, lines: [], cancelledAt: YESTERDAY },
    { orderId: 4, customerId: -12, processedAt: YESTERDAY, lines: [line], financialStatus: 'PENDING', fulfillmentStatus: 'FULFILLED' },
    { orderId: 5, customerId: null, processedAt: YESTERDAY, lines: [line] },
    { orderId: 6, customerId: 9, processedAt: LONG_AGO, lines: [line] },
  ];
  for (const order of orders) await shop.putOrder(order);
  await shop.owner.query('UPDATE orders SET presentment_currency = $1, presentment_subtotal_minor = 3300, is_test = true WHERE order_id = 4', ['USD']);
  await shop.owner.query("INSERT INTO fulfillments SELECT shop_id, order_id, 99, 'CANCELLED', now(), NULL FROM orders WHERE order_id = 1");
  await shop.owner.query('UPDATE orders SET deleted_at = now() WHERE order_id = 2');
  const { loadEarningOrders } = await import('#app/adapters/db/loyalty/earning-orders.server.ts');
  const { context } = shop;
  const [first, second, third, fourth] = await context.inShop((db) => loadEarningOrders(db, context.shop, [1n, 2n, 3n, 4n]));
  expect(first).toMatchObject({ paidAtMs: PAID.getTime(), fulfilledAtMs: SENT_LAST.getTime() });
  expect(second).toMatchObject({ paidAtMs: null, fulfilledAtMs: null });
  expect(await readAll({ withFulfillments: true })).toEqual([[fourth], [third], [first, second]]);
  expect(await readAll({ withFulfillments: false })).toEqual([[fourth], [third], [{ ...first, fulfilledAtMs: null }, second]]);
});

it('reads what an order was before its refunds, where it is known when they came', async () => {
  await shop.owner.query('INSERT INTO refunds SELECT shop_id, order_id, 1, $1, 333 FROM orders WHERE order_id = 1', [PAID]);
  await shop.owner.query('INSERT INTO refunds SELECT shop_id, order_id, 2, NULL, 0 FROM orders WHERE order_id = 1');
  const first = (await readAll({ withFulfillments: false })).flat().find(({ orderId }) => orderId === 1n);
  expect(first).toMatchObject({ shopValue: { amountMinor: 36_66 }, lines: [{ remainingMinor: 30_00 }, { remainingMinor: 6_66 }] });
  const [before, ...others] = first?.earlier ?? [];
  expect(others).toEqual([]);
  expect(before).toMatchObject({ untilMs: PAID.getTime(), order: { shopValue: { amountMinor: 39_99 }, lines: [{ remainingMinor: 30_00 }, { remainingMinor: 9_99 }] } });
});
