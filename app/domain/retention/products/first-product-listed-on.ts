import { formatDay } from '../../time/calendar-day.ts';
import { secondsOfMs } from '../columns/order-columns.ts';
import { dayAhead, daysAtPace, PACE_DAYS } from '../metrics/day-at-pace.ts';
import type { ExpectedDay } from '../metrics/day-at-pace.ts';
import type { ProductScope } from './product-scope.ts';

/**
 * From when on a product will have so many customers who began with it and had the time to come back. Null where that is
 * years away.
 */
export function firstProductListedOn({ columns, lines, selection, asOf }: ProductScope, { least, withinDays }: { least: number; withinDays: number }): ExpectedDay | null {
  const { customerOffsets, instantSeconds, days } = columns;
  const { lineOffsets, products, dictionary } = lines;
  const endSeconds = secondsOfMs(asOf.endMs);
  const firstDays = Array.from(dictionary, (): number[] => []);
  for (let k = 0; k < selection.customers.length; k += 1) {
    const first = customerOffsets[selection.customers[k] ?? NaN] ?? NaN;
    if ((instantSeconds[first] ?? NaN) >= endSeconds) continue;
    const end = lineOffsets[first + 1] ?? NaN;
    for (let line = lineOffsets[first] ?? NaN; line < end; line += 1) firstDays[products[line] ?? NaN]?.push(days[first] ?? NaN);
  }
  let earliest = Infinity;
  for (const ofProduct of firstDays) {
    if (ofProduct.length < least) continue;
    earliest = Math.min(earliest, ofProduct.sort((a, b) => a - b)[least - 1] ?? NaN);
  }
  // The last of them may have ordered in the evening, and clocks may change meanwhile.
  const daysToMature = withinDays + 1;
  if (earliest !== Infinity) return { date: formatDay(earliest + daysToMature), isSure: true };
  const daysLeft = firstDays.map((ofProduct) => daysAtPace({ has: ofProduct.length, needs: least, gained: ofProduct.filter((day) => day > asOf.day - PACE_DAYS).length }));
  const date = dayAhead(asOf, Math.min(...daysLeft) + daysToMature);
  return date === null ? null : { date, isSure: false };
}
