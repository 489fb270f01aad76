import { dayOfInstant, startOfDay } from '../time/day-of-instant.ts';
import { MS_PER_24_HOURS, MS_PER_HOUR, MS_PER_MINUTE } from '../time/durations.ts';
import type { ReconciliationScope } from './reconciliation.ts';

const NIGHT_STARTS_MS = 3 * MS_PER_HOUR;
const NIGHT_MINUTES = 120;
const DAYS_A_WEEK = 7;
/** A prime: shops that were installed one after the other come far apart. */
const SPREAD = 37;
/** What `recent` looks back. */
export const RECENT_MS = 60 * MS_PER_24_HOURS;

/**
 * The next night's comparison: between three and five in the morning at the shop, each shop at a minute of its own, so
 * that not all of them ask Shopify at once. Always later than `nowMs`, by two days at most.
 *
 * @throws UnknownTimeZoneError
 */
export function nextNightlyMs({ nowMs, timeZone, shopId }: { nowMs: number; timeZone: string; shopId: number }): number {
  const today = dayOfInstant(nowMs, timeZone);
  const afterMidnightMs = NIGHT_STARTS_MS + ((shopId * SPREAD) % NIGHT_MINUTES) * MS_PER_MINUTE;
  const tonight = startOfDay(today, timeZone) + afterMidnightMs;
  return tonight > nowMs ? tonight : startOfDay(today + 1, timeZone) + afterMidnightMs;
}

/** One night a week everything is compared; which one depends on the shop. @throws UnknownTimeZoneError */
export function nightlyScope({ nowMs, timeZone, shopId }: { nowMs: number; timeZone: string; shopId: number }): ReconciliationScope {
  return dayOfInstant(nowMs, timeZone) % DAYS_A_WEEK === shopId % DAYS_A_WEEK ? 'all' : 'recent';
}

/**
 * From when on orders placed or changed are compared; null: all of them. A comparison that was missed for longer than
 * its usual look back is made up for, and the first one looks at everything.
 */
export function windowFromMs(
  scope: ReconciliationScope,
  { nowMs, lastAsOfMs }: { nowMs: number; lastAsOfMs: number | null },
): number | null {
  if (scope === 'all' || lastAsOfMs === null) return null;
  return Math.min(nowMs - RECENT_MS, lastAsOfMs);
}

/**
 * Orders made before this may be hidden from us, so that one which is not in a list is not taken for gone; null: all
 * are shown. A day is left to clocks and to Shopify's own reading of sixty days.
 */
export function visibleFromMs(historyDays: number | null, nowMs: number): number | null {
  return historyDays === null ? null : nowMs - (historyDays - 1) * MS_PER_24_HOURS;
}
