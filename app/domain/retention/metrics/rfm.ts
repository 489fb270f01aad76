import { daysUpTo } from '../columns/customer-summaries.ts';
import type { AsOf } from '../columns/time-window.ts';
import { RFM_GROUPS } from '../report/report.ts';
import type { RfmGroup, RfmReport } from '../report/report.ts';
import { percentilesOfMoney } from './percentiles-of-money.ts';
import { countPurchases } from './purchase-counts.ts';
import type { Purchases } from './purchase-counts.ts';
import type { PurchaseCounts } from './purchase-tally.ts';
import { deriveRfmGroup } from './rfm-group.ts';
import { percentileOfCounts } from './value-counts.ts';
import type { ValueCounts } from './value-counts.ts';

/** How a shop's customers are scored. */
export interface RfmScales {
  readonly breaks: RfmReport['breaks'];
  /** The score of each number of days since the last order, and of orders. */
  readonly scoreOfDays: Uint8Array;
  readonly scoreOfOrders: Uint8Array;
}

/** Scores of 1 to 5 of each customer, in the order of the summaries. */
export interface RfmScoring {
  readonly breaks: RfmReport['breaks'];
  /** Calendar days from the last order to the as-of day. */
  readonly rDays: Uint32Array;
  readonly r: Uint8Array;
  readonly f: Uint8Array;
  readonly m: Uint8Array;
}

const QUINTILE_PERCENTS = [20, 40, 60, 80];
const SCORES = 5;

/**
 * Scores customers against the quintiles of their own shop: 1 + the number of breaks strictly below the value, and for
 * recency 5 - that number. Ties stay together, so the groups are uneven and a score can be empty: where most customers
 * have one order, F is 1 for all of them.
 */
export function deriveRfmScales({ revenueMinor }: Purchases, { daysSinceLast, orders, moneyClasses }: PurchaseCounts): RfmScales {
  const m = percentilesOfMoney(revenueMinor, QUINTILE_PERCENTS, moneyClasses);
  const breaks = { r: countedBreaks(daysSinceLast), f: countedBreaks(orders), m };
  return {
    breaks,
    scoreOfDays: scoreTable(breaks.r, daysSinceLast).map((score) => SCORES + 1 - score),
    scoreOfOrders: scoreTable(breaks.f, orders),
  };
}

/** The scores of each customer, where more than the number in each group is asked for. */
export function scoreRfm(purchases: Purchases, asOf: AsOf): RfmScoring {
  const { count, lastDays, orders, revenueMinor } = purchases;
  const { breaks, scoreOfDays, scoreOfOrders } = deriveRfmScales(purchases, countPurchases(purchases, asOf));
  const rDays = daysUpTo(asOf, lastDays);
  const [r, f] = [new Uint8Array(count), new Uint8Array(count)];
  for (let i = 0; i < count; i += 1) {
    r[i] = scoreOfDays[rDays[i] ?? NaN] ?? NaN;
    f[i] = scoreOfOrders[orders[i] ?? NaN] ?? NaN;
  }
  return { breaks, rDays, r, f, m: scoresOf(breaks.m, revenueMinor) };
}

/** @param prospects customers of the shop who have not ordered: they have no scores, only a group */
export function countRfmGroups(
  { count, lastDays, orders, revenueMinor }: Purchases,
  { breaks, scoreOfDays, scoreOfOrders }: RfmScales,
  { asOf, prospects }: { asOf: AsOf; prospects: number },
): RfmReport['groups'] {
  const [first = NaN, second = NaN, third = NaN, fourth = NaN] = breaks.m;
  const customersAt = new Uint32Array(GROUP_CODES.length);
  for (let i = 0; i < count; i += 1) {
    const r = scoreOfDays[asOf.day - (lastDays[i] ?? NaN)] ?? NaN;
    const f = scoreOfOrders[orders[i] ?? NaN] ?? NaN;
    const m = scoreAmong(revenueMinor[i] ?? NaN, first, second, third, fourth);
    const place = placeOf(r, f, m);
    customersAt[place] = (customersAt[place] ?? NaN) + 1;
  }
  const groups: Record<RfmGroup, number> = { ...NOBODY, PROSPECTS: prospects };
  for (const [place, customers] of customersAt.entries()) {
    groups[RFM_GROUPS[GROUP_CODES[place] ?? NaN] ?? 'PROSPECTS'] += customers;
  }
  return groups;
}

/** The group of each customer as its place in RFM_GROUPS. */
export function rfmGroupCodes({ r, f, m }: RfmScoring): Uint8Array {
  const codes = new Uint8Array(r.length);
  for (let i = 0; i < codes.length; i += 1) {
    codes[i] = GROUP_CODES[placeOf(r[i] ?? NaN, f[i] ?? NaN, m[i] ?? NaN)] ?? NaN;
  }
  return codes;
}

function placeOf(r: number, f: number, m: number): number {
  return ((r - 1) * SCORES + (f - 1)) * SCORES + (m - 1);
}

/** The group of every combination of scores: a million customers look it up instead of deriving it. */
const GROUP_CODES = deriveGroupCodes();

function deriveGroupCodes(): Uint8Array {
  const codes = new Uint8Array(SCORES ** 3);
  for (let r = 1; r <= SCORES; r += 1) {
    for (let f = 1; f <= SCORES; f += 1) {
      for (let m = 1; m <= SCORES; m += 1) codes[placeOf(r, f, m)] = RFM_GROUPS.indexOf(deriveRfmGroup({ r, f, m }));
    }
  }
  return codes;
}

const NOBODY: Readonly<Record<RfmGroup, number>> = {
  CHAMPIONS: 0,
  LOYAL: 0,
  ACTIVE: 0,
  NEW: 0,
  PROMISING: 0,
  NEEDS_ATTENTION: 0,
  AT_RISK: 0,
  PREVIOUSLY_LOYAL: 0,
  ALMOST_LOST: 0,
  DORMANT: 0,
  PROSPECTS: 0,
};

function countedBreaks(counted: ValueCounts): number[] {
  return QUINTILE_PERCENTS.flatMap((percent) => percentileOfCounts(counted, percent) ?? []);
}

/** The scores of one customer, of whom it is known when and how often they ordered. */
export function scoreRecencyAndFrequency(breaks: RfmReport['breaks'], { rDays, orders }: { rDays: number; orders: number }): { r: number; f: number } {
  return { r: SCORES + 1 - scoreAgainst(breaks.r, rDays), f: scoreAgainst(breaks.f, orders) };
}

function scoreAgainst([first = NaN, second = NaN, third = NaN, fourth = NaN]: readonly number[], value: number): number {
  return scoreAmong(value, first, second, third, fourth);
}

/** 1 + the number of breaks strictly below, for every whole number that was counted. */
function scoreTable(breaks: readonly number[], { counts }: ValueCounts): Uint8Array {
  return scoresOf(breaks, Float64Array.from(counts.keys()));
}

function scoresOf(breaks: readonly number[], values: Float64Array): Uint8Array {
  const [first = NaN, second = NaN, third = NaN, fourth = NaN] = breaks;
  const scores = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i += 1) scores[i] = scoreAmong(values[i] ?? NaN, first, second, third, fourth);
  return scores;
}

/** Added up and not branched on: nobody can guess the branch, and a wrong guess costs more than four comparisons. */
function scoreAmong(value: number, first: number, second: number, third: number, fourth: number): number {
  return 1 + Number(value > first) + Number(value > second) + Number(value > third) + Number(value > fourth);
}
