import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import { asOfDayIn } from '../columns/time-window.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { Shortage } from '../report/predictions-report.ts';
import { formatDay } from '../../time/calendar-day.ts';
import { findShortages } from './churn-thresholds.ts';
import { summarizePurchases } from './purchase-summaries.ts';

export interface ExpectedShortage extends Shortage {
  /** `YYYY-MM-DD`: when there will be enough at the pace of the last three months; null where that is years away. */
  readonly reachedOn: string | null;
}

const PACE_DAYS = 90;
/** Further ahead than this, nobody should plan with the pace of three months. */
const FURTHEST_DAYS = 2 * 365;

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
    const daysLeft = what === 'historyDays' ? needs - has : Math.ceil(((needs - has) * PACE_DAYS) / gained);
    const isNear = (what !== 'historyDays' || has > 0) && gained > 0 && daysLeft <= FURTHEST_DAYS;
    return { ...shortage, reachedOn: isNear ? formatDay(asOf.day + daysLeft) : null };
  });
}
