import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** Whether members have points, owe some, or hold a code that is not settled yet. */
export async function isAnythingLeft(db: TenantDb, { shopId }: ShopRef): Promise<boolean> {
  const [answer] = await db.$queryRaw<{ is_left: boolean }[]>`
    SELECT EXISTS (SELECT FROM loyalty_members WHERE shop_id = ${shopId} AND (balance_points <> 0 OR pending_points <> 0 OR reserved_points <> 0))
      OR EXISTS (SELECT FROM loyalty_redemptions WHERE shop_id = ${shopId} AND state NOT IN ('captured', 'released')) AS is_left`;
  return answer?.is_left ?? true;
}
