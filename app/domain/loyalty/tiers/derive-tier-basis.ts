import { dateOfDay, dayOfDate } from '../../time/calendar-day.ts';
import { dayOfInstantIn } from '../../time/day-of-instant.ts';
import type { DayOfInstant } from '../../time/day-of-instant.ts';
import type { TierBasis, Tiers, TierWindow } from '../program/program.ts';

/** What a tier goes by: one thing that a member did, as it stands by now, refunds included. */
export interface TierFact {
  readonly atMs: number;
  /** In the shop's currency. */
  readonly spendMinor: number;
  /** Of the order, and of grants; those for reaching a tier lead to no further one and are left out. */
  readonly points: number;
  readonly orders: number;
}

export interface TierStanding {
  readonly amount: number;
  /** First day of what was counted; null for a lifetime. */
  readonly fromDay: number | null;
}

/** Days of the shop that a rolling year holds, today among them. */
const ROLLING_DAYS = 365;

/** What a member has come to by an instant; what they did later is not looked at. */
export function deriveTierBasis(
  facts: readonly TierFact[],
  { basis, window }: Pick<Tiers, 'basis' | 'window'>,
  { atMs, timeZone }: { atMs: number; timeZone: string },
): TierStanding {
  const dayOf = dayOfInstantIn(timeZone);
  return standingOn(amountsByDay(facts, basis, { atMs, dayOf }), window, dayOf(atMs));
}

/**
 * The first day after `atMs` on which the amount will be below a threshold if nothing more happens; null when it never
 * will, or is below already.
 */
export function findDropDay(
  facts: readonly TierFact[],
  { basis, window, threshold }: Pick<Tiers, 'basis' | 'window'> & { readonly threshold: number },
  { atMs, timeZone }: { atMs: number; timeZone: string },
): number | null {
  const dayOf = dayOfInstantIn(timeZone);
  const amounts = amountsByDay(facts, basis, { atMs, dayOf });
  const today = dayOf(atMs);
  if (standingOn(amounts, window, today).amount < threshold) return null;
  const candidates = daysOfLess([...amounts.keys()], window, today);
  return candidates.find((day) => standingOn(amounts, window, day).amount < threshold) ?? null;
}

/** Days on which something leaves the window, in rising order. */
function daysOfLess(days: readonly number[], window: TierWindow, today: number): number[] {
  switch (window) {
    case 'lifetime':
      return [];
    case 'calendar-year': {
      const { year } = dateOfDay(today);
      return [firstDayOfYear(year + 1), firstDayOfYear(year + 2)];
    }
    case 'rolling-year':
      return days.map((day) => day + ROLLING_DAYS).filter((day) => day > today).sort((a, b) => a - b);
  }
}

function amountsByDay(
  facts: readonly TierFact[],
  basis: TierBasis,
  { atMs, dayOf }: { atMs: number; dayOf: DayOfInstant },
): Map<number, number> {
  const amounts = new Map<number, number>();
  for (const fact of facts) {
    if (fact.atMs > atMs) continue;
    const day = dayOf(fact.atMs);
    amounts.set(day, (amounts.get(day) ?? 0) + amountOf(fact, basis));
  }
  return amounts;
}

function amountOf({ spendMinor, points, orders }: TierFact, basis: TierBasis): number {
  switch (basis) {
    case 'spend':
      return spendMinor;
    case 'points':
      return points;
    case 'orders':
      return orders;
  }
}

function standingOn(amounts: ReadonlyMap<number, number>, window: TierWindow, day: number): TierStanding {
  if (window === 'lifetime') return { amount: sumBetween(amounts, -Infinity, Infinity), fromDay: null };
  if (window === 'rolling-year') {
    const fromDay = day - ROLLING_DAYS + 1;
    return { amount: sumBetween(amounts, fromDay, Infinity), fromDay };
  }
  const { year } = dateOfDay(day);
  const [before, begins, ends] = [firstDayOfYear(year - 1), firstDayOfYear(year), firstDayOfYear(year + 1)];
  const thisYear = { amount: sumBetween(amounts, begins, ends), fromDay: begins };
  const lastYear = { amount: sumBetween(amounts, before, begins), fromDay: before };
  return lastYear.amount > thisYear.amount ? lastYear : thisYear;
}

/** Half-open. */
function sumBetween(amounts: ReadonlyMap<number, number>, fromDay: number, toDay: number): number {
  let sum = 0;
  for (const [day, amount] of amounts) if (day >= fromDay && day < toDay) sum += amount;
  return sum;
}

function firstDayOfYear(year: number): number {
  return dayOfDate({ year, month: 1, dayOfMonth: 1 });
}
