import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import { customerHashOf } from '#app/services/privacy/customer-hash.server.ts';
import type { CustomerRequest } from '#app/services/sync/webhooks/webhook-payloads.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// A person's orders, not a wholesaler's whole ledger; what is left out is counted in the answer.
const MAX_ORDERS = 2_000;

/** Collects what we hold of a customer, sealed, for the merchant to hand on. Keyed by the webhook, so once only. */
export async function recordDataRequest(
  context: ShopContext,
  { webhookId, receivedAt }: Pick<WebhookDelivery, 'webhookId' | 'receivedAt'>,
  { customerId }: CustomerRequest,
): Promise<'answered' | 'nothing-held'> {
  const { inShop, shop, sealedBox, now } = context;
  const { shopId } = shop;
  return inShop(async (db) => {
    const held = customerId === null ? null : await loadHeld(db, shopId, customerId);
    const isHeld = held !== null && [held.customer, held.orders, held.discounts].some((rows) => rows.length > 0);
    const answer = JSON.stringify(held, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    const place = { shopId, table: 'privacy_requests', column: 'answer', row: webhookId };
    await db.privacyRequest.upsert({
      where: { shopId_webhookId: { shopId, webhookId } },
      create: {
        shopId,
        webhookId,
        kind: 'data-request',
        customerHash: customerId === null ? null : customerHashOf(context, customerId),
        requestedAt: receivedAt,
        answeredAt: now(),
        outcome: isHeld ? 'answered' : 'nothing-held',
        answerSealed: sealedBox.seal(answer, place),
      },
      update: {},
    });
    return isHeld ? 'answered' : 'nothing-held';
  });
}

/** One query after another: they share one connection, which Prisma's own joining would ask several things at once. */
async function loadHeld(db: TenantDb, shopId: number, customerId: bigint) {
  const where = { shopId, customerId };
  const customer = await db.customer.findMany({ where });
  const orders = await db.order.findMany({ where, orderBy: { processedAt: 'desc' }, take: MAX_ORDERS });
  const ordersLeftOut = (await db.order.count({ where })) - orders.length;
  const ofOrders = { shopId, orderId: { in: orders.map(({ orderId }) => orderId) } };
  const orderLines = await db.orderLine.findMany({ where: ofOrders });
  const refunds = await db.refund.findMany({ where: ofOrders });
  const fulfillments = await db.fulfillment.findMany({ where: ofOrders });
  const discounts = await db.offerDiscount.findMany({ where, orderBy: { createdAt: 'desc' }, take: MAX_ORDERS });
  const discountKeys = discounts.map(({ discountKey }) => discountKey);
  const codes = await db.offerCode.findMany({ where: { shopId, discountKey: { in: discountKeys } } });
  return { customer, orders, ordersLeftOut, orderLines, refunds, fulfillments, discounts, codes };
}
