import type pg from 'pg';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import { ORDER_FINGERPRINT } from '#app/adapters/db/sql/order-stands.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * Holds our orders against `listed_orders` and writes down the differences and the days.
 *
 * Grain of what it reads: an order, by the primary key's prefix, and the lines of those listed. What it leaves out is
 * left to the next comparison: whatever either side changed after `$3`, and what we hold in a later version than the
 * list has. An order that is deleted here, or that we were told is deleted, is not missing; one that we hold as deleted
 * and Shopify lists is reported and stays deleted.
 *
 * `unequal` looks at each figure that a number is made of, and at the pieces left: but not those of an order with a
 * tip, which Shopify may hold as a line that it does not count, nor of a cancelled one, which has no value. The
 * customer and the codes of a redacted order are not looked at. A line of the list that could not be read is a difference of its own.
 *
 * A day counts every order that was compared, test orders and cancelled ones too; its totals are of those in the
 * shop's currency, since amounts of two currencies have no sum.
 */
const COMPARE_SQL = `
WITH theirs AS (
  SELECT DISTINCT ON (order_id) * FROM listed_orders ORDER BY order_id, updated_at DESC NULLS LAST
), pieces AS (
  SELECT l.order_id, sum(l.current_quantity)::int AS quantity FROM order_lines l
  WHERE l.shop_id = $1 AND EXISTS (SELECT FROM theirs t WHERE t.order_id = l.order_id) GROUP BY l.order_id
), pairs AS (
  SELECT coalesce(t.order_id, o.order_id) AS order_id, t.order_id IS NOT NULL AS is_theirs,
    o.order_id IS NOT NULL AND o.deleted_at IS NULL AS is_ours, o.deleted_at IS NOT NULL AS is_deleted,
    o.updated_at AS our_updated_at, t.updated_at AS their_updated_at,
    o.current_total_minor AS our_total_minor, t.current_total_minor AS their_total_minor,
    o.currency AS our_currency, t.currency AS their_currency,
    p.quantity,
    (coalesce(o.processed_at, t.processed_at, $3) AT TIME ZONE $5)::date AS our_day,
    (coalesce(t.processed_at, o.processed_at, $3) AT TIME ZONE $5)::date AS their_day,
    CASE
      WHEN t.order_id IS NULL THEN 'gone'
      WHEN o.order_id IS NULL THEN 'missing'
      WHEN t.updated_at IS NULL OR o.deleted_at IS NOT NULL THEN 'unequal'
      WHEN t.updated_at > o.updated_at THEN 'outdated'
      WHEN (o.currency, o.current_total_minor, o.current_subtotal_minor, o.current_tax_minor, o.received_minor,
            o.refunded_minor, o.outstanding_minor, o.is_test, o.cancelled_at, o.financial_status, o.processed_at,
            o.subtotal_minor, o.current_shipping_minor, o.tip_minor, o.source_name, o.presentment_currency, o.taxes_included)
          IS DISTINCT FROM (t.currency, t.current_total_minor, t.current_subtotal_minor, t.current_tax_minor,
            t.received_minor, t.refunded_minor, t.outstanding_minor, t.is_test, t.cancelled_at, t.financial_status, t.processed_at,
            t.subtotal_minor, t.current_shipping_minor, t.tip_minor, t.source_name, t.presentment_currency, t.taxes_included)
        OR (o.customer_id IS DISTINCT FROM t.customer_id AND coalesce(o.customer_id, 0) >= 0)
        OR (o.discount_codes <> t.discount_codes AND o.name <> '')
        OR (coalesce(p.quantity, 0) <> t.current_quantity AND o.tip_minor = 0 AND o.cancelled_at IS NULL)
        THEN 'unequal'
    END AS cause
  FROM theirs t
  FULL JOIN (SELECT * FROM orders WHERE shop_id = $1) o ON o.order_id = t.order_id
  LEFT JOIN pieces p ON p.order_id = t.order_id
  WHERE CASE
    WHEN t.order_id IS NULL THEN o.deleted_at IS NULL AND o.updated_at <= $3 AND o.created_at >= $6
      AND (o.processed_at >= $4 OR o.updated_at >= $4)
    WHEN o.order_id IS NULL THEN NOT t.is_buried AND (t.updated_at IS NULL OR t.updated_at <= $3)
    ELSE t.updated_at IS NULL OR (t.updated_at <= $3 AND o.updated_at <= t.updated_at AND coalesce(o.deleted_at <= $3, true))
  END
), differing AS (
  INSERT INTO reconciliation_differences (shop_id, reconciliation_id, order_id, day, cause, our_updated_at,
    their_updated_at, our_total_minor, their_total_minor, our_fingerprint, outcome)
  SELECT $1, $2::uuid, order_id, their_day, cause, our_updated_at, their_updated_at,
    CASE WHEN our_currency = $7 AND is_ours THEN our_total_minor END, CASE WHEN their_currency = $7 THEN their_total_minor END,
    CASE WHEN cause = 'unequal' AND NOT is_deleted THEN (
      SELECT ${ORDER_FINGERPRINT} FROM orders o, (SELECT pairs.quantity) p WHERE o.shop_id = $1 AND o.order_id = pairs.order_id) END,
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

/** @returns how many orders were compared. Runs in the transaction that filled `listed_orders`. */
export async function compareOrders(connection: pg.PoolClient, { shopId }: ShopRef, comparison: Comparison): Promise<number> {
  // Without statistics of a table that has just been filled, PostgreSQL may join it line by line.
  await connection.query('ANALYZE listed_orders');
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
