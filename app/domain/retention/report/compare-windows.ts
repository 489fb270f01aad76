import { dateOfDay, dayOfDate, formatDay } from '../../time/calendar-day.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import { windowOfDays } from '../columns/time-window.ts';
import { computeBasics } from '../metrics/basics.ts';
import type { Basics } from './report.ts';

export interface WindowBasics {
  /** First and last day, `YYYY-MM-DD`, both included. */
  from: string;
  to: string;
  basics: Basics;
}

export interface ComparedWindows {
  window: WindowBasics;
  /** As many days, up to the day before the window; null where the history does not reach its beginning. */
  previous: WindowBasics | null;
  /** The same calendar days a year earlier; null where the history does not reach them, or where they are `previous`. */
  yearBefore: WindowBasics | null;
  /** `YYYY-MM-DD`: the first day on which the two are there, of as many days; null before the first order. */
  knownOn: { previous: string; yearBefore: string } | null;
}

const A_YEAR_DAYS = 365;

/**
 * The basics of the last so many days beside those of the time before. A comparison with days from which there can be no
 * orders would show growth that never was: it is left out unless the first order is no later than its first day.
 */
export function compareWindows(
  columns: OrderColumns,
  selection: Selection,
  { asOfDay, days, firstOrderDay }: { asOfDay: number; days: number; firstOrderDay: number | null },
): ComparedWindows {
  const startDay = asOfDay + 1 - days;
  const basicsFrom = (from: number, end: number): WindowBasics => ({
    from: formatDay(from),
    to: formatDay(end - 1),
    basics: computeBasics(columns, selection, windowOfDays(from, end, columns.timeZone)),
  });
  const isKnownFrom = (day: number): boolean => firstOrderDay !== null && firstOrderDay <= day;
  const previousStart = startDay - days;
  const yearBeforeStart = aYearBefore(startDay);
  return {
    window: basicsFrom(startDay, asOfDay + 1),
    previous: isKnownFrom(previousStart) ? basicsFrom(previousStart, startDay) : null,
    yearBefore:
      days < A_YEAR_DAYS && isKnownFrom(yearBeforeStart)
        ? basicsFrom(yearBeforeStart, aYearBefore(asOfDay) + 1)
        : null,
    knownOn: firstOrderDay === null ? null : knownOn(firstOrderDay, days),
  };
}

/** On which the first day of the earlier window is that of the first order. */
function knownOn(firstOrderDay: number, days: number): { previous: string; yearBefore: string } {
  const aYearAfter = firstOrderDay + A_YEAR_DAYS;
  const startDay = aYearBefore(aYearAfter) < firstOrderDay ? aYearAfter + 1 : aYearAfter;
  return { previous: formatDay(firstOrderDay + 2 * days - 1), yearBefore: formatDay(startDay + days - 1) };
}

/** February 29 becomes February 28. */
function aYearBefore(day: number): number {
  const { year, month, dayOfMonth } = dateOfDay(day);
  return dayOfDate({ year: year - 1, month, dayOfMonth: month === 2 ? Math.min(dayOfMonth, 28) : dayOfMonth });
}
