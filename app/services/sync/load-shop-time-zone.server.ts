import type { ShopContext } from '#app/services/shop-context.server.ts';

/** IANA name; null until the first pull has asked Shopify for it. */
export async function loadShopTimeZone({ shop, inShop }: Pick<ShopContext, 'shop' | 'inShop'>): Promise<string | null> {
  const { ianaTimeZone } = await inShop((db) => db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } }));
  return ianaTimeZone;
}
