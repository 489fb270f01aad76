import type { OrderColumns } from '../columns/order-columns.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { percentileOfCounts } from '../metrics/value-counts.ts';
import type { ValueCounts } from '../metrics/value-counts.ts';
import { MIN_CONCERNED, MIN_EARLIER } from './enough.ts';
import type { SecondOrderAction } from './weekly-action.ts';

/**
 * The first-time buyers who are in the days in which others came back: from the 25th to the 75th percentile of the wait
 * for the second order. The usual share is over earlier buyers who had been silent up to the first of these days and
 * whose last one is over, so that nobody is counted as gone who still had time.
 */
export function deriveSecondOrderAction(
  columns: OrderColumns,
  selection: Selection,
  { asOf, firstToSecond }: { asOf: AsOf; firstToSecond: ValueCounts },
): SecondOrderAction | null {
  const p25 = percentileOfCounts(firstToSecond, 25);
  const p75 = percentileOfCounts(firstToSecond, 75);
  if (p25 === null || p75 === null || firstToSecond.total < MIN_EARLIER) return null;
  const [fromDays, toDays] = [Math.floor(p25), Math.ceil(p75)];
  const seen = countFirstTimers(columns, selection, { asOf, fromDays, toDays });
  if (seen.waiting < MIN_CONCERNED || seen.earlier < MIN_EARLIER || seen.seconds === 0) return null;
  const usualShare = seen.cameBack / seen.earlier;
  return {
    kind: 'secondOrder',
    customers: seen.waiting,
    segment: {
      match: 'all',
      conditions: [
        { kind: 'range', field: 'orders', from: 1, to: 1 },
        { kind: 'range', field: 'daysSinceFirstOrder', from: fromDays, to: toDays },
      ],
    },
    fromDays,
    toDays,
    earlier: seen.earlier,
    usualShare,
    atStakeMinor: Math.round(seen.waiting * usualShare * (seen.secondsMinor / seen.seconds)),
  };
}

interface FirstTimers {
  waiting: number;
  earlier: number;
  cameBack: number;
  seconds: number;
  secondsMinor: number;
}

function countFirstTimers(
  { customerOffsets, days, instantSeconds, valuesMinor }: OrderColumns,
  { customers }: Selection,
  { asOf, fromDays, toDays }: { asOf: AsOf; fromDays: number; toDays: number },
): FirstTimers {
  const endSeconds = secondsOfMs(asOf.endMs);
  const seen = { waiting: 0, earlier: 0, cameBack: 0, seconds: 0, secondsMinor: 0 };
  for (let k = 0; k < customers.length; k += 1) {
    const customer = customers[k] ?? NaN;
    const first = customerOffsets[customer] ?? NaN;
    if ((instantSeconds[first] ?? NaN) >= endSeconds) continue;
    const second = first + 1;
    const hasSecond = second < (customerOffsets[customer + 1] ?? NaN) && (instantSeconds[second] ?? NaN) < endSeconds;
    const firstDay = days[first] ?? NaN;
    const ageDays = asOf.day - firstDay;
    const waitDays = hasSecond ? (days[second] ?? NaN) - firstDay : Infinity;
    if (hasSecond) {
      seen.seconds += 1;
      seen.secondsMinor += valuesMinor[second] ?? NaN;
    } else if (ageDays >= fromDays && ageDays <= toDays) {
      seen.waiting += 1;
    }
    if (ageDays <= toDays || waitDays < fromDays) continue;
    seen.earlier += 1;
    if (waitDays <= toDays) seen.cameBack += 1;
  }
  return seen;
}
