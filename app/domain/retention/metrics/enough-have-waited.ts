import type { AsOf } from '../columns/time-window.ts';
import { dayAhead, daysAtPace, PACE_DAYS } from './day-at-pace.ts';
import type { ExpectedDay } from './day-at-pace.ts';

/**
 * When so many of those who began on these days will have had so many days since: sure where they have begun, else at the
 * pace of the last three months. Null where that is years away. Who begins after the as-of day does not count.
 */
export function enoughHaveWaitedOn(firstDays: Iterable<number>, asOf: Pick<AsOf, 'day'>, { needed, waitDays }: { needed: number; waitDays: number }): ExpectedDay | null {
  let [begun, gained] = [0, 0];
  // Of millions none is sorted but the earliest so far.
  let earliest: number[] = [];
  for (const day of firstDays) {
    if (day > asOf.day) continue;
    begun += 1;
    if (day > asOf.day - PACE_DAYS) gained += 1;
    if (earliest.length === needed && day >= (earliest[needed - 1] ?? NaN)) continue;
    earliest = [...earliest, day].sort((a, b) => a - b).slice(0, needed);
  }
  const last = earliest[needed - 1];
  const isSure = last !== undefined;
  const date = dayAhead(asOf, waitDays + (isSure ? last - asOf.day : daysAtPace({ has: begun, needs: needed, gained })));
  return date === null ? null : { date, isSure };
}
