import type pg from 'pg';
import { z } from 'zod';

import { dateAsDay } from '#app/adapters/db/loyalty/day-column.ts';
import { ORDER_FACTS_COLUMNS, orderFactsOf, orderFactsSchema } from '#app/adapters/db/order-facts-row.ts';
import { REDEMPTION_STATES } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { RedemptionState } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { HeldPoints } from '#app/domain/loyalty/ledger/plan-redemption.ts';
import type { OrderFacts } from '#app/domain/retention/metrics/order-value.ts';

/** A redemption with its points, read while its member's row is held: from then on nobody else settles it. */
export interface RedemptionPoints {
  readonly redemptionId: string;
  readonly memberId: bigint;
  readonly state: RedemptionState;
  readonly points: number;
  readonly programVersion: number;
  readonly orderId: bigint | null;
  readonly attempts: number;
  /** What was put aside, in the order in which it was taken. */
  readonly held: HeldPoints;
  /** Goods of the order when the points were spent; null before that, and where no order is known. */
  readonly capturedValueMinor: number | null;
  readonly returnedPoints: number;
  readonly returnsSoFar: number;
}

const id = z.string().transform(BigInt);
const rowSchema = z.object({
  redemption_id: z.string(),
  member_id: id,
  state: z.enum(REDEMPTION_STATES),
  points: z.number().int(),
  program_version: z.number().int(),
  captured_order_id: id.nullable(),
  attempts: z.number().int(),
  value_minor: z.number().nullable(),
  returned: z.number().int(),
  returns: z.number().int(),
});
const lotSchema = z.object({
  redemption_id: z.string(),
  lot_no: z.number().int(),
  points: z.number().int(),
  matures_at: z.date(),
  expires_on: z.string().nullable(),
  lot_order_id: id.nullable(),
});

/** Index: loyalty_entries_redemption. */
export async function loadRedemptionPoints(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  redemptionIds: readonly string[],
): Promise<RedemptionPoints[]> {
  const values = [shopId, redemptionIds];
  const rows = await connection.query({ name: 'load-redemption-rows', text: REDEMPTIONS, values });
  const lots = await connection.query({ name: 'load-redemption-lots', text: LOTS, values });
  const taken = lots.rows.map((row) => lotSchema.parse(row));
  return rows.rows.map((raw) => {
    const row = rowSchema.parse(raw);
    const mine = taken.filter((lot) => lot.redemption_id === row.redemption_id);
    return {
      redemptionId: row.redemption_id,
      memberId: row.member_id,
      state: row.state,
      points: row.points,
      programVersion: row.program_version,
      orderId: row.captured_order_id,
      attempts: row.attempts,
      capturedValueMinor: row.value_minor,
      returnedPoints: row.returned,
      returnsSoFar: row.returns,
      held: {
        lots: mine.map((lot) => ({
          lotNo: lot.lot_no,
          points: lot.points,
          maturesAtMs: lot.matures_at.getTime(),
          expiresOn: dateAsDay(lot.expires_on),
          orderId: lot.lot_order_id,
        })),
      },
    };
  });
}

const REDEMPTIONS = `
  SELECT r.redemption_id, r.member_id, r.state, r.points, r.program_version, r.captured_order_id, r.attempts,
    (SELECT (e.reason ->> 'valueMinor')::float8 FROM loyalty_entries e
      WHERE e.shop_id = r.shop_id AND e.redemption_id = r.redemption_id AND e.kind = 'capture') AS value_minor,
    coalesce(b.returned, 0)::int AS returned, coalesce(b.returns, 0)::int AS returns
  FROM loyalty_redemptions r
  LEFT JOIN LATERAL (
    SELECT -sum(p.points) AS returned, count(*) AS returns
    FROM loyalty_entries e
    JOIN loyalty_postings p ON p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence AND p.account = 'redeemed'
    WHERE e.shop_id = r.shop_id AND e.redemption_id = r.redemption_id AND e.kind = 'return'
  ) b ON true
  WHERE r.shop_id = $1 AND r.redemption_id = ANY($2::uuid[])
  ORDER BY r.reserved_at, r.redemption_id`;

const LOTS = `
  SELECT e.redemption_id, p.lot_no, p.points, o.matures_at, o.expires_on::text AS expires_on, o.lot_order_id
  FROM loyalty_entries e
  JOIN loyalty_postings p ON p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence
    AND p.account = 'reserved' AND p.points > 0
  JOIN loyalty_postings o ON o.shop_id = p.shop_id AND o.member_id = p.member_id AND o.lot_no = p.lot_no AND o.matures_at IS NOT NULL
  WHERE e.shop_id = $1 AND e.redemption_id = ANY($2::uuid[]) AND e.kind = 'reserve'
  ORDER BY e.redemption_id, p.posting_no`;

/** An order beside a redemption whose code it carries, or whose points were spent on it. */
export interface CodeOnOrder {
  readonly orderId: bigint;
  readonly redemptionId: string;
  readonly memberId: bigint;
}

const onOrderSchema = z.object({ order_id: id, redemption_id: z.string(), member_id: id });

/**
 * A code is ours whatever its capitals. Once points were spent on an order, it is known by its entry, since a redaction
 * takes the codes off the order. Indexes: loyalty_redemptions_code, loyalty_entries_order.
 */
export async function findCodesOnOrders(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<CodeOnOrder[]> {
  const { rows } = await connection.query({ name: 'find-codes-on-orders', text: CODES, values: [shopId, orderIds.map(String)] });
  return rows.map((raw) => {
    const row = onOrderSchema.parse(raw);
    return { orderId: row.order_id, redemptionId: row.redemption_id, memberId: row.member_id };
  });
}

const CODES = `
  SELECT o.order_id, r.redemption_id, r.member_id
  FROM orders o
  CROSS JOIN LATERAL unnest(o.discount_codes) c (code)
  JOIN loyalty_redemptions r ON r.shop_id = o.shop_id AND r.code = upper(c.code)
  WHERE o.shop_id = $1 AND o.order_id = ANY($2::bigint[])
  UNION
  SELECT e.order_id, e.redemption_id, e.member_id
  FROM loyalty_entries e
  WHERE e.shop_id = $1 AND e.order_id = ANY($2::bigint[]) AND e.kind = 'capture'`;

const factsSchema = orderFactsSchema.extend({ order_id: id });

/** What says whether these orders were paid, and what of them was refunded. */
export async function loadOrderFacts(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<Map<bigint, OrderFacts>> {
  const { rows } = await connection.query({
    name: 'load-order-facts',
    text: `SELECT order_id, ${ORDER_FACTS_COLUMNS} FROM orders WHERE shop_id = $1 AND order_id = ANY($2::bigint[])`,
    values: [shopId, orderIds.map(String)],
  });
  return new Map(
    rows.map((raw) => {
      const row = factsSchema.parse(raw);
      return [row.order_id, orderFactsOf(row)];
    }),
  );
}

/** What became of a redemption, in the transaction that wrote its entry. */
export interface SettledRow {
  readonly redemptionId: string;
  readonly state: RedemptionState;
  readonly orderId: bigint | null;
  readonly shopifyGid: string | null;
  /** When to look again, where the state is another than before; null once it is settled. */
  readonly notBefore: Date | null;
  readonly lastError: string | null;
}

export async function writeRedemptions(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { rows, now }: { rows: readonly SettledRow[]; now: Date },
): Promise<void> {
  if (rows.length === 0) return;
  await connection.query({
    name: 'write-redemptions',
    text: `UPDATE loyalty_redemptions r SET state = n.state, captured_order_id = coalesce(n.order_id, r.captured_order_id),
        discount_gid = coalesce(n.gid, r.discount_gid),
        not_before = CASE WHEN n.state = r.state THEN r.not_before ELSE n.not_before END,
        last_error = CASE WHEN n.state = r.state THEN r.last_error ELSE n.last_error END,
        issued_at = CASE WHEN n.gid IS NULL THEN r.issued_at ELSE coalesce(r.issued_at, $8) END,
        settled_at = CASE WHEN n.state IN ('captured', 'released') THEN coalesce(r.settled_at, $8) END
      FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[], $7::text[])
        n (redemption_id, state, order_id, gid, not_before, last_error)
      WHERE r.shop_id = $1 AND r.redemption_id = n.redemption_id`,
    values: [
      shopId,
      rows.map(({ redemptionId }) => redemptionId),
      rows.map(({ state }) => state),
      rows.map(({ orderId }) => (orderId === null ? null : String(orderId))),
      rows.map(({ shopifyGid }) => shopifyGid),
      rows.map(({ notBefore }) => notBefore),
      rows.map(({ lastError }) => lastError),
      now,
    ],
  });
}
