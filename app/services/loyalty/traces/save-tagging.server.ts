import { askForSweep, changeTracing, openTracing } from '#app/adapters/db/loyalty/tracing.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Whether members carry a tag of their tier from now on. The worker gives and takes them, in the order of its turns. */
export async function saveTagging({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>, isTagging: boolean): Promise<void> {
  await inShop(async (db) => {
    const { tracing } = await openTracing(db, shop, now());
    if (tracing.isTagging === isTagging) return;
    await changeTracing(db, shop, { isTagging, lookDueAt: now() });
    await askForSweep(db, shop, now());
  });
}
