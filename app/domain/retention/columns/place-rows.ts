import { compareKeys } from './customer-keys.ts';
import { firstNotBelow, firstWhere } from './find-first.ts';
import { customerKeyAt, secondsOfMs } from './order-columns.ts';
import type { CustomerKey, OrderColumns, OrderRow } from './order-columns.ts';

/** A row and where it comes to stand among the orders that are there. */
export interface PlacedRow {
  readonly row: OrderRow;
  readonly seconds: number;
  /** The customer's index, or that of the first customer with a greater key; for a guest the number of customers. */
  readonly customer: number;
  /** Whether the columns have no such customer yet. */
  readonly isOfNewCustomer: boolean;
  /** The index of the order that it comes before. */
  readonly before: number;
  /** The index of the same order where that stands there already, of the same customer and instant; else null. */
  readonly replaces: number | null;
}

/** In the order in which they come to stand. */
export function placeRows(columns: OrderColumns, rows: readonly OrderRow[]): PlacedRow[] {
  let customer = 0;
  return rows.toSorted(compareRows).map((row) => {
    const placed = placeRow(columns, row, customer);
    ({ customer } = placed);
    return placed;
  });
}

function compareRows(a: OrderRow, b: OrderRow): number {
  const byCustomer =
    a.customerKey === null || b.customerKey === null
      ? Number(a.customerKey === null) - Number(b.customerKey === null)
      : compareKeys(a.customerKey, b.customerKey);
  return byCustomer || a.processedAtMs - b.processedAtMs || a.orderId - b.orderId;
}

/** @param firstCustomer none of those before has a key that is not below the row's */
function placeRow(columns: OrderColumns, row: OrderRow, firstCustomer: number): PlacedRow {
  const { customerCount, customerKeys, customerOffsets, orderCount, instantSeconds, orderIds } = columns;
  const { customerKey, orderId } = row;
  const seconds = secondsOfMs(row.processedAtMs);
  const customer = customerKey === null ? customerCount : customerFrom(columns, customerKey, firstCustomer);
  const from = customerOffsets[customer] ?? NaN;
  const isOfNewCustomer = customerKey !== null && (customer === customerCount || customerKeys[customer] !== customerKey);
  if (isOfNewCustomer) return { row, seconds, customer, isOfNewCustomer, before: from, replaces: null };
  const before = firstAfter(columns, { from, to: customerOffsets[customer + 1] ?? orderCount }, { seconds, orderId });
  const at = before - 1;
  const isThere = at >= from && orderIds[at] === orderId && instantSeconds[at] === seconds;
  return { row, seconds, customer, isOfNewCustomer, before, replaces: isThere ? at : null };
}

/** The first customer with this key or a greater one. */
function customerFrom(columns: OrderColumns, key: CustomerKey, firstCustomer: number): number {
  const { customerKeys, customerCount } = columns;
  if (customerKeys instanceof Float64Array) return typeof key === 'number' ? firstNotBelow(customerKeys, key, firstCustomer) : customerCount;
  return firstWhere(firstCustomer, customerCount, (index) => compareKeys(customerKeyAt(columns, index), key) >= 0);
}

/** Orders of one customer, or of all guests. */
interface Segment {
  from: number;
  to: number;
}

/** By halving: the first order of the segment that comes after one of that moment and id. */
function firstAfter(
  { instantSeconds, orderIds }: OrderColumns,
  { from, to }: Segment,
  { seconds, orderId }: { seconds: number; orderId: number },
): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = low + ((high - low) >> 1);
    const there = instantSeconds[middle] ?? NaN;
    const isAfter = there === seconds ? (orderIds[middle] ?? NaN) > orderId : there > seconds;
    if (isAfter) high = middle;
    else low = middle + 1;
  }
  return low;
}
