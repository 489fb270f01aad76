import { forgetInvite } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { inSlices } from '#app/adapters/db/in-slices.ts';
import { NEUTRAL_TITLE } from '#app/adapters/db/offers/offer-codes.repository.server.ts';
import { forgetMember } from '#app/adapters/db/segment-members.repository.server.ts';
import { forgetLoyaltyMember } from '#app/adapters/db/loyalty/forget-member.server.ts';
import { customerHashOf, pseudonymOf, raiseTombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { Prisma, WebhookDelivery } from '#app/generated/prisma/client.ts';
import { dropAnswersNaming } from '#app/services/privacy/drop-answers.server.ts';
import { dropWebhooksNaming } from '#app/services/privacy/drop-webhooks.server.ts';
import { BLANKED } from '#app/services/sync/import/import-source.server.ts';
import type { CustomerRequest } from '#app/services/sync/webhooks/webhook-payloads.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Most take milliseconds. But at a till, all who walk in may be one customer, with a shop's whole history.
const TIMEOUT_MS = 60_000;

/**
 * Forgets a customer: the record goes, the orders stay under a pseudonym so that counts and sums stay true, and
 * tombstones keep late webhooks, old files and restored backups from bringing the customer back. Orders that the request
 * names lose what could lead to a person, also when it names nobody that we know.
 *
 * A request that names an e-mail alone finds nobody by it, for we keep none. The orders that Shopify names beside it are
 * the person's, so when they all are of one customer here, that customer is meant.
 */
export async function redactCustomer(
  context: ShopContext,
  { customerId, orderIds }: CustomerRequest,
  delivery?: Pick<WebhookDelivery, 'webhookId' | 'receivedAt'>,
): Promise<'redacted' | 'nothing-held'> {
  const { inShop, shop, now } = context;
  const isOfNobody = customerId === null && orderIds.length === 0;
  const outcome = isOfNobody ? 'nothing-held' : 'redacted';
  await inShop(async (db) => {
    // First: an import that is storing waits here, and then finds the tombstones.
    await db.shop.update({
      where: { shopId: shop.shopId },
      data: { dataVersion: { increment: 1 }, freshAt: now() },
    });
    if (!isOfNobody) {
      const meantId = customerId ?? (await soleOwnerOf(context, db, orderIds));
      await redactOrders(context, db, orderIds);
      await failpoint('redact-inside');
      if (meantId !== null) await redactPerson(context, db, meantId);
    }
    if (delivery) await recordRedaction(context, db, { ...delivery, outcome });
  }, { timeoutMs: TIMEOUT_MS });
  return outcome;
}

async function soleOwnerOf({ shop }: ShopContext, db: TenantDb, orderIds: readonly bigint[]): Promise<bigint | null> {
  const owners = new Set<bigint | null>();
  for (const slice of inSlices(orderIds)) {
    const found = await db.order.findMany({
      where: { shopId: shop.shopId, orderId: { in: slice } },
      distinct: ['customerId'],
      select: { customerId: true },
    });
    for (const { customerId } of found) owners.add(customerId);
  }
  const [ownerId = null] = owners.size === 1 ? owners : [];
  // A pseudonym is negative.
  return ownerId !== null && ownerId > 0n ? ownerId : null;
}

/** Within a transaction that has changed the shop's row already. */
export async function redactOrders(context: ShopContext, db: TenantDb, orderIds: readonly bigint[]): Promise<void> {
  if (orderIds.length === 0) return;
  const { sealedBox, shop } = context;
  await raiseTombstones(db, sealedBox, shop, 'redacted-order', orderIds);
  await blankOrders(db, shop.shopId, orderIds);
  const named = new Set(orderIds.map(String));
  await dropAnswersNaming(context, db, (orderId) => named.has(orderId));
  // One that guests share names nobody.
  const { shopId } = shop;
  for (const slice of inSlices(orderIds)) {
    await renameDiscounts(db, { shopId, customerId: { not: null }, codes: { some: { orderId: { in: slice } } } });
  }
}

/**
 * The same for everything of one person.
 * @param pseudonym whom the orders are given to; another than their own when they were merged into somebody else
 */
export async function redactPerson(
  context: ShopContext,
  db: TenantDb,
  customerId: bigint,
  pseudonym = pseudonymOf(context.sealedBox, context.shop, customerId),
): Promise<void> {
  const { sealedBox, shop } = context;
  const { shopId } = shop;
  await raiseTombstones(db, sealedBox, shop, 'customer', [customerId]);
  await db.customerMerge.updateMany({
    where: { shopId, keptCustomerId: customerId },
    data: { keptCustomerId: pseudonym },
  });
  await db.customer.deleteMany({ where: { shopId, customerId } });
  await db.reconciliationCustomerDifference.deleteMany({ where: { shopId, customerId } });
  const orders = await db.order.findMany({ where: { shopId, customerId }, select: { orderId: true } });
  await blankOrders(db, shopId, orders.map(({ orderId }) => orderId));
  await db.order.updateMany({ where: { shopId, customerId }, data: { customerId: pseudonym } });
  await renameDiscounts(db, { shopId, customerId });
  await db.offerDiscount.updateMany({ where: { shopId, customerId }, data: { customerId: pseudonym } });
  // Shopify erases the customer with the tags that they have.
  await forgetMember(db, shop, customerId);
  await forgetInvite(db, shop, customerId);
  await forgetLoyaltyMember(context, db, { customerId, pseudonym });
  await db.privacyRequest.updateMany({
    where: { shopId, customerHash: customerHashOf(sealedBox, shop, customerId) },
    data: { answerSealed: null, customerHash: null, outcome: 'redacted' },
  });
  await dropWebhooksNaming(context, db, customerId);
  // What could not be read of a file may have been of this person, and nobody can tell any more.
  await db.import.updateMany({ where: { shopId, errorDetail: { not: null } }, data: { errorDetail: null } });
}

async function blankOrders(db: TenantDb, shopId: number, orderIds: readonly bigint[]): Promise<void> {
  for (const slice of inSlices(orderIds)) {
    const where = { shopId, orderId: { in: slice } };
    await db.order.updateMany({ where, data: BLANKED });
    // What is of no product was typed in for this buyer, their name at times: an engraving, a commission.
    await db.orderLine.updateMany({ where: { ...where, productId: null }, data: { title: '', sku: null } });
    // An unkeyed digest of the order as it was, in which a guess could be tried.
    await db.reconciliationDifference.updateMany({ where, data: { ourFingerprint: null } });
  }
}

async function renameDiscounts(db: TenantDb, where: Prisma.OfferDiscountWhereInput): Promise<void> {
  await db.offerDiscount.updateMany({ where, data: { title: NEUTRAL_TITLE } });
}

/** That it was asked and done, and of whom no more. */
async function recordRedaction(
  { shop, now }: ShopContext,
  db: TenantDb,
  { webhookId, receivedAt, outcome }: Pick<WebhookDelivery, 'webhookId' | 'receivedAt'> & { outcome: string },
): Promise<void> {
  const { shopId } = shop;
  await db.privacyRequest.upsert({
    where: { shopId_webhookId: { shopId, webhookId } },
    create: { shopId, webhookId, kind: 'redaction', requestedAt: receivedAt, answeredAt: now(), outcome },
    update: {},
  });
}
