import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { AsOf } from '../columns/time-window.ts';
import { percentileOfCounts } from '../metrics/value-counts.ts';
import type { ValueCounts } from '../metrics/value-counts.ts';
import { MIN_EARLIER } from './enough.ts';
import { stakeOf } from './stake.ts';
import type { ShopSilences } from './shop-silences.ts';
import type { SecondOrderAction } from './weekly-action.ts';

/**
 * The first-time buyers who are in the days in which others came back: from the 25th to the 75th percentile of the wait
 * for the second order. Each has the chance of who had waited as many days, so that it is not those of the first of these
 * days who speak for somebody on the last.
 */
export function deriveSecondOrderAction(
  { count, orders, firstDays }: CustomerSummaries,
  { afterFirst }: ShopSilences,
  { asOf, firstToSecond, secondOrderMinor }: { asOf: AsOf; firstToSecond: ValueCounts; secondOrderMinor: number },
): SecondOrderAction | null {
  const wait = usualWaitOf(firstToSecond);
  if (wait === null) return null;
  const { fromDays, toDays } = wait;
  const waited: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const days = asOf.day - (firstDays[i] ?? NaN);
    if (orders[i] === 1 && days >= fromDays && days <= toDays) waited.push(days);
  }
  const usual = afterFirst.usualReturn(waited);
  if (usual === null) return null;
  return {
    kind: 'secondOrder',
    ...usual,
    segment: {
      match: 'all',
      conditions: [
        { kind: 'range', field: 'orders', from: 1, to: 1 },
        { kind: 'range', field: 'daysSinceFirstOrder', from: fromDays, to: toDays },
      ],
    },
    fromDays,
    toDays,
    stake: stakeOf({ number: usual.customers, chance: usual.usualShare, orderMinor: secondOrderMinor }),
  };
}

/** Within which days after the first order the middle half of the second ones came; null of too few. */
export function usualWaitOf(firstToSecond: ValueCounts): { fromDays: number; toDays: number } | null {
  const p25 = percentileOfCounts(firstToSecond, 25);
  const p75 = percentileOfCounts(firstToSecond, 75);
  if (p25 === null || p75 === null || firstToSecond.total < MIN_EARLIER) return null;
  return { fromDays: Math.floor(p25), toDays: Math.ceil(p75) };
}
