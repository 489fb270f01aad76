import type { OrderColumns } from '../columns/order-columns.ts';
import { everyone } from '../columns/selection.ts';
import type { Selection } from '../columns/selection.ts';
import { asOfDayIn } from '../columns/time-window.ts';
import type { AsOf } from '../columns/time-window.ts';
import { dayAhead, daysAtPace, PACE_DAYS } from '../metrics/day-at-pace.ts';
import { countOrderGaps } from '../metrics/days-between-orders.ts';
import type { Rhythm } from '../metrics/lifecycle.ts';
import type { Shortage } from '../report/predictions-report.ts';
import { findShortages } from './churn-thresholds.ts';
import { summarizePurchases } from './purchase-summaries.ts';

export interface ExpectedShortage extends Shortage {
  /** `YYYY-MM-DD`: when there will be enough at the pace of the last three months; null where that is years away. */
  readonly reachedOn: string | null;
}

/** What a shop is short of, and when it will have it if it goes on as it does. */
export function expectEnough(
  columns: OrderColumns,
  selection: Selection,
  { asOf, missing }: { asOf: AsOf; missing: readonly Shortage[] },
): ExpectedShortage[] {
  const earlier = asOfDayIn(columns.timeZone, asOf.day - PACE_DAYS);
  // What is short now was short before.
  const before = missing.length === 0 ? [] : findShortages(summarizePurchases(columns, selection, earlier));
  return missing.map((shortage) => {
    const { what, has, needs } = shortage;
    const gained = has - (before.find((known) => known.what === what)?.has ?? 0);
    if (what === 'historyDays') return { ...shortage, reachedOn: has > 0 && gained > 0 ? dayAhead(asOf, needs - has) : null };
    return { ...shortage, reachedOn: dayAhead(asOf, daysAtPace({ has, needs, gained })) };
  });
}

/** When the store will know its own rhythm at the pace of the last three months; null where it does, or that is years away. */
export function expectOwnRhythm(columns: OrderColumns, { basis, gaps, gapsNeeded }: Rhythm, asOf: AsOf): string | null {
  if (basis === 'ownRhythm') return null;
  const earlier = asOfDayIn(columns.timeZone, asOf.day - PACE_DAYS);
  const before = countOrderGaps(columns, everyone(columns), earlier).pooled.total;
  return dayAhead(asOf, daysAtPace({ has: gaps, needs: gapsNeeded, gained: gaps - before }));
}
