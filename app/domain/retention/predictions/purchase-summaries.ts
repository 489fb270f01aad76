import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { collapseHistories } from './collapse-histories.ts';
import type { CollapsedHistories, CustomerHistories } from './collapse-histories.ts';

/**
 * What the models are told of each customer who has ordered by the as-of day (METRICS section 6). Purchases of one
 * calendar day in shop time are one purchase, worth what that day's orders are worth together.
 *
 * The end is the as-of day itself, so T is that day minus the day of the first purchase: 0 for who came today. It is the
 * `T` of the R package BTYD and of Python's `lifetimes`, whose daily summaries use the same end.
 */
export interface PurchaseSummaries extends CustomerHistories, CollapsedHistories {
  readonly count: number;
  /** Index into the columns' customers, ascending. */
  readonly customers: Uint32Array;
  readonly orders: Uint32Array;
  readonly revenueMinor: Float64Array;
  /** zbar: mean value of the purchase days after the first, in minor units; 0 when x is 0. */
  readonly repeatMeanMinor: Float64Array;
}

export function summarizePurchases(columns: OrderColumns, selection: Selection, asOf: AsOf): PurchaseSummaries {
  const { customers } = selection;
  const { customerOffsets, days, instantSeconds, valuesMinor } = columns;
  const endSeconds = secondsOfMs(asOf.endMs);
  const kept = new Uint32Array(customers.length);
  const orders = new Uint32Array(customers.length);
  const frequency = new Uint32Array(customers.length);
  const recency = new Uint32Array(customers.length);
  const age = new Uint32Array(customers.length);
  const revenueMinor = new Float64Array(customers.length);
  const repeatMeanMinor = new Float64Array(customers.length);
  let count = 0;
  for (const customer of customers) {
    const begin = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    const firstDay = days[begin] ?? NaN;
    let firstDayMinor = 0;
    let allMinor = 0;
    let lastDay = firstDay;
    let repeatDays = 0;
    let i = begin;
    for (; i < end; i += 1) {
      if ((instantSeconds[i] ?? NaN) >= endSeconds) break;
      const day = days[i] ?? NaN;
      allMinor += valuesMinor[i] ?? NaN;
      if (day === firstDay) firstDayMinor = allMinor;
      if (day !== lastDay) repeatDays += 1;
      lastDay = day;
    }
    if (i === begin) continue;
    kept[count] = customer;
    orders[count] = i - begin;
    frequency[count] = repeatDays;
    recency[count] = lastDay - firstDay;
    age[count] = asOf.day - firstDay;
    revenueMinor[count] = allMinor;
    repeatMeanMinor[count] = repeatDays === 0 ? 0 : (allMinor - firstDayMinor) / repeatDays;
    count += 1;
  }
  const histories = {
    frequency: frequency.subarray(0, count),
    recency: recency.subarray(0, count),
    age: age.subarray(0, count),
  };
  return {
    count,
    customers: kept.subarray(0, count),
    orders: orders.subarray(0, count),
    revenueMinor: revenueMinor.subarray(0, count),
    repeatMeanMinor: repeatMeanMinor.subarray(0, count),
    ...histories,
    ...collapseHistories(histories),
  };
}
