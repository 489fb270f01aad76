import type pg from 'pg';

import { loadMemberIdsOf } from '#app/adapters/db/loyalty/redemption-members.server.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/**
 * The member keeps the pseudonym that the orders keep, and the ledger stays as it is: it never knew more. What is left of
 * the points ends with the member's next turn, which is at once. What was written beside entries goes, also of those who
 * went up in them, who are the same person.
 */
export async function forgetLoyaltyMember(
  { shop, now }: { shop: ShopRef; now: () => Date },
  db: TenantDb,
  { customerId, pseudonym }: { customerId: bigint; pseudonym: bigint },
): Promise<void> {
  const { shopId } = shop;
  const memberIds = await loadMemberIdsOf(db, shop, customerId);
  if (memberIds.length === 0) return;
  await db.loyaltyMember.updateMany({
    where: { shopId, customerId },
    data: { customerId: pseudonym, claimedAt: null, welcomeDueAt: null, birthday: null, birthdayKnownAt: null, isExcluded: true, dueAt: now() },
  });
  // After the member: whoever was writing about them had that row and is done, and whoever comes now finds the pseudonym.
  // What Shopify has goes with its customer.
  const where = { shopId, memberId: { in: memberIds } };
  await db.loyaltyNote.deleteMany({ where });
  await db.loyaltyNotice.deleteMany({ where });
  await db.loyaltyMemberTrace.deleteMany({ where });
  await db.loyaltyFlowEvent.deleteMany({ where });
}

/** The same of somebody who goes up in one that was forgotten before: they are the same person. Their row is held. */
export async function forgetMergedMember(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { memberId, now }: { memberId: bigint; now: Date },
): Promise<void> {
  await connection.query(FORGET_MERGED, [shopId, String(memberId), now]);
}

const FORGET_MERGED = `
  WITH RECURSIVE lives AS (
    SELECT $2::bigint AS member_id
    UNION
    SELECT m.member_id FROM lives l JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = l.member_id
  ), notes AS (
    DELETE FROM loyalty_notes n USING lives l WHERE n.shop_id = $1 AND n.member_id = l.member_id
  ), notices AS (
    DELETE FROM loyalty_notices n USING lives l WHERE n.shop_id = $1 AND n.member_id = l.member_id
  ), events AS (
    DELETE FROM loyalty_flow_events f USING lives l WHERE f.shop_id = $1 AND f.member_id = l.member_id
  )
  UPDATE loyalty_members SET claimed_at = NULL, welcome_due_at = NULL, birthday = NULL, birthday_known_at = NULL, is_excluded = true,
    due_at = CASE WHEN merged_into IS NULL THEN $3::timestamptz END
  WHERE shop_id = $1 AND member_id = $2`;
