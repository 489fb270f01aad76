import { compareKeys } from './customer-keys.ts';
import { firstWhere } from './find-first.ts';
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
  if (row.customerKey === null) {
    const segment = { from: customerOffsets[customerCount] ?? NaN, to: orderCount };
    return { row, seconds, customer: customerCount, isOfNewCustomer: false, ...placeIn(columns, segment, { row, seconds }) };
  }
  const customer = customerFrom(columns, row.customerKey);
  const from = customerOffsets[customer] ?? NaN;
  const isKnown = customer < customerCount && compareKeys(customerKeyAt(columns, customer), row.customerKey) === 0;
  if (!isKnown) return { row, seconds, customer, isOfNewCustomer: true, before: from, replaces: null };
  const segment = { from, to: customerOffsets[customer + 1] ?? NaN };
  return { row, seconds, customer, isOfNewCustomer: false, ...placeIn(columns, segment, { row, seconds }) };
}

/** The first customer with this key or a greater one. */
function customerFrom(columns: OrderColumns, key: CustomerKey): number {
  return firstWhere(0, columns.customerCount, (index) => compareKeys(customerKeyAt(columns, index), key) >= 0);
}

/** Orders of one customer, or of all guests. */
interface Segment {
  from: number;
  to: number;
}

/** Before the first order of the segment that comes after the row. */
function placeIn(
  { instantSeconds, orderIds }: OrderColumns,
  { from, to }: Segment,
  { row, seconds }: Pick<PlacedRow, 'row' | 'seconds'>,
): Pick<PlacedRow, 'before' | 'replaces'> {
  const before = firstWhere(from, to, (index) => {
    const secondsThere = instantSeconds[index] ?? NaN;
    return secondsThere === seconds ? (orderIds[index] ?? NaN) > row.orderId : secondsThere > seconds;
  });
  const at = before - 1;
  const isSame = at >= from && orderIds[at] === row.orderId && instantSeconds[at] === seconds;
  return { before, replaces: isSame ? at : null };
}
