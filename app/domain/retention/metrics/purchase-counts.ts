import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { AsOf } from '../columns/time-window.ts';
import { countValues, valueCountsOf } from './value-counts.ts';
import type { ValueCounts } from './value-counts.ts';

/** What of customers is scored: recency, frequency, and money. */
export type Purchases = Pick<CustomerSummaries, 'count' | 'orders' | 'revenueMinor' | 'lastDays'>;

/** How many customers have each number of days since the last order, and of orders: RFM and lifecycle go by both. */
export interface PurchaseCounts {
  readonly daysSinceLast: ValueCounts;
  readonly orders: ValueCounts;
}

export function countPurchases({ orders, lastDays }: Purchases, asOf: AsOf): PurchaseCounts {
  return { daysSinceLast: countDaysSince(lastDays, asOf), orders: countValues(orders) };
}

function countDaysSince(days: Int32Array, asOf: AsOf): ValueCounts {
  let earliest = asOf.day;
  for (let i = 0; i < days.length; i += 1) earliest = Math.min(earliest, days[i] ?? NaN);
  const counts = new Uint32Array(asOf.day - earliest + 1);
  for (let i = 0; i < days.length; i += 1) {
    const since = asOf.day - (days[i] ?? NaN);
    counts[since] = (counts[since] ?? NaN) + 1;
  }
  return valueCountsOf(counts);
}
