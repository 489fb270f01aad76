import type pg from 'pg';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { Import, WebhookDelivery } from '#app/generated/prisma/client.ts';

export interface ReceivedWebhook {
  webhookId: string;
  eventId: string | null;
  topic: string;
  apiVersion: string;
  triggeredAt: Date | null;
  /** For this shop: its id is part of what the seal binds. */
  bodySealed: Uint8Array<ArrayBuffer>;
}

export type InboxVerdict = 'stored' | 'duplicate' | 'unknown-shop';

/**
 * Webhooks of one shop, each of another id, in one statement, which is all that stands between Shopify and its 200.
 * `unknown-shop` when this domain has not this id (any more). Not through Prisma, which takes several times as long to ask.
 */
export async function receiveIntoInbox(pool: pg.Pool, shop: ShopRef, webhooks: readonly ReceivedWebhook[]): Promise<Map<ReceivedWebhook, InboxVerdict>> {
  const column = <Key extends keyof ReceivedWebhook>(key: Key) => webhooks.map((webhook) => webhook[key]);
  const { rows } = await pool.query<{ stored: string[] | null }>({
    name: 'receive-webhooks',
    text: 'SELECT receive_webhooks_of($1, $2, $3, $4, $5, $6, $7, $8) AS stored',
    values: [
      shop.shopId, shop.domain, column('webhookId'), column('eventId'), column('topic'), column('apiVersion'),
      column('triggeredAt'), column('bodySealed'),
    ],
  });
  const stored = rows[0]?.stored;
  if (stored === undefined) throw new Error('receive_webhooks_of gave no verdict');
  const isNew = new Set(stored);
  return new Map(webhooks.map((webhook) => [webhook, stored === null ? 'unknown-shop' : isNew.has(webhook.webhookId) ? 'stored' : 'duplicate']));
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

/** The same for many outcomes at once, in the transaction that stored what they say. */
export async function markHandledOn(
  connection: pg.PoolClient,
  shop: ShopRef,
  outcomes: ReadonlyMap<string, string>,
  now: Date,
): Promise<void> {
  if (outcomes.size === 0) return;
  await connection.query(
    `UPDATE webhook_inbox i SET state = 'handled', outcome = o.outcome, handled_at = $4, body_sealed = NULL
     FROM unnest($2::text[], $3::text[]) AS o (webhook_id, outcome)
     WHERE i.shop_id = $1 AND i.webhook_id = o.webhook_id`,
    [shop.shopId, [...outcomes.keys()], [...outcomes.values()], now],
  );
}

/** What the outcome says of a row whose try has begun; if it still does at the next, the worker ended in between. */
export const BEGUN = 'begun';

/**
 * Counts a try before it is made, and puts the next one off, so that a webhook that ends the worker is not met again at
 * once nor for ever.
 */
export async function beginTries(db: TenantDb, shop: ShopRef, webhookIds: readonly string[], notBefore: Date): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { shopId: shop.shopId, webhookId: { in: [...webhookIds] }, state: 'waiting' },
    data: { attempts: { increment: 1 }, notBefore, outcome: BEGUN },
  });
}

export interface FailedTry {
  outcome: string;
  notBefore: Date;
  /** What is added to each count, of which a try that was begun has one already. */
  attempts: -1 | 0 | 1;
  /** An outage is counted apart from failures, so that neither uses up the patience that the other is given. */
  outages: 0 | 1;
  /** How many of each kind it may have; null when there is no last try. */
  patience: { attempts: number; outages: number } | null;
}

/** @returns ids of those that died of it; their bodies stay for whoever wants to try them again */
export async function markFailed(
  db: TenantDb,
  shop: ShopRef,
  webhookIds: readonly string[],
  { outcome, notBefore, attempts, outages, patience }: FailedTry,
): Promise<string[]> {
  const where = { shopId: shop.shopId, webhookId: { in: [...webhookIds] }, state: 'waiting' };
  await db.webhookDelivery.updateMany({
    where,
    data: { attempts: { increment: attempts }, outages: { increment: outages }, notBefore, outcome },
  });
  if (patience === null) return [];
  const died = await db.webhookDelivery.updateManyAndReturn({
    where: { ...where, OR: [{ attempts: { gte: patience.attempts } }, { outages: { gte: patience.outages } }] },
    data: { state: 'dead' },
    select: { webhookId: true },
  });
  return died.map(({ webhookId }) => webhookId);
}

/** Keeps a webhook that must not be acted on, without its body: that is another's, or of another kind than was said. */
export async function setAside(db: TenantDb, shop: ShopRef, webhookIds: readonly string[], outcome: string): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { shopId: shop.shopId, webhookId: { in: [...webhookIds] } },
    data: { state: 'dead', outcome, bodySealed: null },
  });
}

export interface Rest {
  pullId: string;
  until: Date;
}

/** What the outcome says of a row that waits for a pull, and no longer once it has been tried. */
const RESTING = 'resting';

/** Lets webhooks wait for a pull. */
export async function restForPull(db: TenantDb, shop: ShopRef, webhookIds: readonly string[], { pullId, until }: Rest): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { shopId: shop.shopId, webhookId: { in: [...webhookIds] }, state: 'waiting' },
    data: { pullId, notBefore: until, outcome: RESTING },
  });
}

/** Whatever waits for these pulls is due. What has failed since one ended waits for its own next try. */
export async function wakeFromPulls(db: TenantDb, shop: ShopRef, pullIds: readonly string[], now: Date): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { shopId: shop.shopId, state: 'waiting', pullId: { in: [...pullIds] }, outcome: RESTING },
    data: { notBefore: now, outcome: null },
  });
}

export async function loadPulls(db: TenantDb, shop: ShopRef, pullIds: readonly string[]): Promise<Import[]> {
  return db.import.findMany({ where: { shopId: shop.shopId, importId: { in: [...pullIds] } } });
}

/**
 * Lets go of the oldest, so many at most. Handled rows are kept for a while only to tell a repeated webhook from a new
 * one, dead ones with their bodies for whoever mends what they met, and dismissed ones for who did it and why.
 * @returns how many went
 */
export async function forgetWebhooks(
  db: TenantDb,
  { shopId }: ShopRef,
  { handledBefore, deadBefore, dismissedBefore, limit }: { handledBefore: Date; deadBefore: Date; dismissedBefore: Date; limit: number },
): Promise<number> {
  // First, as in every change of a shop's data.
  await db.$queryRaw`SELECT 1 FROM shops WHERE shop_id = ${shopId} FOR NO KEY UPDATE`;
  return db.$executeRaw`
    DELETE FROM webhook_inbox WHERE shop_id = ${shopId} AND webhook_id IN (
      (SELECT webhook_id FROM webhook_inbox WHERE shop_id = ${shopId} AND state = 'handled' AND handled_at < ${handledBefore}
         AND (dismissed_by IS NULL OR handled_at < ${dismissedBefore})
       ORDER BY handled_at LIMIT ${limit})
      UNION ALL
      (SELECT webhook_id FROM webhook_inbox WHERE shop_id = ${shopId} AND state = 'dead' AND received_at < ${deadBefore}
       ORDER BY received_at LIMIT ${limit})
      LIMIT ${limit})`;
}

/** Those that came and have not been worked through yet, those that rest until later included. */
export async function countWaitingWebhooks(db: TenantDb, shop: ShopRef): Promise<number> {
  return db.webhookDelivery.count({ where: { shopId: shop.shopId, state: 'waiting' } });
}
