import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** Rows of a file, in the order of its header; ids are texts and so are instants and days. */
export type ExportRow = readonly (string | number | null)[];

export interface ExportSlice<Place> {
  readonly rows: readonly ExportRow[];
  /** Where the next slice begins; null after the last. */
  readonly after: Place | null;
}

export const MEMBER_COLUMNS = [
  ...['member_id', 'customer_id', 'points', 'pending_points', 'reserved_points', 'tier', 'enrolled_at', 'last_activity_at', 'is_excluded'],
  ...['merged_into', 'birthday'],
];

/**
 * In the order of their numbers, by the primary key. A tier is the one that was given last, as it is called now. Of a
 * birthday, month and day are known.
 */
export async function loadMembersSlice(connection: pg.PoolClient, { shopId }: ShopRef, { after, limit }: { after: string; limit: number }): Promise<ExportSlice<string>> {
  const { rows } = await connection.query<(string | number | null)[]>({
    text: `WITH names AS MATERIALIZED (
        SELECT DISTINCT ON (level ->> 'id') level ->> 'id' AS tier_id, nullif(level ->> 'name', '') AS name
        FROM loyalty_program_versions v, jsonb_path_query(v.program, '$.tiers.levels[*]') level
        WHERE v.shop_id = $1 ORDER BY level ->> 'id', v.version DESC
      )
      SELECT m.member_id::text, CASE WHEN m.customer_id > 0 THEN m.customer_id::text END, m.balance_points, m.pending_points,
        m.reserved_points, coalesce(n.name, t.tier_id), ${instant('m.enrolled_at')}, ${instant('m.last_activity_at')},
        CASE WHEN m.is_excluded THEN 1 ELSE 0 END, m.merged_into::text,
        to_char(m.birthday / 100, 'FM00') || '-' || to_char(m.birthday % 100, 'FM00')
      FROM loyalty_members m
      LEFT JOIN LATERAL (
        SELECT tier_id FROM loyalty_tier_changes c WHERE c.shop_id = m.shop_id AND c.member_id = m.member_id
          AND c.effective_at <= now() ORDER BY change_no DESC LIMIT 1
      ) t ON true
      LEFT JOIN names n ON n.tier_id = t.tier_id
      WHERE m.shop_id = $1 AND m.member_id > $2 ORDER BY m.member_id LIMIT $3`,
    values: [shopId, after, limit],
    rowMode: 'array',
  });
  return { rows, after: rows.length < limit ? null : String(rows.at(-1)?.[0]) };
}

export const LEDGER_COLUMNS = [
  ...['member_id', 'customer_id', 'entry', 'kind', 'occurred_at', 'recorded_at', 'points', 'pending_points', 'reserved_points', 'balance_after'],
  ...['order_id', 'order_name', 'redemption_id', 'program_version', 'expires_on', 'reason', 'note', 'staff_id', 'key'],
];

export interface LedgerPlace {
  readonly memberId: string;
  readonly sequence: number;
}

/**
 * Member by member, each entry in its order. A slice is whole members as far as it goes: balances are summed over the
 * member's entries, of which those before the slice are read too.
 */
export async function loadLedgerSlice(connection: pg.PoolClient, { shopId }: ShopRef, { after, limit }: { after: LedgerPlace; limit: number }): Promise<ExportSlice<LedgerPlace>> {
  const { rows } = await connection.query<(string | number | null)[]>({
    text: LEDGER_SLICE,
    values: [shopId, after.memberId, after.sequence, limit],
    rowMode: 'array',
  });
  const last = rows.at(-1);
  if (rows.length < limit || last === undefined) return { rows, after: null };
  return { rows, after: { memberId: String(last[0]), sequence: Number(last[2]) } };
}

const LEDGER_SLICE = `
  WITH slice AS (
    SELECT * FROM loyalty_entries WHERE shop_id = $1 AND (member_id, sequence) > ($2::bigint, $3::int)
    ORDER BY member_id, sequence LIMIT $4
  )
  SELECT e.member_id::text, CASE WHEN m.customer_id > 0 THEN m.customer_id::text END, e.sequence, e.kind, ${instant('e.occurred_at')},
    ${instant('e.recorded_at')}, p.points, p.pending, p.reserved, b.balance, e.order_id::text, o.name, e.redemption_id::text,
    e.program_version, p.expires_on, e.reason::text, n.note, n.staff_id, e.entry_key
  FROM slice e
  JOIN loyalty_members m ON m.shop_id = $1 AND m.member_id = e.member_id
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(points) FILTER (WHERE account = 'customer'), 0)::int AS points,
      coalesce(sum(points) FILTER (WHERE account = 'pending'), 0)::int AS pending,
      coalesce(sum(points) FILTER (WHERE account = 'reserved'), 0)::int AS reserved, max(expires_on)::text AS expires_on
    FROM loyalty_postings p WHERE p.shop_id = $1 AND p.member_id = e.member_id AND p.sequence = e.sequence
  ) p
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(points), 0)::int AS balance FROM loyalty_postings p
    WHERE p.shop_id = $1 AND p.member_id = e.member_id AND p.account = 'customer' AND p.sequence <= e.sequence
  ) b
  LEFT JOIN orders o ON o.shop_id = $1 AND o.order_id = e.order_id
  LEFT JOIN loyalty_notes n ON n.shop_id = $1 AND n.member_id = e.member_id AND n.sequence = e.sequence
  ORDER BY e.member_id, e.sequence`;

/** In UTC, as a program reads it. */
export function instant(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
