import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** A member was given a tier, from `effectiveAtMs` on. */
export interface TierChange {
  readonly memberId: bigint;
  readonly changeNo: number;
  readonly tierId: string;
  readonly effectiveAtMs: number;
  readonly graceUntilMs: number | null;
}

const rowSchema = z.object({
  member_id: z.string().transform(BigInt),
  change_no: z.number().int(),
  tier_id: z.string(),
  effective_at: z.date(),
  grace_until: z.date().nullable(),
});

/** Of these members, in the order in which they took effect. */
export async function loadTierChanges(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  memberIds: readonly bigint[],
): Promise<Map<bigint, TierChange[]>> {
  const { rows } = await connection.query({
    name: 'load-tier-changes',
    text: `SELECT member_id, change_no, tier_id, effective_at, grace_until FROM loyalty_tier_changes
      WHERE shop_id = $1 AND member_id = ANY($2::bigint[]) ORDER BY effective_at, change_no`,
    values: [shopId, memberIds.map(String)],
  });
  const changes = new Map<bigint, TierChange[]>();
  for (const raw of rows) {
    const row = rowSchema.parse(raw);
    const change = {
      memberId: row.member_id,
      changeNo: row.change_no,
      tierId: row.tier_id,
      effectiveAtMs: row.effective_at.getTime(),
      graceUntilMs: row.grace_until?.getTime() ?? null,
    };
    const ofMember = changes.get(change.memberId);
    if (ofMember === undefined) changes.set(change.memberId, [change]);
    else ofMember.push(change);
  }
  return changes;
}
