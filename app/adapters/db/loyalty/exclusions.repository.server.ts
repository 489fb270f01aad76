import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { ExclusionChange } from '#app/domain/loyalty/members/exclusion.ts';

const rowSchema = z.object({
  member_id: z.string().transform(BigInt),
  is_excluded: z.boolean(),
  changed_at: z.date(),
  staff_id: z.string().nullable(),
});

/** By member, the oldest first; members who never were excluded are left out. */
export async function loadExclusions(connection: pg.PoolClient, { shopId }: ShopRef, memberIds: readonly bigint[]): Promise<Map<bigint, ExclusionChange[]>> {
  const { rows } = await connection.query({
    name: 'load-exclusions',
    text: `SELECT member_id, is_excluded, changed_at, staff_id FROM loyalty_exclusions
      WHERE shop_id = $1 AND member_id = ANY($2::bigint[]) ORDER BY member_id, change_no`,
    values: [shopId, memberIds.map(String)],
  });
  const changes = new Map<bigint, ExclusionChange[]>();
  for (const raw of rows) {
    const { member_id: memberId, is_excluded: isExcluded, changed_at: changedAt, staff_id: staffId } = rowSchema.parse(raw);
    const change = { isExcluded, changedAtMs: changedAt.getTime(), staffId };
    const known = changes.get(memberId);
    if (known === undefined) changes.set(memberId, [change]);
    else known.push(change);
  }
  return changes;
}

export interface ExclusionToSave {
  readonly memberId: bigint;
  readonly isExcluded: boolean;
  readonly staffId: string;
  readonly now: Date;
}

/**
 * Unless it is so already. The member is due at once: while they were out, a birthday or a tier may have been passed over.
 *
 * @returns false where there is no such member who can earn
 */
export async function saveExclusion(connection: pg.PoolClient, { shopId }: ShopRef, { memberId, isExcluded, staffId, now }: ExclusionToSave): Promise<boolean> {
  const held = await connection.query<{ is_excluded: boolean }>(
    `SELECT is_excluded FROM loyalty_members
     WHERE shop_id = $1 AND member_id = $2 AND merged_into IS NULL AND customer_id > 0 FOR NO KEY UPDATE`,
    [shopId, String(memberId)],
  );
  const [member] = held.rows;
  if (member === undefined) return false;
  if (member.is_excluded === isExcluded) return true;
  await connection.query('UPDATE loyalty_members SET is_excluded = $3, due_at = least(due_at, $4) WHERE shop_id = $1 AND member_id = $2', [
    ...[shopId, String(memberId), isExcluded, now],
  ]);
  await connection.query(
    `INSERT INTO loyalty_exclusions (shop_id, member_id, change_no, is_excluded, changed_at, staff_id)
     SELECT $1, $2, coalesce(max(change_no), 0) + 1, $3, $4, $5 FROM loyalty_exclusions WHERE shop_id = $1 AND member_id = $2`,
    [shopId, String(memberId), isExcluded, now, staffId],
  );
  return true;
}
