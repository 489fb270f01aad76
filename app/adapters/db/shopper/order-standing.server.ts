import type pg from 'pg';
import { z } from 'zod';

import { SHOP_COLUMNS, SHOP_TABLES, shopColumnsSchema, shopperShopOf, TIER_CHANGES_OF, tierChangesSchema } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import type { ShopperShop } from '#app/adapters/db/shopper/shopper-standing.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { EarlierChange } from '#app/domain/loyalty/tiers/plan-tier-change.ts';

/** An order as the page of it asks about its points. */
export interface ShopperOrder {
  /** Null for a guest; negative for somebody who was forgotten. */
  readonly customerId: bigint | null;
  readonly createdAtMs: number;
  readonly processedAtMs: number;
  /** Whether the worker has come to the order as it is now. */
  readonly isAwarded: boolean;
  /** What entries about it, of the order and of the first one, have given so far; null while there are none. */
  readonly given: { readonly points: number; readonly maturesAtMs: number } | null;
  /** Of its customer; null for one whose points nobody keeps. */
  readonly member: { readonly isExcluded: boolean; readonly balancePoints: number; readonly tierChanges: readonly EarlierChange[] } | null;
}

export interface OrderStanding {
  readonly shop: ShopperShop;
  /** Null while we do not have it. */
  readonly order: ShopperOrder | null;
}

const rowSchema = shopColumnsSchema.extend({
  is_known: z.boolean(),
  customer_id: z.string().transform(BigInt).nullable(),
  created_at: z.date().nullable(),
  processed_at: z.date().nullable(),
  is_awarded: z.boolean(),
  entries: z.number().int(),
  given: z.number().int(),
  matures_at: z.date().nullable(),
  member_id: z.string().nullable(),
  is_excluded: z.boolean().nullable(),
  balance_points: z.number().int().nullable(),
  tier_changes: tierChangesSchema.nullable(),
});

/** An order and what it gave, in one statement. Null for a shop that is gone. A deleted order counts as one that we do not have. */
export async function loadOrderStanding(connection: pg.PoolClient, { shopId }: ShopRef, orderId: bigint): Promise<OrderStanding | null> {
  const { rows } = await connection.query({ name: 'load-order-standing', text: STANDING, values: [shopId, String(orderId)] });
  if (rows[0] === undefined) return null;
  const row = rowSchema.parse(rows[0]);
  return { shop: shopperShopOf(row), order: orderOf(row) };
}

function orderOf(row: z.infer<typeof rowSchema>): ShopperOrder | null {
  if (!row.is_known || row.created_at === null || row.processed_at === null) return null;
  return {
    customerId: row.customer_id,
    createdAtMs: row.created_at.getTime(),
    processedAtMs: row.processed_at.getTime(),
    isAwarded: row.is_awarded,
    given: row.entries === 0 ? null : { points: row.given, maturesAtMs: row.matures_at?.getTime() ?? 0 },
    member:
      row.member_id === null
        ? null
        : { isExcluded: row.is_excluded === true, balancePoints: row.balance_points ?? 0, tierChanges: row.tier_changes ?? [] },
  };
}

/** Grain: the order. Indexes: the primary keys, loyalty_entries_order and loyalty_members_customer. */
const STANDING = `
  SELECT ${SHOP_COLUMNS}, o.order_id IS NOT NULL AS is_known, o.customer_id, o.created_at, o.processed_at,
    coalesce(p.orders_version >= o.data_version, false) AS is_awarded,
    e.entries, e.given, e.matures_at, m.member_id, m.is_excluded, m.balance_points,
    ${TIER_CHANGES_OF('m.member_id')} AS tier_changes
  FROM ${SHOP_TABLES}
  LEFT JOIN loyalty_progress p ON p.shop_id = s.shop_id AND p.is_followed
  LEFT JOIN orders o ON o.shop_id = s.shop_id AND o.order_id = $2 AND o.deleted_at IS NULL
  LEFT JOIN loyalty_members m ON m.shop_id = s.shop_id AND m.customer_id = o.customer_id
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS entries, -coalesce(sum(g.given), 0)::int AS given, max(g.matures_at) AS matures_at
    FROM loyalty_entries e
    JOIN LATERAL (
      SELECT sum(p.points) FILTER (WHERE p.account = 'issued') AS given, max(p.matures_at) AS matures_at
      FROM loyalty_postings p WHERE p.shop_id = e.shop_id AND p.member_id = e.member_id AND p.sequence = e.sequence
    ) g ON true
    WHERE e.shop_id = s.shop_id AND e.order_id = $2 AND e.kind IN ('order', 'grant')
  ) e
  WHERE s.shop_id = $1`;
