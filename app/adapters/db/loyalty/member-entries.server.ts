import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { ENTRY_KINDS } from '#app/domain/loyalty/ledger/entry.ts';
import type { EntryReason } from '#app/domain/loyalty/ledger/entry.ts';
import type { ToldEntry } from '#app/domain/loyalty/members/told-entry.ts';

/** An entry of one member, as it is told, with the ids of what is still to be named. */
export interface MemberEntry extends Omit<ToldEntry, 'because' | 'order' | 'reward' | 'fact'> {
  readonly orderId: bigint | null;
  readonly reason: EntryReason;
  readonly rewardId: string | null;
  readonly rewardVersion: number | null;
}

const rowSchema = z.object({
  sequence: z.number().int(),
  kind: z.enum(ENTRY_KINDS),
  occurred_at: z.date(),
  recorded_at: z.date(),
  order_id: z.string().transform(BigInt).nullable(),
  order_name: z.string().nullable(),
  program_version: z.number().int().nullable(),
  reason: z.custom<EntryReason>((value) => typeof value === 'object' && value !== null && 'code' in value),
  note: z.string().nullable(),
  staff_id: z.string().nullable(),
  points: z.number().int(),
  pending: z.number().int(),
  reserved: z.number().int(),
  owed: z.number().int(),
  ended: z.number().int(),
  balance_after: z.number().int(),
  pending_after: z.number().int(),
  reserved_after: z.number().int(),
  given_before: z.number().int(),
  matures_at: z.date().nullable(),
  expires_on: z.string().nullable(),
  reward_id: z.string().nullable(),
  reward_version: z.number().int().nullable(),
  code: z.string().nullable(),
});

/** The newest first, from below an entry on. All of the member's postings are read: a balance is the sum of those before. */
export async function loadMemberEntries(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { memberId, before, limit }: { memberId: bigint; before: number | null; limit: number },
): Promise<MemberEntry[]> {
  const { rows } = await connection.query({
    name: 'load-member-entries',
    text: ENTRIES,
    values: [shopId, String(memberId), before ?? 2_147_483_647, limit],
  });
  return rows.map((raw) => {
    const row = rowSchema.parse(raw);
    return {
      sequence: row.sequence,
      kind: row.kind,
      occurredAtMs: row.occurred_at.getTime(),
      recordedAtMs: row.recorded_at.getTime(),
      orderId: row.order_id,
      orderName: row.order_name,
      programVersion: row.program_version,
      reason: row.reason,
      note: row.note,
      staffId: row.staff_id,
      points: row.points,
      pendingPoints: row.pending,
      reservedPoints: row.reserved,
      owedPoints: row.owed,
      endedPoints: row.kind === 'order' || row.kind === 'grant' ? row.ended : 0,
      balanceAfter: row.balance_after,
      pendingAfter: row.pending_after,
      reservedAfter: row.reserved_after,
      givenBefore: row.given_before,
      maturesAtMs: row.matures_at?.getTime() ?? null,
      expiresOn: row.expires_on,
      rewardId: row.reward_id,
      rewardVersion: row.reward_version,
      code: row.code,
    };
  });
}

/** Grain: entry. Index: loyalty_postings_pkey from the member on. */
const ENTRIES = `
  WITH RECURSIVE gone_up AS (
    SELECT member_id FROM loyalty_members WHERE shop_id = $1 AND merged_into = $2
    UNION
    SELECT m.member_id FROM gone_up g JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = g.member_id
  ), moved AS (
    SELECT sequence,
      coalesce(sum(points) FILTER (WHERE account = 'customer'), 0)::int AS points,
      coalesce(sum(points) FILTER (WHERE account = 'pending'), 0)::int AS pending,
      coalesce(sum(points) FILTER (WHERE account = 'reserved'), 0)::int AS reserved,
      -coalesce(sum(points) FILTER (WHERE account = 'customer' AND lot_no IS NULL), 0)::int AS owed,
      -coalesce(sum(points) FILTER (WHERE account = 'expired'), 0)::int AS ended,
      -coalesce(sum(points) FILTER (WHERE account = 'issued'), 0)::int AS given,
      max(matures_at) AS matures_at, max(expires_on)::text AS expires_on
    FROM loyalty_postings WHERE shop_id = $1 AND member_id = $2 GROUP BY sequence
  ), running AS (
    SELECT e.*, m.points, m.pending, m.reserved, m.owed, m.ended, m.matures_at, m.expires_on,
      (sum(m.points) OVER so_far)::float8 AS balance_after,
      (sum(m.pending) OVER so_far)::float8 AS pending_after,
      (sum(m.reserved) OVER so_far)::float8 AS reserved_after,
      (coalesce(sum(m.given) OVER (PARTITION BY e.order_id, e.kind ORDER BY e.sequence), 0) - m.given)::int AS given_before
    FROM loyalty_entries e JOIN moved m USING (sequence)
    WHERE e.shop_id = $1 AND e.member_id = $2
    WINDOW so_far AS (ORDER BY e.sequence)
  )
  SELECT r.sequence, r.kind, r.occurred_at, r.recorded_at, r.order_id, coalesce(o.name, matured.names) AS order_name, r.program_version, r.reason,
    n.note, n.staff_id, r.points, r.pending, r.reserved, r.owed, r.ended, r.balance_after, r.pending_after, r.reserved_after,
    r.given_before + coalesce(before_merge.given, 0) AS given_before, r.matures_at, r.expires_on, d.reward_id, d.program_version AS reward_version, d.code
  FROM running r
  LEFT JOIN loyalty_notes n ON n.shop_id = $1 AND n.member_id = $2 AND n.sequence = r.sequence
  LEFT JOIN loyalty_redemptions d ON d.shop_id = $1 AND d.redemption_id = r.redemption_id
  LEFT JOIN orders o ON o.shop_id = $1 AND o.order_id = coalesce(r.order_id, d.captured_order_id)
  LEFT JOIN LATERAL (
    SELECT string_agg(DISTINCT of_lot.name, ', ') AS names
    FROM loyalty_postings p
    JOIN loyalty_postings opened ON opened.shop_id = $1 AND opened.member_id = $2 AND opened.lot_no = p.lot_no AND opened.matures_at IS NOT NULL
    JOIN orders of_lot ON of_lot.shop_id = $1 AND of_lot.order_id = opened.lot_order_id
    WHERE p.shop_id = $1 AND p.member_id = $2 AND p.sequence = r.sequence AND p.account = 'pending'
  ) matured ON r.kind = 'maturity'
  LEFT JOIN LATERAL (
    SELECT -sum(p.points)::int AS given
    FROM gone_up g
    JOIN loyalty_entries e ON e.shop_id = $1 AND e.member_id = g.member_id AND e.order_id = r.order_id AND e.kind = r.kind AND e.recorded_at <= r.recorded_at
    JOIN loyalty_postings p ON p.shop_id = $1 AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'issued'
  ) before_merge ON r.order_id IS NOT NULL
  WHERE r.sequence < $3 ORDER BY r.sequence DESC LIMIT $4`;

/** What the lines of these orders were called. */
export async function loadLineTitles(connection: pg.PoolClient, { shopId }: ShopRef, lineIds: readonly string[], orderIds: readonly bigint[]): Promise<Map<string, string>> {
  if (lineIds.length === 0) return new Map();
  const { rows } = await connection.query<{ line_id: string; title: string }>(
    'SELECT line_id, title FROM order_lines WHERE shop_id = $1 AND order_id = ANY($2::bigint[]) AND line_id = ANY($3::bigint[])',
    [shopId, orderIds.map(String), lineIds],
  );
  return new Map(rows.map((row) => [row.line_id, row.title]));
}
