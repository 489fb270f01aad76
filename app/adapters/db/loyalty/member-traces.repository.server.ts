import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { ENTRY_KINDS } from '#app/domain/loyalty/ledger/entry.ts';
import type { ToldLedgerEntry } from '#app/domain/loyalty/traces/flow-event.ts';
import type { WrittenValues } from '#app/domain/loyalty/traces/trace-values.ts';

const idColumn = z.string().transform(BigInt);

const heldRowSchema = z.object({ member_id: idColumn, customer_id: idColumn, last_sequence: z.number().int(), last_change_no: z.number().int(), seen_sequence: z.number().int() });

/** A member and how much of what happened to them has been noted. */
export interface NotedMember {
  readonly memberId: bigint;
  readonly customerId: bigint;
  readonly lastSequence: number;
  readonly lastChangeNo: number;
  readonly seenSequence: number;
}

/**
 * Members as they are, held so that nobody is forgotten or merged before the transaction ends; those who write entries do
 * not wait for it. Who was forgotten or went up in another is left out.
 */
export async function holdForTrace(connection: pg.PoolClient, { shopId }: ShopRef, memberIds: readonly bigint[]): Promise<NotedMember[]> {
  const ids = memberIds.map(String);
  await connection.query({
    name: 'hold-for-trace',
    text: 'SELECT 1 FROM loyalty_members WHERE shop_id = $1 AND member_id = ANY($2::bigint[]) ORDER BY member_id FOR KEY SHARE',
    values: [shopId, ids],
  });
  const { rows } = await connection.query({
    name: 'load-for-trace',
    text: `SELECT m.member_id, m.customer_id, m.last_sequence, coalesce(t.seen_sequence, 0) AS seen_sequence,
        coalesce((SELECT max(c.change_no) FROM loyalty_tier_changes c WHERE c.shop_id = m.shop_id AND c.member_id = m.member_id), 0) AS last_change_no
      FROM loyalty_members m LEFT JOIN loyalty_member_traces t ON t.shop_id = m.shop_id AND t.member_id = m.member_id
      WHERE m.shop_id = $1 AND m.member_id = ANY($2::bigint[]) AND m.customer_id > 0 ORDER BY m.member_id`,
    values: [shopId, ids],
  });
  return rows.map((raw) => {
    const row = heldRowSchema.parse(raw);
    return { memberId: row.member_id, customerId: row.customer_id, lastSequence: row.last_sequence, lastChangeNo: row.last_change_no, seenSequence: row.seen_sequence };
  });
}

const entryRowSchema = z.object({
  member_id: idColumn,
  kind: z.enum(ENTRY_KINDS),
  entry_key: z.string(),
  code: z.string().nullable(),
  redemption_id: z.string().nullable(),
  occurred_at: z.date(),
  recorded_at: z.date(),
  ruled_at: z.date().nullable(),
  restored_at: z.date().nullable(),
  issued: z.number().int(),
  reserved: z.number().int(),
});

/** Entries of these members that nobody has noted, of those that were recorded since an instant; in their order. */
export async function loadUnseenEntries(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { members, since }: { members: readonly NotedMember[]; since: Date },
): Promise<(ToldLedgerEntry & { readonly memberId: bigint })[]> {
  const { rows } = await connection.query({
    name: 'load-unseen-entries',
    text: `SELECT e.member_id, e.kind, e.entry_key, e.reason ->> 'code' AS code, e.redemption_id, e.occurred_at, e.recorded_at, v.saved_at AS ruled_at,
        (SELECT restored_at FROM shops WHERE shop_id = $1) AS restored_at,
        coalesce(-sum(p.points) FILTER (WHERE p.account = 'issued'), 0)::int AS issued,
        coalesce(sum(p.points) FILTER (WHERE p.account = 'reserved'), 0)::int AS reserved
      FROM unnest($2::bigint[], $3::int[], $4::int[]) AS n (member_id, seen, last)
      JOIN loyalty_entries e ON e.shop_id = $1 AND e.member_id = n.member_id AND e.sequence > n.seen AND e.sequence <= n.last
      JOIN loyalty_postings p ON p.shop_id = $1 AND p.member_id = e.member_id AND p.sequence = e.sequence
      LEFT JOIN loyalty_program_versions v ON v.shop_id = $1 AND v.version = e.program_version
      WHERE e.kind IN ('order', 'grant', 'reserve') AND e.recorded_at >= $5
      GROUP BY e.shop_id, e.member_id, e.sequence, v.saved_at ORDER BY e.member_id, e.sequence`,
    values: [
      shopId,
      members.map(({ memberId }) => String(memberId)),
      members.map(({ seenSequence }) => seenSequence),
      members.map(({ lastSequence }) => lastSequence),
      since,
    ],
  });
  return rows.map((raw) => {
    const row = entryRowSchema.parse(raw);
    return {
      memberId: row.member_id,
      kind: row.kind,
      key: row.entry_key,
      reasonCode: row.code ?? '',
      redemptionId: row.redemption_id,
      occurredAtMs: row.occurred_at.getTime(),
      recordedAtMs: row.recorded_at.getTime(),
      ruledAtMs: row.ruled_at?.getTime() ?? null,
      restoredAtMs: row.restored_at?.getTime() ?? null,
      issuedPoints: row.issued,
      reservedPoints: row.reserved,
    };
  });
}

/** They are to be looked at. For members who are held; a customer of before, who went up in this one, keeps nothing. */
export async function markNoted(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { members, now }: { members: readonly NotedMember[]; now: Date },
): Promise<void> {
  await connection.query({
    name: 'mark-noted',
    text: `INSERT INTO loyalty_member_traces AS t (shop_id, member_id, customer_id, seen_sequence, seen_change_no, due_at)
      SELECT $1, n.*, $6 FROM unnest($2::bigint[], $3::bigint[], $4::int[], $5::int[]) n
      ON CONFLICT (shop_id, member_id) DO UPDATE SET seen_sequence = greatest(t.seen_sequence, excluded.seen_sequence),
        seen_change_no = greatest(t.seen_change_no, excluded.seen_change_no), due_at = $6, problem = NULL,
        customer_id = excluded.customer_id,
        written = CASE WHEN t.customer_id = excluded.customer_id THEN t.written ELSE '{}' END,
        tag = CASE WHEN t.customer_id = excluded.customer_id THEN t.tag END,
        tag_state = CASE WHEN t.customer_id = excluded.customer_id THEN t.tag_state END`,
    values: [
      shopId,
      members.map(({ memberId }) => String(memberId)),
      members.map(({ customerId }) => String(customerId)),
      members.map(({ lastSequence }) => lastSequence),
      members.map(({ lastChangeNo }) => lastChangeNo),
      now,
    ],
  });
}

/** Without the trace of who was forgotten or went up in another: their customer is no more, or is to be left alone. */
export async function dropEndedTraces(connection: pg.PoolClient, { shopId }: ShopRef, memberIds: readonly bigint[]): Promise<void> {
  await connection.query(
    `DELETE FROM loyalty_member_traces t USING loyalty_members m
     WHERE t.shop_id = $1 AND t.member_id = ANY($2::bigint[]) AND m.shop_id = t.shop_id AND m.member_id = t.member_id AND m.customer_id <= 0`,
    [shopId, memberIds.map(String)],
  );
}

/** The member is another customer's: Shopify has nothing of it there, and the customer of before is no more. */
export async function moveTrace(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { memberId, customerId, now }: { memberId: bigint; customerId: bigint; now: Date },
): Promise<void> {
  await connection.query(
    `UPDATE loyalty_member_traces SET customer_id = $3, written = '{}', tag = NULL, tag_state = NULL, problem = NULL, due_at = $4
     WHERE shop_id = $1 AND member_id = $2`,
    [shopId, String(memberId), String(customerId), now],
  );
}

export const TAG_STATES = ['sent', 'ours', 'theirs'] as const;

const dueRowSchema = z.object({
  member_id: idColumn,
  customer_id: idColumn,
  is_stray: z.boolean(),
  due_at: z.date(),
  written: z.record(z.string(), z.string().nullable()),
  told_tier_id: z.string().nullable(),
  tag: z.string().nullable(),
  tag_state: z.enum(TAG_STATES).nullable(),
  balance_points: z.number().int(),
  pending_points: z.number().int(),
  enrolled_at: z.date(),
  is_excluded: z.boolean(),
  restored_at: z.date().nullable(),
});

/** What Shopify has of a member, and what holds. */
export interface DueTrace {
  readonly memberId: bigint;
  readonly customerId: bigint;
  readonly dueAt: Date;
  readonly written: WrittenValues;
  readonly toldTierId: string | null;
  readonly tag: string | null;
  /** `sent`: Shopify may have it. `theirs`: the customer had it before us, and keeps it. */
  readonly tagState: (typeof TAG_STATES)[number] | null;
  readonly balancePoints: number;
  readonly pendingPoints: number;
  readonly enrolledAtMs: number;
  readonly isExcluded: boolean;
  /** When a backup of the shop was restored; null: never. */
  readonly restoredAtMs: number | null;
}

/**
 * Those who wait the longest, held as `holdForTrace` does. Index: loyalty_member_traces_due.
 *
 * @returns beside them those whose member has another customer by now, or none
 */
export async function holdDueTraces(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { now, limit }: { now: Date; limit: number },
): Promise<{ due: DueTrace[]; strayIds: bigint[] }> {
  const { rows } = await connection.query({
    name: 'hold-due-traces',
    text: `SELECT t.member_id, t.customer_id, m.customer_id <> t.customer_id AS is_stray, t.due_at, t.written, t.told_tier_id, t.tag, t.tag_state,
        m.balance_points, m.pending_points, m.enrolled_at, m.is_excluded, (SELECT restored_at FROM shops WHERE shop_id = $1) AS restored_at
      FROM loyalty_member_traces t JOIN loyalty_members m ON m.shop_id = t.shop_id AND m.member_id = t.member_id
      WHERE t.shop_id = $1 AND t.due_at <= $2 ORDER BY t.due_at, t.member_id LIMIT $3 FOR KEY SHARE OF m`,
    values: [shopId, now, limit],
  });
  const read = rows.map((raw) => dueRowSchema.parse(raw));
  return { due: read.filter((row) => !row.is_stray).map(dueTraceOf), strayIds: read.filter((row) => row.is_stray).map((row) => row.member_id) };
}

function dueTraceOf(row: z.infer<typeof dueRowSchema>): DueTrace {
  return {
    memberId: row.member_id,
    customerId: row.customer_id,
    dueAt: row.due_at,
    written: row.written,
    toldTierId: row.told_tier_id,
    tag: row.tag,
    tagState: row.tag_state,
    balancePoints: row.balance_points,
    pendingPoints: row.pending_points,
    enrolledAtMs: row.enrolled_at.getTime(),
    isExcluded: row.is_excluded,
    restoredAtMs: row.restored_at?.getTime() ?? null,
  };
}

export interface TraceRow {
  readonly memberId: bigint;
  readonly customerId: bigint;
  readonly written: WrittenValues;
  readonly toldTierId: string | null;
  readonly tag: string | null;
  readonly tagState: DueTrace['tagState'];
  readonly problem: 'gone' | 'refused' | null;
  /** As it was read: when somebody has made the member due anew meanwhile, they stay due. */
  readonly seenDueAt: Date;
  readonly dueAt: Date | null;
}

/**
 * A member who was forgotten meanwhile has no row any more. Where another worker has been at the same member, which is when
 * a lock was lost, nobody knows whose word reached Shopify last: it is written again.
 */
export async function saveTraces(connection: pg.PoolClient, { shopId }: ShopRef, rows: readonly TraceRow[]): Promise<void> {
  if (rows.length === 0) return;
  await connection.query({
    name: 'save-traces',
    text: `UPDATE loyalty_member_traces t SET told_tier_id = n.told_tier_id, tag = n.tag, tag_state = n.tag_state, problem = n.problem,
        written = CASE WHEN t.due_at IS NOT DISTINCT FROM n.seen_due_at THEN n.written
          ELSE (SELECT coalesce(jsonb_object_agg(key, NULL::text), '{}') FROM jsonb_object_keys(t.written || n.written) key) END,
        due_at = CASE WHEN t.due_at IS NOT DISTINCT FROM n.seen_due_at THEN n.due_at ELSE coalesce(t.due_at, n.seen_due_at) END
      FROM unnest($2::bigint[], $3::bigint[], $4::jsonb[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[])
        n (member_id, customer_id, written, told_tier_id, tag, tag_state, problem, seen_due_at, due_at)
      WHERE t.shop_id = $1 AND t.member_id = n.member_id AND t.customer_id = n.customer_id`,
    values: [
      shopId,
      rows.map(({ memberId }) => String(memberId)),
      rows.map(({ customerId }) => String(customerId)),
      rows.map(({ written }) => JSON.stringify(written)),
      rows.map(({ toldTierId }) => toldTierId),
      rows.map(({ tag }) => tag),
      rows.map(({ tagState }) => tagState),
      rows.map(({ problem }) => problem),
      rows.map(({ seenDueAt }) => seenDueAt),
      rows.map(({ dueAt }) => dueAt),
    ],
  });
}
