import { countFinancialStatuses, type FinancialStatusCount } from '#app/adapters/db/count-financial-statuses.server.ts';
import { isKnownFinancialStatus } from '#app/domain/retention/metrics/order-value.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Payment states that Perennial does not know, with their orders, which count for nothing. Usually none. */
export async function loadUnknownPaymentStates({
  inShop,
  shop,
}: Pick<ShopContext, 'inShop' | 'shop'>): Promise<FinancialStatusCount[]> {
  const counts = await inShop((db) => countFinancialStatuses(db, shop));
  return counts.filter(({ status }) => status === null || !isKnownFinancialStatus(status));
}
