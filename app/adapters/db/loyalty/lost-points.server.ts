import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { LostPoints } from '#app/domain/loyalty/ledger/plan-revival.ts';

const rowSchema = z.object({
  member_id: z.string().transform(BigInt),
  entry_key: z.string(),
  occurred_at: z.date(),
  last_activity_at: z.date(),
  points: z.number().int(),
  matures_at: z.date(),
  lot_order_id: z.string().transform(BigInt).nullable(),
});

/**
 * By member: what ended by inactivity after an instant and has not come back, the first to end first. Grain: lot of an
 * entry. Index: the primary keys, over all entries of these members.
 */
export async function loadLostPoints(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { memberIds, sinceMs }: { memberIds: readonly bigint[]; sinceMs: number },
): Promise<Map<bigint, LostPoints[]>> {
  const { rows } = await connection.query({
    name: 'load-lost-points',
    text: `SELECT e.member_id, e.entry_key, e.occurred_at, -p.points AS points, o.matures_at, o.lot_order_id,
        coalesce((
          SELECT max(a.occurred_at) FROM loyalty_entries a
          WHERE a.shop_id = $1 AND a.member_id = e.member_id AND a.sequence < e.sequence AND (a.kind IN ('reserve', 'import') OR (a.kind = 'order'
            AND EXISTS (SELECT FROM loyalty_postings i WHERE i.shop_id = $1 AND i.member_id = a.member_id AND i.sequence = a.sequence AND i.account = 'issued' AND i.points < 0)))
        ), m.enrolled_at) AS last_activity_at
      FROM loyalty_entries e
      JOIN loyalty_members m ON m.shop_id = $1 AND m.member_id = e.member_id
      JOIN loyalty_postings p ON p.shop_id = $1 AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'customer' AND p.lot_no IS NOT NULL
      JOIN loyalty_postings o ON o.shop_id = $1 AND o.member_id = e.member_id AND o.lot_no = p.lot_no AND o.matures_at IS NOT NULL AND o.expires_on IS NULL
      WHERE e.shop_id = $1 AND e.member_id = ANY($2::bigint[]) AND e.kind = 'expiry' AND e.reason ->> 'code' = 'inactive' AND e.occurred_at > $3
        AND NOT EXISTS (SELECT FROM loyalty_entries u WHERE u.shop_id = $1 AND u.entry_key = e.entry_key || '/undone')
      ORDER BY e.member_id, e.sequence, p.posting_no`,
    values: [shopId, memberIds.map(String), new Date(sinceMs)],
  });
  const lost = new Map<bigint, (LostPoints & { lots: LostPoints['lots'][number][] })[]>();
  for (const raw of rows) {
    const row = rowSchema.parse(raw);
    const ofMember = lost.get(row.member_id) ?? [];
    lost.set(row.member_id, ofMember);
    const lot = { points: row.points, maturesAtMs: row.matures_at.getTime(), expiresOn: null, orderId: row.lot_order_id };
    const last = ofMember.at(-1);
    if (last?.entryKey === row.entry_key) last.lots.push(lot);
    else ofMember.push({ entryKey: row.entry_key, lostAtMs: row.occurred_at.getTime(), lastActivityMs: row.last_activity_at.getTime(), lots: [lot] });
  }
  return lost;
}
