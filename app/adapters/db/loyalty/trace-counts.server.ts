import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { TRACES_COUNTED_TO } from '#app/domain/loyalty/traces/trace-values.ts';

/** Each is counted up to `TRACES_COUNTED_TO`, which then means so many or more: the page of a large shop reads no more rows. */
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
  const [counts] = await db.$queryRaw<TraceCounts[]>`
    SELECT
      (SELECT count(*)::int FROM (SELECT FROM loyalty_member_traces WHERE shop_id = ${shopId} LIMIT ${TRACES_COUNTED_TO}) m) AS members,
      (SELECT count(*)::int FROM (SELECT FROM loyalty_member_traces WHERE shop_id = ${shopId} AND due_at <= ${now} LIMIT ${TRACES_COUNTED_TO}) m) AS waiting,
      (SELECT count(*)::int FROM (SELECT FROM loyalty_member_traces WHERE shop_id = ${shopId} AND problem = 'gone' LIMIT ${TRACES_COUNTED_TO}) m) AS gone,
      (SELECT count(*)::int FROM (SELECT FROM loyalty_member_traces WHERE shop_id = ${shopId} AND problem = 'refused' LIMIT ${TRACES_COUNTED_TO}) m) AS refused,
      (SELECT count(*)::int FROM (SELECT FROM loyalty_flow_events WHERE shop_id = ${shopId} AND not_before IS NOT NULL LIMIT ${TRACES_COUNTED_TO}) e) AS "waitingEvents",
      (SELECT count(*)::int FROM (SELECT FROM loyalty_flow_events WHERE shop_id = ${shopId} AND settled_at >= ${since} AND state = 'told' LIMIT ${TRACES_COUNTED_TO}) e) AS told`;
  return counts ?? { members: 0, waiting: 0, gone: 0, refused: 0, waitingEvents: 0, told: 0 };
}
