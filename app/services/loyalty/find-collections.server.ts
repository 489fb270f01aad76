import { loadOrderEntries } from '#app/adapters/db/loyalty/order-entries.repository.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import { loadCollectionsOf } from '#app/adapters/shopify/product-facts.server.ts';
import { readAwardChoices } from '#app/domain/loyalty/accrual/award-reason.ts';
import { collectionsAsked, withCollections } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import { versionInForce } from '#app/domain/loyalty/program/version-in-force.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const NOTHING_CHOSEN: ReadonlyMap<string, unknown> = new Map();

/** Whether any version of the program has rates for collections, so that Shopify may have to be asked. */
export function asksForCollections({ versions }: Pick<ProgramTerms, 'versions'>): boolean {
  return versions.some(({ program }) => program.earning.multipliers.some(({ scope }) => scope.kind === 'collections'));
}

/**
 * The orders with the collections that their products are in, as far as a rate asks for them: Shopify is asked only where
 * an order's version of the program has rates for collections, and of lines that no award has chosen the rate of, as
 * those of a new order or of an edit. Never inside a transaction.
 *
 * @throws ShopifyUnavailableError and its like: an order is not to be awarded by half of what counts
 */
export async function findCollections(
  { shop, pool, admin }: Pick<ShopContext, 'shop' | 'pool' | 'admin'>,
  orders: readonly EarningOrder[],
  { versions }: Pick<ProgramTerms, 'versions'>,
): Promise<EarningOrder[]> {
  const cases = orders.map((order) => ({ order, program: versionInForce(versions, order.processedAtMs)?.program ?? null, chosen: NOTHING_CHOSEN }));
  if (collectionsAsked(cases).productIds.length === 0) return [...orders];
  const entries = await withTenantSnapshot(pool, shop, (connection) => loadOrderEntries(connection, shop, orders.map(({ orderId }) => orderId)));
  const asked = collectionsAsked(
    cases.map(({ order, program }) => {
      const awards = entries.filter(({ orderId, kind }) => orderId === order.orderId && kind === 'order');
      return { order, program, chosen: readAwardChoices(awards.map(({ reason }) => reason))?.lineRules ?? NOTHING_CHOSEN };
    }),
  );
  if (asked.productIds.length === 0) return [...orders];
  const collections = await loadCollectionsOf(admin, asked);
  return orders.map((order) => withCollections(order, collections));
}
