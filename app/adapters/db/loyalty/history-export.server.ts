import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { instant } from './loyalty-export.server.ts';
import type { ExportSlice } from './loyalty-export.server.ts';

interface Slice<Place> {
  readonly after: Place;
  readonly limit: number;
}

type Row = (string | number | null)[];

const CUSTOMER = 'CASE WHEN m.customer_id > 0 THEN m.customer_id::text END';

export const REDEMPTION_COLUMNS = [
  ...['redemption_id', 'member_id', 'customer_id', 'reward', 'kind', 'points', 'amount_minor', 'currency', 'state', 'code', 'order_id', 'order_name'],
  ...['reserved_at', 'expires_at', 'issued_at', 'settled_at', 'program_version'],
];

/** By the primary key. A reward is called what it was when it was chosen. */
export async function loadRedemptionsSlice(connection: pg.PoolClient, { shopId }: ShopRef, { after, limit }: Slice<string>): Promise<ExportSlice<string>> {
  const { rows } = await connection.query<Row>({
    text: `SELECT r.redemption_id::text, r.member_id::text, ${CUSTOMER}, coalesce(nullif(w.reward ->> 'name', ''), r.reward_id), w.reward -> 'gives' ->> 'kind', r.points,
        r.amount_minor::text, r.currency, r.state, r.code, r.captured_order_id::text, o.name,
        ${instant('r.reserved_at')}, ${instant('r.expires_at')}, ${instant('r.issued_at')}, ${instant('r.settled_at')}, r.program_version
      FROM loyalty_redemptions r
      JOIN loyalty_members m ON m.shop_id = r.shop_id AND m.member_id = r.member_id
      LEFT JOIN orders o ON o.shop_id = r.shop_id AND o.order_id = r.captured_order_id
      LEFT JOIN LATERAL (
        SELECT reward FROM loyalty_program_versions v, jsonb_path_query(v.program, '$.rewards[*]') reward
        WHERE v.shop_id = r.shop_id AND v.version = r.program_version AND reward ->> 'id' = r.reward_id LIMIT 1
      ) w ON true
      WHERE r.shop_id = $1 AND r.redemption_id > $2::uuid ORDER BY r.redemption_id LIMIT $3`,
    values: [shopId, after, limit],
    rowMode: 'array',
  });
  return { rows, after: rows.length < limit ? null : String(rows.at(-1)?.[0]) };
}

/** A change that a member's rows are counted by. */
export interface ChangePlace {
  readonly memberId: string;
  readonly changeNo: number;
}

export const TIER_COLUMNS = ['member_id', 'customer_id', 'change', 'tier', 'effective_at', 'kept_until', 'reason', 'program_version', 'recorded_at'];

/** Member by member. A tier is called what it was then. */
export async function loadTierChangesSlice(connection: pg.PoolClient, { shopId }: ShopRef, { after, limit }: Slice<ChangePlace>): Promise<ExportSlice<ChangePlace>> {
  const { rows } = await connection.query<Row>({
    text: `WITH names AS MATERIALIZED (
        SELECT v.version, level ->> 'id' AS tier_id, nullif(level ->> 'name', '') AS name
        FROM loyalty_program_versions v, jsonb_path_query(v.program, '$.tiers.levels[*]') level WHERE v.shop_id = $1
      )
      SELECT c.member_id::text, ${CUSTOMER}, c.change_no, coalesce(n.name, c.tier_id), ${instant('c.effective_at')}, ${instant('c.grace_until')},
        c.reason::text, c.program_version, ${instant('c.recorded_at')}
      FROM loyalty_tier_changes c
      JOIN loyalty_members m ON m.shop_id = c.shop_id AND m.member_id = c.member_id
      LEFT JOIN names n ON n.version = c.program_version AND n.tier_id = c.tier_id
      WHERE c.shop_id = $1 AND (c.member_id, c.change_no) > ($2::bigint, $3::int) ORDER BY c.member_id, c.change_no LIMIT $4`,
    values: [shopId, after.memberId, after.changeNo, limit],
    rowMode: 'array',
  });
  return { rows, after: placeAfter(rows, limit) };
}

export const EXCLUSION_COLUMNS = ['member_id', 'customer_id', 'change', 'is_excluded', 'changed_at', 'staff_id'];

/** Who was left out of the program or let in again, member by member. */
export async function loadExclusionsSlice(connection: pg.PoolClient, { shopId }: ShopRef, { after, limit }: Slice<ChangePlace>): Promise<ExportSlice<ChangePlace>> {
  const { rows } = await connection.query<Row>({
    text: `SELECT e.member_id::text, ${CUSTOMER}, e.change_no, CASE WHEN e.is_excluded THEN 1 ELSE 0 END, ${instant('e.changed_at')}, e.staff_id
      FROM loyalty_exclusions e JOIN loyalty_members m ON m.shop_id = e.shop_id AND m.member_id = e.member_id
      WHERE e.shop_id = $1 AND (e.member_id, e.change_no) > ($2::bigint, $3::int) ORDER BY e.member_id, e.change_no LIMIT $4`,
    values: [shopId, after.memberId, after.changeNo, limit],
    rowMode: 'array',
  });
  return { rows, after: placeAfter(rows, limit) };
}

export const VERSION_COLUMNS = ['version', 'status', 'saved_at', 'staff_id', 'program'];

/** Each version of the program with all that it says, as JSON. */
export async function loadVersionsSlice(connection: pg.PoolClient, { shopId }: ShopRef, { after, limit }: Slice<number>): Promise<ExportSlice<number>> {
  const { rows } = await connection.query<Row>({
    text: `SELECT version, program -> 'status' ->> 'kind', ${instant('saved_at')}, saved_by, program::text
      FROM loyalty_program_versions WHERE shop_id = $1 AND version > $2 ORDER BY version LIMIT $3`,
    values: [shopId, after, limit],
    rowMode: 'array',
  });
  return { rows, after: rows.length < limit ? null : Number(rows.at(-1)?.[0]) };
}

function placeAfter(rows: readonly Row[], limit: number): ChangePlace | null {
  const last = rows.at(-1);
  return rows.length < limit || last === undefined ? null : { memberId: String(last[0]), changeNo: Number(last[2]) };
}
