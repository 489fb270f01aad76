import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

export interface DeadRow {
  webhookId: string;
  topic: string;
  receivedAt: Date;
  attempts: number;
  outages: number;
  outcome: string | null;
  hasBody: boolean;
}

export async function loadDead(db: TenantDb, { shopId }: ShopRef, limit: number): Promise<DeadRow[]> {
  return db.$queryRaw<DeadRow[]>`
    SELECT webhook_id AS "webhookId", topic, received_at AS "receivedAt", attempts, outages, outcome,
      body_sealed IS NOT NULL AS "hasBody"
    FROM webhook_inbox WHERE shop_id = ${shopId} AND state = 'dead'
    ORDER BY received_at DESC, inbox_id DESC LIMIT ${limit}`;
}

export interface Dismissal {
  by: string;
  reason: string;
  at: Date;
}

export interface Settling {
  state: string;
  /** Null for one that nobody dismissed. */
  dismissal: Dismissal | null;
}

/** What became of a webhook; null for one that we do not hold. */
export async function loadSettling(db: TenantDb, { shopId }: ShopRef, webhookId: string): Promise<Settling | null> {
  const found = await db.webhookDelivery.findUnique({ where: { shopId_webhookId: { shopId, webhookId } } });
  if (found === null) return null;
  const { state, dismissedBy: by, dismissalReason: reason, handledAt: at } = found;
  return { state, dismissal: by === null || reason === null || at === null ? null : { by, reason, at } };
}

/**
 * It counts as handled from then on, and what it met stays in its row. The body goes, as with all that is handled.
 * @returns whether it was there and dead
 */
export async function dismissDead(db: TenantDb, { shopId }: ShopRef, webhookId: string, { by, reason, at }: Dismissal): Promise<boolean> {
  const { count } = await db.webhookDelivery.updateMany({
    where: { shopId, webhookId, state: 'dead' },
    data: { state: 'handled', handledAt: at, bodySealed: null, pullId: null, dismissedBy: by, dismissalReason: reason },
  });
  return count === 1;
}

/** One without its body stays: there is nothing to try. */
export async function redriveDead(db: TenantDb, { shopId }: ShopRef, webhookIds: readonly string[] | 'all', now: Date): Promise<number> {
  const { count } = await db.webhookDelivery.updateMany({
    where: {
      shopId,
      state: 'dead',
      bodySealed: { not: null },
      ...(webhookIds === 'all' ? {} : { webhookId: { in: [...webhookIds] } }),
    },
    data: { state: 'waiting', attempts: 0, outages: 0, outcome: 'asked-for-again', notBefore: now, pullId: null },
  });
  return count;
}
