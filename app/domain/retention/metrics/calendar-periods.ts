import { dateOfDay, dayOfDate, firstDayOfMonth, formatMonth, monthOfDay } from '../../time/calendar-day.ts';
import type { CalendarPeriod } from '../report/report.ts';

/** Periods of one kind as whole numbers, one after the other. */
export interface PeriodCalendar {
  periodOfDay: (day: number) => number;
  firstDayOf: (period: number) => number;
  /** 2026-03, 2026-W12 or 2026-Q1. */
  format: (period: number) => string;
}

const MONTHS_A_QUARTER = 3;
const QUARTERS_A_YEAR = 4;
const DAYS_A_WEEK = 7;
/** Day 0, 1970-01-01, was a Thursday. */
const DAYS_FROM_MONDAY_TO_DAY_ZERO = 3;

export const CALENDARS: Readonly<Record<CalendarPeriod, PeriodCalendar>> = {
  month: { periodOfDay: monthOfDay, firstDayOf: firstDayOfMonth, format: formatMonth },
  /** ISO 8601: from Monday to Sunday. */
  week: {
    periodOfDay: (day) => Math.floor((day + DAYS_FROM_MONDAY_TO_DAY_ZERO) / DAYS_A_WEEK),
    firstDayOf: (week) => week * DAYS_A_WEEK - DAYS_FROM_MONDAY_TO_DAY_ZERO,
    format: formatWeek,
  },
  quarter: {
    periodOfDay: (day) => Math.floor(monthOfDay(day) / MONTHS_A_QUARTER),
    firstDayOf: (quarter) => firstDayOfMonth(quarter * MONTHS_A_QUARTER),
    format: (quarter) => {
      const year = Math.floor(quarter / QUARTERS_A_YEAR);
      return `${String(year).padStart(4, '0')}-Q${quarter - year * QUARTERS_A_YEAR + 1}`;
    },
  },
};

/** A week belongs to the year that its Thursday is in, and is numbered by the Thursdays of that year. */
function formatWeek(week: number): string {
  const thursday = week * DAYS_A_WEEK;
  const { year } = dateOfDay(thursday);
  const daysInYear = thursday - dayOfDate({ year, month: 1, dayOfMonth: 1 });
  const number = Math.floor(daysInYear / DAYS_A_WEEK) + 1;
  return `${String(year).padStart(4, '0')}-W${String(number).padStart(2, '0')}`;
}

/** The period of every day from one to another: calendar arithmetic an order would cost more than the rest of a scan. */
export function periodTable({ periodOfDay, firstDayOf }: PeriodCalendar, fromDay: number, toDay: number): Int32Array {
  const periods = new Int32Array(toDay - fromDay + 1);
  let period = periodOfDay(fromDay);
  let nextStart = firstDayOf(period + 1);
  for (let day = fromDay; day <= toDay; day += 1) {
    if (day === nextStart) {
      period += 1;
      nextStart = firstDayOf(period + 1);
    }
    periods[day - fromDay] = period;
  }
  return periods;
}
