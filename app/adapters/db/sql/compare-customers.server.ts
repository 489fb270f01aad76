import type pg from 'pg';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import { copyRows } from '#app/adapters/db/copy-rows.server.ts';
import type { Comparison } from '#app/adapters/db/sql/compare-orders.server.ts';
import { CUSTOMER_FACTS, differIn } from '#app/adapters/db/sql/compared-columns.ts';
import { CUSTOMER_FINGERPRINT } from '#app/adapters/db/sql/customer-stands.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';

/** A line of Shopify's list, as it is held against our copy. */
export type ListedCustomerRow =
  | {
      kind: 'read';
      customer: CustomerRecord;
      /** We were told to forget them, or that they are gone. */
      isBuried: boolean;
    }
  | { kind: 'unreadable'; id: bigint };

const COLUMNS = ['customer_id', 'updated_at', 'created_at', 'account_state', 'locale', 'number_of_orders', 'shopify_rfm_group', 'is_buried'] as const;

/** Grain: a line of the list. A line that cannot be read has its id and nothing else. */
export async function openListedCustomers(connection: pg.PoolClient): Promise<void> {
  await connection.query(
    `CREATE TEMPORARY TABLE listed_customers (
       customer_id bigint NOT NULL, updated_at timestamptz, created_at timestamptz, account_state text, locale text,
       number_of_orders int, shopify_rfm_group text, is_buried boolean NOT NULL
     ) ON COMMIT DROP`,
  );
}

export async function addListedCustomers(connection: pg.PoolClient, rows: readonly ListedCustomerRow[]): Promise<void> {
  await copyRows(
    connection,
    'listed_customers',
    COLUMNS,
    rows.map((row) => {
      if (row.kind === 'unreadable') return [row.id, ...COLUMNS.slice(1, -1).map(() => null), false];
      const { customer, isBuried } = row;
      return [
        customer.customerId, customer.updatedAt, customer.createdAt, customer.accountState, customer.locale,
        customer.numberOfOrders, customer.shopifyRfmGroup, isBuried,
      ];
    }),
  );
}

/**
 * Holds our customers against `listed_customers` and writes down the differences, as orders are (compare-orders): what
 * either side changed after `$3` is left to the next comparison, and so is whom we hold in a later version than the list
 * has. Whoever was redacted, deleted or merged away here is not missing.
 *
 * Grain of what it reads: a customer, by the primary key's prefix. `unequal` looks at all that we keep, since Shopify
 * counts a customer's orders without making a new version of the customer. Its groups alone are no difference: they move
 * as time goes by.
 */
const COMPARE_SQL = `
WITH theirs AS (
  SELECT DISTINCT ON (customer_id) * FROM listed_customers ORDER BY customer_id, updated_at DESC NULLS LAST
), pairs AS (
  SELECT coalesce(t.customer_id, c.customer_id) AS customer_id, c.updated_at AS our_updated_at, t.updated_at AS their_updated_at,
    CASE
      WHEN t.customer_id IS NULL THEN 'gone'
      WHEN c.customer_id IS NULL THEN 'missing'
      WHEN t.updated_at IS NULL THEN 'unequal'
      WHEN t.updated_at > c.updated_at THEN 'outdated'
      WHEN ${differIn(CUSTOMER_FACTS, 'c', 't')} THEN 'unequal'
    END AS cause
  FROM theirs t
  FULL JOIN (SELECT * FROM customers WHERE shop_id = $1) c ON c.customer_id = t.customer_id
  WHERE CASE
    WHEN t.customer_id IS NULL THEN c.updated_at <= $3 AND c.updated_at >= $4
    WHEN c.customer_id IS NULL THEN NOT t.is_buried AND (t.updated_at IS NULL OR t.updated_at <= $3)
    ELSE t.updated_at IS NULL OR (t.updated_at <= $3 AND c.updated_at <= t.updated_at)
  END
), differing AS (
  INSERT INTO reconciliation_customer_differences (shop_id, reconciliation_id, customer_id, cause, our_updated_at,
    their_updated_at, our_fingerprint)
  SELECT $1, $2::uuid, customer_id, cause, our_updated_at, their_updated_at,
    CASE WHEN cause = 'unequal' THEN (
      SELECT ${CUSTOMER_FINGERPRINT} FROM customers c WHERE c.shop_id = $1 AND c.customer_id = pairs.customer_id) END
  FROM pairs WHERE cause IS NOT NULL
)
SELECT count(*)::int AS compared FROM pairs`;

/** @returns how many customers were compared. Runs in the transaction that filled `listed_customers`. */
export async function compareCustomers(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { reconciliationId, asOf, windowFrom }: Comparison,
): Promise<number> {
  // As of orders.
  await connection.query('ANALYZE listed_customers');
  const { rows } = await askSlowly<{ compared: number }>(connection, COMPARE_SQL, [
    shopId,
    reconciliationId,
    asOf,
    windowFrom ?? '-infinity',
  ]);
  return rows[0]?.compared ?? 0;
}

const MOVED = `
  FROM listed_customers t JOIN customers c ON c.customer_id = t.customer_id
  WHERE c.shop_id = $1 AND t.shopify_rfm_group IS NOT NULL AND t.shopify_rfm_group IS DISTINCT FROM c.shopify_rfm_group`;

// All of a large shop's at once would make its webhooks wait for minutes; the rest comes with the next nights.
const GROUPS_TAKEN = 50_000;

/** Whether the list has another group for anybody whom we hold. */
export async function haveGroupsMoved(connection: pg.PoolClient, { shopId }: ShopRef): Promise<boolean> {
  const { rows } = await connection.query(`SELECT 1 ${MOVED} LIMIT 1`, [shopId]);
  return rows.length > 0;
}

/** After the shop's row was changed. */
export async function takeMovedGroups(connection: pg.PoolClient, { shopId }: ShopRef): Promise<void> {
  await askSlowly(
    connection,
    `UPDATE customers SET shopify_rfm_group = moved.shopify_rfm_group
     FROM (SELECT c.customer_id, t.shopify_rfm_group ${MOVED} LIMIT ${GROUPS_TAKEN}) moved
     WHERE customers.shop_id = $1 AND customers.customer_id = moved.customer_id`,
    [shopId],
  );
}
