import { requestReconciliationOf } from '#app/adapters/db/reconciliations.repository.server.ts';
import type { ReconciliationCause, ReconciliationScope } from '#app/domain/sync/reconciliation.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Asks for a comparison with Shopify, which the worker then makes; one that is under way is not doubled. */
export async function requestReconciliation(
  { inShop, shop, newId, now }: Pick<ShopContext, 'inShop' | 'shop' | 'newId' | 'now'>,
  { scope, cause }: { scope: ReconciliationScope; cause: ReconciliationCause },
): Promise<void> {
  await inShop((db) => requestReconciliationOf(db, shop, { reconciliationId: newId(), scope, cause, now: now() }));
}
