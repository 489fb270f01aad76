import type { EarningOrder } from '../accrual/earning-order.ts';
import { isPaidInFull } from '../accrual/earning-order.ts';
import type { TierFact } from './derive-tier-basis.ts';

/** What an order counts for in tiers, as it stands; null for one that counts for nothing. */
export function tierFactOfOrder(
  { exclusion, financialStatus, processedAtMs, shopValue }: Pick<EarningOrder, 'exclusion' | 'financialStatus' | 'processedAtMs' | 'shopValue'>,
  points: number,
): TierFact | null {
  if (exclusion !== null) return null;
  return { atMs: processedAtMs, spendMinor: shopValue.amountMinor, points, orders: isPaidInFull({ financialStatus }) ? 1 : 0 };
}
