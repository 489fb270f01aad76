import type pg from 'pg';

import { copyOut } from '#app/adapters/db/copy-out.server.ts';

/** Grain: a customer whose group Shopify tells, by the primary key. */
const ALL_SQL = `
  SELECT customer_id, shopify_rfm_group FROM customers
  WHERE shop_id = (SELECT current_setting('app.shop_id')::int) AND shopify_rfm_group IS NOT NULL ORDER BY customer_id`;

/** Ascending by id, which is given as the nearest number to it. Runs inside a transaction of the shop. */
export async function readShopifyGroups(connection: pg.PoolClient, onGroup: (customerId: number, group: string) => void): Promise<void> {
  await copyOut(connection, { query: ALL_SQL, columnCount: 2 }, (row) => onGroup(row.nearestIdAt(0), row.textAt(1) ?? ''));
}
