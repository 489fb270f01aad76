import type pg from 'pg';
import { z } from 'zod';

import { SHOP_COLUMNS, SHOP_TABLES, shopColumnsSchema, shopperShopOf, TIER_CHANGES_OF, tierChangesSchema } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import type { ShopperShop } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { EarlierChange } from '#app/domain/loyalty/tiers/plan-tier-change.ts';

/** Who is about to order, as far as what they earn goes by it. */
export interface EarnerStanding {
  readonly shop: ShopperShop;
  /** Of the shop's latest order; null before there is any. */
  readonly pricesContainTax: boolean | null;
  /** Null for a guest, and for a customer whose points nobody keeps yet. */
  readonly member: { readonly isExcluded: boolean; readonly tierChanges: readonly EarlierChange[] } | null;
  /** Whether the customer has an order that their first one could be. */
  readonly hasOrdered: boolean;
}

const rowSchema = shopColumnsSchema.extend({
  prices_contain_tax: z.boolean().nullable(),
  is_excluded: z.boolean().nullable(),
  tier_changes: tierChangesSchema.nullable(),
  has_ordered: z.boolean(),
});

/**
 * Grain: the shop. Indexes: loyalty_members_customer, orders_shop_id_customer_id_idx, orders_shop_id_processed_at_idx.
 *
 * @param customerId null for a guest
 * @returns null for a shop that is gone
 */
export async function loadEarnerStanding(connection: pg.PoolClient, { shopId }: ShopRef, customerId: bigint | null): Promise<EarnerStanding | null> {
  const { rows } = await connection.query({
    name: 'load-earner-standing',
    text: `SELECT ${SHOP_COLUMNS}, m.is_excluded, ${TIER_CHANGES_OF('m.member_id')} AS tier_changes,
        (SELECT o.taxes_included FROM orders o WHERE o.shop_id = $1 ORDER BY o.processed_at DESC LIMIT 1) AS prices_contain_tax,
        EXISTS (SELECT FROM orders o WHERE o.shop_id = $1 AND o.customer_id = $2 AND NOT o.is_test AND o.cancelled_at IS NULL
          AND o.deleted_at IS NULL) AS has_ordered
      FROM ${SHOP_TABLES} LEFT JOIN loyalty_members m ON m.shop_id = s.shop_id AND m.customer_id = $2
      WHERE s.shop_id = $1`,
    values: [shopId, customerId === null ? null : String(customerId)],
  });
  if (rows[0] === undefined) return null;
  const row = rowSchema.parse(rows[0]);
  return {
    shop: shopperShopOf(row),
    pricesContainTax: row.prices_contain_tax,
    member: row.is_excluded === null ? null : { isExcluded: row.is_excluded, tierChanges: row.tier_changes ?? [] },
    hasOrdered: row.has_ordered,
  };
}
