import { pseudonymOf, raiseTombstone } from '#app/adapters/db/tombstones.repository.server.ts';
import type { CustomerRequest } from '#app/services/sync/webhooks/webhook-payloads.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Forgets a customer: the record goes, the orders stay under a pseudonym so that counts and sums stay true, and a
 * tombstone keeps late webhooks and old files from bringing the customer back.
 */
export async function redactCustomer(
  { inShop, shop, sealedBox, now }: ShopContext,
  { customerId }: CustomerRequest,
): Promise<'redacted' | 'nothing-held'> {
  if (customerId === null) return 'nothing-held';
  const { shopId } = shop;
  const pseudonym = pseudonymOf(sealedBox, shop, customerId);
  await inShop(async (db) => {
    // First: an import that is storing waits here, and then finds the tombstone.
    await db.shop.update({ where: { shopId }, data: { dataVersion: { increment: 1 }, freshAt: now() } });
    await raiseTombstone(db, sealedBox, shop, 'customer', customerId);
    await db.customerMerge.updateMany({ where: { shopId, keptCustomerId: customerId }, data: { keptCustomerId: pseudonym } });
    await db.customer.deleteMany({ where: { shopId, customerId } });
    await db.order.updateMany({ where: { shopId, customerId }, data: { customerId: pseudonym, name: '' } });
    await db.offerDiscount.updateMany({ where: { shopId, customerId }, data: { customerId: pseudonym } });
  });
  return 'redacted';
}
