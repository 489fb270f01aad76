import { hastenLook } from '#app/adapters/db/loyalty/tracing.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** After something was written of members, so that Shopify hears of it at once. Without it, it would within a minute. */
export async function hastenTraces({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>): Promise<void> {
  await inShop((db) => hastenLook(db, shop, now()));
}
