import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

// A merge never leads back; this is against a ring that should not be.
const MOST_MERGES = 50;

/** The customer who has a member's points now: the member, or whoever they went up in. Null for one who was forgotten. */
export async function loadMemberCustomer(db: TenantDb, { shopId }: ShopRef, memberId: bigint): Promise<bigint | null> {
  let current = memberId;
  for (let step = 0; step < MOST_MERGES; step += 1) {
    const row = await db.loyaltyMember.findUnique({
      where: { shopId_memberId: { shopId, memberId: current } },
      select: { customerId: true, mergedInto: true },
    });
    if (row === null) return null;
    if (row.mergedInto === null) return row.customerId > 0n ? row.customerId : null;
    current = row.mergedInto;
  }
  return null;
}

/** A customer's member and everybody who went up in them, at any remove. */
export async function loadMemberIdsOf(db: TenantDb, { shopId }: Pick<ShopRef, 'shopId'>, customerId: bigint): Promise<bigint[]> {
  const rows = await db.$queryRaw<{ member_id: bigint }[]>`
    WITH RECURSIVE mine AS (
      SELECT member_id FROM loyalty_members WHERE shop_id = ${shopId} AND customer_id = ${customerId}
      UNION
      SELECT m.member_id FROM mine JOIN loyalty_members m ON m.shop_id = ${shopId} AND m.merged_into = mine.member_id
    ) SELECT member_id FROM mine`;
  return rows.map((row) => row.member_id);
}
