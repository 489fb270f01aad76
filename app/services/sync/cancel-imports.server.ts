import { loadUnfinishedImports, updateUnfinishedImport } from '#app/adapters/db/imports.repository.server.ts';
import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { cancelBulkOperation } from '#app/adapters/shopify/bulk-operations.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const TOLERATED = [ShopifyUnavailableError, ShopifyAccessError, ShopifyRequestError];

/**
 * Stops the pulls of a shop. Ours is decided first, so nothing more is stored; that Shopify stops too is a courtesy,
 * and when it cannot be told, its operation ends by itself.
 */
export async function cancelImports({ inShop, shop, admin, now }: ShopContext): Promise<void> {
  const imports = await inShop(async (db) => {
    const unfinished = await loadUnfinishedImports(db, shop);
    for (const { importId } of unfinished) {
      await updateUnfinishedImport(db, shop, importId, { state: 'cancelled', finishedAt: now() });
    }
    return unfinished;
  });
  for (const { state, bulkOperationId } of imports) {
    if (state !== 'running' || bulkOperationId === null) continue;
    try {
      await cancelBulkOperation(admin, bulkOperationId);
    } catch (error) {
      if (!TOLERATED.some((type) => error instanceof type)) throw error;
    }
  }
}
