import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import type { AsOf } from '../columns/time-window.ts';
import { moneyClassAt, wordsOf } from './percentiles-of-money.ts';
import { PurchaseTally } from './purchase-tally.ts';
import type { PurchaseCounts } from './purchase-tally.ts';

/** What of customers is scored: recency, frequency, and money. */
export type Purchases = Pick<CustomerSummaries, 'count' | 'orders' | 'revenueMinor' | 'lastDays'>;

/** Of customers that were summed up already. The report has them from `scanOrders`, which counts on the way. */
export function countPurchases({ count, orders, lastDays, revenueMinor }: Purchases, asOf: AsOf): PurchaseCounts {
  let earliest = asOf.day;
  for (let i = 0; i < count; i += 1) earliest = Math.min(earliest, lastDays[i] ?? NaN);
  const tally = new PurchaseTally(earliest, asOf);
  const words = wordsOf(revenueMinor);
  for (let i = 0; i < count; i += 1) tally.add(orders[i] ?? NaN, lastDays[i] ?? NaN, moneyClassAt(words, i));
  return tally.counts();
}
