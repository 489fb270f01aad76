import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** What a line of another file brought a customer. */
export interface EarlierImport {
  readonly customerId: bigint;
  readonly points: number;
  /** Null where its line did not say when. */
  readonly occurredAtMs: number | null;
}

/** What other files than this one brought these customers, and whoever was merged into them since. */
export async function loadEarlierImports(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerIds, keysBegin }: { customerIds: readonly bigint[]; keysBegin: string },
): Promise<EarlierImport[]> {
  const { rows } = await connection.query<{ customer_id: string; points: number; occurred_at: Date | null }>(
    `WITH RECURSIVE theirs AS (
       SELECT customer_id, member_id FROM loyalty_members WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])
       UNION
       SELECT t.customer_id, m.member_id FROM theirs t JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = t.member_id
     )
     SELECT t.customer_id, p.points, nullif(e.occurred_at, e.recorded_at) AS occurred_at
     FROM theirs t
     JOIN loyalty_entries e ON e.shop_id = $1 AND e.member_id = t.member_id AND e.kind = 'import' AND NOT starts_with(e.entry_key, $3)
     CROSS JOIN LATERAL (
       SELECT -sum(points)::int AS points FROM loyalty_postings p
       WHERE p.shop_id = $1 AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'adjustment'
     ) p`,
    [shopId, [...new Set(customerIds)].map(String), keysBegin],
  );
  return rows.map((row) => ({ customerId: BigInt(row.customer_id), points: row.points, occurredAtMs: row.occurred_at?.getTime() ?? null }));
}
