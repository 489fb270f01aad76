import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** Of a customer `c`: differs when anything of them does, but for who wrote it and the group, which moves by itself. */
export const CUSTOMER_FINGERPRINT = "md5((to_jsonb(c) - 'import_id' - 'data_version' - 'shopify_rfm_group')::text)";

/** How a customer stands here. */
export interface CustomerStand {
  updatedAt: Date;
  fingerprint: string;
}

/** By primary key. Customers whom we do not hold are left out. */
export async function loadCustomerStands(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  customerIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, CustomerStand>> {
  const { rows } = await connection.query<{ customer_id: string; updated_at: Date; fingerprint: string }>(
    `SELECT c.customer_id, c.updated_at, ${CUSTOMER_FINGERPRINT} AS fingerprint
     FROM customers c WHERE c.shop_id = $1 AND c.customer_id = ANY($2::bigint[])`,
    [shopId, customerIds.map(String)],
  );
  return new Map(rows.map((row) => [BigInt(row.customer_id), { updatedAt: row.updated_at, fingerprint: row.fingerprint }]));
}
