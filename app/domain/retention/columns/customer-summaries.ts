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
}

export function summarizeCustomers(columns: OrderColumns, selection: Selection, asOf: AsOf): CustomerSummaries {
  const { customerOffsets, days, instantSeconds, valuesMinor } = columns;
  const selected = selection.customers;
  const endSeconds = secondsOfMs(asOf.endMs);
  const customers = new Uint32Array(selected.length);
  const orders = new Uint32Array(selected.length);
  const revenueMinor = new Float64Array(selected.length);
  const firstDays = new Int32Array(selected.length);
  const lastDays = new Int32Array(selected.length);
  let firstSeconds = Infinity;
  let lastSeconds = -Infinity;
  let count = 0;
  for (let k = 0; k < selected.length; k += 1) {
    const customer = selected[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    let sumMinor = 0;
    let i = first;
    for (; i < end && (instantSeconds[i] ?? NaN) < endSeconds; i += 1) sumMinor += valuesMinor[i] ?? NaN;
    if (i === first) continue;
    firstSeconds = Math.min(firstSeconds, instantSeconds[first] ?? NaN);
    lastSeconds = Math.max(lastSeconds, instantSeconds[i - 1] ?? NaN);
    customers[count] = customer;
    orders[count] = i - first;
    revenueMinor[count] = sumMinor;
    firstDays[count] = days[first] ?? NaN;
    lastDays[count] = days[i - 1] ?? NaN;
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
  };
}

/** Calendar days from each of the days to the as-of day; none of them is after it. */
export function daysUpTo(asOf: AsOf, days: Int32Array): Uint32Array {
  const daysSince = new Uint32Array(days.length);
  for (let i = 0; i < days.length; i += 1) daysSince[i] = asOf.day - (days[i] ?? NaN);
  return daysSince;
}
