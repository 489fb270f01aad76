import { formatDay } from '../../time/calendar-day.ts';
import { CALENDARS } from './calendar-periods.ts';
import { daysOfCohort } from './cohort-days.ts';

const ROLLING_DAYS = 30;

export interface CohortsAwaited {
  /** Of customers of one period each; named as the report names them, the oldest first. */
  readonly rows: readonly { readonly cohort: string; readonly size: number }[];
  readonly period: keyof typeof CALENDARS | 'rolling30Days';
  /** The offset that is to be complete. */
  readonly offset: number;
  /** For how many customers. */
  readonly customers: number;
}

/** `YYYY-MM-DD`: from when on so many customers have completed an offset; null where there are not so many customers yet. */
export function cohortsCompleteOn({ rows, period, offset, customers }: CohortsAwaited): string | null {
  let sum = 0;
  for (const { cohort, size } of rows) {
    sum += size;
    const days = daysOfCohort(cohort);
    if (sum < customers || days === null) continue;
    // The last customer of a cohort may have begun on its last day.
    if (period === 'rolling30Days') return formatDay(days.lastDay + ROLLING_DAYS * (offset + 1) + 1);
    const { periodOfDay, firstDayOf } = CALENDARS[period];
    return formatDay(firstDayOf(periodOfDay(days.firstDay) + offset + 1));
  }
  return null;
}
