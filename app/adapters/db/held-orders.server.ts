import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** What is asked of an order that we hold before it is replaced or left alone. */
export interface HeldOrder {
  updatedAt: Date;
  isDeleted: boolean;
  customerId: bigint | null;
  countryCode: string | null;
  provinceCode: string | null;
}

interface HeldRow {
  order_id: string;
  updated_at: Date;
  is_deleted: boolean;
  customer_id: string | null;
  country_code: string | null;
  province_code: string | null;
}

/** Those of the orders that our copy has. Runs inside a `withTenantConnection` transaction. */
export async function loadHeldOrders(
  connection: pg.PoolClient,
  shop: ShopRef,
  orderIds: readonly bigint[],
): Promise<Map<bigint, HeldOrder>> {
  const { rows } = await connection.query<HeldRow>(
    `SELECT order_id, updated_at, deleted_at IS NOT NULL AS is_deleted, customer_id, country_code, province_code
     FROM orders WHERE shop_id = $1 AND order_id = ANY($2::bigint[])`,
    [shop.shopId, orderIds.map(String)],
  );
  return new Map(
    rows.map((row) => [
      BigInt(row.order_id),
      {
        updatedAt: row.updated_at,
        isDeleted: row.is_deleted,
        customerId: row.customer_id === null ? null : BigInt(row.customer_id),
        countryCode: row.country_code,
        provinceCode: row.province_code,
      },
    ]),
  );
}

/** Of the live orders that our copy gives to a customer. */
export async function loadOrderIdsOf(connection: pg.PoolClient, shop: ShopRef, customerId: bigint): Promise<bigint[]> {
  const { rows } = await connection.query<{ order_id: string }>(
    'SELECT order_id FROM orders WHERE shop_id = $1 AND customer_id = $2 AND deleted_at IS NULL ORDER BY order_id',
    [shop.shopId, String(customerId)],
  );
  return rows.map((row) => BigInt(row.order_id));
}

/** Whether anything of a customer is here, be it only that an order or a merge names them. */
export async function holdsCustomer(connection: pg.PoolClient, shop: ShopRef, customerId: bigint): Promise<boolean> {
  const { rows } = await connection.query<{ is_held: boolean }>(
    `SELECT EXISTS (SELECT FROM customers WHERE shop_id = $1 AND customer_id = $2)
       OR EXISTS (SELECT FROM orders WHERE shop_id = $1 AND customer_id = $2)
       OR EXISTS (SELECT FROM customer_merges WHERE shop_id = $1 AND kept_customer_id = $2) AS is_held`,
    [shop.shopId, String(customerId)],
  );
  return rows[0]?.is_held ?? false;
}

/** Whether a file is under way that may have been written before a deletion and be stored after it. */
export async function isPullUnfinished(connection: pg.PoolClient, shop: ShopRef, resource: string): Promise<boolean> {
  const { rows } = await connection.query<{ is_unfinished: boolean }>(
    `SELECT EXISTS (SELECT FROM imports WHERE shop_id = $1 AND resource = $2
       AND state IN ('requested', 'running', 'storing')) AS is_unfinished`,
    [shop.shopId, resource],
  );
  return rows[0]?.is_unfinished ?? false;
}

/** Whether Shopify's list of orders or customers may have been written before a deletion and be compared after it. */
export async function isComparisonUnfinished(connection: pg.PoolClient, shop: ShopRef): Promise<boolean> {
  const { rows } = await connection.query<{ is_unfinished: boolean }>(
    `SELECT EXISTS (SELECT FROM reconciliations WHERE shop_id = $1
       AND state IN ('requested', 'running', 'comparing', 'repairing')) AS is_unfinished`,
    [shop.shopId],
  );
  return rows[0]?.is_unfinished ?? false;
}
