import type { ShopContext } from '#app/services/shop-context.server.ts';

const UPKEEP_EVERY_MS = 24 * 60 * 60 * 1000;

/** Once a day and shop: lets go of what is kept no longer, and says when to come back. */
export async function keepUp({ inShop, shop, now }: ShopContext): Promise<void> {
  const { shopId } = shop;
  await inShop((db) =>
    db.shop.updateMany({ where: { shopId }, data: { upkeepDueAt: new Date(now().getTime() + UPKEEP_EVERY_MS) } }),
  );
}
