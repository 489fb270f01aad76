import { instantOfClock } from '#app/domain/time/day-of-instant.ts';
import { MS_PER_HOUR, MS_PER_MINUTE } from '#app/domain/time/durations.ts';

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

export interface ExportInstant {
  epochMs: number;
  hasOffset: boolean;
}

/**
 * `2011-01-04 10:00:00 +0000`, as Shopify writes it, and its ISO relatives. A time without an offset is on the clock of
 * the given zone, a date alone its midnight. Null for anything else, and for days no calendar has.
 */
export function parseExportInstant(text: string, timeZone: string): ExportInstant | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const [, year, month, dayOfMonth, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const midnightMs = Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth));
  const date = new Date(midnightMs);
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(dayOfMonth)) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const ofDayMs =
    Number(hour) * MS_PER_HOUR + Number(minute) * MS_PER_MINUTE + Number(second) * 1000 + Number(fraction.padEnd(3, '0'));
  if (offset !== undefined) return { epochMs: midnightMs + ofDayMs - offsetMsOf(offset.toUpperCase()), hasOffset: true };
  return { epochMs: instantOfClock(midnightMs + ofDayMs, timeZone), hasOffset: false };
}

function offsetMsOf(offset: string): number {
  if (offset === 'Z' || offset === 'UTC') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith('-') ? -minutes : minutes) * MS_PER_MINUTE;
}
