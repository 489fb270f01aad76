import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import { percentile } from './percentile.ts';
import type { RfmGroup, RfmReport } from '../report/report.ts';
import { deriveRfmGroup } from './rfm-group.ts';
import type { AsOf } from '../columns/time-window.ts';
import { uint8At } from '../columns/typed-array-access.ts';

/** Scores of 1 to 5 of each customer, in the order of the summaries. */
export interface RfmScoring {
  breaks: RfmReport['breaks'];
  /** Calendar days from the last order to the as-of day. */
  rDays: Int32Array;
  r: Uint8Array;
  f: Uint8Array;
  m: Uint8Array;
}

const QUINTILE_PERCENTS = [20, 40, 60, 80];

/**
 * Scores customers against the quintiles of their own shop: 1 + the number of breaks strictly below the value, and for
 * recency 5 - that number. Ties stay together, so the groups are uneven and a score can be empty: where most customers
 * have one order, F is 1 for all of them.
 */
export function scoreRfm(summaries: CustomerSummaries, asOf: AsOf): RfmScoring {
  const rDays = summaries.lastDays.map((day) => asOf.day - day);
  const breaks = {
    r: quintileBreaks(rDays.slice().sort()),
    f: quintileBreaks(summaries.orders.slice().sort()),
    m: quintileBreaks(summaries.revenueMinor.slice().sort()),
  };
  return {
    breaks,
    rDays,
    r: Uint8Array.from(rDays, (days) => 5 - breaksBelow(breaks.r, days)),
    f: Uint8Array.from(summaries.orders, (orders) => 1 + breaksBelow(breaks.f, orders)),
    m: Uint8Array.from(summaries.revenueMinor, (minor) => 1 + breaksBelow(breaks.m, minor)),
  };
}

/** @param prospects customers of the shop who have not ordered: they have no scores, only a group */
export function countRfmGroups(scoring: RfmScoring, prospects: number): RfmReport['groups'] {
  const groups = { ...NOBODY, PROSPECTS: prospects };
  for (let i = 0; i < scoring.r.length; i += 1) {
    groups[rfmGroupAt(scoring, i)] += 1;
  }
  return groups;
}

export function rfmGroupAt({ r, f, m }: RfmScoring, index: number): RfmGroup {
  return deriveRfmGroup({ r: uint8At(r, index), f: uint8At(f, index), m: uint8At(m, index) });
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

function quintileBreaks(sorted: Int32Array | Float64Array): number[] {
  return QUINTILE_PERCENTS.flatMap((percent) => percentile(sorted, percent) ?? []);
}

function breaksBelow(breaks: readonly number[], value: number): number {
  let below = 0;
  for (const edge of breaks) if (edge < value) below += 1;
  return below;
}
