import type { EarningOrder } from '../accrual/earning-order.ts';
import { isPaidInFull } from '../accrual/earning-order.ts';
import type { TierFact } from './derive-tier-basis.ts';

/**
 * What an order counts for in tiers, as it stands; null for one that counts for nothing. Of a shop that has changed its
 * currency, orders in the old one are worth nothing that could be added to the new.
 */
export function tierFactOfOrder(
  { exclusion, financialStatus, processedAtMs, shopValue }: Pick<EarningOrder, 'exclusion' | 'financialStatus' | 'processedAtMs' | 'shopValue'>,
  { points, shopCurrency }: { points: number; shopCurrency: string },
): TierFact | null {
  if (exclusion !== null) return null;
  const spendMinor = shopValue.currency === shopCurrency ? shopValue.amountMinor : 0;
  return { atMs: processedAtMs, spendMinor, points, orders: isPaidInFull({ financialStatus }) ? 1 : 0 };
}
