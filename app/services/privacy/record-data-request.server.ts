import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import type { CustomerRequest } from '#app/services/sync/webhooks/webhook-payloads.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Collects what we hold of a customer, sealed, for the merchant to hand on. Keyed by the webhook, so once only. */
export async function recordDataRequest(
  { inShop, shop, sealedBox, now }: ShopContext,
  { webhookId, receivedAt }: Pick<WebhookDelivery, 'webhookId' | 'receivedAt'>,
  { customerId }: CustomerRequest,
): Promise<'answered' | 'nothing-held'> {
  const { shopId } = shop;
  return inShop(async (db) => {
    const held = customerId === null ? null : await loadHeld(db, shopId, customerId);
    const isHeld = held !== null && Object.values(held).some((rows) => rows.length > 0);
    const answer = JSON.stringify(held, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    const place = { shopId, table: 'privacy_requests', column: 'answer', row: webhookId };
    await db.privacyRequest.upsert({
      where: { shopId_webhookId: { shopId, webhookId } },
      create: {
        shopId,
        webhookId,
        kind: 'data-request',
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

async function loadHeld(db: TenantDb, shopId: number, customerId: bigint) {
  const where = { shopId, customerId };
  return {
    customer: await db.customer.findMany({ where }),
    orders: await db.order.findMany({ where, include: { lines: true, refunds: true, fulfillments: true } }),
    discounts: await db.offerDiscount.findMany({ where, include: { codes: true } }),
  };
}
