import { forgetOldReconciliations } from '#app/adapters/db/reconciliations.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// A month of nights; of the last three, what differed on which day and in which order.
const KEPT_RUNS = 30;
const KEPT_IN_DETAIL = 3;

/** For the daily upkeep. */
export async function forgetReconciliations({ inShop, shop }: Pick<ShopContext, 'inShop' | 'shop'>): Promise<void> {
  await inShop((db) => forgetOldReconciliations(db, shop, { keptRuns: KEPT_RUNS, keptInDetail: KEPT_IN_DETAIL }));
}
