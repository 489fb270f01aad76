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

export interface FailedTry {
  outcome: string;
  notBefore: Date;
  /** An outage is counted apart from failures, so that neither uses up the patience that the other is given. */
  isOutage: boolean;
  /** How many tries of its kind this was allowed to be the last of; null when there is no last one. */
  maxTries: number | null;
  /** Of a row that dies: whether its body is still needed to do the work by hand. */
  keepsBody: boolean;
}

/** @returns ids of those that died of it */
export async function markFailed(
  db: TenantDb,
  shop: ShopRef,
  webhookIds: readonly string[],
  { outcome, notBefore, isOutage, maxTries, keepsBody }: FailedTry,
): Promise<string[]> {
  const where = { shopId: shop.shopId, webhookId: { in: [...webhookIds] } };
  const count = isOutage ? 'outages' : 'attempts';
  await db.webhookDelivery.updateMany({ where, data: { [count]: { increment: 1 }, notBefore, outcome } });
  if (maxTries === null) return [];
  const died = await db.webhookDelivery.updateManyAndReturn({
    where: { ...where, state: 'waiting', [count]: { gte: maxTries } },
    data: { state: 'dead', ...(keepsBody ? {} : { bodySealed: null }) },
    select: { webhookId: true },
  });
  return died.map(({ webhookId }) => webhookId);
}

/** Handled rows are kept for a while only to tell a repeated webhook from a new one. */
export async function forgetHandled(db: TenantDb, shop: ShopRef, before: Date): Promise<void> {
  await db.webhookDelivery.deleteMany({ where: { shopId: shop.shopId, state: 'handled', handledAt: { lt: before } } });
}
