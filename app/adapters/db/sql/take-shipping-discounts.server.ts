import type pg from 'pg';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * Grain: order with a code that was written before discounts on shipping were kept, in the very version that the list has;
 * by primary key. One that differs is about to be read again, and its fingerprint must not move before. Can go, with its
 * callers, once no shop holds such an order.
 */
const LACKING = `
  FROM listed_orders t JOIN orders o ON o.order_id = t.order_id AND o.updated_at = t.updated_at
  WHERE o.shop_id = $1 AND o.shipping_code_discount_minor IS NULL AND t.shipping_code_discount_minor IS NOT NULL
    AND o.discount_codes <> '{}' AND o.deleted_at IS NULL
    AND NOT EXISTS (
      SELECT FROM reconciliation_differences d WHERE d.shop_id = o.shop_id AND d.order_id = o.order_id AND d.outcome = 'open')`;

// All of a large shop's at once would make its webhooks wait for minutes; the rest comes with the next comparisons.
const TAKEN = 50_000;

/** Whether the list tells a discount on shipping that an order of ours lacks. */
export async function areShippingDiscountsLacking(connection: pg.PoolClient, { shopId }: ShopRef): Promise<boolean> {
  const { rows } = await connection.query(`SELECT 1 ${LACKING} LIMIT 1`, [shopId]);
  return rows.length > 0;
}

/** After the shop's row was changed. */
export async function takeShippingDiscounts(connection: pg.PoolClient, { shopId }: ShopRef): Promise<void> {
  await askSlowly(
    connection,
    `UPDATE orders SET shipping_code_discount_minor = told.shipping_code_discount_minor
     FROM (SELECT o.order_id, t.shipping_code_discount_minor ${LACKING} LIMIT ${TAKEN}) told
     WHERE orders.shop_id = $1 AND orders.order_id = told.order_id`,
    [shopId],
  );
}
