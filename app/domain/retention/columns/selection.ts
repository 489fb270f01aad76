import { firstWhere } from './find-first.ts';
import type { OrderColumns, OrderDimension } from './order-columns.ts';

/**
 * Whom a report speaks of: customers, with all their orders, and orders of guests. The report of a selection is the
 * report that those customers and guests would have as a shop of their own.
 *
 * A cut is a set of customers by the attribute of their first counted order, not a set of orders: a customer is then in
 * one part with their whole history, every number that is per customer keeps its meaning, and the parts of a cut add up
 * to the whole. An order of a guest is in the part of its own attribute.
 */
export interface Selection {
  /** Indexes of customers, ascending. */
  readonly customers: Uint32Array;
  /** Indexes of guests' orders, ascending. */
  readonly guestOrders: Uint32Array;
}

export function everyone({ customerCount, customerOffsets, orderCount }: OrderColumns): Selection {
  const firstGuest = customerOffsets[customerCount] ?? NaN;
  return { customers: ascending(0, customerCount), guestOrders: ascending(firstGuest, orderCount) };
}

export interface DimensionCut {
  dimension: OrderDimension;
  /** Null for the orders of which it is not known. */
  value: string | null;
}

/** Those whose first counted order, of any time, has the value. */
export function selectByFirstOrder(columns: OrderColumns, { dimension, value }: DimensionCut): Selection {
  const { customerCount, customerOffsets, orderCount } = columns;
  const { values, codes } = columns.dimensions[dimension];
  const code = values.indexOf(value);
  if (code === -1) return { customers: new Uint32Array(0), guestOrders: new Uint32Array(0) };

  const customers = new Uint32Array(customerCount);
  let customersFound = 0;
  for (let customer = 0; customer < customerCount; customer += 1) {
    customers[customersFound] = customer;
    if (codes[customerOffsets[customer] ?? NaN] === code) customersFound += 1;
  }
  const firstGuest = customerOffsets[customerCount] ?? NaN;
  const guestOrders = new Uint32Array(orderCount - firstGuest);
  let guestsFound = 0;
  for (let order = firstGuest; order < orderCount; order += 1) {
    guestOrders[guestsFound] = order;
    if (codes[order] === code) guestsFound += 1;
  }
  return { customers: customers.slice(0, customersFound), guestOrders: guestOrders.slice(0, guestsFound) };
}

/** How many of the guests' orders are before a moment: they stand by instant. */
export function countGuestOrdersBefore({ instantSeconds }: OrderColumns, { guestOrders }: Selection, seconds: number): number {
  return firstWhere(0, guestOrders.length, (k) => (instantSeconds[guestOrders[k] ?? NaN] ?? NaN) >= seconds);
}

/** Those who are in both. */
export function intersect(a: Selection, b: Selection): Selection {
  return {
    customers: inBoth(a.customers, b.customers),
    guestOrders: inBoth(a.guestOrders, b.guestOrders),
  };
}

function ascending(from: number, to: number): Uint32Array {
  const indexes = new Uint32Array(to - from);
  for (let i = 0; i < indexes.length; i += 1) indexes[i] = from + i;
  return indexes;
}

function inBoth(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(Math.min(a.length, b.length));
  let count = 0;
  let j = 0;
  for (let i = 0; i < a.length; i += 1) {
    const index = a[i] ?? NaN;
    while (j < b.length && (b[j] ?? NaN) < index) j += 1;
    if (j === b.length) break;
    if (b[j] !== index) continue;
    both[count] = index;
    count += 1;
  }
  return both.slice(0, count);
}
