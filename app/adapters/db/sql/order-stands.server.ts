import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** All rows of an order `o` in a table of its parts. */
const partsIn = (table: string, idColumn: string) =>
  `(SELECT jsonb_agg(to_jsonb(p) ORDER BY p.${idColumn}) FROM ${table} p WHERE p.shop_id = o.shop_id AND p.order_id = o.order_id)`;

/** Of an order `o`: differs when anything of it or of its parts does, but for who wrote it. */
export const ORDER_FINGERPRINT = `md5(concat_ws(' ', to_jsonb(o) - 'import_id' - 'data_version', ${[
  partsIn('order_lines', 'line_id'),
  partsIn('refunds', 'refund_id'),
  partsIn('fulfillments', 'fulfillment_id'),
].join(', ')}))`;

/** Grain: one of the named orders that we hold, by primary key, with its parts by their keys' prefixes. */
const FINGERPRINTS_SQL = `
SELECT o.order_id, o.updated_at, o.created_at, o.deleted_at IS NOT NULL AS is_deleted, ${ORDER_FINGERPRINT} AS fingerprint
FROM orders o
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
