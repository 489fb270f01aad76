/** Longer without an order than the trailing window, and a report as of today has nothing in it. */
const QUIET_DAYS = 365;

export interface AsOfChoice {
  /** Today in shop time, as are the other days. */
  today: number;
  /** Of the last counted order; null while there is none. */
  lastOrderDay: number | null;
  /** What the reader asked for; null when nothing. */
  askedDay: number | null;
}

/**
 * The day a report speaks of: the one asked for if it has come already, else today; for a store that has sold nothing
 * for a year, the day of its last order, so that a closed or an imported store shows what it was.
 */
export function chooseAsOfDay({ today, lastOrderDay, askedDay }: AsOfChoice): number {
  if (askedDay !== null) return Math.min(askedDay, today);
  if (lastOrderDay !== null && today - lastOrderDay >= QUIET_DAYS) return lastOrderDay;
  return today;
}
