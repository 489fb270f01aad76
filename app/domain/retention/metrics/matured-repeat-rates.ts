import { MS_PER_24_HOURS } from '../../time/durations.ts';
import { msOfSeconds } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { MaturedRepeatRate, MaturityDays } from '../report/report.ts';
import { ratio } from './ratio.ts';

const MATURITY_DAYS = [30, 60, 90, 180, 365] as const;

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
  const times = Float64Array.from(MATURITY_DAYS, (days) => days * MS_PER_24_HOURS);
  const eligible = new Float64Array(times.length);
  const repeated = new Float64Array(times.length);
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    const end = customerOffsets[customer + 1] ?? NaN;
    const firstMs = msOfSeconds(instantSeconds[first] ?? NaN);
    const seenMs = asOf.endMs - firstMs;
    const secondMs = first + 1 < end ? msOfSeconds(instantSeconds[first + 1] ?? NaN) : Infinity;
    const waitedMs = secondMs < asOf.endMs ? secondMs - firstMs : Infinity;
    for (let t = 0; t < times.length; t += 1) {
      const timeMs = times[t] ?? NaN;
      if (seenMs < timeMs) break;
      eligible[t] = (eligible[t] ?? NaN) + 1;
      if (waitedMs <= timeMs) repeated[t] = (repeated[t] ?? NaN) + 1;
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
