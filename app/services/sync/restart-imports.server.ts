import { requestImports } from '#app/services/sync/record-install.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Pulls the whole history again; a pull that is under way goes on as it is. */
export async function restartImports({ inShop, shop, now }: ShopContext): Promise<void> {
  await inShop((db) => requestImports(db, shop.shopId, now()));
}
