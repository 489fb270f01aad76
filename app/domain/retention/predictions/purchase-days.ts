import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { AsOf } from '../columns/time-window.ts';

/** Days after `afterDay`, up to the as-of day. */
export interface DaySpan {
  readonly afterDay: number;
  readonly asOf: AsOf;
}

/** Purchase days after each customer's first. */
export interface RepeatDays {
  /** By customer, in the order they were named. */
  readonly purchases: Uint32Array;
  readonly valueMinor: Float64Array;
  /** By day of the span: entry 0 is the day after `afterDay`. */
  readonly purchasesByDay: Float64Array;
  readonly totalPurchases: number;
}

/** @param customers - indexes into the columns' customers */
export function countRepeatDays(columns: OrderColumns, customers: Uint32Array, { afterDay, asOf }: DaySpan): RepeatDays {
  const { customerOffsets, days, instantSeconds, valuesMinor } = columns;
  const endSeconds = secondsOfMs(asOf.endMs);
  const purchases = new Uint32Array(customers.length);
  const valueMinor = new Float64Array(customers.length);
  const purchasesByDay = new Float64Array(Math.max(0, asOf.day - afterDay));
  let totalPurchases = 0;
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const begin = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    const firstDay = days[begin] ?? NaN;
    let lastDay = firstDay;
    let count = 0;
    let sumMinor = 0;
    for (let i = begin; i < end && (instantSeconds[i] ?? NaN) < endSeconds; i += 1) {
      const day = days[i] ?? NaN;
      if (day === firstDay || day <= afterDay) continue;
      sumMinor += valuesMinor[i] ?? NaN;
      if (day === lastDay) continue;
      lastDay = day;
      count += 1;
      const at = day - afterDay - 1;
      purchasesByDay[at] = (purchasesByDay[at] ?? NaN) + 1;
    }
    purchases[k] = count;
    valueMinor[k] = sumMinor;
    totalPurchases += count;
  }
  return { purchases, valueMinor, purchasesByDay, totalPurchases };
}
