import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Deletes the shop, and with it by cascade every row of every table that names it. Not done while the app is installed:
 * Shopify sends this for shops that left, and one that is back has asked for nothing to be deleted.
 */
export async function redactShop({ inShop, shop }: ShopContext, _delivery: WebhookDelivery): Promise<'deleted' | 'installed-again'> {
  const { shopId } = shop;
  return inShop(async (db) => {
    const { count } = await db.shop.deleteMany({
      where: { shopId, OR: [{ installedAt: null }, { uninstalledAt: { not: null } }] },
    });
    return count > 0 ? 'deleted' : 'installed-again';
  });
}
