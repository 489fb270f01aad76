import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { ENTRY_KINDS } from '#app/domain/loyalty/ledger/entry.ts';
import type { LedgerLine } from '#app/domain/shopper/entry-kind.ts';

/** An entry as its member reads it. */
export interface ShopperLine extends LedgerLine {
  readonly sequence: number;
  readonly occurredAtMs: number;
  /** What spendable and pending points moved by together. */
  readonly points: number;
  /** Until when points that it gave wait; null where none do. */
  readonly maturesAtMs: number | null;
  readonly orderName: string | null;
  readonly rewardId: string | null;
  readonly rewardVersion: number | null;
}

const rowSchema = z.object({
  sequence: z.number().int(),
  kind: z.enum(ENTRY_KINDS),
  entry_key: z.string(),
  code: z.string().nullable(),
  occurred_at: z.date(),
  points: z.number().int(),
  matures_at: z.date().nullable(),
  order_name: z.string().nullable(),
  reward_id: z.string().nullable(),
  reward_version: z.number().int().nullable(),
});

/**
 * A customer's entries from below one on, the newest first, without those that move nothing of theirs: that a code was
 * used says its redemption. Nothing of somebody who is left out. Only the page's own entries are read.
 */
export async function loadShopperLines(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerId, before, limit }: { customerId: bigint; before: number | null; limit: number },
): Promise<ShopperLine[]> {
  const { rows } = await connection.query({
    name: 'load-shopper-lines',
    text: LINES,
    values: [shopId, String(customerId), before ?? 2_147_483_647, limit],
  });
  return rows.map((raw) => {
    const row = rowSchema.parse(raw);
    return {
      sequence: row.sequence,
      kind: row.kind,
      key: row.entry_key,
      code: row.code ?? '',
      occurredAtMs: row.occurred_at.getTime(),
      points: row.points,
      maturesAtMs: row.matures_at?.getTime() ?? null,
      orderName: row.order_name,
      rewardId: row.reward_id,
      rewardVersion: row.reward_version,
    };
  });
}

/** Grain: entry. Indexes: the primary keys of entries and postings, from the member on. */
const LINES = `
  SELECT e.sequence, e.kind, e.entry_key, e.reason ->> 'code' AS code, e.occurred_at, p.points, p.matures_at,
    o.name AS order_name, d.reward_id, d.program_version AS reward_version
  FROM (
    SELECT * FROM loyalty_entries
    WHERE shop_id = $1 AND kind <> 'capture' AND sequence < $3 AND member_id = (
      SELECT member_id FROM loyalty_members WHERE shop_id = $1 AND customer_id = $2 AND NOT is_excluded)
    ORDER BY sequence DESC LIMIT $4
  ) e
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(points) FILTER (WHERE account IN ('customer', 'pending')), 0)::int AS points,
      max(matures_at) FILTER (WHERE account = 'pending' AND points > 0) AS matures_at
    FROM loyalty_postings WHERE shop_id = $1 AND member_id = e.member_id AND sequence = e.sequence
  ) p
  LEFT JOIN loyalty_redemptions d ON d.shop_id = $1 AND d.redemption_id = e.redemption_id
  LEFT JOIN orders o ON o.shop_id = $1 AND o.order_id = e.order_id
  ORDER BY e.sequence DESC`;
