import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** Of an order `o` with the sum of its pieces left `p`: differs when anything of the two does, but for who wrote it. */
export const ORDER_FINGERPRINT = "md5(concat(to_jsonb(o) - 'import_id' - 'data_version', ' ', coalesce(p.quantity, 0)))";

/** Grain: one of the named orders that we hold, by primary key. */
const FINGERPRINTS_SQL = `
SELECT o.order_id, o.updated_at, o.created_at, o.deleted_at IS NOT NULL AS is_deleted, ${ORDER_FINGERPRINT} AS fingerprint
FROM orders o
LEFT JOIN LATERAL (
  SELECT sum(l.current_quantity)::int AS quantity FROM order_lines l
  WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id
) p ON true
WHERE o.shop_id = $1 AND o.order_id = ANY($2::bigint[])`;

/** How an order stands here. */
export interface OrderStand {
  updatedAt: Date;
  createdAt: Date;
  isDeleted: boolean;
  fingerprint: string;
}

/** Orders that we do not hold are left out. */
export async function loadOrderStands(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, OrderStand>> {
  const { rows } = await connection.query<{
    order_id: string;
    updated_at: Date;
    created_at: Date;
    is_deleted: boolean;
    fingerprint: string;
  }>(FINGERPRINTS_SQL, [shopId, orderIds.map(String)]);
  return new Map(
    rows.map((row) => [
      BigInt(row.order_id),
      { updatedAt: row.updated_at, createdAt: row.created_at, isDeleted: row.is_deleted, fingerprint: row.fingerprint },
    ]),
  );
}
