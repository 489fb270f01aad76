import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

export interface TraceCounts {
  /** Members of whom Shopify knows something. */
  readonly members: number;
  /** Of them and of what Flow is to be told: what waits. */
  readonly waiting: number;
  readonly waitingEvents: number;
  readonly gone: number;
  readonly refused: number;
  /** Since an instant. */
  readonly told: number;
}

export async function countTraces(db: TenantDb, { shopId }: ShopRef, { now, since }: { now: Date; since: Date }): Promise<TraceCounts> {
  const [traces] = await db.$queryRaw<{ members: number; waiting: number; gone: number; refused: number }[]>`
    SELECT count(*)::int AS members, count(*) FILTER (WHERE due_at <= ${now})::int AS waiting,
      count(*) FILTER (WHERE problem = 'gone')::int AS gone, count(*) FILTER (WHERE problem = 'refused')::int AS refused
    FROM loyalty_member_traces WHERE shop_id = ${shopId}`;
  const waitingEvents = await db.loyaltyFlowEvent.count({ where: { shopId, notBefore: { not: null } } });
  const told = await db.loyaltyFlowEvent.count({ where: { shopId, settledAt: { gte: since }, state: 'told' } });
  const { members = 0, waiting = 0, gone = 0, refused = 0 } = traces ?? {};
  return { members, waiting, gone, refused, waitingEvents, told };
}
