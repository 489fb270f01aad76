import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { TierFact } from '#app/domain/loyalty/tiers/derive-tier-basis.ts';

const rowSchema = z.object({ occurred_at: z.date(), points: z.number().int() });

/**
 * What a customer earned, as tiers count it: points of orders, refunds taken off, at the time of the order, and of grants,
 * those for reaching a tier left out. As `loadPointsFacts` reads it of members. Index: loyalty_entries_awarded.
 */
export async function loadPointsOfCustomer(connection: pg.PoolClient, { shopId }: ShopRef, customerId: bigint): Promise<TierFact[]> {
  const { rows } = await connection.query({
    name: 'load-points-of-customer',
    text: `WITH RECURSIVE mine AS (
        SELECT member_id FROM loyalty_members WHERE shop_id = $1 AND customer_id = $2
        UNION
        SELECT m.member_id FROM mine JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = mine.member_id
      )
      SELECT min(e.occurred_at) AS occurred_at, -sum(p.points)::int AS points
      FROM mine
      JOIN loyalty_entries e ON e.shop_id = $1 AND e.member_id = mine.member_id AND e.kind IN ('order', 'grant')
      JOIN loyalty_postings p ON p.shop_id = $1 AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'issued'
      WHERE e.entry_key NOT LIKE 'grant/%/tier/%'
      GROUP BY e.order_id, CASE WHEN e.order_id IS NULL THEN e.member_id END, CASE WHEN e.order_id IS NULL THEN e.sequence END`,
    values: [shopId, String(customerId)],
  });
  return rows.map((raw) => {
    const row = rowSchema.parse(raw);
    return { atMs: row.occurred_at.getTime(), spendMinor: 0, points: row.points, orders: 0 };
  });
}
