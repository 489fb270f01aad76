import { createHash } from 'node:crypto';

import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * What must be the same in two copies of one history, whichever way they came to be: not who wrote a row, nor when we
 * learned of it.
 */
const COMPARED: Readonly<Record<string, string>> = {
  orders: "to_jsonb(t) - 'import_id' - 'data_version' - 'deleted_at' - 'shop_id' || jsonb_build_object('is_deleted', t.deleted_at IS NOT NULL)",
  order_lines: "to_jsonb(t) - 'shop_id'",
  refunds: "to_jsonb(t) - 'shop_id'",
  fulfillments: "to_jsonb(t) - 'shop_id'",
  // Shopify moves its groups as time goes by, and no webhook tells.
  customers: "to_jsonb(t) - 'import_id' - 'data_version' - 'shop_id' - 'shopify_rfm_group'",
};

/**
 * A hash of one shop's copy of its history: equal hashes mean equal rows. Rows count as a set, so no order is needed
 * and a history of any size is read once. Runs inside a `withTenantConnection` transaction.
 * @returns for each table its number of rows and their summed digest, and one hash over all of that
 */
export async function computeStateHash(
  connection: pg.PoolClient,
  shop: ShopRef,
): Promise<{ hash: string; tables: Record<string, string> }> {
  const tables: Record<string, string> = {};
  for (const [table, row] of Object.entries(COMPARED)) {
    const { rows } = await connection.query<{ count: string; digest: string | null }>(
      `SELECT count(*) AS count, sum(('x' || left(md5((${row})::text), 15))::bit(60)::bigint)::text AS digest
       FROM ${table} t WHERE t.shop_id = $1`,
      [shop.shopId],
    );
    tables[table] = `${rows[0]?.count ?? '0'} ${rows[0]?.digest ?? '-'}`;
  }
  return { hash: createHash('sha256').update(JSON.stringify(tables)).digest('hex'), tables };
}
