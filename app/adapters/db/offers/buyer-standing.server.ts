import type pg from 'pg';
import { z } from 'zod';

import { IS_OPEN } from '#app/adapters/db/offers/asked-offer.server.ts';
import type { OfferQuestion } from '#app/adapters/db/offers/asked-offer.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { CustomerHistory } from '#app/domain/offers/decide-offer.ts';

export interface BuyerStanding {
  readonly history: CustomerHistory;
  /** Codes given for their other orders that still work. */
  readonly openCodes: number;
}

const rowSchema = z.object({
  counted_orders: z.number().int(),
  number_of_orders: z.number().int().nullable(),
  updated_at: z.date().nullable(),
  open_codes: z.number().int(),
});

/**
 * Who placed an order, asked behind `loadAskedOffer`, which holds them: what another page of theirs was given is seen. Null
 * where there is nothing to decide, or nobody to be known. A code works until it ends or is in one of their orders: one
 * that they passed on and somebody else used counts as open until its end.
 */
export async function loadBuyerStanding(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { orderId, buyerId, youngSince, now }: OfferQuestion & { now: Date },
): Promise<BuyerStanding | null> {
  const values = [shopId, String(orderId), buyerId === null ? null : String(buyerId), youngSince, now];
  const { rows } = await connection.query({ name: 'load-buyer-standing', text: STANDING, values });
  if (rows[0] === undefined) return null;
  const row = rowSchema.parse(rows[0]);
  const { number_of_orders: numberOfOrders, updated_at: updatedAt } = row;
  const shopify = numberOfOrders === null || updatedAt === null ? null : { numberOfOrders, readAsOfMs: updatedAt.getTime() };
  return { history: { countedOrders: row.counted_orders, shopify }, openCodes: row.open_codes };
}

/** Grain: the customer of the order. Indexes: orders by customer, and primary keys. */
const STANDING = `
  WITH asked AS MATERIALIZED (
    SELECT o.order_id, o.customer_id, o.created_at FROM orders o
    JOIN offer_settings t ON t.shop_id = o.shop_id AND t.is_enabled
    LEFT JOIN offer_decisions d ON d.shop_id = o.shop_id AND d.order_id = o.order_id
    LEFT JOIN offer_codes c ON c.shop_id = o.shop_id AND c.order_id = o.order_id
    WHERE o.shop_id = $1 AND o.order_id = $2 AND o.deleted_at IS NULL AND o.customer_id >= 0 AND ${IS_OPEN}
  ), mine AS MATERIALIZED (
    SELECT order_id, created_at, is_test, cancelled_at, discount_codes FROM orders
    WHERE shop_id = $1 AND customer_id = (SELECT customer_id FROM asked) AND deleted_at IS NULL
  )
  SELECT
    (SELECT count(*)::int FROM mine WHERE NOT is_test AND cancelled_at IS NULL
      AND (created_at, order_id) <= (asked.created_at, asked.order_id)) AS counted_orders,
    (SELECT count(*)::int FROM mine
      JOIN offer_codes c ON c.shop_id = $1 AND c.order_id = mine.order_id AND c.state IN ('intended', 'issued')
      JOIN offer_discounts d ON d.shop_id = c.shop_id AND d.discount_key = c.discount_key AND d.ends_at > $5
      WHERE mine.order_id <> asked.order_id AND NOT EXISTS (SELECT FROM mine used, unnest(used.discount_codes) u (code) WHERE upper(u.code) = c.code)) AS open_codes,
    u.number_of_orders, u.updated_at
  FROM asked LEFT JOIN customers u ON u.shop_id = $1 AND u.customer_id = asked.customer_id`;
