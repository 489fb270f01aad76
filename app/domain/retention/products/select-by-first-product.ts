import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { LineColumns } from './line-columns.ts';

interface Orders {
  readonly columns: OrderColumns;
  /** Of the same orders. */
  readonly lines: LineColumns;
}

/**
 * The customers whose first counted order, of any time, contains the product, and the guests' orders that do. Unlike the
 * parts of other cuts these overlap: a first order of two products is in the part of each.
 */
export function selectByFirstProduct({ columns, lines }: Orders, product: number): Selection {
  const { customerCount, customerOffsets, orderCount } = columns;
  const customers = new Uint32Array(customerCount);
  let customersFound = 0;
  for (let customer = 0; customer < customerCount; customer += 1) {
    customers[customersFound] = customer;
    if (hasProduct(lines, customerOffsets[customer] ?? NaN, product)) customersFound += 1;
  }
  const firstGuest = customerOffsets[customerCount] ?? NaN;
  const guestOrders = new Uint32Array(orderCount - firstGuest);
  let guestsFound = 0;
  for (let order = firstGuest; order < orderCount; order += 1) {
    guestOrders[guestsFound] = order;
    if (hasProduct(lines, order, product)) guestsFound += 1;
  }
  return { customers: customers.slice(0, customersFound), guestOrders: guestOrders.slice(0, guestsFound) };
}

function hasProduct({ lineOffsets, products }: LineColumns, order: number, product: number): boolean {
  const end = lineOffsets[order + 1] ?? NaN;
  for (let line = lineOffsets[order] ?? NaN; line < end; line += 1) {
    if (products[line] === product) return true;
  }
  return false;
}
