import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** When the next member, or the next of what Flow is to be told, is due; null when nothing waits. */
export async function nextTraceDue(db: TenantDb, { shopId }: ShopRef): Promise<Date | null> {
  const [rows] = await db.$queryRaw<{ next: Date | null }[]>`
    SELECT least(
      (SELECT min(due_at) FROM loyalty_member_traces WHERE shop_id = ${shopId} AND due_at IS NOT NULL),
      (SELECT min(not_before) FROM loyalty_flow_events WHERE shop_id = ${shopId} AND not_before IS NOT NULL)
    ) AS next`;
  return rows?.next ?? null;
}
