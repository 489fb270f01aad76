import type { OrderColumns } from '../columns/order-columns.ts';
import type { AsOf } from '../columns/time-window.ts';
import { dayAhead, PACE_DAYS } from '../metrics/day-at-pace.ts';
import type { ExpectedDay } from '../metrics/day-at-pace.ts';
import { enoughHaveWaitedOn } from '../metrics/enough-have-waited.ts';

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

/** When so many customers will have had a year since they began, and the rest of the day on which they did. */
export function yearsOfCustomersKnownOn(columns: OrderColumns, asOf: Pick<AsOf, 'day'>, needed: number): ExpectedDay | null {
  return enoughHaveWaitedOn(firstDaysOf(columns), asOf, { needed, waitDays: YEAR_DAYS + 1 });
}

function* firstDaysOf({ customerCount, customerOffsets, days }: OrderColumns): Generator<number> {
  for (let customer = 0; customer < customerCount; customer += 1) yield days[customerOffsets[customer] ?? NaN] ?? NaN;
}
