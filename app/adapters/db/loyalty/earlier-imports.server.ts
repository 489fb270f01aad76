import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** What a line of another file brought a customer. */
export interface EarlierImport {
  readonly customerId: bigint;
  readonly points: number;
  /** Null where its line did not say when. */
  readonly occurredAtMs: number | null;
}

/** What other files than this one brought these customers, by the members' own entries. */
export async function loadEarlierImports(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerIds, keysBegin }: { customerIds: readonly bigint[]; keysBegin: string },
): Promise<EarlierImport[]> {
  const { rows } = await connection.query<{ customer_id: string; points: number; occurred_at: Date | null }>(
    `SELECT m.customer_id, p.points, nullif(e.occurred_at, e.recorded_at) AS occurred_at
     FROM loyalty_members m
     JOIN loyalty_entries e ON e.shop_id = m.shop_id AND e.member_id = m.member_id AND e.kind = 'import' AND NOT starts_with(e.entry_key, $3)
     CROSS JOIN LATERAL (
       SELECT -sum(points)::int AS points FROM loyalty_postings p
       WHERE p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'adjustment'
     ) p
     WHERE m.shop_id = $1 AND m.customer_id = ANY($2::bigint[])`,
    [shopId, [...new Set(customerIds)].map(String), keysBegin],
  );
  return rows.map((row) => ({ customerId: BigInt(row.customer_id), points: row.points, occurredAtMs: row.occurred_at?.getTime() ?? null }));
}
