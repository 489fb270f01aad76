import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/**
 * The member keeps the pseudonym that the orders keep, and the ledger stays as it is: it never knew more. What is left of
 * the points ends with the member's next turn, which is at once.
 */
export async function forgetLoyaltyMember(
  { shop: { shopId }, now }: { shop: ShopRef; now: () => Date },
  db: TenantDb,
  { customerId, pseudonym }: { customerId: bigint; pseudonym: bigint },
): Promise<void> {
  const members = await db.loyaltyMember.findMany({ where: { shopId, customerId }, select: { memberId: true } });
  const memberIds = members.map(({ memberId }) => memberId);
  if (memberIds.length === 0) return;
  const where = { shopId, memberId: { in: memberIds } };
  await db.loyaltyNote.deleteMany({ where });
  await db.loyaltyNotice.deleteMany({ where });
  await db.loyaltyMember.updateMany({
    where,
    data: { customerId: pseudonym, claimedAt: null, welcomeDueAt: null, birthday: null, birthdayKnownAt: null, isExcluded: true, dueAt: now() },
  });
  // After the member: whoever was about to note them waits for that row, and finds the pseudonym. What Shopify has goes with
  // its customer.
  await db.loyaltyMemberTrace.deleteMany({ where });
  await db.loyaltyFlowEvent.deleteMany({ where });
}
