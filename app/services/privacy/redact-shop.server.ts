import { deleteShopRows, NUMEROUS_TABLES } from '#app/adapters/db/delete-shop-rows.server.ts';
import { domainHashOf } from '#app/adapters/db/tombstones.repository.server.ts';
import { holdsGrant } from '#app/services/holds-grant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Deletes the shop, and with it by cascade every row of every table that names it. Not done while the app is installed:
 * Shopify sends this for shops that left, and one that is back has asked for nothing to be deleted. That it is installed
 * is asked of Shopify and not of our record, since the webhook of an uninstall may never have come.
 */
export async function redactShop(context: ShopContext): Promise<'deleted' | 'installed-again'> {
  if (await holdsGrant(context)) return 'installed-again';
  await forgetShop(context);
  return 'deleted';
}

/** A hash of the domain stays, so that a restored backup does not bring the shop back. */
export async function forgetShop({ inShop, shop, sealedBox, now }: ShopContext): Promise<void> {
  for (const table of NUMEROUS_TABLES) {
    while ((await inShop((db) => deleteShopRows(db, shop.shopId, table))) > 0);
  }
  const domainHash = domainHashOf(sealedBox, shop.domain);
  await inShop(async (db) => {
    await db.shop.deleteMany({ where: { shopId: shop.shopId } });
    await db.forgottenShop.upsert({
      where: { domainHash },
      create: { domainHash, forgottenAt: now() },
      update: { forgottenAt: now() },
    });
  });
}
