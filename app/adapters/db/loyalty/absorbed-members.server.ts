import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * By member: who has gone up in them, in however many steps, and has a history. One person has one life as a member,
 * whichever customer it was begun as. Index: loyalty_members_merged.
 */
export async function loadAbsorbedMembers(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  memberIds: readonly bigint[],
): Promise<Map<bigint, bigint[]>> {
  const absorbed = new Map<bigint, bigint[]>();
  if (memberIds.length === 0) return absorbed;
  const { rows } = await connection.query<{ owner_id: string; member_id: string }>({
    name: 'load-absorbed-members',
    text: `WITH RECURSIVE absorbed AS (
        SELECT merged_into AS owner_id, member_id, last_sequence FROM loyalty_members WHERE shop_id = $1 AND merged_into = ANY($2::bigint[])
        UNION
        SELECT a.owner_id, m.member_id, m.last_sequence FROM absorbed a JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = a.member_id
      ) SELECT owner_id, member_id FROM absorbed WHERE last_sequence > 0`,
    values: [shopId, memberIds.map(String)],
  });
  for (const row of rows) {
    const ownerId = BigInt(row.owner_id);
    absorbed.set(ownerId, [...(absorbed.get(ownerId) ?? []), BigInt(row.member_id)]);
  }
  return absorbed;
}
