import { holdsGrant } from '#app/services/holds-grant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Deletes the shop, and with it by cascade every row of every table that names it. Not done while the app is installed:
 * Shopify sends this for shops that left, and one that is back has asked for nothing to be deleted. That it is installed
 * is asked of Shopify and not of our record, since the webhook of an uninstall may never have come.
 */
export async function redactShop(context: ShopContext): Promise<'deleted' | 'installed-again'> {
  const { inShop, shop } = context;
  if (await holdsGrant(context)) return 'installed-again';
  await inShop((db) => db.shop.deleteMany({ where: { shopId: shop.shopId } }));
  return 'deleted';
}
