import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { DiscountPlan } from '#app/domain/offers/plan-discount.ts';
import { SECOND_LOOK_MS } from '#app/domain/offers/pool/plan-pool.ts';

/**
 * Who gets an offer and who is held out is decided once an order: what stands stays. With the decision goes what it gives,
 * in the same statement, so that there is never one without the other, and who answers a page writes it on one way to the
 * database. Two who ask at once wait for each other here, and the second writes nothing.
 */
export interface DecisionToRecord {
  readonly orderId: bigint;
  /** Of how many in 10,000 chance was to hold out such a customer. */
  readonly holdoutBasisPoints: number;
  /** The rule that fitted, also where its offer is withheld. */
  readonly ruleId: string;
  readonly now: Date;
}

const DECIDED = (isHeldOut: boolean) => `decided AS (
    INSERT INTO offer_decisions (shop_id, order_id, is_held_out, holdout_basis_points, rule_id, decided_at)
    VALUES ($1, $2, ${isHeldOut}, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING order_id
  )`;

const valuesOf = ({ shopId }: ShopRef, { orderId, holdoutBasisPoints, ruleId, now }: DecisionToRecord) => [shopId, String(orderId), holdoutBasisPoints, ruleId, now];

const countSchema = z.tuple([z.object({ is_first: z.boolean() })]);

/** @returns false where something stood */
export async function recordHeldOut(connection: pg.PoolClient, shop: ShopRef, decision: DecisionToRecord): Promise<boolean> {
  const { rows } = await connection.query({
    name: 'record-held-out',
    text: `WITH ${DECIDED(true)} SELECT EXISTS (SELECT FROM decided) AS is_first`,
    values: valuesOf(shop, decision),
  });
  return countSchema.parse(rows)[0].is_first;
}

interface CreditToIntend {
  readonly amountMinor: number;
  readonly currency: string;
  readonly endsAtMs: number;
}

/** Store credit, meant before anything is sent. @returns false where something stood */
export async function recordCredit(
  connection: pg.PoolClient,
  shop: ShopRef,
  { amountMinor, currency, endsAtMs, ...decision }: DecisionToRecord & CreditToIntend,
): Promise<boolean> {
  const { rows } = await connection.query({
    name: 'record-offer-credit',
    text: `WITH ${DECIDED(false)}, intended AS (
        INSERT INTO offer_credits (shop_id, order_id, rule_id, currency, amount_minor, ends_at, state, not_before, intended_at)
        SELECT $1, order_id, $4, $6, $7, $8, 'intended', $5, $5 FROM decided ON CONFLICT DO NOTHING
      )
      SELECT EXISTS (SELECT FROM decided) AS is_first`,
    values: [...valuesOf(shop, decision), currency, amountMinor, new Date(endsAtMs)],
  });
  return countSchema.parse(rows)[0].is_first;
}

const codeSchema = z.tuple([z.object({ is_first: z.boolean(), given: z.string().nullable() })]);

/**
 * A code that Shopify has already, put on record as issued; where none is left, the first of `choices` that no order has,
 * for somebody to bring to Shopify while the buyer waits. Two orders never wait for each other, nor get the same code.
 *
 * @returns what is given at once, null where it is yet to come; `isFirst` is false where something stood
 */
export async function recordCode(
  connection: pg.PoolClient,
  shop: ShopRef,
  { plan, choices, ...decision }: DecisionToRecord & { plan: DiscountPlan; choices: readonly string[] },
): Promise<{ isFirst: boolean; given: string | null }> {
  const { grant } = plan;
  const { rows } = await connection.query({
    name: 'record-offer-code',
    text: CODE,
    values: [
      ...valuesOf(shop, decision),
      ...[plan.discountKey, choices, new Date(decision.now.getTime() + SECOND_LOOK_MS)],
      ...[plan.title, grant.kind, grant.kind === 'percent' ? grant.basisPoints : null, grant.kind === 'amount' ? grant.amountMinor : null],
      ...[plan.minimumSubtotalMinor, plan.currency, new Date(plan.startsAtMs), new Date(plan.endsAtMs)],
    ],
  });
  const [{ is_first: isFirst, given }] = codeSchema.parse(rows);
  return { isFirst, given };
}

/**
 * Skips those that others are taking at this moment. Index: offer_pool_codes_added, which alone has this order; were the
 * discount's key said to be equal, the primary key would have it too, and all that was taken lies in there.
 */
const FREE = (where: string) => `SELECT p.code FROM offer_pool_codes p
    WHERE EXISTS (SELECT FROM decided) AND p.shop_id = $1 AND p.state = 'added' AND ${where}
    ORDER BY p.discount_key, p.code LIMIT 1 FOR UPDATE SKIP LOCKED`;

/**
 * One statement, for it is in the way of every buyer. Free codes are all alike, and the one taken is the next from where the
 * order's own choice would stand among them, so that neither those who take at once nor what was taken before lie in anybody's
 * way. A free code that an order has already is taken and given to nobody; where all choices are taken, there is no code to
 * put on record, and nothing is. Whether there are enough left has the worker look soon, or at once where there is none; who
 * finds another at that leaves it to them.
 */
const CODE = `
  WITH ${DECIDED(false)}, free AS (
    ${FREE('p.discount_key <= $6 AND (p.discount_key, p.code) >= ($6, ($7::text[])[1])')}
  ), around AS (
    ${FREE('p.discount_key >= $6 AND (p.discount_key, p.code) < ($6, ($7::text[])[1]) AND NOT EXISTS (SELECT FROM free)')}
  ), taken AS (
    UPDATE offer_pool_codes p SET state = 'taken', taken_at = $5 FROM (SELECT code FROM free UNION ALL SELECT code FROM around) f
    WHERE p.shop_id = $1 AND p.code = f.code RETURNING p.code
  ), given AS (
    INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at, issued_at)
    SELECT $1, decided.order_id, $6, taken.code, 'issued', $5, $5, $5 FROM decided, taken
    ON CONFLICT DO NOTHING RETURNING code
  ), without AS (
    SELECT order_id FROM decided WHERE NOT EXISTS (SELECT FROM given)
  ), made AS (
    INSERT INTO offer_discounts (shop_id, discount_key, title, rule_id, grant_kind, percent_basis_points, amount_minor,
      minimum_subtotal_minor, currency, starts_at, ends_at, created_at)
    SELECT $1, $6, $9, $4, $10, $11, $12, $13, $14, $15, $16, $5 FROM without
    ON CONFLICT DO NOTHING
  ), intended AS (
    INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at)
    SELECT $1, without.order_id, $6, (
      SELECT choice FROM unnest($7::text[]) WITH ORDINALITY choices (choice, place)
      WHERE NOT EXISTS (SELECT FROM offer_codes o WHERE o.shop_id = $1 AND o.code = choice) ORDER BY place LIMIT 1
    ), 'intended', $5, $5 FROM without
  ), due AS (
    SELECT CASE WHEN EXISTS (SELECT FROM taken) THEN $8::timestamptz ELSE $5 END AS at FROM decided
  ), late AS (
    SELECT t.shop_id, due.at FROM offer_settings t, due WHERE t.shop_id = $1 AND t.pool_due_at > due.at
    FOR NO KEY UPDATE OF t SKIP LOCKED
  ), hastened AS (
    UPDATE offer_settings t SET pool_due_at = late.at FROM late WHERE t.shop_id = late.shop_id
  )
  SELECT EXISTS (SELECT FROM decided) AS is_first, (SELECT code FROM given) AS given`;
