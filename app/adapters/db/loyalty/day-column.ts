import { formatDay, parseDay } from '#app/domain/time/calendar-day.ts';

/** A column of type date, as text: a Date object would be shifted by the zone of the process. */
export function dayAsDate(day: number | null): string | null {
  return day === null ? null : formatDay(day);
}

/** @throws RangeError when PostgreSQL gave something that is no day */
export function dateAsDay(text: string | null): number | null {
  if (text === null) return null;
  const day = parseDay(text);
  if (day === null) throw new RangeError(`${text} is no day`);
  return day;
}
