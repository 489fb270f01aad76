import { loadFreeShipping, saveFreeShipping } from '#app/adapters/db/loyalty/free-shipping.repository.server.ts';
import { hastenLook } from '#app/adapters/db/loyalty/tracing.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** The merchant wants what is not in force, by their own hand or by Shopify's word, to be made anew: the worker does it. */
export async function renewFreeShipping({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>): Promise<void> {
  await inShop(async (db) => {
    const state = await loadFreeShipping(db, shop);
    if (state === null || state.phase === 'in-force' || state.phase === 'making') return;
    await saveFreeShipping(db, shop, { ...state, phase: 'anew', trouble: null, lookAtMs: now().getTime() });
    await hastenLook(db, shop, now());
  });
}
