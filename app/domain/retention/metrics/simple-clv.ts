import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { Basics, SimpleClv } from '../report/report.ts';
import { ratio } from './ratio.ts';

/**
 * AOV x orders a year x lifespan in years, AOV and orders a year from the last 365 days: 75 x 2 x 3 = 450. The lifespan
 * is the merchant's assumption; beside it stands how long customers have been seen to last so far, which is short in a
 * young shop because nobody has had the time.
 */
export function computeSimpleClv(trailing: Basics, summaries: CustomerSummaries, lifespanYears: number): SimpleClv {
  const { aovMinor, purchaseFrequency } = trailing;
  const { count, firstDays, lastDays } = summaries;
  let lifespanDays = 0;
  for (let i = 0; i < count; i += 1) lifespanDays += (lastDays[i] ?? NaN) - (firstDays[i] ?? NaN);
  return {
    lifespanYears,
    clvMinor: aovMinor === null || purchaseFrequency === null ? null : aovMinor * purchaseFrequency * lifespanYears,
    observedLifespanDays: ratio(lifespanDays, count),
  };
}
