import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { AsOf } from '../columns/time-window.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES } from '../report/report.ts';
import type { LifecycleReport, LifecycleStage, LifecycleState } from '../report/report.ts';
import type { OrderGaps } from './days-between-orders.ts';
import { percentileOfCounts } from './value-counts.ts';

/** Fewer gaps than this do not show a rhythm: the 90th percentile would rest on under 20 of them. */
const GAPS_NEEDED = 200;
const FIXED_RULE_DAYS = { active: 60, cooling: 120, atRisk: 180 };

/** Where customers stand (METRICS section 5): by the shop's own rhythm, and by age and number of orders. */
export function computeLifecycle(summaries: CustomerSummaries, gaps: OrderGaps, asOf: AsOf): LifecycleReport {
  const rhythm = deriveRhythm(gaps);
  const states: LifecycleReport['states'] = { active: 0, cooling: 0, atRisk: 0, lapsed: 0 };
  const stages: LifecycleReport['stages'] = {
    onboarding: 0,
    nurture: 0,
    activation: 0,
    oneTime: 0,
    building: 0,
    loyal: 0,
  };
  const customersIn = countCodes(lifecycleStateCodes(summaries, rhythm, asOf), LIFECYCLE_STATES.length);
  for (const [code, state] of LIFECYCLE_STATES.entries()) states[state] = customersIn[code] ?? NaN;
  const customersAt = countCodes(lifecycleStageCodes(summaries, asOf), LIFECYCLE_STAGES.length);
  for (const [code, stage] of LIFECYCLE_STAGES.entries()) stages[stage] = customersAt[code] ?? NaN;
  return { ...rhythm, states, stages };
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
  if (orders >= 4) return 'loyal';
  if (orders >= 2) return 'building';
  if (daysSinceFirstOrder <= 7) return 'onboarding';
  if (daysSinceFirstOrder <= 14) return 'nurture';
  return daysSinceFirstOrder <= 30 ? 'activation' : 'oneTime';
}

/** The state of each customer as its place in LIFECYCLE_STATES. */
export function lifecycleStateCodes(
  { count, lastDays }: CustomerSummaries,
  { upToDays }: Rhythm,
  asOf: AsOf,
): Uint8Array {
  const codes = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    codes[i] = LIFECYCLE_STATES.indexOf(deriveLifecycleState(asOf.day - (lastDays[i] ?? NaN), upToDays));
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

function countCodes(codes: Uint8Array, codeCount: number): Uint32Array {
  const counts = new Uint32Array(codeCount);
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? NaN;
    counts[code] = (counts[code] ?? NaN) + 1;
  }
  return counts;
}
