import { requestImports } from '#app/services/sync/record-install.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Pulls the whole history again; a pull that is under way goes on as it is. */
export async function restartImports(context: ShopContext): Promise<void> {
  await context.inShop((db) => requestImports(context, db));
}
