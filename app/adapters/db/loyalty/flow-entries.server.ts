import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

const rowSchema = z.object({ customer_id: z.string().transform(BigInt), points: z.number().int() });

/** What the entry of this key gave to whom; null when there is none. Index: loyalty_entries_key. */
export async function findAddedPoints(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  key: string,
): Promise<{ customerId: bigint; points: number } | null> {
  const { rows } = await connection.query(
    `SELECT m.customer_id, (SELECT -sum(p.points)::int FROM loyalty_postings p
        WHERE p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'adjustment') AS points
      FROM loyalty_entries e JOIN loyalty_members m ON m.shop_id = e.shop_id AND m.member_id = e.member_id
      WHERE e.shop_id = $1 AND e.entry_key = $2`,
    [shopId, key],
  );
  if (rows[0] === undefined) return null;
  const { customer_id: customerId, points } = rowSchema.parse(rows[0]);
  return { customerId, points };
}
