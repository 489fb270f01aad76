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
