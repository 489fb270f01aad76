import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { AsOf } from '../columns/time-window.ts';
import { LIFECYCLE_STAGES } from '../report/report.ts';
import type { LifecycleReport, LifecycleStage, LifecycleState } from '../report/report.ts';
import type { OrderGaps } from './days-between-orders.ts';
import type { PurchaseCounts } from './purchase-tally.ts';
import { percentileOfCounts } from './value-counts.ts';

/** Fewer gaps than this do not show a rhythm: the 90th percentile would rest on under 20 of them. */
const GAPS_NEEDED = 200;
const LOYAL_ORDERS = 4;
/** Of the stages that a customer with one order goes through. */
const LAST_NEW_DAY = 30;
const FIXED_RULE_DAYS = { active: 60, cooling: 120, atRisk: 180 };

/** Of the same customers. */
export interface LifecycleInputs {
  counts: PurchaseCounts;
  gaps: OrderGaps;
}

/** Where customers stand (METRICS section 5): by the shop's own rhythm, and by age and number of orders. */
export function computeLifecycle({ counts, gaps }: LifecycleInputs): LifecycleReport {
  const rhythm = deriveRhythm(gaps);
  return { ...rhythm, states: countStates(counts, rhythm), stages: countStages(counts) };
}

/** By the day of the last order, of which there are few, and not by customer. */
function countStates({ daysSinceLast }: PurchaseCounts, { upToDays }: Rhythm): LifecycleReport['states'] {
  const states: LifecycleReport['states'] = { active: 0, cooling: 0, atRisk: 0, lapsed: 0 };
  for (const [days, customers] of daysSinceLast.counts.entries()) states[deriveLifecycleState(days, upToDays)] += customers;
  return states;
}

function countStages({ orders, daysSinceOnly }: PurchaseCounts): LifecycleReport['stages'] {
  const stages = { onboarding: 0, nurture: 0, activation: 0, oneTime: 0, building: 0, loyal: 0 };
  for (const [count, customers] of orders.counts.entries()) {
    if (count > 1) stages[deriveLifecycleStage(count, Infinity)] += customers;
  }
  for (const [days, customers] of daysSinceOnly.entries()) stages[deriveLifecycleStage(1, days)] += customers;
  return stages;
}

export type Rhythm = Pick<LifecycleReport, 'basis' | 'gaps' | 'gapsNeeded' | 'upToDays'>;

/** Active up to the median gap between orders, cooling to the 75th percentile, at risk to the 90th, lapsed after it. */
export function deriveRhythm({ pooled }: OrderGaps): Rhythm {
  const median = percentileOfCounts(pooled, 50);
  const p75 = percentileOfCounts(pooled, 75);
  const p90 = percentileOfCounts(pooled, 90);
  const isKnown = pooled.total >= GAPS_NEEDED && median !== null && p75 !== null && p90 !== null;
  return {
    basis: isKnown ? 'ownRhythm' : 'fixedRule',
    gaps: pooled.total,
    gapsNeeded: GAPS_NEEDED,
    upToDays: isKnown ? { active: median, cooling: p75, atRisk: p90 } : FIXED_RULE_DAYS,
  };
}

/**
 * The last day of each state. Days are whole, and the percentiles that part them need not be: who was last here 13 days
 * ago is beyond a limit of 12.8, so that wherever limits are shown, 12 is what is true.
 */
export function lastDaysOfStates({ active, cooling, atRisk }: Rhythm['upToDays']): Rhythm['upToDays'] {
  return { active: Math.floor(active), cooling: Math.floor(cooling), atRisk: Math.floor(atRisk) };
}

/** Days since the last order, limits included. */
export function deriveLifecycleState(
  daysSinceLastOrder: number,
  upToDays: LifecycleReport['upToDays'],
): LifecycleState {
  if (daysSinceLastOrder <= upToDays.active) return 'active';
  if (daysSinceLastOrder <= upToDays.cooling) return 'cooling';
  return daysSinceLastOrder <= upToDays.atRisk ? 'atRisk' : 'lapsed';
}

/** A second order says more than the age of the first: only customers with one order are told apart by their age. */
export function deriveLifecycleStage(orders: number, daysSinceFirstOrder: number): LifecycleStage {
  if (orders >= LOYAL_ORDERS) return 'loyal';
  if (orders >= 2) return 'building';
  if (daysSinceFirstOrder <= 7) return 'onboarding';
  if (daysSinceFirstOrder <= 14) return 'nurture';
  return daysSinceFirstOrder <= LAST_NEW_DAY ? 'activation' : 'oneTime';
}

/** The state of each customer as its place in LIFECYCLE_STATES. */
export function lifecycleStateCodes(
  { count, lastDays }: CustomerSummaries,
  { upToDays }: Rhythm,
  asOf: AsOf,
): Uint8Array {
  const { active, cooling, atRisk } = upToDays;
  const codes = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    const days = asOf.day - (lastDays[i] ?? NaN);
    codes[i] = days <= cooling ? (days <= active ? 0 : 1) : days <= atRisk ? 2 : 3;
  }
  return codes;
}

/** The stage of each customer as its place in LIFECYCLE_STAGES. */
export function lifecycleStageCodes({ count, firstDays, orders }: CustomerSummaries, asOf: AsOf): Uint8Array {
  const codes = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    codes[i] = LIFECYCLE_STAGES.indexOf(deriveLifecycleStage(orders[i] ?? NaN, asOf.day - (firstDays[i] ?? NaN)));
  }
  return codes;
}
