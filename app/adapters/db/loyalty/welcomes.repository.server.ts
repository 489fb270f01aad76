import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { ENTRY_KINDS } from '#app/domain/loyalty/ledger/entry.ts';
import type { Beginning } from '#app/domain/loyalty/members/welcome.ts';

/** A customer of whom it is certain that they have an account, and since when. */
export interface Claim {
  readonly customerId: bigint;
  readonly since: Date;
}

/**
 * Writes who has an account, once in a member's life, and has those looked at who may be welcomed for it. Nobody becomes a
 * member by it where the program welcomes nobody. Inside a tenant transaction.
 */
export async function claimMembers(connection: pg.PoolClient, { shopId }: ShopRef, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  await connection.query({
    name: 'claim-members',
    text: CLAIM,
    values: [shopId, claims.map(({ customerId }) => String(customerId)), claims.map(({ since }) => since)],
  });
}

const CLAIM = `
  WITH program AS (
    SELECT v.program FROM loyalty_program_versions v JOIN loyalty_progress p ON p.shop_id = v.shop_id AND p.is_followed
    WHERE v.shop_id = $1 ORDER BY v.version DESC LIMIT 1
  ), claims AS (
    SELECT c.customer_id, c.since, EXISTS (SELECT FROM program
      WHERE program #>> '{status,kind}' = 'live' AND (program #>> '{earning,welcomePoints}')::int > 0) AS is_welcoming
    FROM unnest($2::bigint[], $3::timestamptz[]) c (customer_id, since)
  )
  INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at, claimed_at, welcome_due_at)
  SELECT $1, customer_id, since, since, CASE WHEN is_welcoming THEN since END FROM claims c
  WHERE is_welcoming OR EXISTS (SELECT FROM loyalty_members m WHERE m.shop_id = $1 AND m.customer_id = c.customer_id)
  ORDER BY customer_id
  ON CONFLICT (shop_id, customer_id) DO UPDATE SET claimed_at = excluded.claimed_at, welcome_due_at = excluded.welcome_due_at
  WHERE loyalty_members.claimed_at IS NULL`;

/**
 * For two whose rows are held, of whom one goes up in the other. That one has an account since either had; who had none of
 * their own is decided about as the one who went would have been. Who was forgotten has none any more.
 */
export async function moveClaim(connection: pg.PoolClient, { shopId }: ShopRef, { fromId, toId }: { fromId: bigint; toId: bigint }): Promise<void> {
  await connection.query(
    `UPDATE loyalty_members t SET claimed_at = least(t.claimed_at, f.claimed_at),
       welcome_due_at = CASE WHEN t.claimed_at IS NULL THEN f.welcome_due_at ELSE t.welcome_due_at END
     FROM loyalty_members f
     WHERE f.shop_id = $1 AND f.member_id = $2 AND f.claimed_at IS NOT NULL AND t.shop_id = $1 AND t.member_id = $3 AND t.customer_id > 0`,
    [shopId, String(fromId), String(toId)],
  );
}

/** Of a legacy account that is still to be activated. */
export const AWAITED_STATES = "('DISABLED', 'INVITED', 'DECLINED')";

/** Those of members whose legacy account is still to be activated, as far as we know: they are welcomed once it is. */
export async function loadAwaitingAccounts(connection: pg.PoolClient, { shopId }: ShopRef, memberIds: readonly bigint[]): Promise<Set<bigint>> {
  const { rows } = await connection.query<{ member_id: string }>({
    name: 'load-awaiting-accounts',
    text: `SELECT m.member_id FROM loyalty_members m
      JOIN shops s ON s.shop_id = m.shop_id AND s.customer_accounts = 'CLASSIC'
      JOIN customers c ON c.shop_id = m.shop_id AND c.customer_id = m.customer_id AND c.account_state IN ${AWAITED_STATES}
      WHERE m.shop_id = $1 AND m.member_id = ANY($2::bigint[]) AND m.claimed_at IS NULL`,
    values: [shopId, memberIds.map(String)],
  });
  return new Set(rows.map((row) => BigInt(row.member_id)));
}

/** Members of whom nobody has decided whether they are welcomed, the longest waiting first. Index: loyalty_members_welcome_due. */
export async function findWelcomesDue(connection: pg.PoolClient, { shopId }: ShopRef, { now, limit }: { now: Date; limit: number }): Promise<bigint[]> {
  const { rows } = await connection.query<{ member_id: string }>({
    name: 'find-welcomes-due',
    text: 'SELECT member_id FROM loyalty_members WHERE shop_id = $1 AND welcome_due_at <= $2 ORDER BY welcome_due_at LIMIT $3',
    values: [shopId, now, limit],
  });
  return rows.map((row) => BigInt(row.member_id));
}

/** A member as their welcome is decided by. */
export interface ToWelcome {
  /** Since when their account is known, while nobody has decided; null otherwise. */
  readonly sinceMs: number | null;
  readonly beginnings: readonly Beginning[];
}

const rowSchema = z.object({
  owner_id: z.string().transform(BigInt),
  welcome_due_at: z.date().nullable(),
  kind: z.enum(ENTRY_KINDS).nullable(),
  program_version: z.number().int().nullable(),
  is_welcomed: z.boolean(),
});

/**
 * By member: how they began, and everybody who went up in them.
 *
 * @param by member ids, or the ids of their customers
 */
export async function loadToWelcome(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  by: { readonly memberIds: readonly bigint[] } | { readonly customerIds: readonly bigint[] },
): Promise<Map<bigint, ToWelcome>> {
  const [column, ids] = 'memberIds' in by ? (['member_id', by.memberIds] as const) : (['customer_id', by.customerIds] as const);
  const { rows } = await connection.query({
    name: `load-to-welcome-by-${column}`,
    text: `WITH RECURSIVE lives AS (
        SELECT member_id AS owner_id, welcome_due_at, member_id FROM loyalty_members WHERE shop_id = $1 AND ${column} = ANY($2::bigint[])
        UNION
        SELECT l.owner_id, l.welcome_due_at, m.member_id FROM lives l JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = l.member_id
      )
      SELECT l.owner_id, l.welcome_due_at, e.kind, e.program_version,
        EXISTS (SELECT FROM loyalty_entries w WHERE w.shop_id = $1 AND w.entry_key = 'grant/' || l.member_id || '/welcome/1') AS is_welcomed
      FROM lives l LEFT JOIN loyalty_entries e ON e.shop_id = $1 AND e.member_id = l.member_id AND e.sequence = 1`,
    values: [shopId, ids.map(String)],
  });
  const found = new Map<bigint, { sinceMs: number | null; beginnings: Beginning[] }>();
  for (const raw of rows) {
    const row = rowSchema.parse(raw);
    const member = found.get(row.owner_id) ?? { sinceMs: row.welcome_due_at?.getTime() ?? null, beginnings: [] };
    found.set(row.owner_id, member);
    member.beginnings.push({ kind: row.kind, programVersion: row.program_version, isWelcomed: row.is_welcomed });
  }
  return found;
}

/** For members whose rows are held: it is decided. */
export async function settleWelcomes(connection: pg.PoolClient, { shopId }: ShopRef, memberIds: readonly bigint[]): Promise<void> {
  await connection.query({
    name: 'settle-welcomes',
    text: 'UPDATE loyalty_members SET welcome_due_at = NULL WHERE shop_id = $1 AND member_id = ANY($2::bigint[])',
    values: [shopId, memberIds.map(String)],
  });
}
