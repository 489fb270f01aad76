import type pg from 'pg';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import {
  differIn,
  FULFILLMENT_FACTS,
  LINE_AMOUNTS,
  LINE_PRODUCTS,
  LINE_WORDS,
  NAMING_ORDER_DETAILS,
  ORDER_DETAILS,
  REFUND_FACTS,
} from '#app/adapters/db/sql/compared-columns.ts';
import { ORDER_FINGERPRINT } from '#app/adapters/db/sql/order-stands.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * Both rows of one order: ours is `o`, theirs is `t`. A row of ours that was redacted has no name any more, and one of
 * before `paid_at` was kept has none: a payment since then came with a version of its own. Nor has one of before
 * `shipping_code_discount_minor` was kept, which it is given from the list: see takeShippingDiscounts.
 */
const DETAILS_DIFFER = `(${differIn(ORDER_DETAILS, 'o', 't')}
  OR (o.paid_at IS NOT NULL AND o.paid_at IS DISTINCT FROM t.paid_at)
  OR (o.shipping_code_discount_minor IS NOT NULL AND o.shipping_code_discount_minor IS DISTINCT FROM t.shipping_code_discount_minor)
  OR (o.customer_id IS DISTINCT FROM t.customer_id AND coalesce(o.customer_id, 0) >= 0)
  OR (${differIn(NAMING_ORDER_DETAILS, 'o', 't')} AND o.name <> ''))`;
const REGION_DIFFERS = `(t.has_region AND (o.country_code IS DISTINCT FROM t.country_code
  OR (o.province_code IS DISTINCT FROM t.province_code AND o.name <> '')))`;

/** The same of a part of an order: ours is `p`, theirs is `t`. */
const LINE_DIFFERS = `(${differIn(LINE_AMOUNTS, 'p', 't')}
  OR coalesce(p.is_gift_card, false) <> coalesce(t.is_gift_card, false)
  OR ${LINE_PRODUCTS.map((column) => `coalesce(t.${column} <> p.${column}, t.${column} IS NOT NULL)`).join(' OR ')}
  OR (${differIn(LINE_WORDS, 'p', 't')} AND NOT (p.title = '' AND p.product_id IS NULL AND t.product_id IS NULL)))`;

/**
 * Grain: order of the list of which a part is on one side alone, or differs. One hash join, and of ours only what is of
 * a listed order; a part that could not be read has no id and so is on one side.
 */
const otherPartsIn = (table: string, idColumn: string, differs: string) => `
  SELECT DISTINCT coalesce(t.order_id, p.order_id) AS order_id
  FROM listed_${table} t
  FULL JOIN (
    SELECT p.* FROM ${table} p WHERE p.shop_id = $1 AND EXISTS (SELECT FROM listed_orders o WHERE o.order_id = p.order_id)
  ) p ON p.order_id = t.order_id AND p.${idColumn} = t.${idColumn}
  WHERE p.${idColumn} IS NULL OR t.${idColumn} IS NULL OR ${differs}`;

/**
 * Holds our orders against `listed_orders` and the lists of their parts, and writes down the differences and the days.
 *
 * Grain of what it reads: an order, by the primary key's prefix, and the lines, refunds and fulfilments of those listed.
 * What it leaves out is left to the next comparison: whatever either side changed after `$3`, and what we hold in a later
 * version than the list has. An order that is deleted here, or that we were told is deleted, is not missing; one that we
 * hold as deleted and Shopify lists is reported and stays deleted.
 *
 * `unequal` looks at all that a number is made of (compared-columns), and says in which parts. What a redaction took away
 * is not looked at. Something of the list that could not be read is a difference of its own.
 *
 * A day counts every order that was compared, test orders and cancelled ones too; its totals are of those in the
 * shop's currency, since amounts of two currencies have no sum.
 */
const COMPARE_SQL = `
WITH theirs AS (
  SELECT DISTINCT ON (order_id) * FROM listed_orders ORDER BY order_id, updated_at DESC NULLS LAST
), other_lines AS (${otherPartsIn('order_lines', 'line_id', LINE_DIFFERS)}
), other_refunds AS (${otherPartsIn('refunds', 'refund_id', differIn(REFUND_FACTS, 'p', 't'))}
), other_fulfillments AS (${otherPartsIn('fulfillments', 'fulfillment_id', differIn(FULFILLMENT_FACTS, 'p', 't'))}
), both_sides AS (
  SELECT coalesce(t.order_id, o.order_id) AS order_id, t.order_id IS NOT NULL AS is_theirs,
    o.order_id IS NOT NULL AND o.deleted_at IS NULL AS is_ours, o.deleted_at IS NOT NULL AS is_deleted,
    o.updated_at AS our_updated_at, t.updated_at AS their_updated_at,
    o.current_total_minor AS our_total_minor, t.current_total_minor AS their_total_minor,
    o.currency AS our_currency, t.currency AS their_currency,
    (coalesce(o.processed_at, t.processed_at, $3) AT TIME ZONE $5)::date AS our_day,
    (coalesce(t.processed_at, o.processed_at, $3) AT TIME ZONE $5)::date AS their_day,
    CASE
      WHEN t.order_id IS NULL THEN 'gone'
      WHEN o.order_id IS NULL THEN 'missing'
      WHEN t.updated_at IS NULL OR o.deleted_at IS NOT NULL THEN 'unequal'
      WHEN t.updated_at > o.updated_at THEN 'outdated'
    END AS plain_cause,
    array_remove(ARRAY[CASE WHEN ${DETAILS_DIFFER} THEN 'details' END, CASE WHEN ${REGION_DIFFERS} THEN 'region' END,
      CASE WHEN r.order_id IS NOT NULL THEN 'refunds' END, CASE WHEN l.order_id IS NOT NULL THEN 'lines' END,
      CASE WHEN f.order_id IS NOT NULL THEN 'fulfillments' END], NULL) AS parts
  FROM theirs t
  FULL JOIN (SELECT * FROM orders WHERE shop_id = $1) o ON o.order_id = t.order_id
  LEFT JOIN other_lines l ON l.order_id = t.order_id
  LEFT JOIN other_refunds r ON r.order_id = t.order_id
  LEFT JOIN other_fulfillments f ON f.order_id = t.order_id
  WHERE CASE
    WHEN t.order_id IS NULL THEN o.deleted_at IS NULL AND o.updated_at <= $3 AND o.created_at >= $6
      AND (o.processed_at >= $4 OR o.updated_at >= $4)
    WHEN o.order_id IS NULL THEN NOT t.is_buried AND (t.updated_at IS NULL OR t.updated_at <= $3)
    ELSE t.updated_at IS NULL OR (t.updated_at <= $3 AND o.updated_at <= t.updated_at AND coalesce(o.deleted_at <= $3, true))
  END
), pairs AS (
  SELECT *, coalesce(plain_cause, CASE WHEN parts <> '{}' THEN 'unequal' END) AS cause FROM both_sides
), differing AS (
  INSERT INTO reconciliation_differences (shop_id, reconciliation_id, order_id, day, cause, unequal_parts, our_updated_at,
    their_updated_at, our_total_minor, their_total_minor, our_fingerprint, outcome)
  SELECT $1, $2::uuid, order_id, their_day, cause, CASE WHEN plain_cause IS NULL THEN parts ELSE '{}' END, our_updated_at,
    their_updated_at, CASE WHEN our_currency = $7 AND is_ours THEN our_total_minor END,
    CASE WHEN their_currency = $7 THEN their_total_minor END,
    CASE WHEN cause = 'unequal' AND NOT is_deleted THEN (
      SELECT ${ORDER_FINGERPRINT} FROM orders o WHERE o.shop_id = $1 AND o.order_id = pairs.order_id) END,
    CASE WHEN is_deleted THEN 'unchanged' ELSE 'open' END
  FROM pairs WHERE cause IS NOT NULL
), sides AS (
  SELECT our_day AS day, 1 AS ours, 0 AS theirs, CASE WHEN our_currency = $7 THEN our_total_minor ELSE 0 END AS our_minor,
    0 AS their_minor FROM pairs WHERE is_ours
  UNION ALL
  SELECT their_day, 0, 1, 0, CASE WHEN their_currency = $7 THEN their_total_minor ELSE 0 END FROM pairs WHERE is_theirs
), days AS (
  INSERT INTO reconciliation_days (shop_id, reconciliation_id, day, our_orders, their_orders, our_total_minor, their_total_minor)
  SELECT $1, $2::uuid, day, sum(ours), sum(theirs), sum(our_minor), sum(their_minor) FROM sides GROUP BY day
)
SELECT count(*)::int AS compared FROM pairs`;

export interface Comparison {
  reconciliationId: string;
  asOf: Date;
  /** Orders placed and last changed before this are in no list; null: all are. */
  windowFrom: Date | null;
  /** Orders made before this are not shown to us; null: all are. */
  visibleFrom: Date | null;
  /** IANA name, of the day that an order counts on. */
  timeZone: string;
  /** ISO 4217 code of the shop. */
  currency: string;
}

const FOR_EVER = '-infinity';

/** @returns how many orders were compared. Runs in the transaction that filled the listed tables. */
export async function compareOrders(connection: pg.PoolClient, { shopId }: ShopRef, comparison: Comparison): Promise<number> {
  // Without statistics of a table that has just been filled, PostgreSQL may join it line by line.
  await connection.query('ANALYZE listed_orders, listed_order_lines, listed_refunds, listed_fulfillments');
  const { rows } = await askSlowly<{ compared: number }>(connection, COMPARE_SQL, [
    shopId,
    comparison.reconciliationId,
    comparison.asOf,
    comparison.windowFrom ?? FOR_EVER,
    await knownZone(connection, comparison.timeZone),
    comparison.visibleFrom ?? FOR_EVER,
    comparison.currency,
  ]);
  return rows[0]?.compared ?? 0;
}

/** A zone that is younger than PostgreSQL's own table of them would fail every comparison; its days are then UTC's. */
async function knownZone(connection: pg.PoolClient, timeZone: string): Promise<string> {
  const { rows } = await connection.query('SELECT FROM pg_timezone_names WHERE name = $1', [timeZone]);
  return rows.length > 0 ? timeZone : 'UTC';
}
