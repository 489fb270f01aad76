import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { SilenceCases } from './silence-cases.ts';

/** From the third order on there are two gaps, and somebody can be called late. */
export const REGULAR_ORDERS = 3;
const REPEAT_ORDERS = 2;

/** What became of silences, by whose they were: alike are those who had ordered as often. */
export interface ShopSilences {
  readonly afterFirst: SilenceCases;
  /** After the second order or a later one. */
  readonly ofRepeatCustomers: SilenceCases;
  /** After the third order or a later one. */
  readonly ofRegulars: SilenceCases;
}

export function countSilences(
  { customerOffsets, days, instantSeconds }: OrderColumns,
  { customers }: Selection,
  asOf: AsOf,
): ShopSilences {
  const endSeconds = secondsOfMs(asOf.endMs);
  let firstDay = asOf.day;
  for (let k = 0; k < customers.length; k += 1) firstDay = Math.min(firstDay, days[customerOffsets[customers[k] ?? NaN] ?? NaN] ?? NaN);
  const longestDays = asOf.day - firstDay;
  const afterFirst = new SilenceCases(longestDays);
  const ofRepeatCustomers = new SilenceCases(longestDays);
  const ofRegulars = new SilenceCases(longestDays);
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    for (let i = first; i < end && (instantSeconds[i] ?? NaN) < endSeconds; i += 1) {
      const day = days[i] ?? NaN;
      const isEnded = i + 1 < end && (instantSeconds[i + 1] ?? NaN) < endSeconds;
      const gapDays = isEnded ? (days[i + 1] ?? NaN) - day : Infinity;
      const ageDays = asOf.day - day;
      const orders = i - first + 1;
      if (orders === 1) afterFirst.add(ageDays, gapDays);
      if (orders >= REPEAT_ORDERS) ofRepeatCustomers.add(ageDays, gapDays);
      if (orders >= REGULAR_ORDERS) ofRegulars.add(ageDays, gapDays);
    }
  }
  return { afterFirst, ofRepeatCustomers, ofRegulars };
}
