import type { OrderColumns } from '../columns/order-columns.ts';
import type { AsOf } from '../columns/time-window.ts';
import { dayAhead, daysAtPace, PACE_DAYS } from '../metrics/day-at-pace.ts';
import type { ExpectedDay } from '../metrics/day-at-pace.ts';

const YEAR_DAYS = 365;

/**
 * `YYYY-MM-DD`: when there will have been so many orders in 365 days, those that are then older left out, at the pace of
 * the last three months; null where it does not come to so many.
 */
export function yearOfOrdersKnownOn({ days }: OrderColumns, asOf: Pick<AsOf, 'day'>, needed: number): string | null {
  const ofAge = new Uint32Array(YEAR_DAYS);
  for (let order = 0; order < days.length; order += 1) {
    const age = asOf.day - (days[order] ?? NaN);
    if (age >= 0 && age < YEAR_DAYS) ofAge[age] = (ofAge[age] ?? NaN) + 1;
  }
  const gained = ofAge.subarray(0, PACE_DAYS).reduce((sum, orders) => sum + orders, 0);
  let left = ofAge.reduce((sum, orders) => sum + orders, 0);
  // After a year there are none but expected ones, and no more of them a day later.
  for (let ahead = 1; ahead <= YEAR_DAYS; ahead += 1) {
    left -= ofAge[YEAR_DAYS - ahead] ?? NaN;
    if (left * PACE_DAYS + gained * ahead >= needed * PACE_DAYS) return dayAhead(asOf, ahead);
  }
  return null;
}

/**
 * When so many customers will have had a year since they began: a year and a day after the last of them did, or will at
 * the pace of the last three months. Null where that is years away.
 */
export function yearsOfCustomersKnownOn({ customerCount, customerOffsets, days }: OrderColumns, asOf: Pick<AsOf, 'day'>, needed: number): ExpectedDay | null {
  let [begun, gained] = [0, 0];
  // Of millions none is sorted but the earliest so far.
  let earliest: number[] = [];
  for (let customer = 0; customer < customerCount; customer += 1) {
    const day = days[customerOffsets[customer] ?? NaN] ?? NaN;
    if (day > asOf.day) continue;
    begun += 1;
    if (day > asOf.day - PACE_DAYS) gained += 1;
    if (earliest.length === needed && day >= (earliest[needed - 1] ?? NaN)) continue;
    earliest = [...earliest, day].sort((a, b) => a - b).slice(0, needed);
  }
  const last = earliest[needed - 1];
  const isSure = last !== undefined;
  const date = dayAhead(asOf, YEAR_DAYS + 1 + (isSure ? last - asOf.day : daysAtPace({ has: begun, needs: needed, gained })));
  return date === null ? null : { date, isSure };
}
