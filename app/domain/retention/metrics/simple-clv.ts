import type { Basics, SimpleClv } from '../report/report.ts';
import type { OrderGaps } from './days-between-orders.ts';
import { ratio } from './ratio.ts';

interface LifespanInputs {
  /** The merchant's assumption. */
  lifespanYears: number;
  /** Customers who have ordered, and the gaps between their orders. */
  customers: number;
  gaps: OrderGaps;
}

/**
 * AOV x orders a year x lifespan in years, AOV and orders a year from the last 365 days: 75 x 2 x 3 = 450. The lifespan
 * is the merchant's assumption; beside it stands how long customers have been seen to last so far, which is short in a
 * young shop because nobody has had the time.
 */
export function computeSimpleClv(trailing: Basics, { lifespanYears, customers, gaps }: LifespanInputs): SimpleClv {
  const { aovMinor, purchaseFrequency } = trailing;
  return {
    lifespanYears,
    clvMinor: aovMinor === null || purchaseFrequency === null ? null : aovMinor * purchaseFrequency * lifespanYears,
    // A customer's gaps add up to the days from the first order to the last.
    observedLifespanDays: ratio(gaps.pooled.sum, customers),
  };
}
