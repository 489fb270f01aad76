import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { PrismaClient, WebhookDelivery } from '#app/generated/prisma/client.ts';

export interface ReceivedWebhook {
  domain: string;
  webhookId: string;
  eventId: string | null;
  topic: string;
  apiVersion: string;
  triggeredAt: Date | null;
  bodySealed: Uint8Array<ArrayBuffer>;
}

export type InboxVerdict = 'stored' | 'duplicate' | 'unknown-shop';

/** One statement, which is all that stands between Shopify and its 200. */
export async function receiveIntoInbox(prisma: PrismaClient, webhook: ReceivedWebhook): Promise<InboxVerdict> {
  const rows = await prisma.$queryRaw<{ verdict: InboxVerdict }[]>`
    SELECT receive_webhook(${webhook.domain}, ${webhook.webhookId}, ${webhook.eventId}, ${webhook.topic},
      ${webhook.apiVersion}, ${webhook.triggeredAt}::timestamptz, ${webhook.bodySealed}) AS verdict`;
  const verdict = rows[0]?.verdict;
  if (!verdict) throw new Error('receive_webhook gave no verdict');
  return verdict;
}

export async function loadDueWebhooks(
  db: TenantDb,
  shop: ShopRef,
  now: Date,
  limit: number,
): Promise<WebhookDelivery[]> {
  return db.webhookDelivery.findMany({
    where: { shopId: shop.shopId, state: 'waiting', notBefore: { lte: now } },
    orderBy: { inboxId: 'asc' },
    take: limit,
  });
}

/** The body goes with the handling: an order's holds only ids, but those of the compliance topics name people. */
export async function markHandled(
  db: TenantDb,
  shop: ShopRef,
  webhookIds: readonly string[],
  outcome: string,
  now: Date,
): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { shopId: shop.shopId, webhookId: { in: [...webhookIds] } },
    data: { state: 'handled', outcome, handledAt: now, bodySealed: null },
  });
}

export async function markFailed(
  db: TenantDb,
  shop: ShopRef,
  webhookIds: readonly string[],
  { outcome, notBefore, maxAttempts }: { outcome: string; notBefore: Date; maxAttempts: number },
): Promise<void> {
  const where = { shopId: shop.shopId, webhookId: { in: [...webhookIds] } };
  await db.webhookDelivery.updateMany({ where, data: { attempts: { increment: 1 }, notBefore, outcome } });
  await db.webhookDelivery.updateMany({ where: { ...where, attempts: { gte: maxAttempts } }, data: { state: 'dead' } });
}
