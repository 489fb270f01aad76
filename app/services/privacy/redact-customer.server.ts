import { pseudonymOf, raiseTombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { Prisma } from '#app/generated/prisma/client.ts';
import { customerHashOf } from '#app/services/privacy/customer-hash.server.ts';
import { BLANKED } from '#app/services/sync/import/import-source.server.ts';
import type { CustomerRequest } from '#app/services/sync/webhooks/webhook-payloads.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// The title names the order as the merchant and the buyer know it.
const NEUTRAL_TITLE = 'Perennial: next order';

/**
 * Forgets a customer: the record goes, the orders stay under a pseudonym so that counts and sums stay true, and
 * tombstones keep late webhooks and old files from bringing the customer back. Orders that the request names lose what
 * could lead to a person, also when it names nobody that we know.
 */
export async function redactCustomer(
  context: ShopContext,
  { customerId, orderIds }: CustomerRequest,
): Promise<'redacted' | 'nothing-held'> {
  const { inShop, shop, now } = context;
  if (customerId === null && orderIds.length === 0) return 'nothing-held';
  await inShop(async (db) => {
    // First: an import that is storing waits here, and then finds the tombstones.
    await db.shop.update({
      where: { shopId: shop.shopId },
      data: { dataVersion: { increment: 1 }, freshAt: now() },
    });
    await redactOrders(context, db, orderIds);
    if (customerId !== null) await redactPerson(context, db, customerId);
  });
  return 'redacted';
}

async function redactOrders(
  { sealedBox, shop }: ShopContext,
  db: TenantDb,
  orderIds: readonly bigint[],
): Promise<void> {
  const { shopId } = shop;
  const named = { in: [...orderIds] };
  await raiseTombstones(db, sealedBox, shop, 'redacted-order', orderIds);
  await db.order.updateMany({ where: { shopId, orderId: named }, data: BLANKED });
  // One that guests share names nobody.
  await renameDiscounts(db, { shopId, customerId: { not: null }, codes: { some: { orderId: named } } });
}

async function redactPerson(context: ShopContext, db: TenantDb, customerId: bigint): Promise<void> {
  const { sealedBox, shop } = context;
  const { shopId } = shop;
  const pseudonym = pseudonymOf(sealedBox, shop, customerId);
  await raiseTombstones(db, sealedBox, shop, 'customer', [customerId]);
  await db.customerMerge.updateMany({
    where: { shopId, keptCustomerId: customerId },
    data: { keptCustomerId: pseudonym },
  });
  await db.customer.deleteMany({ where: { shopId, customerId } });
  await db.order.updateMany({ where: { shopId, customerId }, data: { ...BLANKED, customerId: pseudonym } });
  await renameDiscounts(db, { shopId, customerId });
  await db.offerDiscount.updateMany({ where: { shopId, customerId }, data: { customerId: pseudonym } });
  await db.privacyRequest.updateMany({
    where: { shopId, customerHash: customerHashOf(context, customerId) },
    data: { answerSealed: null },
  });
}

async function renameDiscounts(db: TenantDb, where: Prisma.OfferDiscountWhereInput): Promise<void> {
  await db.offerDiscount.updateMany({ where, data: { title: NEUTRAL_TITLE } });
}
