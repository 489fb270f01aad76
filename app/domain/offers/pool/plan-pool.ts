import { MS_PER_24_HOURS, MS_PER_HOUR, MS_PER_SECOND } from '../../time/durations.ts';

/** Enough for a quiet shop's day and a first surprise. */
const LEAST_CODES = 50;
/** Of one discount; filled again below half, so that even the busiest has thousands at hand. */
const MOST_CODES = 5_000;
const BUSIEST_HOURS_AT_HAND = 2;

/** How many codes of a discount should be free, by the orders of the shop's busiest hour. */
export function poolTarget(ordersOfBusiestHour: number): number {
  return Math.min(Math.max(ordersOfBusiestHour * BUSIEST_HOURS_AT_HAND, LEAST_CODES), MOST_CODES);
}

/** How many codes to make: none while half of the target is there or on its way, else as many as are missing. */
export function codesToMake({ free, intended }: { readonly free: number; readonly intended: number }, target: number): number {
  const known = free + intended;
  return known * 2 >= target ? 0 : target - known;
}

/** What came of a look at a shop's pool: all that should be there is, there is more to send, or Shopify did not come through. */
export type PoolLook = 'full' | 'more' | 'unavailable' | 'access' | 'refused';

/** The next slot's discount is planned two hours ahead, so that a look an hour is early enough. */
const PAUSES_MS: Readonly<Record<PoolLook, number>> = {
  full: MS_PER_HOUR,
  more: 0,
  unavailable: 15 * MS_PER_SECOND,
  access: MS_PER_HOUR / 4,
  // Asked the same again, Shopify would say the same again.
  refused: MS_PER_24_HOURS / 4,
};

/** How soon after a code was taken it is looked whether there are enough left: once for all that are taken meanwhile. */
export const SECOND_LOOK_MS = 5 * MS_PER_SECOND;

export function nextLookAt(look: PoolLook, nowMs: number): number {
  return nowMs + PAUSES_MS[look];
}
