import { startOfDay } from '../../time/day-of-instant.ts';

/** Half-open, in epoch milliseconds: an order at `endMs` is outside. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** The moment a report speaks of: orders before `endMs`, the first instant after the as-of day in shop time. */
export interface AsOf {
  readonly day: number;
  readonly endMs: number;
}

/** @throws UnknownTimeZoneError */
export function asOfDayIn(timeZone: string, day: number): AsOf {
  return { day, endMs: startOfDay(day + 1, timeZone) };
}

/** From the start of one calendar day up to the start of another. @throws UnknownTimeZoneError */
export function windowOfDays(startDay: number, endDay: number, timeZone: string): TimeWindow {
  return { startMs: startOfDay(startDay, timeZone), endMs: startOfDay(endDay, timeZone) };
}

/** Everything up to the as-of moment. */
export function windowUpTo(asOf: AsOf): TimeWindow {
  return { startMs: -Infinity, endMs: asOf.endMs };
}
