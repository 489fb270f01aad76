import fc from 'fast-check';
import { placeTiers } from '#app/domain/retention/columns/customer-tiers.ts';
import type { TierOfCustomer } from '#app/domain/retention/columns/customer-tiers.ts';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderColumns, OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { computeCustomerRows, customerOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import type { PredictionsInUse } from '#app/domain/retention/predictions/predictions-in-use.ts';
import { buildLineColumns } from '#app/domain/retention/products/line-columns-builder.ts';
import type { SegmentScope } from '#app/domain/segments/segment-scope.ts';
import type { Condition, Segment } from '#app/domain/segments/segment.ts';
import { ANY_ORDERS, AS_OF_DAYS } from '../retention/any-orders.ts';
import { columnsOf, dayNamed } from '../retention/order-rows.ts';
import { aLine } from '../retention/products/purchases.ts';

export const PRODUCTS = ['cup', 'lid', 'tea'];

/** What order, by its id, contains. */
export function productsOf(orderId: number): string[] {
  return PRODUCTS.filter((_, i) => (orderId >> i) % 2 === 1);
}

/** Between 0 and 1, of few values, so that ties are common. */
export function pAliveOf(customerKey: number): number {
  return (customerKey % 3) / 4;
}

/** Bits of `URGENCY_BITS`, as those that products' rhythms would give. */
export function urgencyOf(customerKey: number): number {
  return customerKey % 4;
}

export const TIERS = [
  { id: 'silver', name: 'Silver' },
  { id: 'gold', name: 'Gold' },
];

/** Null for who is no member. */
export function tierOf(customerKey: number): string | null {
  return [null, 'silver', 'gold'][customerKey % 3] ?? null;
}

function tierRowsOf(columns: OrderColumns): TierOfCustomer[] {
  const keys = Array.from({ length: columns.customerCount }, (_, customer) => customerKeyAt(columns, customer));
  return keys.flatMap((customer) => {
    const tierId = tierOf(Number(customer));
    return tierId === null ? [] : [{ customer, tierId }];
  });
}

export function segmentScopeOf(orders: readonly OrderRow[], asOfDay: string, has = { predictions: true, lines: true, tiers: true }): SegmentScope {
  const columns = columnsOf(orders);
  const asOf = asOfDayIn('UTC', dayNamed(asOfDay));
  const rows = computeCustomerRows(columns, everyone(columns), asOf);
  const { count } = rows;
  const customers = Uint32Array.from({ length: count }, (_, row) => customerOfRow(rows, row));
  const pAlive = Float64Array.from(customers, (customer) => pAliveOf(Number(customerKeyAt(columns, customer))));
  const none = new Uint32Array(count);
  const predictions: PredictionsInUse = {
    ...{ count, customers, frequency: none, recency: none, age: none },
    ...{ inUse: 'model', pAlive, nextOrderDay: null },
    expectedOrders365: pAlive.map((value) => value * 10),
    predictedClv365Minor: pAlive.map((value) => value * 1000),
  };
  const lines = orders.flatMap(({ orderId }) => productsOf(orderId).map((sku) => aLine({ orderId, sku, title: sku })));
  return {
    ...{ columns, rows, asOf },
    predictions: has.predictions ? predictions : null,
    lines: has.lines ? buildLineColumns(lines, columns) : null,
    urgencies: has.lines ? { ofCustomers: Uint8Array.from({ length: columns.customerCount }, (_, customer) => urgencyOf(Number(customerKeyAt(columns, customer)))), rhythms: new Map() } : null,
    tiers: has.tiers ? placeTiers(columns, TIERS, tierRowsOf(columns)) : null,
  };
}

const end = (most: number) => fc.option(fc.integer({ min: -1, max: most }), { freq: 3 });
const range = (field: (Condition & { kind: 'range' })['field'], most: number): fc.Arbitrary<Condition> =>
  fc.record({ kind: fc.constant('range' as const), field: fc.constant(field), from: end(most), to: end(most) });
const choice = (field: (Condition & { kind: 'choice' })['field'], values: readonly (string | null)[]): fc.Arbitrary<Condition> =>
  fc.record({ kind: fc.constant('choice' as const), field: fc.constant(field), anyOf: fc.subarray([...values, 'never heard of'], { minLength: 1 }) });

const anyCondition = fc.oneof(
  range('orders', 5),
  range('spentMinor', 1_000_000),
  range('spentScore', 5),
  range('averageOrderMinor', 100_000),
  range('daysSinceFirstOrder', 800),
  range('daysSinceLastOrder', 800),
  range('pAlive', 1),
  range('expectedOrders365', 10),
  range('predictedClv365Minor', 1000),
  choice('rfmGroup', ['CHAMPIONS', 'NEW', 'DORMANT', 'NEEDS_ATTENTION', 'PROSPECTS']),
  choice('state', ['active', 'cooling', 'atRisk', 'lapsed']),
  choice('stage', ['oneTime', 'building', 'loyal']),
  choice('country', ['DE', 'FR', null]),
  choice('region', [null]),
  choice('channel', ['web', null]),
  choice('discountCode', ['WELCOME', null]),
  choice('presentmentCurrency', ['USD', null]),
  choice('firstProduct', [...PRODUCTS, null]),
  choice('replenishment', ['due', 'late']),
  choice('tier', [...TIERS.map(({ id }) => id), null]),
);

export const ANY_SEGMENT: fc.Arbitrary<Segment> = fc.record({
  match: fc.constantFrom('all' as const, 'any' as const),
  conditions: fc.array(anyCondition, { maxLength: 3 }),
});

export const ANY_SHOP = fc.record({ orders: ANY_ORDERS, asOfDay: fc.constantFrom(...AS_OF_DAYS) });
