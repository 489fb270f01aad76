import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { LineColumns } from './line-columns.ts';

/** What a number about products is about: the orders of a selection up to a moment. */
export interface ProductScope {
  readonly columns: OrderColumns;
  /** Of the same orders. */
  readonly lines: LineColumns;
  readonly selection: Selection;
  readonly asOf: AsOf;
}

/** The places of the selection's orders up to the as-of day, guests' among them, ascending. */
export function listOrders({ columns, selection, asOf }: ProductScope): Uint32Array {
  const { customerOffsets, instantSeconds } = columns;
  const { customers, guestOrders } = selection;
  const endSeconds = secondsOfMs(asOf.endMs);
  const orders = new Uint32Array(countOrders(columns, selection));
  let count = 0;
  for (let i = 0; i < customers.length; i += 1) {
    const customer = customers[i] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    for (let order = customerOffsets[customer] ?? NaN; order < end; order += 1) {
      if ((instantSeconds[order] ?? NaN) >= endSeconds) break;
      orders[count] = order;
      count += 1;
    }
  }
  for (let i = 0; i < guestOrders.length; i += 1) {
    const order = guestOrders[i] ?? NaN;
    if ((instantSeconds[order] ?? NaN) >= endSeconds) break;
    orders[count] = order;
    count += 1;
  }
  return orders.subarray(0, count);
}

function countOrders({ customerOffsets }: OrderColumns, { customers, guestOrders }: Selection): number {
  let count = guestOrders.length;
  for (let i = 0; i < customers.length; i += 1) {
    const customer = customers[i] ?? NaN;
    count += (customerOffsets[customer + 1] ?? NaN) - (customerOffsets[customer] ?? NaN);
  }
  return count;
}
