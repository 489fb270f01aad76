import type { AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { loadProductFacts } from '#app/adapters/shopify/product-facts.server.ts';
import type { ProductFacts } from '#app/adapters/shopify/product-facts.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** A merchant who changes a collection sees it at checkout after so long; what an order gives is asked anew. */
const FRESH_MS = 5 * 60_000;
/** Of all shops together: a few megabytes. */
const MOST_KEPT = 20_000;

interface Kept {
  /** Null for a product that is gone. */
  readonly facts: ProductFacts | null;
  readonly untilMs: number;
}

const kept = new Map<string, Kept>();

/**
 * The facts of products as this process knows them from minutes ago, and the others from Shopify: a shop whose checkouts
 * all ask must not use up what its sync needs.
 */
export async function recallProductFacts(
  { shop: { shopId }, admin, nowMs }: { shop: Pick<ShopRef, 'shopId'>; admin: AdminApi; nowMs: number },
  { productIds, collectionIds }: { productIds: readonly number[]; collectionIds: readonly number[] },
): Promise<Map<number, ProductFacts>> {
  const keyOf = (productId: number): string => `${shopId} ${productId} ${collectionIds.join()}`;
  const recall = (productId: number): Kept | undefined => {
    const known = kept.get(keyOf(productId));
    return known !== undefined && known.untilMs > nowMs ? known : undefined;
  };
  const missing = productIds.filter((productId) => recall(productId) === undefined);
  const loaded = missing.length === 0 ? new Map<number, ProductFacts>() : await loadProductFacts(admin, { productIds: missing, collectionIds });
  const found = productIds.map((productId) => [productId, loaded.get(productId) ?? recall(productId)?.facts ?? null] as const);
  for (const productId of missing) keep(keyOf(productId), { facts: loaded.get(productId) ?? null, untilMs: nowMs + FRESH_MS });
  return new Map(found.flatMap(([productId, facts]) => (facts === null ? [] : [[productId, facts]])));
}

function keep(key: string, facts: Kept): void {
  // The oldest go first, which are the first in the map.
  kept.delete(key);
  kept.set(key, facts);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) return;
    kept.delete(oldest);
  }
}
