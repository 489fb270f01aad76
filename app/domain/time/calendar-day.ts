/**
 * Calendar days and months as whole numbers, in the proleptic Gregorian calendar.
 *
 * A day is the number of days since 1970-01-01; a month is year x 12 + (month of the year - 1). Differences are then
 * subtractions, and a column of days fits 32 bits. Neither knows a time zone: see `day-of-instant.ts`.
 */
export interface CalendarDate {
  year: number;
  /** 1 to 12. */
  month: number;
  /** 1 to 31. */
  dayOfMonth: number;
}

const MONTHS_A_YEAR = 12;
const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil: years begin in March there. */
export function dayOfDate({ year, month, dayOfMonth }: CalendarDate): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const marchMonth = (month + 9) % MONTHS_A_YEAR;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The same source, civil_from_days. */
export function dateOfDay(day: number): CalendarDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

export function monthOfDay(day: number): number {
  const { year, month } = dateOfDay(day);
  return year * MONTHS_A_YEAR + month - 1;
}

/** The first day of the month. */
export function firstDayOfMonth(month: number): number {
  const year = Math.floor(month / MONTHS_A_YEAR);
  return dayOfDate({ year, month: month - year * MONTHS_A_YEAR + 1, dayOfMonth: 1 });
}

/**
 * The day after so many whole calendar months from `day` on are over: 2026-02-15 for a month from 2026-01-14. A month that
 * is too short for the day ends on its last: 2026-03-01 for a month from 2026-01-31.
 */
export function dayAfterMonths(day: number, months: number): number {
  const month = monthOfDay(day) + months;
  return Math.min(firstDayOfMonth(month) + dateOfDay(day).dayOfMonth, firstDayOfMonth(month + 1));
}

export function isLastDayOfMonth(day: number): boolean {
  return monthOfDay(day + 1) !== monthOfDay(day);
}

/** YYYY-MM-DD, for years 0 to 9999. */
export function formatDay(day: number): string {
  const { year, month, dayOfMonth } = dateOfDay(day);
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(dayOfMonth, 2)}`;
}

/** YYYY-MM. */
export function formatMonth(month: number): string {
  return formatDay(firstDayOfMonth(month)).slice(0, 7);
}

/** The day of a YYYY-MM-DD text, or null when it is not such a text or there is no such day. */
export function parseDay(text: string): number | null {
  const match = ISO_DAY.exec(text);
  if (match === null) return null;
  const [, year = '', month = '', dayOfMonth = ''] = match;
  if (Number(month) < 1 || Number(month) > MONTHS_A_YEAR) return null;
  const day = dayOfDate({ year: Number(year), month: Number(month), dayOfMonth: Number(dayOfMonth) });
  return formatDay(day) === text ? day : null;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
