import { dayOfDate } from '../../time/calendar-day.ts';
import { CALENDARS } from './calendar-periods.ts';

export interface CohortDays {
  /** The first and the last day of the cohort's own period. */
  firstDay: number;
  lastDay: number;
}

const NAMED_PERIOD = /^(\d{4})-(?:(\d{2})|Q([1-4])|W(\d{2}))$/;
/** Of January: it is in the first week of its year by ISO 8601. */
const ALWAYS_IN_WEEK_ONE = 4;

/** The days of 2026-03, 2026-Q1 or 2026-W12; null when it is none of them. */
export function daysOfCohort(cohort: string): CohortDays | null {
  const found = NAMED_PERIOD.exec(cohort);
  if (found === null) return null;
  const [, yearText, month, quarter, week] = found;
  const year = Number(yearText);
  if (month !== undefined) return daysOf('month', dayOfDate({ year, month: Number(month), dayOfMonth: 1 }));
  if (quarter !== undefined) return daysOf('quarter', dayOfDate({ year, month: Number(quarter) * 3, dayOfMonth: 1 }));
  return daysOf('week', dayOfDate({ year, month: 1, dayOfMonth: ALWAYS_IN_WEEK_ONE }) + (Number(week) - 1) * 7);
}

function daysOf(period: keyof typeof CALENDARS, day: number): CohortDays {
  const { periodOfDay, firstDayOf } = CALENDARS[period];
  const of = periodOfDay(day);
  return { firstDay: firstDayOf(of), lastDay: firstDayOf(of + 1) - 1 };
}
