import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** Whether the shop has more orders than this; no more than these are counted. */
export async function hasOrdersBeyond(db: TenantDb, { shopId }: ShopRef, count: number): Promise<boolean> {
  const [found] = await db.$queryRaw<{ orders: number }[]>`
    SELECT count(*)::int AS orders FROM (SELECT FROM orders WHERE shop_id = ${shopId} LIMIT ${count + 1}) first_ones`;
  return (found?.orders ?? 0) > count;
}
