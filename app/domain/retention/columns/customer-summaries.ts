import { secondsOfMs } from './order-columns.ts';
import type { OrderColumns } from './order-columns.ts';
import type { Selection } from './selection.ts';
import type { AsOf } from './time-window.ts';

/** One entry a selected customer who has ordered by the as-of day, in the order of the columns. */
export interface CustomerSummaries {
  readonly count: number;
  /** Index into the columns' customers. */
  readonly customers: Uint32Array;
  readonly orders: Uint32Array;
  readonly revenueMinor: Float64Array;
  readonly firstDays: Int32Array;
  readonly lastDays: Int32Array;
  /** Epoch seconds of the first and the last of their orders; null without customers. */
  readonly span: { readonly firstSeconds: number; readonly lastSeconds: number } | null;
  readonly gapCounts: GapCounts;
}

/**
 * How often each number of calendar days passed between two orders of a customer, one after the other. Here, since to
 * go through the orders of each customer costs more than to count on the way.
 */
export interface GapCounts {
  /** Days that there are counts of: 0 to length - 1. */
  readonly length: number;
  /** GAP_ROWS rows of so many counts: after the first order, the second, the third, and all later ones. */
  readonly counts: Uint32Array;
}

export const GAP_ROWS = 4;

export function summarizeCustomers(columns: OrderColumns, selection: Selection, asOf: AsOf): CustomerSummaries {
  const { customerOffsets, days, instantSeconds, valuesMinor } = columns;
  const selected = selection.customers;
  const endSeconds = secondsOfMs(asOf.endMs);
  const customers = new Uint32Array(selected.length);
  const orders = new Uint32Array(selected.length);
  const revenueMinor = new Float64Array(selected.length);
  const firstDays = new Int32Array(selected.length);
  const lastDays = new Int32Array(selected.length);
  const gapLength = longestGap(columns, selection) + 1;
  const gapCounts = new Uint32Array(gapLength * GAP_ROWS);
  const lastGapRow = gapLength * (GAP_ROWS - 1);
  let firstSeconds = Infinity;
  let lastSeconds = -Infinity;
  let count = 0;
  for (let k = 0; k < selected.length; k += 1) {
    const customer = selected[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    let end = customerOffsets[customer + 1] ?? NaN;
    while (end > first && (instantSeconds[end - 1] ?? NaN) >= endSeconds) end -= 1;
    if (end === first) continue;
    const firstDay = days[first] ?? NaN;
    let sumMinor = valuesMinor[first] ?? NaN;
    let dayBefore = firstDay;
    let gapRow = 0;
    for (let i = first + 1; i < end; i += 1) {
      sumMinor += valuesMinor[i] ?? NaN;
      const day = days[i] ?? NaN;
      const at = gapRow + day - dayBefore;
      gapCounts[at] = (gapCounts[at] ?? NaN) + 1;
      dayBefore = day;
      gapRow = Math.min(gapRow + gapLength, lastGapRow);
    }
    firstSeconds = Math.min(firstSeconds, instantSeconds[first] ?? NaN);
    lastSeconds = Math.max(lastSeconds, instantSeconds[end - 1] ?? NaN);
    customers[count] = customer;
    orders[count] = end - first;
    revenueMinor[count] = sumMinor;
    firstDays[count] = firstDay;
    lastDays[count] = dayBefore;
    count += 1;
  }
  return {
    count,
    customers: customers.subarray(0, count),
    orders: orders.subarray(0, count),
    revenueMinor: revenueMinor.subarray(0, count),
    firstDays: firstDays.subarray(0, count),
    lastDays: lastDays.subarray(0, count),
    span: count === 0 ? null : { firstSeconds, lastSeconds },
    gapCounts: { length: gapLength, counts: gapCounts },
  };
}

/** No gap is longer: the longest time from a customer's first order to the last. */
function longestGap({ customerOffsets, days }: OrderColumns, { customers }: Selection): number {
  let longest = 0;
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const firstDay = days[customerOffsets[customer] ?? NaN] ?? NaN;
    const lastDay = days[(customerOffsets[customer + 1] ?? NaN) - 1] ?? NaN;
    longest = Math.max(longest, lastDay - firstDay);
  }
  return longest;
}

/** Calendar days from each of the days to the as-of day; none of them is after it. */
export function daysUpTo(asOf: AsOf, days: Int32Array): Uint32Array {
  const daysSince = new Uint32Array(days.length);
  for (let i = 0; i < days.length; i += 1) daysSince[i] = asOf.day - (days[i] ?? NaN);
  return daysSince;
}
