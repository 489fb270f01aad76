import {
  ShopifyAccessError,
  ShopifyGrantUnclearError,
  ShopifyRequestError,
} from '#app/adapters/shopify/admin-api.server.ts';
import { ShopFactsDocument } from '#app/generated/admin-api.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Whether the shop has the app, asked of Shopify: our own record and the order in which webhooks come may both be wrong.
 * Throws when that cannot be told now, as of a frozen shop.
 */
export async function holdsGrant({ admin, inShop, shop }: Pick<ShopContext, 'admin' | 'inShop' | 'shop'>): Promise<boolean> {
  if ((await inShop((db) => db.session.count({ where: { shopId: shop.shopId } }))) === 0) return false;
  try {
    await admin(ShopFactsDocument, {});
    return true;
  } catch (error) {
    if (error instanceof ShopifyAccessError && !(error instanceof ShopifyGrantUnclearError)) return false;
    // It answered with a refusal of the question, which it does to installed apps only.
    if (error instanceof ShopifyRequestError) return true;
    throw error;
  }
}
