import { MS_PER_24_HOURS } from '../../time/durations.ts';
import { numberAt } from '../columns/number-column.ts';
import { msOfSeconds } from '../columns/order-columns.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import { ratio } from './ratio.ts';
import type { MaturedRepeatRate } from '../report/report.ts';
import type { AsOf } from '../columns/time-window.ts';
import { uint32At } from '../columns/typed-array-access.ts';

/**
 * Among customers whose first order is at least `days` x 24 h before the end, the share with a second order within
 * `days` x 24 h of the first, both bounds included. Instants, not calendar days, so that every customer had the same
 * time. A customer who has not had that time is in neither number.
 */
export function computeMaturedRepeatRate(columns: OrderColumns, asOf: AsOf, days: number): MaturedRepeatRate {
  const { customerCount, customerOffsets, instantSeconds } = columns;
  const timeMs = days * MS_PER_24_HOURS;
  let eligible = 0;
  let repeated = 0;
  for (let customer = 0; customer < customerCount; customer += 1) {
    const first = uint32At(customerOffsets, customer);
    const firstMs = msOfSeconds(numberAt(instantSeconds, first));
    if (asOf.endMs - firstMs < timeMs) continue;
    eligible += 1;
    if (first + 1 === uint32At(customerOffsets, customer + 1)) continue;
    const secondMs = msOfSeconds(numberAt(instantSeconds, first + 1));
    if (secondMs < asOf.endMs && secondMs - firstMs <= timeMs) repeated += 1;
  }
  return { eligible, repeated, rate: ratio(repeated, eligible) };
}
