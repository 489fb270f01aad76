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
  const eligible = new Float64Array(times.length);
  const repeated = new Float64Array(times.length);
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    const firstSeconds = instantSeconds[first] ?? NaN;
    const seen = endSeconds - firstSeconds + HALF_A_MS;
    const secondSeconds = first + 1 < end ? (instantSeconds[first + 1] ?? NaN) : Infinity;
    const waited = secondSeconds < endSeconds ? secondSeconds - firstSeconds - HALF_A_MS : Infinity;
    for (let t = 0; t < times.length; t += 1) {
      const time = times[t] ?? NaN;
      // Added up and not branched on: nobody can guess the branch.
      const isEligible = Number(seen >= time);
      eligible[t] = (eligible[t] ?? NaN) + isEligible;
      repeated[t] = (repeated[t] ?? NaN) + isEligible * Number(waited <= time);
    }
  }
  const rateAt = (t: number): MaturedRepeatRate => {
    const [customersEligible, customersRepeated] = [eligible[t] ?? NaN, repeated[t] ?? NaN];
    return {
      eligible: customersEligible,
      repeated: customersRepeated,
      rate: ratio(customersRepeated, customersEligible),
    };
  };
  return { '30': rateAt(0), '60': rateAt(1), '90': rateAt(2), '180': rateAt(3), '365': rateAt(4) };
}
