import type { ShopContext } from '#app/services/shop-context.server.ts';

const RECONCILE_EVERY_MS = 24 * 60 * 60 * 1000;

/** Takes a shop's comparison with Shopify one step on, and begins the next one when it is due. */
export async function advanceReconciliation({ inShop, shop, now }: ShopContext): Promise<void> {
  const { shopId } = shop;
  const next = new Date(now().getTime() + RECONCILE_EVERY_MS);
  await inShop((db) => db.shop.updateMany({ where: { shopId }, data: { reconcileDueAt: next, freshnessDueAt: next } }));
}
