import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { MembersQuestion, MemberSort } from '#app/domain/loyalty/members/members-question.ts';

/** A member as a list shows them. */
export interface ListedMember {
  readonly memberId: bigint;
  /** Null for somebody who was forgotten. */
  readonly customerId: bigint | null;
  /** Below 0 when they owe. */
  readonly balancePoints: number;
  readonly pendingPoints: number;
  readonly reservedPoints: number;
  readonly isExcluded: boolean;
  readonly enrolledAtMs: number;
  /** When they last earned or spent any, or became a member. */
  readonly lastActivityMs: number;
}

const rowSchema = z.object({
  member_id: z.string().transform(BigInt),
  customer_id: z.string().transform(BigInt),
  balance_points: z.number().int(),
  pending_points: z.number().int(),
  reserved_points: z.number().int(),
  is_excluded: z.boolean(),
  enrolled_at: z.date(),
  last_activity: z.date(),
});

const COLUMNS = `member_id, customer_id, balance_points, pending_points, reserved_points, is_excluded, enrolled_at,
  coalesce(last_activity_at, enrolled_at) AS last_activity`;

/** What each order reads by, and what its place is compared with. */
const SORT_KEYS: Record<MemberSort, { readonly sql: string; readonly place: string }> = {
  balance: { sql: 'balance_points', place: '$2::bigint::int' },
  activity: { sql: 'coalesce(last_activity_at, enrolled_at)', place: 'to_timestamp($2::bigint / 1000.0)' },
  enrolled: { sql: 'member_id', place: '$3::bigint' },
};

export interface MembersPage {
  readonly members: readonly ListedMember[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
}

/**
 * A page of the shop's members, of those who went up in nobody else. Indexes: loyalty_members_balance,
 * loyalty_members_activity and the primary key, each read from the page's place on.
 */
export async function loadMembersPage(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { sort, isRising, from, limit }: Pick<MembersQuestion, 'sort' | 'isRising' | 'from'> & { limit: number },
): Promise<MembersPage> {
  const isBackwards = from?.side === 'before';
  const [direction, comparison] = isRising === isBackwards ? ['DESC', '<'] : ['ASC', '>'];
  const { sql, place } = SORT_KEYS[sort];
  const text = `SELECT ${COLUMNS} FROM loyalty_members
    WHERE shop_id = $1 AND merged_into IS NULL ${from === null ? '' : `AND (${sql}, member_id) ${comparison} (${place}, $3::bigint)`}
    ORDER BY ${sql} ${direction}, member_id ${direction} LIMIT ${limit + 1}`;
  const values = from === null ? [shopId] : [shopId, String(from.place.key), String(from.place.memberId)];
  // By enrolment the place is the member alone, and PostgreSQL wants to know of what type each parameter is.
  const asked = from !== null && sort === 'enrolled' ? text.replace('WHERE', 'WHERE $2::bigint IS NOT NULL AND') : text;
  const { rows } = await connection.query(asked, values);
  const members = rows.slice(0, limit).map(listedMember);
  const hasMore = rows.length > limit;
  if (isBackwards) members.reverse();
  return { members, hasBefore: isBackwards ? hasMore : from !== null, hasAfter: isBackwards || hasMore };
}

/** Members who are these customers, the most points first. */
export async function loadMembersOf(connection: pg.PoolClient, { shopId }: ShopRef, customerIds: readonly bigint[]): Promise<ListedMember[]> {
  const { rows } = await connection.query(
    `SELECT ${COLUMNS} FROM loyalty_members WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])
     ORDER BY balance_points DESC, member_id`,
    [shopId, customerIds.map(String)],
  );
  return rows.map(listedMember);
}

/** Null for a number that is nobody's, or of somebody who went up in another. */
export async function loadListedMember(connection: pg.PoolClient, { shopId }: ShopRef, memberId: bigint): Promise<(ListedMember & { mergedInto: bigint | null }) | null> {
  const { rows } = await connection.query<{ merged_into: string | null }>(
    `SELECT ${COLUMNS}, merged_into FROM loyalty_members WHERE shop_id = $1 AND member_id = $2`,
    [shopId, String(memberId)],
  );
  const [row] = rows;
  return row === undefined ? null : { ...listedMember(row), mergedInto: row.merged_into === null ? null : BigInt(row.merged_into) };
}

export async function countMembers(connection: pg.PoolClient, { shopId }: ShopRef): Promise<number> {
  const { rows } = await connection.query<{ members: number }>(
    'SELECT count(*)::int AS members FROM loyalty_members WHERE shop_id = $1 AND merged_into IS NULL',
    [shopId],
  );
  return rows[0]?.members ?? 0;
}

function listedMember(raw: unknown): ListedMember {
  const row = rowSchema.parse(raw);
  return {
    memberId: row.member_id,
    customerId: row.customer_id > 0n ? row.customer_id : null,
    balancePoints: row.balance_points,
    pendingPoints: row.pending_points,
    reservedPoints: row.reserved_points,
    isExcluded: row.is_excluded,
    enrolledAtMs: row.enrolled_at.getTime(),
    lastActivityMs: row.last_activity.getTime(),
  };
}
