import { compareKeys } from './customer-keys.ts';
import { customerKeyAt, secondsOfMs } from './order-columns.ts';
import type { CustomerKey, OrderColumns, OrderRow } from './order-columns.ts';

/** A new row and where it comes to stand among the orders that are there. */
export interface PlacedRow {
  readonly row: OrderRow;
  readonly seconds: number;
  /** The customer's index, or that of the first customer with a greater key; for a guest the number of customers. */
  readonly customer: number;
  /** Whether the columns have no such customer yet. */
  readonly isOfNewCustomer: boolean;
  /** The index of the order that it comes before. */
  readonly before: number;
}

/** In the order in which they come to stand. */
export function placeRows(columns: OrderColumns, rows: readonly OrderRow[]): PlacedRow[] {
  return rows.toSorted(compareRows).map((row) => placeRow(columns, row));
}

function compareRows(a: OrderRow, b: OrderRow): number {
  const byCustomer =
    a.customerKey === null || b.customerKey === null
      ? Number(a.customerKey === null) - Number(b.customerKey === null)
      : compareKeys(a.customerKey, b.customerKey);
  return byCustomer || a.processedAtMs - b.processedAtMs || a.orderId - b.orderId;
}

function placeRow(columns: OrderColumns, row: OrderRow): PlacedRow {
  const { customerCount, customerOffsets, orderCount } = columns;
  const seconds = secondsOfMs(row.processedAtMs);
  const customer = row.customerKey === null ? customerCount : customerFrom(columns, row.customerKey);
  const from = customerOffsets[customer] ?? NaN;
  if (row.customerKey === null) {
    return { row, seconds, customer, isOfNewCustomer: false, before: placeIn(columns, { from, to: orderCount, row, seconds }) };
  }
  const isKnown = customer < customerCount && compareKeys(customerKeyAt(columns, customer), row.customerKey) === 0;
  if (!isKnown) return { row, seconds, customer, isOfNewCustomer: true, before: from };
  const to = customerOffsets[customer + 1] ?? NaN;
  return { row, seconds, customer, isOfNewCustomer: false, before: placeIn(columns, { from, to, row, seconds }) };
}

/** The first customer with this key or a greater one. */
function customerFrom(columns: OrderColumns, key: CustomerKey): number {
  return firstWhere(0, columns.customerCount, (index) => compareKeys(customerKeyAt(columns, index), key) >= 0);
}

interface Segment {
  from: number;
  to: number;
  row: OrderRow;
  seconds: number;
}

/** The first order of the segment that comes after the row. */
function placeIn({ instantSeconds, orderIds }: OrderColumns, { from, to, row, seconds }: Segment): number {
  return firstWhere(from, to, (index) => {
    const secondsThere = instantSeconds[index] ?? NaN;
    return secondsThere === seconds ? (orderIds[index] ?? NaN) > row.orderId : secondsThere > seconds;
  });
}

/** By halving: the first index with a property that all after it have as well. */
export function firstWhere(from: number, to: number, has: (index: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = low + ((high - low) >> 1);
    if (has(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
