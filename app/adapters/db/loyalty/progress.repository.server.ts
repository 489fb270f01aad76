import type pg from 'pg';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** Up to which version of the shop's data its orders have been awarded; null while no program is followed. */
export async function loadAwardedVersion(db: TenantDb, { shopId }: ShopRef): Promise<bigint | null> {
  const progress = await db.loyaltyProgress.findUnique({ where: { shopId } });
  return progress?.isFollowed === true ? progress.ordersVersion : null;
}

/** Never back: a turn that was overtaken changes nothing. */
export async function moveAwardedVersion(connection: pg.PoolClient, { shopId }: ShopRef, version: bigint): Promise<void> {
  await connection.query('UPDATE loyalty_progress SET orders_version = $2 WHERE shop_id = $1 AND orders_version < $2', [
    shopId,
    String(version),
  ]);
}

/** Members with something to do by `now`, the longest waiting first. Index: loyalty_members_due. */
export async function loadDueMembers(db: TenantDb, { shopId }: ShopRef, { now, limit }: { now: Date; limit: number }): Promise<bigint[]> {
  const rows = await db.loyaltyMember.findMany({
    where: { shopId, dueAt: { lte: now } },
    orderBy: { dueAt: 'asc' },
    take: limit,
    select: { memberId: true },
  });
  return rows.map(({ memberId }) => memberId);
}
