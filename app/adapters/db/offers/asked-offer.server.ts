import type pg from 'pg';
import { z } from 'zod';

import { grantOf } from '#app/adapters/db/offers/offer-codes.repository.server.ts';
import type { RecordedOffer } from '#app/adapters/db/offers/offer-codes.repository.server.ts';
import type { RecordedCredit } from '#app/adapters/db/offers/offer-credits.repository.server.ts';
import { offerSettingsOf } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import type { OfferShop, RuleRow, SettingsRow } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import { TIER_CHANGES_OF, tierChangesSchema } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { OfferOrder } from '#app/domain/offers/decide-offer.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import type { DiscountPlan } from '#app/domain/offers/plan-discount.ts';
import type { ProgramVersion } from '#app/domain/loyalty/program/version-in-force.ts';

/** What the page of an order asks. */
export interface OfferQuestion {
  readonly orderId: bigint;
  /** Of a buyer who is signed in; null when nobody is. */
  readonly buyerId: bigint | null;
  /** Nothing is decided about older orders. */
  readonly youngSince: Date;
}

/** An order as an offer is decided by it, in the currency that the shop had. */
export interface AskedOrder extends OfferOrder {
  readonly currency: string;
  readonly processedAtMs: number;
}

/** What is on record about an order. Codes of before there were decisions have none. */
export interface OfferOnRecord {
  readonly isHeldOut: boolean;
  readonly code: (Pick<RecordedOffer, 'code' | 'state'> & { readonly plan: CodeTerms }) | null;
  readonly credit: Omit<RecordedCredit, 'orderId'> | null;
}

/** Of a discount, what a page tells. */
export type CodeTerms = Pick<DiscountPlan, 'customerId' | 'grant' | 'minimumSubtotalMinor' | 'currency' | 'endsAtMs'>;

/** By which a tier is known, where a rule asks for it. */
export interface TierWitness {
  /** Null before a program was saved. */
  readonly newest: Pick<ProgramVersion, 'version' | 'savedAtMs'> | null;
  readonly changes: readonly { readonly tierId: string; readonly effectiveAtMs: number }[];
}

export interface AskedOffer {
  readonly shop: OfferShop;
  /** Null while we do not have it. A deleted order counts as one that we do not have. */
  readonly order: AskedOrder | null;
  /** Null while nothing is. */
  readonly onRecord: OfferOnRecord | null;
  /** Without rules where there is nothing to decide. */
  readonly settings: OfferSettings;
  /** Null where no rule asks. */
  readonly tier: TierWitness | null;
  /**
   * Until the transaction ends, offers for orders of this customer are decided by it alone: the codes that they may hold
   * are counted by who decides, and what is counted must stand. False while another one has that lock; null where there is
   * nothing to decide, or nobody's codes to count.
   */
  readonly isHeld: boolean | null;
}

const bigintOfNumber = z.number().transform(BigInt);

const settingsRowSchema = z.object({
  isEnabled: z.boolean(),
  holdoutBasisPoints: z.number(),
  mostOpenCodes: z.number(),
  mostDepthBasisPoints: z.number(),
  grossMarginBasisPoints: z.number().nullable(),
  hasRules: z.boolean(),
  percentBasisPoints: z.number(),
  validDays: z.number(),
  minimumSubtotalMinor: bigintOfNumber,
  currency: z.string().nullable(),
  audience: z.string(),
}) satisfies z.ZodType<SettingsRow>;
const SETTINGS_OF = `json_build_object('isEnabled', t.is_enabled, 'holdoutBasisPoints', t.holdout_basis_points,
      'mostOpenCodes', t.most_open_codes, 'mostDepthBasisPoints', t.most_depth_basis_points,
      'grossMarginBasisPoints', t.gross_margin_basis_points, 'hasRules', t.has_rules, 'percentBasisPoints', t.percent_basis_points,
      'validDays', t.valid_days, 'minimumSubtotalMinor', t.minimum_subtotal_minor, 'currency', t.currency, 'audience', t.audience)`;

const ruleRowSchema = z.object({
  ruleId: z.string(),
  name: z.string(),
  isEnabled: z.boolean(),
  conditions: z.unknown(),
  grantKind: z.string(),
  percentBasisPoints: z.number().nullable(),
  amountMinor: bigintOfNumber.nullable(),
  minimumSubtotalMinor: bigintOfNumber,
  currency: z.string().nullable(),
  validDays: z.number().nullable(),
  validHours: z.number().nullable(),
}) satisfies z.ZodType<RuleRow>;
const RULE_OF = `json_build_object('ruleId', u.rule_id, 'name', u.name, 'isEnabled', u.is_enabled, 'conditions', u.conditions,
        'grantKind', u.grant_kind, 'percentBasisPoints', u.percent_basis_points, 'amountMinor', u.amount_minor,
        'minimumSubtotalMinor', u.minimum_subtotal_minor, 'currency', u.currency, 'validDays', u.valid_days, 'validHours', u.valid_hours)`;

const bigintOfText = z.string().transform(BigInt);

const orderSchema = z.object({
  customer_id: bigintOfText.nullable(),
  created_at: z.date(),
  processed_at: z.date(),
  is_test: z.boolean(),
  is_cancelled: z.boolean(),
  order_currency: z.string(),
  subtotal_minor: z.string().transform(Number),
  country_code: z.string().nullable(),
  province_code: z.string().nullable(),
  product_ids: z.array(z.string()).nullable(),
});

const codeSchema = z.object({
  code: z.string(),
  code_state: z.enum(['intended', 'issued', 'failed']),
  personal_id: bigintOfText.nullable(),
  grant_kind: z.string(),
  percent_basis_points: z.number().nullable(),
  amount_minor: bigintOfText.nullable(),
  minimum_subtotal_minor: z.string().transform(Number),
  code_currency: z.string(),
  code_ends_at: z.date(),
});

const creditSchema = z.object({
  credit_state: z.enum(['intended', 'given', 'failed']),
  credit_minor: z.string().transform(Number),
  credit_currency: z.string(),
  credit_ends_at: z.date(),
});

const rowSchema = z.object({
  shop_currency: z.string().nullable(),
  iana_time_zone: z.string().nullable(),
  restored_at: z.date().nullable(),
  is_installed: z.boolean(),
  settings: settingsRowSchema.nullable(),
  rules: z.array(ruleRowSchema).nullable(),
  is_known: z.boolean(),
  is_held_out: z.boolean().nullable(),
  asks_tiers: z.boolean().nullable(),
  version: z.number().int().nullable(),
  saved_at: z.date().nullable(),
  tier_changes: tierChangesSchema.nullable(),
  is_held: z.boolean().nullable(),
});

/**
 * All that is known where an order's page asks for its offer, but for what must be seen while the customer is held, in one
 * statement. Null for a shop that is gone.
 */
export async function loadAskedOffer(connection: pg.PoolClient, { shopId }: ShopRef, { orderId, buyerId, youngSince }: OfferQuestion): Promise<AskedOffer | null> {
  const values = [shopId, String(orderId), buyerId === null ? null : String(buyerId), youngSince];
  const { rows } = await connection.query({ name: 'load-asked-offer', text: ASKED, values });
  const [raw] = rows;
  if (raw === undefined) return null;
  const row = rowSchema.parse(raw);
  return {
    shop: { currency: row.shop_currency, timeZone: row.iana_time_zone ?? 'UTC', isInstalled: row.is_installed, restoredAtMs: row.restored_at?.getTime() ?? null },
    order: row.is_known ? orderOf(orderId, orderSchema.parse(raw)) : null,
    onRecord: onRecordOf(raw, row.is_held_out),
    settings: offerSettingsOf(row.settings, row.rules ?? [], row.shop_currency),
    tier: row.asks_tiers === true ? { newest: newestOf(row), changes: row.tier_changes ?? [] } : null,
    isHeld: row.is_held,
  };
}

function orderOf(orderId: bigint, row: z.infer<typeof orderSchema>): AskedOrder {
  return {
    orderId,
    customerId: row.customer_id,
    createdAtMs: row.created_at.getTime(),
    processedAtMs: row.processed_at.getTime(),
    isTest: row.is_test,
    isCancelled: row.is_cancelled,
    subtotalMinor: row.subtotal_minor,
    countryCode: row.country_code,
    provinceCode: row.province_code,
    productIds: row.product_ids ?? [],
    currency: row.order_currency,
  };
}

function onRecordOf(raw: { code: unknown; credit_state: unknown }, isHeldOut: boolean | null): OfferOnRecord | null {
  const code = raw.code === null ? null : codeOf(codeSchema.parse(raw));
  if (isHeldOut === null && code === null) return null;
  return { isHeldOut: isHeldOut === true, code, credit: raw.credit_state === null ? null : creditOf(creditSchema.parse(raw)) };
}

function codeOf(row: z.infer<typeof codeSchema>): NonNullable<OfferOnRecord['code']> {
  const plan = {
    customerId: row.personal_id,
    grant: grantOf({ grantKind: row.grant_kind, percentBasisPoints: row.percent_basis_points, amountMinor: row.amount_minor }),
    minimumSubtotalMinor: row.minimum_subtotal_minor,
    currency: row.code_currency,
    endsAtMs: row.code_ends_at.getTime(),
  };
  return { code: row.code, state: row.code_state, plan };
}

function creditOf(row: z.infer<typeof creditSchema>): NonNullable<OfferOnRecord['credit']> {
  return { state: row.credit_state, amountMinor: row.credit_minor, currency: row.credit_currency, endsAtMs: row.credit_ends_at.getTime() };
}

function newestOf({ version, saved_at: savedAt }: z.infer<typeof rowSchema>): TierWitness['newest'] {
  return version === null || savedAt === null ? null : { version, savedAtMs: savedAt.getTime() };
}

/** Whether there is something to decide, of an order `o` with what is on record as `d` and `c`: $3 and $4 of a question. */
export const IS_OPEN = `(o.order_id IS NOT NULL AND d.order_id IS NULL AND c.order_id IS NULL
      AND ($3::bigint IS NULL OR o.customer_id = $3) AND o.created_at >= $4)`;

/**
 * Grain: the order. Indexes: the primary keys, and loyalty_members_customer. The lock is one of its own, for there may be
 * no row of the customer's to hold, and nobody waits for it: that would keep a connection from somebody else.
 */
const ASKED = `
  SELECT s.currency AS shop_currency, s.iana_time_zone, s.restored_at, s.installed_at IS NOT NULL AND s.uninstalled_at IS NULL AS is_installed,
    CASE WHEN t.shop_id IS NOT NULL THEN ${SETTINGS_OF} END AS settings, r.rules, r.asks_tiers,
    o.order_id IS NOT NULL AS is_known, o.customer_id, o.created_at, o.processed_at, o.is_test, o.cancelled_at IS NOT NULL AS is_cancelled,
    o.currency AS order_currency, o.subtotal_minor, o.country_code, o.province_code,
    CASE WHEN r.asks_products THEN (
      SELECT json_agg(l.product_id::text) FROM order_lines l
      WHERE l.shop_id = $1 AND l.order_id = $2 AND l.product_id IS NOT NULL
    ) END AS product_ids,
    d.is_held_out,
    c.code, c.state AS code_state, p.customer_id AS personal_id, p.grant_kind, p.percent_basis_points, p.amount_minor,
    p.minimum_subtotal_minor, p.currency AS code_currency, p.ends_at AS code_ends_at,
    e.state AS credit_state, e.amount_minor AS credit_minor, e.currency AS credit_currency, e.ends_at AS credit_ends_at,
    v.version, v.saved_at,
    CASE WHEN r.asks_tiers THEN
      ${TIER_CHANGES_OF('(SELECT m.member_id FROM loyalty_members m WHERE m.shop_id = $1 AND m.customer_id = o.customer_id)')}
    END AS tier_changes,
    CASE WHEN t.is_enabled AND open.is_open AND o.customer_id >= 0 THEN
      pg_try_advisory_xact_lock(hashtextextended('offers ' || s.shop_id || '/' || o.customer_id, 0))
    END AS is_held
  FROM shops s
  LEFT JOIN offer_settings t ON t.shop_id = s.shop_id
  LEFT JOIN orders o ON o.shop_id = s.shop_id AND o.order_id = $2 AND o.deleted_at IS NULL
  LEFT JOIN offer_decisions d ON d.shop_id = s.shop_id AND d.order_id = o.order_id
  LEFT JOIN offer_codes c ON c.shop_id = s.shop_id AND c.order_id = o.order_id
  LEFT JOIN offer_discounts p ON p.shop_id = c.shop_id AND p.discount_key = c.discount_key
  LEFT JOIN offer_credits e ON e.shop_id = s.shop_id AND e.order_id = o.order_id
  CROSS JOIN LATERAL (SELECT ${IS_OPEN} AS is_open) open
  LEFT JOIN LATERAL (
    SELECT json_agg(${RULE_OF} ORDER BY u.position, u.rule_id) AS rules,
      bool_or(u.is_enabled AND u.conditions -> 'products' <> '[]') AS asks_products,
      bool_or(u.is_enabled AND u.conditions -> 'tiers' <> '[]') AS asks_tiers
    FROM offer_rules u WHERE u.shop_id = s.shop_id AND t.has_rules AND open.is_open
  ) r ON true
  LEFT JOIN LATERAL (
    SELECT version, saved_at FROM loyalty_program_versions
    WHERE shop_id = s.shop_id AND r.asks_tiers ORDER BY version DESC LIMIT 1
  ) v ON true
  WHERE s.shop_id = $1`;
