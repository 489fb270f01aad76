import { loadCollectionsOf } from '#app/adapters/shopify/product-collections.server.ts';
import { collectionsAsked, withCollections } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import { versionInForce } from '#app/domain/loyalty/program/version-in-force.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * The orders with the collections that their products are in, as far as a rate asks for them: Shopify is asked only where
 * an order's version of the program has rates for collections. Never inside a transaction.
 *
 * @throws ShopifyUnavailableError and its like: an order is not to be awarded by half of what counts
 */
export async function findCollections(
  { admin }: Pick<ShopContext, 'admin'>,
  orders: readonly EarningOrder[],
  { versions }: Pick<ProgramTerms, 'versions'>,
): Promise<EarningOrder[]> {
  const asked = collectionsAsked(orders.map((order) => ({ order, program: versionInForce(versions, order.processedAtMs)?.program ?? null })));
  if (asked.productIds.length === 0) return [...orders];
  const collections = await loadCollectionsOf(admin, asked);
  return orders.map((order) => withCollections(order, collections));
}
