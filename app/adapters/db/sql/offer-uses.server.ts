import type pg from 'pg';
import { z } from 'zod';

import type { BinaryRows } from '#app/adapters/db/binary-rows.ts';
import { copyOut } from '#app/adapters/db/copy-out.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { FIRST_RULE_ID } from '#app/domain/offers/first-rule.ts';
import type { OffersGiven, OfferUse } from '#app/domain/offers/results/sum-results.ts';

/** Codes of before rules are those of the rule that took their terms over. */
const RULE_ID = `coalesce(d.rule_id, '${FIRST_RULE_ID}')::text`;

const LINES = 'FROM order_lines l WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id';

const SELECTED = [
  RULE_ID,
  'd.grant_kind',
  'o.currency',
  '(o.is_test::int + 2 * (o.deleted_at IS NOT NULL)::int + 4 * (o.cancelled_at IS NOT NULL)::int + 8 * o.taxes_included::int)::int2',
  'o.financial_status',
  'o.subtotal_minor',
  'o.current_subtotal_minor',
  'o.current_tax_minor',
  'o.shipping_tax_minor',
  'o.current_shipping_minor',
  'o.tip_minor',
  'o.received_minor',
  'o.refunded_minor',
  'o.outstanding_minor',
  `(SELECT sum(l.original_total_minor)::int8 ${LINES})`,
  // Of each line, that of the pieces that are left.
  `(SELECT sum(round(l.original_total_minor::numeric * l.current_quantity / nullif(l.quantity, 0)))::int8 ${LINES})`,
  'o.shipping_code_discount_minor',
];
const FLAGS = { test: 1, deleted: 2, cancelled: 4, taxesIncluded: 8 };
const [RULE, GRANT_KIND, CURRENCY, FLAG_BITS, FINANCIAL_STATUS, FIRST_AMOUNT, ORIGINAL, CURRENT_ORIGINAL, SHIPPING_DISCOUNT] = [0, 1, 2, 3, 4, 5, 14, 15, 16] as const;

/**
 * Grain: order with a code of ours on it. Indexes: orders by shop and time, from the first code on; offer_codes by code. A
 * code is ours whatever its capitals.
 */
const USES = `SELECT ${SELECTED.join(', ')}
  FROM orders o
  CROSS JOIN LATERAL unnest(o.discount_codes) u (code)
  JOIN offer_codes c ON c.shop_id = o.shop_id AND c.code = upper(u.code)
  JOIN offer_discounts d ON d.shop_id = c.shop_id AND d.discount_key = c.discount_key
  WHERE o.shop_id = (SELECT current_setting('app.shop_id')::int)
    AND o.processed_at >= (SELECT min(intended_at) FROM offer_codes WHERE shop_id = (SELECT current_setting('app.shop_id')::int))`;

/** Grain: rule that gave something. */
const GIVEN = `
  SELECT rule_id, sum(codes)::int AS codes, sum(credits)::int AS credits, sum(credit_minor)::text AS credit_minor FROM (
    SELECT ${RULE_ID} AS rule_id, count(*) AS codes, 0 AS credits, 0 AS credit_minor
    FROM offer_codes c JOIN offer_discounts d ON d.shop_id = c.shop_id AND d.discount_key = c.discount_key
    WHERE c.shop_id = $1 AND c.state = 'issued' GROUP BY 1
    UNION ALL
    SELECT rule_id::text, 0, count(*), coalesce(sum(amount_minor) FILTER (WHERE currency = $2), 0) FROM offer_credits
    WHERE shop_id = $1 AND state = 'given' GROUP BY 1
  ) both_kinds GROUP BY rule_id ORDER BY rule_id`;

const givenSchema = z.object({ rule_id: z.string(), codes: z.number().int(), credits: z.number().int(), credit_minor: z.string().transform(Number) });
const kindSchema = z.enum(['percent', 'amount', 'free-shipping']);

export async function loadOffersGiven(connection: pg.PoolClient, { shopId }: ShopRef, currency: string): Promise<OffersGiven[]> {
  const { rows } = await connection.query({ name: 'offers-given', text: GIVEN, values: [shopId, currency] });
  return z.array(givenSchema).parse(rows).map((row) => ({ ruleId: row.rule_id, codes: row.codes, credits: row.credits, creditMinor: row.credit_minor }));
}

/** All orders that codes were used on, one after the other. Inside a transaction of the shop. */
export async function readOfferUses(connection: pg.PoolClient, onUse: (use: OfferUse) => void): Promise<void> {
  await copyOut(connection, { query: USES, columnCount: SELECTED.length }, (row) => onUse(useOf(row)));
}

function useOf(row: BinaryRows): OfferUse {
  const flags = row.smallintAt(FLAG_BITS);
  const amountAt = (index: number): number => row.bigintAt(FIRST_AMOUNT + index);
  return {
    ruleId: row.textAt(RULE) ?? FIRST_RULE_ID,
    grantKind: kindSchema.parse(row.textAt(GRANT_KIND)),
    currency: row.textAt(CURRENCY) ?? '',
    originalMinor: row.isNull(ORIGINAL) ? amountAt(0) : row.bigintAt(ORIGINAL),
    currentOriginalMinor: row.isNull(CURRENT_ORIGINAL) ? amountAt(1) : row.bigintAt(CURRENT_ORIGINAL),
    shippingCodeDiscountMinor: row.isNull(SHIPPING_DISCOUNT) ? null : row.bigintAt(SHIPPING_DISCOUNT),
    facts: {
      test: (flags & FLAGS.test) !== 0,
      deleted: (flags & FLAGS.deleted) !== 0,
      // Only that it was is asked.
      cancelledAt: (flags & FLAGS.cancelled) === 0 ? null : 0,
      financialStatus: row.textAt(FINANCIAL_STATUS),
      taxesIncluded: (flags & FLAGS.taxesIncluded) !== 0,
      subtotalMinor: amountAt(0),
      currentSubtotalMinor: amountAt(1),
      currentTaxMinor: amountAt(2),
      currentShippingTaxMinor: amountAt(3),
      currentShippingMinor: amountAt(4),
      tipMinor: amountAt(5),
      totalReceivedMinor: amountAt(6),
      totalRefundedMinor: amountAt(7),
      outstandingMinor: amountAt(8),
    },
  };
}
