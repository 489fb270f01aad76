import type pg from 'pg';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** Never back: a turn that was overtaken changes nothing. */
export async function moveAwardedVersion(connection: pg.PoolClient, { shopId }: ShopRef, version: bigint): Promise<void> {
  await connection.query({
    name: 'move-awarded-version',
    text: 'UPDATE loyalty_progress SET orders_version = $2 WHERE shop_id = $1 AND orders_version < $2',
    values: [shopId, String(version)],
  });
}

/** Orders whose awards failed, of which the worker went on to others. */
export async function loadOrdersAside(connection: pg.PoolClient, { shopId }: ShopRef): Promise<bigint[]> {
  const { rows } = await connection.query<{ order_id: string }>(
    'SELECT unnest(aside_order_ids) AS order_id FROM loyalty_progress WHERE shop_id = $1 ORDER BY 1',
    [shopId],
  );
  return rows.map((row) => BigInt(row.order_id));
}

/** @returns false where there would be more than `most`, and nothing is set aside */
export async function setOrdersAside(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { orderIds, most }: { orderIds: readonly bigint[]; most: number },
): Promise<boolean> {
  const { rowCount } = await connection.query(
    `UPDATE loyalty_progress SET aside_order_ids = ARRAY(SELECT DISTINCT unnest(coalesce(aside_order_ids, '{}') || $2::bigint[]))
     WHERE shop_id = $1 AND cardinality(coalesce(aside_order_ids, '{}') || $2::bigint[]) <= $3`,
    [shopId, orderIds.map(String), most],
  );
  return rowCount === 1;
}

export async function takeOrdersUp(connection: pg.PoolClient, { shopId }: ShopRef, orderIds: readonly bigint[]): Promise<void> {
  await connection.query(
    `UPDATE loyalty_progress SET aside_order_ids = ARRAY(SELECT id FROM unnest(aside_order_ids) a (id) WHERE id <> ALL($2::bigint[]))
     WHERE shop_id = $1`,
    [shopId, orderIds.map(String)],
  );
}

/** Members with something to do by `now`, the longest waiting first. Index: loyalty_members_due. */
export async function findDueMembers(connection: pg.PoolClient, { shopId }: ShopRef, { now, limit }: { now: Date; limit: number }): Promise<bigint[]> {
  const { rows } = await connection.query<{ member_id: string }>({
    name: 'find-due-members',
    text: 'SELECT member_id FROM loyalty_members WHERE shop_id = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3',
    values: [shopId, now, limit],
  });
  return rows.map((row) => BigInt(row.member_id));
}

export interface MembersCheck {
  readonly isDue: boolean;
  /** Null before the first. */
  readonly checkedAtMs: number | null;
}

/** Whether the shop's members and their ledger are to be looked over; never where no program was saved. */
export async function loadMembersCheck(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<MembersCheck> {
  const progress = await db.loyaltyProgress.findUnique({ where: { shopId } });
  const dueAt = progress?.checkDueAt ?? null;
  return { isDue: dueAt !== null && dueAt <= now, checkedAtMs: progress?.checkedAt?.getTime() ?? null };
}

/** Unless it has been asked for anew meanwhile. */
export async function noteMembersChecked(db: TenantDb, { shopId }: ShopRef, { startedAt, nextAt }: { startedAt: Date; nextAt: Date }): Promise<void> {
  await db.loyaltyProgress.updateMany({ where: { shopId, checkDueAt: { lte: startedAt } }, data: { checkedAt: startedAt, checkDueAt: nextAt } });
}

/**
 * Makes some members due, lowest id first, so that they are looked at by the program as it is now.
 *
 * @returns the last of them; null when there are no more
 */
export async function makeMembersDue(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { afterId, limit, now }: { afterId: bigint; limit: number; now: Date },
): Promise<bigint | null> {
  const { rows } = await connection.query<{ last: string | null }>({
    name: 'make-members-due',
    text: `WITH next AS (
        SELECT member_id FROM loyalty_members WHERE shop_id = $1 AND member_id > $2 AND merged_into IS NULL
        ORDER BY member_id LIMIT $3 FOR NO KEY UPDATE
      ), due AS (
        UPDATE loyalty_members m SET due_at = $4 FROM next
        WHERE m.shop_id = $1 AND m.member_id = next.member_id AND (m.due_at IS NULL OR m.due_at > $4)
      ) SELECT max(member_id) AS last FROM next`,
    values: [shopId, String(afterId), limit, now],
  });
  const last = rows[0]?.last;
  return last === null || last === undefined ? null : BigInt(last);
}
