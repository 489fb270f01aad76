import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** How far the check of a shop's ledger has come, and how much there is to check. */
export interface AuditProgress {
  readonly members: number;
  readonly entries: number;
  /** Members up to this one have been checked since the pass began. */
  readonly checkedMemberId: bigint;
  /** Entries recorded up to then were checked when they were new; null before the first check. */
  readonly checkedThrough: Date | null;
  readonly passBeganAt: Date | null;
  readonly passedAt: Date | null;
}

const rowSchema = z.object({
  members: z.number().int(),
  entries: z.coerce.number(),
  checked_member_id: z.string().transform(BigInt).nullable(),
  checked_through: z.date().nullable(),
  pass_began_at: z.date().nullable(),
  passed_at: z.date().nullable(),
});

export async function loadAudit(connection: pg.PoolClient, { shopId }: ShopRef): Promise<AuditProgress> {
  const { rows } = await connection.query(
    `SELECT m.members, m.entries, a.checked_member_id, a.checked_through, a.pass_began_at, a.passed_at
     FROM (SELECT count(*)::int AS members, coalesce(sum(last_sequence), 0) AS entries FROM loyalty_members WHERE shop_id = $1) m
     LEFT JOIN loyalty_audits a ON a.shop_id = $1`,
    [shopId],
  );
  const row = rowSchema.parse(rows[0]);
  return {
    members: row.members,
    entries: row.entries,
    checkedMemberId: row.checked_member_id ?? 0n,
    checkedThrough: row.checked_through,
    passBeganAt: row.pass_began_at,
    passedAt: row.passed_at,
  };
}

export async function saveAudit(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { checkedMemberId, checkedThrough, passBeganAt, passedAt }: Omit<AuditProgress, 'members' | 'entries'>,
): Promise<void> {
  await connection.query(
    `INSERT INTO loyalty_audits (shop_id, checked_member_id, checked_through, pass_began_at, passed_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (shop_id) DO UPDATE SET checked_member_id = excluded.checked_member_id, checked_through = excluded.checked_through,
       pass_began_at = excluded.pass_began_at, passed_at = excluded.passed_at`,
    [shopId, String(checkedMemberId), checkedThrough, passBeganAt, passedAt],
  );
}

/** Whose entries were recorded after an instant, lowest id first. Index: loyalty_entries_recorded. */
export async function findMembersRecordedSince(connection: pg.PoolClient, { shopId }: ShopRef, since: Date): Promise<bigint[]> {
  const { rows } = await connection.query<{ member_id: string }>(
    'SELECT DISTINCT member_id FROM loyalty_entries WHERE shop_id = $1 AND recorded_at > $2 ORDER BY member_id',
    [shopId, since],
  );
  return rows.map((row) => BigInt(row.member_id));
}

/** The last of the next so many members; null where fewer are left. */
export async function findEndOfSlice(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { after, members }: { after: bigint; members: number },
): Promise<bigint | null> {
  const { rows } = await connection.query<{ member_id: string }>(
    'SELECT member_id FROM loyalty_members WHERE shop_id = $1 AND member_id > $2 ORDER BY member_id OFFSET $3 LIMIT 1',
    [shopId, String(after), members - 1],
  );
  return rows[0] === undefined ? null : BigInt(rows[0].member_id);
}
