import { ShopifyAccessError, ShopifyRequestError } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopFactsDocument } from '#app/generated/admin-api.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Deletes the shop, and with it by cascade every row of every table that names it. Not done while the app is installed:
 * Shopify sends this for shops that left, and one that is back has asked for nothing to be deleted. That it is installed
 * is asked of Shopify and not of our record, since the webhook of an uninstall may never have come.
 */
export async function redactShop(context: ShopContext, _delivery: WebhookDelivery): Promise<'deleted' | 'installed-again'> {
  const { inShop, shop } = context;
  const { shopId } = shop;
  if (await hasGrant(context)) return 'installed-again';
  return inShop(async (db): Promise<'deleted'> => {
    await db.shop.deleteMany({ where: { shopId } });
    return 'deleted';
  });
}

async function hasGrant({ admin }: ShopContext): Promise<boolean> {
  try {
    await admin(ShopFactsDocument, {});
    return true;
  } catch (error) {
    if (error instanceof ShopifyAccessError) return false;
    // It answered with a refusal of the question, which it does to installed apps only.
    if (error instanceof ShopifyRequestError) return true;
    throw error;
  }
}
