import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { EndedPoints } from '#app/domain/loyalty/ledger/move-points.ts';

const rowSchema = z.object({ order_id: z.string().transform(BigInt), ended: z.number().int(), taken_back: z.number().int() });

/**
 * By order: points of it that ended unspent, without those that came back, and what of them was taken back since. Orders
 * of which nothing ended are left out. Indexes: loyalty_entries_order, and where one of them was awarded before, the primary
 * keys, over all entries of these members.
 *
 * @param input `memberIds`: all who may ever have had points of these orders
 */
export async function loadEndedPoints(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { memberIds, orderIds }: { memberIds: readonly bigint[]; orderIds: readonly bigint[] },
): Promise<Map<bigint, EndedPoints>> {
  if (orderIds.length === 0) return new Map();
  const { rows } = await connection.query({ name: 'load-ended-points', text: ENDED, values: [shopId, memberIds.map(String), orderIds.map(String)] });
  return new Map(
    rows.map((raw) => {
      const row = rowSchema.parse(raw);
      return [row.order_id, { points: row.ended, takenBackPoints: row.taken_back }];
    }),
  );
}

const ENDED = `
  WITH known AS (
    SELECT FROM loyalty_entries WHERE shop_id = $1 AND order_id = ANY($3::bigint[]) AND kind IN ('order', 'grant') LIMIT 1
  ), ends AS (
    SELECT member_id, sequence, reason FROM loyalty_entries
    WHERE shop_id = $1 AND member_id = ANY($2::bigint[]) AND kind = 'expiry' AND EXISTS (SELECT FROM known)
  ), movements AS (
    SELECT o.lot_order_id AS order_id, -p.points AS ended, 0 AS taken_back
    FROM ends e
    JOIN loyalty_postings p ON p.shop_id = $1 AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.lot_no IS NOT NULL AND p.points < 0
    JOIN loyalty_postings o ON o.shop_id = $1 AND o.member_id = e.member_id AND o.lot_no = p.lot_no AND o.matures_at IS NOT NULL
    WHERE o.lot_order_id = ANY($3::bigint[])
    UNION ALL
    SELECT (b ->> 'orderId')::bigint, -(b ->> 'points')::int, 0
    FROM ends e CROSS JOIN LATERAL jsonb_array_elements(e.reason -> 'broughtBack') b
    WHERE (b ->> 'orderId')::bigint = ANY($3::bigint[])
    UNION ALL
    SELECT e.order_id, 0, -p.points
    FROM loyalty_entries e
    JOIN loyalty_postings p ON p.shop_id = $1 AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'expired'
    WHERE e.shop_id = $1 AND e.order_id = ANY($3::bigint[]) AND e.kind IN ('order', 'grant')
  )
  SELECT order_id, sum(ended)::int AS ended, sum(taken_back)::int AS taken_back FROM movements GROUP BY order_id`;
