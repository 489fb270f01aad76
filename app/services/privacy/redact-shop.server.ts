import { domainHashOf } from '#app/adapters/db/tombstones.repository.server.ts';
import { holdsGrant } from '#app/services/holds-grant.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
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

// A second's work, far from what a transaction is given: that of a million orders in one would never end.
const ORDERS_AT_ONCE = 20_000;

/** A hash of the domain stays, so that a restored backup does not bring the shop back. */
export async function forgetShop({ inShop, shop, sealedBox, now }: ShopContext): Promise<void> {
  while ((await inShop((db) => deleteOrders(db, shop.shopId))) > 0);
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

/** Some of them, with what hangs on them. The shop's row first, as in every change of its data. */
async function deleteOrders(db: TenantDb, shopId: number): Promise<number> {
  await db.shop.updateMany({ where: { shopId }, data: { dataVersion: { increment: 1 } } });
  return db.$executeRaw`
    DELETE FROM orders WHERE shop_id = ${shopId} AND order_id IN (
      SELECT order_id FROM orders WHERE shop_id = ${shopId} ORDER BY order_id LIMIT ${ORDERS_AT_ONCE})`;
}
