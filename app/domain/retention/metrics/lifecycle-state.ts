import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { OrderGaps } from './days-between-orders.ts';
import { percentile } from './percentile.ts';
import type { LifecycleReport, LifecycleState } from '../report/report.ts';
import type { AsOf } from '../columns/time-window.ts';
import { int32At } from '../columns/typed-array-access.ts';

/** Fewer gaps than this do not show a rhythm: the 90th percentile would rest on under 20 of them. */
const GAPS_NEEDED = 200;
const FIXED_RULE_DAYS = { active: 60, cooling: 120, atRisk: 180 };

/**
 * Where customers stand by the shop's own rhythm (METRICS section 5): active up to the median gap between orders,
 * cooling to the 75th percentile, at risk to the 90th, lapsed after it. Days since the last order, limits included.
 */
export function computeLifecycle(summaries: CustomerSummaries, gaps: OrderGaps, asOf: AsOf): LifecycleReport {
  const { pooled } = gaps;
  const median = percentile(pooled, 50);
  const p75 = percentile(pooled, 75);
  const p90 = percentile(pooled, 90);
  const isRhythmKnown = pooled.length >= GAPS_NEEDED && median !== null && p75 !== null && p90 !== null;
  const upToDays = isRhythmKnown ? { active: median, cooling: p75, atRisk: p90 } : FIXED_RULE_DAYS;

  const states = { active: 0, cooling: 0, atRisk: 0, lapsed: 0 };
  for (let i = 0; i < summaries.count; i += 1) {
    states[deriveLifecycleState(asOf.day - int32At(summaries.lastDays, i), upToDays)] += 1;
  }
  return {
    basis: isRhythmKnown ? 'ownRhythm' : 'fixedRule',
    gaps: pooled.length,
    gapsNeeded: GAPS_NEEDED,
    upToDays,
    states,
  };
}

export function deriveLifecycleState(
  daysSinceLastOrder: number,
  upToDays: LifecycleReport['upToDays'],
): LifecycleState {
  if (daysSinceLastOrder <= upToDays.active) return 'active';
  if (daysSinceLastOrder <= upToDays.cooling) return 'cooling';
  return daysSinceLastOrder <= upToDays.atRisk ? 'atRisk' : 'lapsed';
}
