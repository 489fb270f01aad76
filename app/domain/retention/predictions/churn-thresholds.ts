import type { Shortage } from '../report/predictions-report.ts';
import type { PurchaseSummaries } from './purchase-summaries.ts';

/** Below any of these a fitted model says more about its own assumptions than about the shop (METRICS section 5). */
export const CHURN_NEEDS: Readonly<Record<Shortage['what'], number>> = { customers: 500, historyDays: 180, customersWithThreeOrders: 50 };


/** History runs from the first counted order of these customers to the as-of day. */
export function findShortages({ count, age, orders }: PurchaseSummaries): Shortage[] {
  const has: Record<Shortage['what'], number> = { customers: count, historyDays: 0, customersWithThreeOrders: 0 };
  for (let i = 0; i < count; i += 1) {
    has.historyDays = Math.max(has.historyDays, age[i] ?? NaN);
    if ((orders[i] ?? NaN) >= 3) has.customersWithThreeOrders += 1;
  }
  const needs: Shortage['what'][] = ['customers', 'historyDays', 'customersWithThreeOrders'];
  return needs
    .filter((what) => has[what] < CHURN_NEEDS[what])
    .map((what) => ({ what, has: has[what], needs: CHURN_NEEDS[what] }));
}
