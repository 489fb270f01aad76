import { MS_PER_24_HOURS } from '../../time/durations.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { MaturedRepeatRate, MaturityDays } from '../report/report.ts';
import { ratio } from './ratio.ts';

const MATURITY_DAYS = [30, 60, 90, 180, 365] as const;
const [T30 = NaN, T60 = NaN, T90 = NaN, T180 = NaN, T365 = NaN] = MATURITY_DAYS.map((days) => secondsOfMs(days * MS_PER_24_HOURS));
/** Instants are whole milliseconds: two times that are equal differ by less as seconds, two that are not by more. */
const HALF_A_MS = 0.0005;
/** A customer has had none to all of the times, and so many of them passed before the second order. */
const TIMES = MATURITY_DAYS.length + 1;
export const MATURITY_CLASSES = TIMES * TIMES;

/**
 * How many of the times a customer has had, and how many of them passed before the second order.
 *
 * @param seenSeconds from the first order to the end of the as-of day
 * @param waitedSeconds from the first order to the second; Infinity when there is none by then
 */
export function maturityClassOf(seenSeconds: number, waitedSeconds: number): number {
  const seen = seenSeconds + HALF_A_MS;
  const waited = waitedSeconds - HALF_A_MS;
  // Added up and not branched on: nobody can guess the branch.
  const had = Number(seen >= T30) + Number(seen >= T60) + Number(seen >= T90) + Number(seen >= T180) + Number(seen >= T365);
  const passed = Number(waited > T30) + Number(waited > T60) + Number(waited > T90) + Number(waited > T180) + Number(waited > T365);
  return had * TIMES + passed;
}

/**
 * Among customers whose first order is at least so many days x 24 h before the end, the share with a second order
 * within that time of the first, both bounds included. Instants, not calendar days, so that every customer had the same
 * time. A customer who has not had that time is in neither number.
 *
 * @param maturity how many customers are in each class of `maturityClassOf`
 */
export function maturedRepeatRatesOf(maturity: Uint32Array): Record<MaturityDays, MaturedRepeatRate> {
  const rateAt = (time: number): MaturedRepeatRate => {
    let [eligible, repeated] = [0, 0];
    for (const [maturityClass, customers] of maturity.entries()) {
      if (Math.floor(maturityClass / TIMES) <= time) continue;
      eligible += customers;
      if (maturityClass % TIMES <= time) repeated += customers;
    }
    return { eligible, repeated, rate: ratio(repeated, eligible) };
  };
  return { '30': rateAt(0), '60': rateAt(1), '90': rateAt(2), '180': rateAt(3), '365': rateAt(4) };
}
