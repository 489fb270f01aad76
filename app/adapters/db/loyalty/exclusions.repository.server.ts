import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { joinExclusions } from '#app/domain/loyalty/members/exclusion.ts';
import type { ExclusionChange } from '#app/domain/loyalty/members/exclusion.ts';

const rowSchema = z.object({
  owner_id: z.string().transform(BigInt),
  member_id: z.string(),
  is_excluded: z.boolean(),
  changed_at: z.date(),
  staff_id: z.string().nullable(),
});

/** By member, the oldest first, those of who went up in them included; members who never were excluded are left out. */
export async function loadExclusions(connection: pg.PoolClient, { shopId }: ShopRef, memberIds: readonly bigint[]): Promise<Map<bigint, readonly ExclusionChange[]>> {
  const { rows } = await connection.query({
    name: 'load-exclusions',
    text: `WITH RECURSIVE lives AS (
        SELECT m AS owner_id, m AS member_id FROM unnest($2::bigint[]) m
        UNION
        SELECT l.owner_id, m.member_id FROM lives l JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = l.member_id
      ) SELECT l.owner_id, e.member_id, e.is_excluded, e.changed_at, e.staff_id
      FROM lives l JOIN loyalty_exclusions e ON e.shop_id = $1 AND e.member_id = l.member_id ORDER BY e.member_id, e.change_no`,
    values: [shopId, memberIds.map(String)],
  });
  const lives = new Map<bigint, Map<string, ExclusionChange[]>>();
  for (const raw of rows) {
    const { owner_id: ownerId, member_id: memberId, is_excluded: isExcluded, changed_at: changedAt, staff_id: staffId } = rowSchema.parse(raw);
    const ofOwner = lives.get(ownerId) ?? new Map<string, ExclusionChange[]>();
    lives.set(ownerId, ofOwner.set(memberId, [...(ofOwner.get(memberId) ?? []), { isExcluded, changedAtMs: changedAt.getTime(), staffId }]));
  }
  return new Map([...lives].map(([ownerId, ofOwner]) => [ownerId, joinExclusions([...ofOwner.values()])]));
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
  await appendChange(connection, { shopId }, { memberId, isExcluded, staffId, now });
  return true;
}

/**
 * For two whose rows are held, of whom one goes up in the other: a decision about either is one about the person. It ends
 * with the one who goes and begins with the one who stays, so that whoever lets them in again later has let all of them in.
 */
export async function moveExclusion(connection: pg.PoolClient, shop: ShopRef, { fromId, toId, now }: { fromId: bigint; toId: bigint; now: Date }): Promise<void> {
  const moved = await connection.query(
    'UPDATE loyalty_members SET is_excluded = false WHERE shop_id = $1 AND member_id = $2 AND is_excluded AND customer_id > 0',
    [shop.shopId, String(fromId)],
  );
  if (moved.rowCount === 0) return;
  await appendChange(connection, shop, { memberId: fromId, isExcluded: false, staffId: null, now });
  const excluded = await connection.query(
    `UPDATE loyalty_members SET is_excluded = true, due_at = least(due_at, $3)
     WHERE shop_id = $1 AND member_id = $2 AND NOT is_excluded AND customer_id > 0`,
    [shop.shopId, String(toId), now],
  );
  if (excluded.rowCount === 1) await appendChange(connection, shop, { memberId: toId, isExcluded: true, staffId: null, now });
}

async function appendChange(
  connection: pg.PoolClient,
  { shopId }: Pick<ShopRef, 'shopId'>,
  { memberId, isExcluded, staffId, now }: Omit<ExclusionToSave, 'staffId'> & { staffId: string | null },
): Promise<void> {
  await connection.query(
    `INSERT INTO loyalty_exclusions (shop_id, member_id, change_no, is_excluded, changed_at, staff_id)
     SELECT $1, $2, coalesce(max(change_no), 0) + 1, $3, $4, $5 FROM loyalty_exclusions WHERE shop_id = $1 AND member_id = $2`,
    [shopId, String(memberId), isExcluded, now, staffId],
  );
  // The tag of the tier goes and comes with it, which is of no entry that Shopify's side would notice.
  await connection.query('UPDATE loyalty_member_traces SET due_at = $3 WHERE shop_id = $1 AND member_id = $2', [shopId, String(memberId), now]);
}
