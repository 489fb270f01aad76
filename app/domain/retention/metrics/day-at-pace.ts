import type { AsOf } from '../columns/time-window.ts';
import { formatDay } from '../../time/calendar-day.ts';

/** The pace that is expected to go on: longer, and a young store has none; shorter, and a sale is taken for it. */
export const PACE_DAYS = 90;
/** Further ahead than this, nobody should plan with the pace of three months. */
const FURTHEST_DAYS = 2 * 365;

/** What grows, what it has to reach, and by how much it grew in the last `PACE_DAYS`. */
export interface Growing {
  readonly has: number;
  readonly needs: number;
  readonly gained: number;
}

/** In how many days it is reached if it goes on growing as it did: 0 where it is, and `Infinity` where it does not grow. */
export function daysAtPace({ has, needs, gained }: Growing): number {
  if (has >= needs) return 0;
  return gained > 0 ? Math.ceil(((needs - has) * PACE_DAYS) / gained) : Infinity;
}

/** A day from which on something can be said. */
export interface ExpectedDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** By those who have begun already; else at the pace of the last three months. */
  readonly isSure: boolean;
}

/** `YYYY-MM-DD`; null for a day that is too far away to plan with. */
export function dayAhead(asOf: Pick<AsOf, 'day'>, daysLeft: number): string | null {
  return daysLeft <= FURTHEST_DAYS ? formatDay(asOf.day + daysLeft) : null;
}
