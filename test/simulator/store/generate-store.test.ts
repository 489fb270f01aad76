import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SimOrder, SimStore } from '../state.ts';
import { generateStore } from './generate-store.ts';
import { minorUnitExponent } from './money-arithmetic.ts';
import { lineNetMinor, orderTotal, refundedTotal } from './order-totals.ts';

const ORDERS = 20_000;
const AS_OF = '2026-10-01T00:00:00.000Z';

function hashOf(store: SimStore): string {
  return createHash('sha256').update(JSON.stringify(store)).digest('hex');
}

const store = generateStore({ seed: 7, orders: ORDERS, asOf: AS_OF });

function ordersPerCustomer(orders: readonly SimOrder[]): number[] {
  const counts = new Map<number, number>();
  for (const order of orders) {
    if (order.customerId === null || order.test || order.cancelledAt !== null) continue;
    counts.set(order.customerId, (counts.get(order.customerId) ?? 0) + 1);
  }
  return [...counts.values()];
}

const share = (counts: readonly number[], holds: (count: number) => boolean) =>
  counts.filter(holds).length / counts.length;

/** Share of a group's customers with a second order within 180 days of the first. */
function secondOrderShare(isInGroup: (first: SimOrder) => boolean): number {
  const own = new Map<number, SimOrder[]>();
  for (const order of store.orders) {
    if (order.customerId === null) continue;
    own.set(order.customerId, [...(own.get(order.customerId) ?? []), order]);
  }
  let members = 0;
  let returned = 0;
  for (const [first, second] of own.values()) {
    if (first === undefined || !isInGroup(first)) continue;
    members += 1;
    if (second !== undefined && Date.parse(second.createdAt) - Date.parse(first.createdAt) < 180 * 86_400_000)
      returned += 1;
  }
  expect(members).toBeGreaterThan(100);
  return returned / members;
}

describe('a generated store', () => {
  it('has exactly the orders asked for', () => {
    expect(store.orders).toHaveLength(ORDERS);
  });

  it('is the same for the same seed and another for another', () => {
    expect(hashOf(generateStore({ seed: 7, orders: ORDERS, asOf: AS_OF }))).toBe(hashOf(store));
    expect(hashOf(generateStore({ seed: 8, orders: ORDERS, asOf: AS_OF }))).not.toBe(hashOf(store));
  });

  it('is the same on every machine', () => {
    const small = generateStore({ seed: 1, orders: 500, asOf: AS_OF });
    expect(hashOf(small)).toMatchInlineSnapshot(`"56d1b6a8bd4d2ce8768faa9e451daf20e6f31518ecac8a7c7ef2b0a0dfe6f3c1"`);
  });

  it('reconciles what was received with lines, tax, shipping and tip in both currencies', () => {
    const paid = store.orders.filter((order) =>
      ['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED'].includes(order.financialStatus),
    );
    expect(paid.length).toBeGreaterThan(ORDERS * 0.9);
    for (const order of paid) expect(order.received, order.name).toEqual(orderTotal(order));
  });

  it('never returns more than was received, and says refunded only when all of it went back', () => {
    for (const order of store.orders) {
      const returned = refundedTotal(order);
      for (const side of ['shop', 'presentment'] as const) {
        expect(returned[side].amountMinor, order.name).toBeLessThanOrEqual(order.received[side].amountMinor);
      }
      if (order.financialStatus === 'REFUNDED') expect(returned, order.name).toEqual(order.received);
      if (order.financialStatus === 'PAID') expect(order.refunds, order.name).toEqual([]);
    }
  });

  it('keeps every amount a whole number and every discount within its line', () => {
    for (const order of store.orders) {
      for (const line of order.lines) {
        for (const side of ['shop', 'presentment'] as const) {
          expect(Number.isInteger(line.unitPrice[side].amountMinor)).toBe(true);
          expect(Number.isInteger(line.tax[side].amountMinor)).toBe(true);
          expect(lineNetMinor(line, side), order.name).toBeGreaterThanOrEqual(0);
        }
        expect(line.currentQuantity).toBeGreaterThanOrEqual(0);
        expect(line.currentQuantity).toBeLessThanOrEqual(line.quantity);
      }
    }
  });

  it('lets discounts of an order sum to what its lines carry', () => {
    for (const order of store.orders.filter((candidate) => candidate.discounts.length > 0)) {
      for (const side of ['shop', 'presentment'] as const) {
        const onLines = order.lines.reduce((sum, line) => sum + line.discount[side].amountMinor, 0);
        expect(onLines, order.name).toBe(
          order.discounts.reduce((sum, discount) => sum + discount.amount[side].amountMinor, 0),
        );
      }
    }
  });

  it('lies within the three years before its as-of instant', () => {
    for (const order of store.orders) {
      expect(order.createdAt >= '2023-10-02T00:00:00.000Z' && order.createdAt < AS_OF, order.name).toBe(true);
      expect(order.updatedAt >= order.createdAt && order.updatedAt < AS_OF, order.name).toBe(true);
    }
    for (const customer of store.customers) expect(customer.updatedAt < AS_OF && customer.createdAt < AS_OF).toBe(true);
  });

  it('numbers records uniquely, orders by when they were created', () => {
    const ids = (records: readonly { id: number }[]) => new Set(records.map((record) => record.id)).size;
    expect(ids(store.orders)).toBe(ORDERS);
    expect(ids(store.customers)).toBe(store.customers.length);
    expect(ids(store.orders.flatMap((order) => order.lines))).toBe(store.orders.flatMap((order) => order.lines).length);
    expect(ids(store.products)).toBe(store.products.length);
    expect(new Set(store.customers.map((customer) => customer.email)).size).toBe(store.customers.length);
    store.orders.forEach((order, index) => {
      expect(order.name).toBe(`#${1001 + index}`);
      expect(order.createdAt >= (store.orders[index - 1]?.createdAt ?? '')).toBe(true);
    });
  });

  it('only refers to customers, products and variants that it has', () => {
    const customers = new Map(store.customers.map((customer) => [customer.id, customer]));
    const variants = new Map(
      store.products.flatMap((product) => product.variants.map((variant) => [variant.id, product.id])),
    );
    for (const order of store.orders) {
      if (order.customerId !== null) expect(customers.get(order.customerId)?.mergedIntoId).toBeNull();
      for (const line of order.lines) expect(variants.get(line.variantId ?? 0)).toBe(line.productId);
    }
    for (const { mergedIntoId } of customers.values())
      if (mergedIntoId !== null) expect(customers.has(mergedIntoId)).toBe(true);
  });

  it('has the repeat behaviour of a healthy shop, with a long tail', () => {
    const ever = ordersPerCustomer(store.orders);
    expect(share(ever, (count) => count === 1)).toBeGreaterThan(0.45);
    expect(share(ever, (count) => count === 1)).toBeLessThan(0.62);
    expect(Math.max(...ever)).toBeGreaterThan(15);
    const lastYear = ordersPerCustomer(store.orders.filter((order) => order.processedAt >= '2025-10-01'));
    expect(share(lastYear, (count) => count > 1)).toBeGreaterThan(0.25);
    expect(share(lastYear, (count) => count > 1)).toBeLessThan(0.36);
  });

  it('sees fewer Black Friday buyers again, and more of those who came for the launch', () => {
    const isBlackFriday = (first: SimOrder) => first.discounts.some((discount) => discount.code.startsWith('BFCM'));
    const ordinary = secondOrderShare((first) => !isBlackFriday(first) && !first.createdAt.startsWith('2025-07'));
    expect(secondOrderShare(isBlackFriday)).toBeLessThan(ordinary - 0.05);
    expect(secondOrderShare((first) => first.createdAt.startsWith('2025-07'))).toBeGreaterThan(ordinary + 0.1);
  });

  it('sells more in November and less in August', () => {
    const inMonth = (month: string) => store.orders.filter((order) => order.createdAt.startsWith(month)).length;
    expect(inMonth('2025-11')).toBeGreaterThan(inMonth('2025-10') * 1.2);
    expect(inMonth('2026-08')).toBeLessThan(inMonth('2026-06'));
  });

  it('contains what makes a real history awkward', () => {
    const { orders, customers, products } = store;
    const has = (holds: (order: SimOrder) => boolean) => expect(orders.some(holds));
    for (const status of [
      'PAID',
      'PARTIALLY_REFUNDED',
      'REFUNDED',
      'PENDING',
      'VOIDED',
      'AUTHORIZED',
      'PARTIALLY_PAID',
      'EXPIRED',
    ]) {
      has((order) => order.financialStatus === status).toBe(true);
    }
    for (const source of ['web', 'pos', 'shopify_draft_order', '2329312'])
      has((order) => order.sourceName === source).toBe(true);
    has((order) => order.test).toBe(true);
    has((order) => order.customerId === null && order.email !== null).toBe(true);
    has((order) => order.email === null).toBe(true);
    has((order) => order.cancelledAt !== null && order.financialStatus === 'REFUNDED').toBe(true);
    has((order) => order.edited && order.lines.some((line) => line.currentQuantity === 0)).toBe(true);
    has((order) => order.processedAt !== order.createdAt).toBe(true);
    has((order) => order.received.shop.amountMinor === 0 && order.financialStatus === 'PAID').toBe(true);
    has((order) => order.refunds.some((refund) => refund.lines.length === 0)).toBe(true);
    has((order) =>
      order.refunds.some((refund) => refund.shipping.shop.amountMinor > 0 && refund.lines.length > 0),
    ).toBe(true);
    has((order) => order.fulfillmentStatus === 'PARTIALLY_FULFILLED').toBe(true);
    has((order) => order.tip.shop.amountMinor > 0).toBe(true);
    has((order) => order.taxesIncluded).toBe(true);
    has((order) => !order.taxesIncluded && order.lines.some((line) => line.tax.shop.amountMinor > 0)).toBe(true);
    expect(new Set(orders.map((order) => minorUnitExponent(order.presentmentCurrency)))).toEqual(new Set([0, 2, 3]));
    expect(customers.some((customer) => customer.mergedIntoId !== null)).toBe(true);
    expect(customers.some((customer) => /\p{Script=Arabic}/u.test(customer.lastName ?? ''))).toBe(true);
    expect(customers.some((customer) => /\p{Script=Hebrew}/u.test(customer.lastName ?? ''))).toBe(true);
    expect(customers.some((customer) => (customer.lastName ?? '').length > 24)).toBe(true);
    expect(products.some((product) => /\p{Script=Han}/u.test(product.title))).toBe(true);
    expect(products.some((product) => product.title.length > 90)).toBe(true);
  });

  it("prices in the shop's own currency and names the tax inside where its home does", () => {
    const tokyo = generateStore({
      seed: 3,
      orders: 300,
      asOf: AS_OF,
      shop: { currency: 'JPY', ianaTimezone: 'Asia/Tokyo' },
    });
    expect(tokyo.shop).toMatchObject({ name: 'Evergreen Goods', currency: 'JPY', taxesIncluded: true });
    expect(tokyo.products.every((product) => product.variants.every((variant) => variant.priceMinor % 10 === 0))).toBe(
      true,
    );
    for (const order of tokyo.orders) expect(order.received.shop.currency).toBe('JPY');
    for (const order of tokyo.orders.filter((candidate) => candidate.financialStatus === 'PAID')) {
      expect(order.received, order.name).toEqual(orderTotal(order));
    }
  });

  it('can be as small as one order or none', () => {
    expect(generateStore({ seed: 1, orders: 1, asOf: AS_OF }).orders).toHaveLength(1);
    expect(generateStore({ seed: 1, orders: 0, asOf: AS_OF }).orders).toEqual([]);
  });
});
