import type pg from 'pg';
import { z } from 'zod';

import { allAnswers } from '#app/adapters/db/brief-connection.server.ts';
import { dateAsDay } from '#app/adapters/db/loyalty/day-column.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { EMPTY_LEDGER, inSpendingOrder } from '#app/domain/loyalty/ledger/member-ledger.ts';
import type { Lot, MemberLedger } from '#app/domain/loyalty/ledger/member-ledger.ts';

const memberRowSchema = z.object({
  member_id: z.string().transform(BigInt),
  customer_id: z.string().transform(BigInt),
  is_excluded: z.boolean(),
  merged_into: z.string().transform(BigInt).nullable(),
  enrolled_at: z.date(),
  last_activity_at: z.date().nullable(),
  last_sequence: z.number().int(),
  last_hash: z.instanceof(Buffer).nullable(),
  birthday: z.number().int().nullable(),
  birthday_known_at: z.date().nullable(),
  due_at: z.date().nullable(),
});

const lotRowSchema = z.object({
  member_id: z.string().transform(BigInt),
  lot_no: z.number().int().nullable(),
  customer: z.number().int(),
  pending: z.number().int(),
  reserved: z.number().int(),
  matures_at: z.date().nullable(),
  expires_on: z.string().nullable(),
  lot_order_id: z.string().transform(BigInt).nullable(),
});

/** Makes members of customers who are none yet. Inside a `withTenantConnection` transaction. */
export async function enrolCustomers(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerIds, now }: { customerIds: readonly bigint[]; now: Date },
): Promise<void> {
  // In rising order, so that two who enrol the same customers wait for each other and never in a ring.
  const sorted = [...new Set(customerIds)].sort((a, b) => (a < b ? -1 : 1));
  await connection.query({
    name: 'enrol-customers',
    // Looking takes less than trying to insert, which also uses up a number.
    text: `INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at)
      SELECT $1, customer_id, $3 FROM unnest($2::bigint[]) c (customer_id)
      WHERE NOT EXISTS (SELECT FROM loyalty_members m WHERE m.shop_id = $1 AND m.customer_id = c.customer_id)
      ORDER BY customer_id ON CONFLICT (shop_id, customer_id) DO NOTHING`,
    values: [shopId, sorted.map(String), now],
  });
}

/**
 * Holds the rows of members until the transaction ends, lowest id first, and reads their points. The rows are held by a
 * statement of their own: one that also read the postings would read them as they were before it had to wait.
 *
 * @param by member ids, or the ids of their customers
 */
export async function holdMembers(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  by: { readonly memberIds: readonly bigint[] } | { readonly customerIds: readonly bigint[] },
): Promise<HeldMember[]> {
  const [column, ids] = 'memberIds' in by ? (['member_id', by.memberIds] as const) : (['customer_id', by.customerIds] as const);
  const held = await connection.query({
    name: `hold-members-by-${column}`,
    text: `${MEMBERS} AND ${column} = ANY($2::bigint[]) ORDER BY member_id FOR NO KEY UPDATE`,
    values: [shopId, ids.map(String)],
  });
  const ledgers = await loadLedgers(connection, { shopId }, held.rows.map((row: { member_id: string }) => BigInt(row.member_id)));
  return heldMembers(held.rows, ledgers);
}

/**
 * The same for customers, on one way to the database. Inside `withBriefConnection`.
 *
 * @param waits whether members whose rows somebody else holds are waited for, or left out
 */
export async function holdCustomers(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerIds, waits }: { customerIds: readonly bigint[]; waits: boolean },
): Promise<HeldMember[]> {
  const values = [shopId, customerIds.map(String)];
  const [name, lock] = waits ? ['hold-customers', ''] : ['hold-free-customers', 'SKIP LOCKED'];
  const [held, lots] = await allAnswers([
    connection.query({ name, text: `${MEMBERS} AND customer_id = ANY($2::bigint[]) ORDER BY member_id FOR NO KEY UPDATE ${lock}`, values }),
    connection.query({ name: 'load-ledgers-of-customers', text: LOTS_OF_CUSTOMERS, values }),
  ]);
  return heldMembers(held.rows, ledgersOf(lots.rows));
}

const MEMBERS = `
  SELECT member_id, customer_id, is_excluded, merged_into, enrolled_at, last_activity_at, last_sequence, last_hash, birthday,
    birthday_known_at, due_at
  FROM loyalty_members WHERE shop_id = $1`;

function heldMembers(rows: readonly unknown[], ledgers: ReadonlyMap<bigint, MemberLedger>): HeldMember[] {
  return rows.map((raw) => {
    const row = memberRowSchema.parse(raw);
    return {
      memberId: row.member_id,
      customerId: row.customer_id,
      isExcluded: row.is_excluded,
      mergedInto: row.merged_into,
      enrolledAtMs: row.enrolled_at.getTime(),
      ledger: ledgers.get(row.member_id) ?? EMPTY_LEDGER,
      lastActivityMs: row.last_activity_at?.getTime() ?? null,
      lastSequence: row.last_sequence,
      lastHash: row.last_hash,
      birthday: row.birthday,
      birthdayKnownAtMs: row.birthday_known_at?.getTime() ?? null,
      dueMs: row.due_at?.getTime() ?? null,
    };
  });
}

/** A customer went up in one who is no member: the member is theirs from now on. */
export async function giveMemberTo(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { memberId, customerId }: { memberId: bigint; customerId: bigint },
): Promise<void> {
  await connection.query('UPDATE loyalty_members SET customer_id = $3 WHERE shop_id = $1 AND member_id = $2', [
    shopId,
    String(memberId),
    String(customerId),
  ]);
}

/** For two whose rows are held, of whom one goes up in the other: who never told a birthday has the one that they told before. */
export async function moveBirthday(connection: pg.PoolClient, { shopId }: ShopRef, { fromId, toId, now }: { fromId: bigint; toId: bigint; now: Date }): Promise<void> {
  await connection.query(
    `UPDATE loyalty_members t SET birthday = f.birthday, birthday_known_at = f.birthday_known_at, due_at = least(t.due_at, $4)
     FROM loyalty_members f WHERE f.shop_id = $1 AND f.member_id = $2 AND f.birthday IS NOT NULL
       AND t.shop_id = $1 AND t.member_id = $3 AND t.birthday IS NULL AND t.customer_id > 0`,
    [shopId, String(fromId), String(toId), now],
  );
}

/**
 * The member has gone up in another, and names their own id as a pseudonym does: the customer of that id is no more, and
 * a redaction of the one that stayed would not find them.
 */
export async function markMerged(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { memberId, mergedInto }: { memberId: bigint; mergedInto: bigint },
): Promise<void> {
  await connection.query(
    `UPDATE loyalty_members SET merged_into = $3, customer_id = -member_id, birthday = NULL, birthday_known_at = NULL, due_at = NULL,
       claimed_at = NULL, welcome_due_at = NULL
     WHERE shop_id = $1 AND member_id = $2`,
    [shopId, String(memberId), String(mergedInto)],
  );
}

/** For members whose rows are held and about whom there was nothing to write. */
export async function rememberDue(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  dues: readonly { readonly member: HeldMember; readonly dueMs: number | null }[],
): Promise<void> {
  if (dues.length === 0) return;
  await connection.query({
    name: 'remember-due',
    text: `UPDATE loyalty_members m SET due_at = d.due_at FROM unnest($2::bigint[], $3::timestamptz[]) d (member_id, due_at)
      WHERE m.shop_id = $1 AND m.member_id = d.member_id AND m.due_at IS DISTINCT FROM d.due_at`,
    values: [
      shopId,
      dues.map(({ member }) => String(member.memberId)),
      dues.map(({ dueMs }) => (dueMs === null ? null : new Date(dueMs))),
    ],
  });
}

/** Of a member whose row is held: a birthday, since when it is known, and when time next does something to the member. */
export async function saveMemberBirthday(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { memberId, birthday, knownAt, dueMs }: { memberId: bigint; birthday: number; knownAt: Date; dueMs: number | null },
): Promise<void> {
  await connection.query('UPDATE loyalty_members SET birthday = $3, birthday_known_at = $4, due_at = $5 WHERE shop_id = $1 AND member_id = $2', [
    shopId,
    String(memberId),
    birthday,
    knownAt,
    dueMs === null ? null : new Date(dueMs),
  ]);
}

/** Somebody was merged while their row was waited for: the transaction begins again, as after any other conflict. */
export class MergedMeanwhileError extends Error {
  override name = 'MergedMeanwhileError';
  /** As PostgreSQL numbers a serialization failure: see `repeatOnConflict`. */
  readonly code = '40001';
}

/**
 * Those of customers and those named, and everybody whom one of them has gone up in. A merge that comes between finding
 * them and holding them would leave out the one who stayed: that is found by what their rows say once they are held.
 *
 * @throws MergedMeanwhileError
 */
export async function holdMembersAbout(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerIds, memberIds }: { customerIds: readonly bigint[]; memberIds: readonly bigint[] },
): Promise<HeldMember[]> {
  const values = [shopId, customerIds.map(String), memberIds.map(String)];
  const [held, lots] = await allAnswers([
    connection.query({ name: 'hold-members-about', text: `${MEMBERS} AND ${IS_ABOUT} ORDER BY member_id FOR NO KEY UPDATE`, values }),
    connection.query({ name: 'load-ledgers-about', text: lotsWhere(IS_ABOUT), values }),
  ]);
  const members = heldMembers(held.rows, ledgersOf(lots.rows));
  const ids = new Set(members.map(({ memberId }) => memberId));
  for (const { memberId, mergedInto } of members) {
    if (mergedInto !== null && !ids.has(mergedInto)) throw new MergedMeanwhileError(`member ${memberId} went up in another`);
  }
  return members;
}

// By the limit each is looked up: a plan for however many would read all members to join them.
const IS_ABOUT = `member_id = ANY(ARRAY(
    WITH RECURSIVE about AS (
      SELECT member_id, merged_into FROM loyalty_members WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])
      UNION
      SELECT member_id, merged_into FROM loyalty_members WHERE shop_id = $1 AND member_id = ANY($3::bigint[])
      UNION
      SELECT m.member_id, m.merged_into FROM about a CROSS JOIN LATERAL (
        SELECT member_id, merged_into FROM loyalty_members WHERE shop_id = $1 AND member_id = a.merged_into LIMIT 1
      ) m WHERE a.merged_into IS NOT NULL
    ) SELECT member_id FROM about))`;

/** Points by lot: the sums of all postings of these members. Grain: member and lot; debt is the lot that has no number. */
export async function loadLedgers(
  connection: pg.PoolClient,
  { shopId }: Pick<ShopRef, 'shopId'>,
  memberIds: readonly bigint[],
): Promise<Map<bigint, MemberLedger>> {
  const { rows } = await connection.query({ name: 'load-ledgers', text: LOTS_OF_MEMBERS, values: [shopId, memberIds.map(String)] });
  return ledgersOf(rows);
}

function ledgersOf(rows: readonly unknown[]): Map<bigint, MemberLedger> {
  const ledgers = new Map<bigint, { lots: Lot[]; debtPoints: number; nextLotNo: number }>();
  for (const row of rows.map((raw) => lotRowSchema.parse(raw))) {
    const ledger = ledgers.get(row.member_id) ?? { lots: [], debtPoints: 0, nextLotNo: 1 };
    ledgers.set(row.member_id, ledger);
    if (row.lot_no === null) {
      ledger.debtPoints = 0 - row.customer;
      continue;
    }
    ledger.nextLotNo = Math.max(ledger.nextLotNo, row.lot_no + 1);
    if (row.customer === 0 && row.pending === 0 && row.reserved === 0) continue;
    ledger.lots.push({
      lotNo: row.lot_no,
      customer: row.customer,
      pending: row.pending,
      reserved: row.reserved,
      maturesAtMs: row.matures_at?.getTime() ?? 0,
      expiresOn: dateAsDay(row.expires_on),
      orderId: row.lot_order_id,
    });
  }
  for (const ledger of ledgers.values()) ledger.lots.sort(inSpendingOrder);
  return ledgers;
}

const LOTS_OF_MEMBERS = lotsWhere('member_id = ANY($2::bigint[])');
const LOTS_OF_CUSTOMERS = lotsWhere('member_id = ANY(ARRAY(SELECT member_id FROM loyalty_members WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])))');

// The pages that this reads are those of the primary key's index, which holds all of a posting. Of lots that are empty the
// last alone is told, for its number.
function lotsWhere(condition: string): string {
  return `
  SELECT member_id, lot_no, customer, pending, reserved, matures_at, expires_on, lot_order_id
  FROM (
    SELECT member_id, lot_no, max(lot_no) OVER (PARTITION BY member_id) AS last_lot_no,
      coalesce(sum(points) FILTER (WHERE account = 'customer'), 0)::int AS customer,
      coalesce(sum(points) FILTER (WHERE account = 'pending'), 0)::int AS pending,
      coalesce(sum(points) FILTER (WHERE account = 'reserved'), 0)::int AS reserved,
      max(matures_at) AS matures_at, max(expires_on)::text AS expires_on, max(lot_order_id) AS lot_order_id
    FROM loyalty_postings
    WHERE shop_id = $1 AND ${condition} AND account IN ('customer', 'pending', 'reserved')
    GROUP BY member_id, lot_no
  ) l
  WHERE lot_no = last_lot_no OR customer <> 0 OR pending <> 0 OR reserved <> 0`;
}
