import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { FLOW_TRIGGERS } from '#app/domain/loyalty/traces/flow-event.ts';
import type { FlowEventDraft } from '#app/domain/loyalty/traces/flow-event.ts';

/** In the transaction that notes what they tell of. One that there is already stays as it is. */
export async function insertFlowEvents(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { events, now }: { events: readonly (FlowEventDraft & { readonly memberId: bigint })[]; now: Date },
): Promise<void> {
  if (events.length === 0) return;
  await connection.query({
    name: 'insert-flow-events',
    text: `INSERT INTO loyalty_flow_events (shop_id, event_key, member_id, trigger, facts, redemption_id, occurred_at, noted_at, state, not_before)
      SELECT $1, n.*, $2, 'waiting', $2
      FROM unnest($3::text[], $4::bigint[], $5::text[], $6::jsonb[], $7::uuid[], $8::timestamptz[]) n
      ON CONFLICT (shop_id, event_key) DO NOTHING`,
    values: [
      shopId,
      now,
      events.map(({ key }) => key),
      events.map(({ memberId }) => String(memberId)),
      events.map(({ trigger }) => trigger),
      events.map(({ facts }) => JSON.stringify(facts)),
      events.map(({ redemptionId }) => redemptionId),
      events.map(({ occurredAtMs }) => new Date(occurredAtMs)),
    ],
  });
}

const rowSchema = z.object({
  event_key: z.string(),
  trigger: z.enum(FLOW_TRIGGERS),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  occurred_at: z.date(),
  noted_at: z.date(),
  customer_id: z.string().transform(BigInt),
  balance_points: z.number().int(),
  pending_points: z.number().int(),
  reward_id: z.string().nullable(),
  reward_version: z.number().int().nullable(),
  redemption_state: z.string().nullable(),
  issued_at: z.date().nullable(),
  code: z.string().nullable(),
});

export interface WaitingFlowEvent {
  readonly key: string;
  readonly trigger: (typeof FLOW_TRIGGERS)[number];
  readonly facts: Readonly<Record<string, string | number>>;
  readonly occurredAtMs: number;
  readonly notedAtMs: number;
  /** Below 0 for one who was forgotten. */
  readonly customerId: bigint;
  readonly balancePoints: number;
  readonly pendingPoints: number;
  /** What the points were spent on; null for another trigger. */
  readonly redemption: { readonly rewardId: string; readonly version: number; readonly state: string; readonly wasIssued: boolean; readonly code: string | null } | null;
}

/** The oldest first, so that workflows hear of a member's day in its order. Index: loyalty_flow_events_waiting_at. */
export async function loadWaitingFlowEvents(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { now, limit }: { now: Date; limit: number },
): Promise<WaitingFlowEvent[]> {
  const { rows } = await connection.query({
    name: 'load-waiting-flow-events',
    text: `SELECT e.event_key, e.trigger, e.facts, e.occurred_at, e.noted_at, m.customer_id, m.balance_points, m.pending_points,
        r.reward_id, r.program_version AS reward_version, r.state AS redemption_state, r.issued_at, r.code
      FROM loyalty_flow_events e JOIN loyalty_members m ON m.shop_id = e.shop_id AND m.member_id = e.member_id
      LEFT JOIN loyalty_redemptions r ON r.shop_id = e.shop_id AND r.redemption_id = e.redemption_id
      WHERE e.shop_id = $1 AND e.not_before <= $2 ORDER BY e.not_before, e.occurred_at, e.event_key LIMIT $3`,
    values: [shopId, now, limit],
  });
  return rows.map((raw) => {
    const row = rowSchema.parse(raw);
    const { reward_id: rewardId, reward_version: version, redemption_state: state } = row;
    return {
      key: row.event_key,
      trigger: row.trigger,
      facts: row.facts,
      occurredAtMs: row.occurred_at.getTime(),
      notedAtMs: row.noted_at.getTime(),
      customerId: row.customer_id,
      balancePoints: row.balance_points,
      pendingPoints: row.pending_points,
      redemption: rewardId === null || version === null || state === null ? null : { rewardId, version, state, wasIssued: row.issued_at !== null, code: row.code },
    };
  });
}

/**
 * On record before it goes out, and nobody else's for a while.
 *
 * @returns false when somebody has settled it meanwhile, or is at it
 */
export async function claimFlowEvent(db: TenantDb, { shopId }: ShopRef, key: string, { now, until }: { now: Date; until: Date }): Promise<boolean> {
  const { count } = await db.loyaltyFlowEvent.updateMany({
    where: { shopId, eventKey: key, state: 'waiting', notBefore: { lte: now } },
    data: { attempts: { increment: 1 }, notBefore: until },
  });
  return count === 1;
}

export async function postponeFlowEvent(db: TenantDb, { shopId }: ShopRef, key: string, notBefore: Date): Promise<void> {
  await db.loyaltyFlowEvent.updateMany({ where: { shopId, eventKey: key, state: 'waiting' }, data: { notBefore } });
}

/** `dropped`: Flow is not told, and never will be. */
export async function settleFlowEvent(
  db: TenantDb,
  { shopId }: ShopRef,
  key: string,
  { state, lastError, now }: { state: 'told' | 'dropped'; lastError: string | null; now: Date },
): Promise<void> {
  await db.loyaltyFlowEvent.updateMany({ where: { shopId, eventKey: key, state: 'waiting' }, data: { state, lastError, notBefore: null, settledAt: now } });
}

/** Those that were settled long ago: what they told of is noted, and is not noted again. */
export async function forgetFlowEvents(db: TenantDb, { shopId }: ShopRef, until: Date): Promise<void> {
  await db.loyaltyFlowEvent.deleteMany({ where: { shopId, settledAt: { lt: until } } });
}
