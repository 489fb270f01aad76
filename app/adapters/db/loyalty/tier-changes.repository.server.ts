import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { JsonValue } from '#app/domain/loyalty/ledger/entry.ts';

/** A member was given a tier, from `effectiveAtMs` on. */
export interface TierChange {
  readonly memberId: bigint;
  readonly changeNo: number;
  readonly tierId: string;
  readonly effectiveAtMs: number;
  readonly graceUntilMs: number | null;
  readonly reason: JsonFacts;
}

export type JsonFacts = Readonly<Record<string, JsonValue>>;

const rowSchema = z.object({
  member_id: z.string().transform(BigInt),
  change_no: z.number().int(),
  tier_id: z.string(),
  effective_at: z.date(),
  grace_until: z.date().nullable(),
  reason: z.custom<JsonFacts>((value) => typeof value === 'object' && value !== null),
});

/**
 * Of these members, in the order in which they were added: of those that have taken effect the last holds, since whoever
 * reaches a tier again overtakes a fall that lay ahead.
 */
export async function loadTierChanges(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  memberIds: readonly bigint[],
): Promise<Map<bigint, TierChange[]>> {
  const { rows } = await connection.query({
    name: 'load-tier-changes',
    text: `SELECT member_id, change_no, tier_id, effective_at, grace_until, reason FROM loyalty_tier_changes
      WHERE shop_id = $1 AND member_id = ANY($2::bigint[]) ORDER BY change_no`,
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
      reason: row.reason,
    };
    const ofMember = changes.get(change.memberId);
    if (ofMember === undefined) changes.set(change.memberId, [change]);
    else ofMember.push(change);
  }
  return changes;
}

/** Numbered by who holds the member's row: one that somebody has taken meanwhile is refused by the primary key. */
export async function appendTierChanges(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { changes, programVersion, now }: { changes: readonly TierChange[]; programVersion: number; now: Date },
): Promise<void> {
  if (changes.length === 0) return;
  await connection.query({
    name: 'append-tier-changes',
    text: `INSERT INTO loyalty_tier_changes (shop_id, member_id, change_no, tier_id, program_version, effective_at, grace_until, reason, recorded_at)
      SELECT $1, c.member_id, c.change_no, c.tier_id, $2, c.effective_at, c.grace_until, c.reason, $3
      FROM unnest($4::bigint[], $5::int[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::jsonb[])
        c (member_id, change_no, tier_id, effective_at, grace_until, reason)`,
    values: [
      shopId,
      programVersion,
      now,
      changes.map(({ memberId }) => String(memberId)),
      changes.map(({ changeNo }) => changeNo),
      changes.map(({ tierId }) => tierId),
      changes.map(({ effectiveAtMs }) => new Date(effectiveAtMs)),
      changes.map(({ graceUntilMs }) => (graceUntilMs === null ? null : new Date(graceUntilMs))),
      changes.map(({ reason }) => JSON.stringify(reason)),
    ],
  });
}
