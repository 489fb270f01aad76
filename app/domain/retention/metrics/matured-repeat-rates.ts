import { MS_PER_24_HOURS } from '../../time/durations.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { MaturedRepeatRate, MaturityDays } from '../report/report.ts';
import { ratio } from './ratio.ts';

const MATURITY_DAYS = [30, 60, 90, 180, 365] as const;
/** Instants are whole milliseconds: two times that are equal differ by less as seconds, two that are not by more. */
const HALF_A_MS = 0.0005;

/**
 * Among customers whose first order is at least so many days x 24 h before the end, the share with a second order
 * within that time of the first, both bounds included. Instants, not calendar days, so that every customer had the same
 * time. A customer who has not had that time is in neither number.
 */
export function computeMaturedRepeatRates(
  { customerOffsets, instantSeconds }: OrderColumns,
  { customers }: Selection,
  asOf: AsOf,
): Record<MaturityDays, MaturedRepeatRate> {
  const times = Float64Array.from(MATURITY_DAYS, (days) => secondsOfMs(days * MS_PER_24_HOURS));
  const endSeconds = secondsOfMs(asOf.endMs);
  const [t30 = NaN, t60 = NaN, t90 = NaN, t180 = NaN, t365 = NaN] = times;
  const classes = MATURITY_DAYS.length + 1;
  // By how many of the times a customer has had, and how many of them passed before the second order.
  const customersAt = new Uint32Array(classes * classes);
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    const firstSeconds = instantSeconds[first] ?? NaN;
    const seen = endSeconds - firstSeconds + HALF_A_MS;
    const secondSeconds = first + 1 < end ? (instantSeconds[first + 1] ?? NaN) : Infinity;
    const waited = secondSeconds < endSeconds ? secondSeconds - firstSeconds - HALF_A_MS : Infinity;
    // Added up and not branched on: nobody can guess the branch.
    const had = Number(seen >= t30) + Number(seen >= t60) + Number(seen >= t90) + Number(seen >= t180) + Number(seen >= t365);
    const passed = Number(waited > t30) + Number(waited > t60) + Number(waited > t90) + Number(waited > t180) + Number(waited > t365);
    const at = had * classes + passed;
    customersAt[at] = (customersAt[at] ?? NaN) + 1;
  }
  const rateAt = (t: number): MaturedRepeatRate => {
    let [eligible, repeated] = [0, 0];
    for (const [at, count] of customersAt.entries()) {
      if (Math.floor(at / classes) <= t) continue;
      eligible += count;
      if (at % classes <= t) repeated += count;
    }
    return { eligible, repeated, rate: ratio(repeated, eligible) };
  };
  return { '30': rateAt(0), '60': rateAt(1), '90': rateAt(2), '180': rateAt(3), '365': rateAt(4) };
}
