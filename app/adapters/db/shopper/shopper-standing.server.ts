import type pg from 'pg';
import { z } from 'zod';

import { dateAsDay } from '#app/adapters/db/loyalty/day-column.ts';
import { freeShippingSchema } from '#app/adapters/db/loyalty/free-shipping.repository.server.ts';
import { COUNTS_TOWARDS_LIMIT, REDEMPTION_STATES } from '#app/adapters/db/loyalty/redemptions.repository.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { EMPTY_LEDGER, inSpendingOrder } from '#app/domain/loyalty/ledger/member-ledger.ts';
import type { Lot, MemberLedger } from '#app/domain/loyalty/ledger/member-ledger.ts';
import { ENTRY_KINDS } from '#app/domain/loyalty/ledger/entry.ts';
import type { FreeShippingState } from '#app/domain/loyalty/perks/free-shipping.ts';
import type { Beginning } from '#app/domain/loyalty/members/welcome.ts';
import type { EarlierChange } from '#app/domain/loyalty/tiers/plan-tier-change.ts';

/** A shop as its shoppers meet it. */
export interface ShopperShop {
  readonly isInstalled: boolean;
  /** Null until the first pull has brought it. */
  readonly currency: string | null;
  readonly timeZone: string | null;
  /** The program's newest version; null before one was saved. */
  readonly newest: { readonly version: number; readonly savedAtMs: number } | null;
}

export interface ShopperMember {
  readonly memberId: bigint;
  readonly isExcluded: boolean;
  /** Whether it is known that they have an account. */
  readonly isClaimed: boolean;
  /** Since when it is known, while nobody has decided whether they are welcomed for it; null otherwise. */
  readonly welcomeDueMs: number | null;
  /** How they, and those who went up in them, began; null where nobody will ask any more whether they are welcomed. */
  readonly beginnings: readonly Beginning[] | null;
  readonly enrolledAtMs: number;
  readonly lastActivityMs: number | null;
  readonly entries: number;
  readonly birthday: number | null;
  readonly ledger: MemberLedger;
  /** In the order in which they were added. */
  readonly tierChanges: readonly EarlierChange[];
  /** Those that work or are being made, and the latest of the others; the newest first. */
  readonly redemptions: readonly RedemptionFacts[];
  readonly timesRedeemed: ReadonlyMap<string, number>;
}

export interface RedemptionFacts {
  readonly redemptionId: string;
  readonly rewardId: string;
  readonly programVersion: number;
  readonly points: number;
  readonly worth: { readonly amountMinor: number; readonly currency: string } | null;
  readonly state: (typeof REDEMPTION_STATES)[number];
  /** Null for store credit. */
  readonly code: string | null;
  readonly reservedAtMs: number;
  readonly expiresAtMs: number;
}

export interface ShopperStanding {
  readonly shop: ShopperShop;
  /** Null for a customer whose points nobody keeps yet. */
  readonly member: ShopperMember | null;
  /** Whether the customer has an order that their first one could be. */
  readonly hasOrdered: boolean;
  /** In which they paid last; null where it was not asked for, and for somebody without an order. */
  readonly lastCurrency: string | null;
  /** What came of the free shipping of tiers. */
  readonly freeShipping: FreeShippingState | null;
}

const epochMs = z.number();

export const shopColumnsSchema = z.object({
  is_installed: z.boolean(),
  currency: z.string().nullable(),
  iana_time_zone: z.string().nullable(),
  version: z.number().int().nullable(),
  saved_at: z.date().nullable(),
});

export function shopperShopOf(row: z.infer<typeof shopColumnsSchema>): ShopperShop {
  const { version, saved_at: savedAt } = row;
  return {
    isInstalled: row.is_installed,
    currency: row.currency,
    timeZone: row.iana_time_zone,
    newest: version === null || savedAt === null ? null : { version, savedAtMs: savedAt.getTime() },
  };
}

/** The shop and the newest version of its program, as `s` and `v`. */
export const SHOP_COLUMNS = `s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL AS is_installed, s.currency, s.iana_time_zone,
    v.version, v.saved_at`;
export const SHOP_TABLES = `shops s
  LEFT JOIN LATERAL (
    SELECT version, saved_at FROM loyalty_program_versions WHERE shop_id = s.shop_id ORDER BY version DESC LIMIT 1
  ) v ON true`;

export const tierChangesSchema = z.array(
  z.object({ tierId: z.string(), effectiveAtMs: epochMs, graceUntilMs: epochMs.nullable(), reason: z.record(z.string(), z.unknown()) }),
);
export const TIER_CHANGES_OF = (memberId: string) => `(SELECT json_agg(json_build_object('tierId', t.tier_id,
      'effectiveAtMs', floor(extract(epoch FROM t.effective_at) * 1000)::bigint,
      'graceUntilMs', floor(extract(epoch FROM t.grace_until) * 1000)::bigint, 'reason', t.reason) ORDER BY t.change_no)
    FROM loyalty_tier_changes t WHERE t.shop_id = $1 AND t.member_id = ${memberId})`;

const lotSchema = z.object({
  lot_no: z.number().int().nullable(),
  customer: z.number(),
  pending: z.number(),
  reserved: z.number(),
  matures_at_ms: epochMs.nullable(),
  expires_on: z.string().nullable(),
});

const redemptionSchema = z.object({
  redemption_id: z.string(),
  reward_id: z.string(),
  program_version: z.number().int(),
  points: z.number().int(),
  amount_minor: z.number().nullable(),
  currency: z.string().nullable(),
  state: z.enum(REDEMPTION_STATES),
  code: z.string().nullable(),
  reserved_at_ms: epochMs,
  expires_at_ms: epochMs,
});

const beginningSchema = z.object({ kind: z.enum(ENTRY_KINDS).nullable(), programVersion: z.number().int().nullable(), isWelcomed: z.boolean() });

const rowSchema = shopColumnsSchema.extend({
  member_id: z.string().transform(BigInt).nullable(),
  is_excluded: z.boolean().nullable(),
  claimed_at: z.date().nullable(),
  welcome_due_at: z.date().nullable(),
  beginnings: z.array(beginningSchema).nullable(),
  enrolled_at: z.date().nullable(),
  last_activity_at: z.date().nullable(),
  last_sequence: z.number().int().nullable(),
  birthday: z.number().int().nullable(),
  lots: z.array(lotSchema).nullable(),
  tier_changes: tierChangesSchema.nullable(),
  redemptions: z.array(redemptionSchema).nullable(),
  times: z.record(z.string(), z.number()).nullable(),
  has_ordered: z.boolean(),
  last_currency: z.string().nullable(),
  free_shipping: freeShippingSchema.nullable(),
});

/** All that a shopper's page tells of one customer, in one statement. Null for a shop that is gone. */
export async function loadShopperStanding(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerId, settledAfter, asksCurrency = false }: { customerId: bigint; settledAfter: Date; asksCurrency?: boolean },
): Promise<ShopperStanding | null> {
  const { rows } = await connection.query({ name: 'load-shopper-standing', text: STANDING, values: [shopId, String(customerId), settledAfter, asksCurrency] });
  if (rows[0] === undefined) return null;
  const row = rowSchema.parse(rows[0]);
  return { shop: shopperShopOf(row), member: memberOf(row), hasOrdered: row.has_ordered, lastCurrency: row.last_currency, freeShipping: row.free_shipping };
}

function memberOf(row: z.infer<typeof rowSchema>): ShopperMember | null {
  if (row.member_id === null || row.enrolled_at === null) return null;
  return {
    memberId: row.member_id,
    isExcluded: row.is_excluded === true,
    isClaimed: row.claimed_at !== null,
    welcomeDueMs: row.welcome_due_at?.getTime() ?? null,
    beginnings: row.beginnings,
    enrolledAtMs: row.enrolled_at.getTime(),
    lastActivityMs: row.last_activity_at?.getTime() ?? null,
    entries: row.last_sequence ?? 0,
    birthday: row.birthday,
    ledger: ledgerOf(row.lots ?? []),
    tierChanges: row.tier_changes ?? [],
    redemptions: (row.redemptions ?? []).map(redemptionFactsOf).sort((a, b) => b.reservedAtMs - a.reservedAtMs),
    timesRedeemed: new Map(Object.entries(row.times ?? {})),
  };
}

function ledgerOf(rows: readonly z.infer<typeof lotSchema>[]): MemberLedger {
  const lots: Lot[] = [];
  let { debtPoints, nextLotNo } = EMPTY_LEDGER;
  for (const { lot_no: lotNo, customer, pending, reserved, ...terms } of rows) {
    if (lotNo === null) {
      debtPoints = 0 - customer;
      continue;
    }
    nextLotNo = Math.max(nextLotNo, lotNo + 1);
    lots.push({ lotNo, customer, pending, reserved, maturesAtMs: terms.matures_at_ms ?? 0, expiresOn: dateAsDay(terms.expires_on), orderId: null });
  }
  return { lots: lots.sort(inSpendingOrder), debtPoints, nextLotNo };
}

function redemptionFactsOf(row: z.infer<typeof redemptionSchema>): RedemptionFacts {
  const { amount_minor: amountMinor, currency } = row;
  return {
    redemptionId: row.redemption_id,
    rewardId: row.reward_id,
    programVersion: row.program_version,
    points: row.points,
    worth: amountMinor === null || currency === null ? null : { amountMinor, currency },
    state: row.state,
    code: row.code,
    reservedAtMs: row.reserved_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}

const REDEMPTION_COLUMNS = `r.redemption_id, r.reward_id, r.program_version, r.points, r.amount_minor, r.currency, r.state, r.code,
      floor(extract(epoch FROM r.reserved_at) * 1000)::bigint AS reserved_at_ms,
      floor(extract(epoch FROM r.expires_at) * 1000)::bigint AS expires_at_ms`;

/** Members who are a customer: theirs, and those who went up in it at any remove. */
const MINE = `member AS (
    SELECT member_id, is_excluded, claimed_at, welcome_due_at, enrolled_at, last_activity_at, last_sequence, birthday
    FROM loyalty_members WHERE shop_id = $1 AND customer_id = $2
  ), mine AS (
    SELECT member_id FROM member
    UNION
    SELECT m.member_id FROM mine JOIN loyalty_members m ON m.shop_id = $1 AND m.merged_into = mine.member_id
  )`;

/**
 * Grain: the customer. Lots are as `loadLedgers` reads them, from the index of balances; redemptions as
 * `countRedemptions` counts them, of the member and of those who went up in them directly; beginnings as `loadToWelcome`
 * does, while somebody asks for them.
 */
const STANDING = `
  WITH RECURSIVE ${MINE}
  SELECT ${SHOP_COLUMNS}, m.*,
    (SELECT json_agg(l) FROM (
      SELECT lot_no,
        coalesce(sum(points) FILTER (WHERE account = 'customer'), 0) AS customer,
        coalesce(sum(points) FILTER (WHERE account = 'pending'), 0) AS pending,
        coalesce(sum(points) FILTER (WHERE account = 'reserved'), 0) AS reserved,
        floor(extract(epoch FROM max(matures_at)) * 1000)::bigint AS matures_at_ms, max(expires_on)::text AS expires_on
      FROM loyalty_postings
      WHERE shop_id = $1 AND member_id = m.member_id AND account IN ('customer', 'pending', 'reserved')
      GROUP BY lot_no
      HAVING sum(points) FILTER (WHERE account = 'customer') <> 0 OR sum(points) FILTER (WHERE account = 'pending') <> 0
        OR sum(points) FILTER (WHERE account = 'reserved') <> 0
    ) l) AS lots,
    ${TIER_CHANGES_OF('m.member_id')} AS tier_changes,
    (SELECT json_agg(r) FROM (
      SELECT ${REDEMPTION_COLUMNS} FROM loyalty_redemptions r
      WHERE r.shop_id = $1 AND r.member_id IN (SELECT member_id FROM mine)
        AND (r.state IN ('reserved', 'issued') OR coalesce(r.settled_at, r.expires_at) >= $3)
      ORDER BY r.state IN ('reserved', 'issued') DESC, r.reserved_at DESC, r.redemption_id LIMIT 20
    ) r) AS redemptions,
    (SELECT json_object_agg(t.reward_id, t.times) FROM (
      SELECT r.reward_id, count(*) AS times FROM loyalty_redemptions r
      WHERE r.shop_id = $1 AND ${COUNTS_TOWARDS_LIMIT} AND r.member_id IN (
        SELECT g.member_id FROM loyalty_members g WHERE g.shop_id = $1 AND (g.member_id = m.member_id OR g.merged_into = m.member_id))
      GROUP BY r.reward_id
    ) t) AS times,
    CASE WHEN m.claimed_at IS NULL OR m.welcome_due_at IS NOT NULL THEN (
      SELECT json_agg(json_build_object('kind', e.kind, 'programVersion', e.program_version, 'isWelcomed',
        EXISTS (SELECT FROM loyalty_entries w WHERE w.shop_id = $1 AND w.entry_key = 'grant/' || mine.member_id || '/welcome/1')))
      FROM mine LEFT JOIN loyalty_entries e ON e.shop_id = $1 AND e.member_id = mine.member_id AND e.sequence = 1
    ) END AS beginnings,
    EXISTS (SELECT FROM orders o WHERE o.shop_id = $1 AND o.customer_id = $2 AND NOT o.is_test AND o.cancelled_at IS NULL
      AND o.deleted_at IS NULL) AS has_ordered,
    -- Not ORDER BY with LIMIT, for which the planner may go through all orders of the shop by their time.
    CASE WHEN $4::boolean THEN (
      SELECT (array_agg(o.presentment_currency ORDER BY o.processed_at DESC, o.order_id DESC))[1]
      FROM orders o WHERE o.shop_id = $1 AND o.customer_id = $2 AND NOT o.is_test AND o.deleted_at IS NULL
    ) END AS last_currency,
    (SELECT g.free_shipping FROM loyalty_tracing g WHERE g.shop_id = $1) AS free_shipping
  FROM ${SHOP_TABLES} LEFT JOIN member m ON true
  WHERE s.shop_id = $1`;

/** One redemption of a customer's; null for nobody's and for somebody else's. */
export async function loadOwnRedemption(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { customerId, redemptionId }: { customerId: bigint; redemptionId: string },
): Promise<RedemptionFacts | null> {
  const { rows } = await connection.query({
    name: 'load-own-redemption',
    text: `WITH RECURSIVE ${MINE} SELECT to_json(r) AS redemption FROM (
        SELECT ${REDEMPTION_COLUMNS} FROM loyalty_redemptions r
        WHERE r.shop_id = $1 AND r.redemption_id = $3 AND r.member_id IN (SELECT member_id FROM mine)
      ) r`,
    values: [shopId, String(customerId), redemptionId],
  });
  const row = z.object({ redemption: redemptionSchema }).safeParse(rows[0]);
  return row.success ? redemptionFactsOf(row.data.redemption) : null;
}

/** The shop alone. */
export async function loadShopperShop(connection: pg.PoolClient, { shopId }: ShopRef): Promise<ShopperShop | null> {
  const { rows } = await connection.query({
    name: 'load-shopper-shop',
    text: `SELECT ${SHOP_COLUMNS} FROM ${SHOP_TABLES} WHERE s.shop_id = $1`,
    values: [shopId],
  });
  return rows[0] === undefined ? null : shopperShopOf(shopColumnsSchema.parse(rows[0]));
}
