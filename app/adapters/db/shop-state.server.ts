import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** What columns of a shop depend on, as a snapshot has it. */
export interface ShopState {
  /** IANA name; with the currency, it comes with the first pull. */
  timeZone: string | null;
  /** ISO 4217 code. */
  currency: string | null;
  dataVersion: bigint;
  /** The versions in which orders, or customers, last were deleted for good. */
  ordersRemovedVersion: bigint;
  customersRemovedVersion: bigint;
}

/** Null when the shop is gone. */
export async function readShopState(connection: pg.PoolClient, { shopId }: ShopRef): Promise<ShopState | null> {
  const { rows } = await connection.query<Record<'version' | 'orders' | 'customers', string> & { zone: string | null; currency: string | null }>(
    `SELECT data_version AS version, orders_removed_version AS orders, customers_removed_version AS customers,
       iana_time_zone AS zone, currency FROM shops WHERE shop_id = $1`,
    [shopId],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    timeZone: row.zone,
    currency: row.currency,
    dataVersion: BigInt(row.version),
    ordersRemovedVersion: BigInt(row.orders),
    customersRemovedVersion: BigInt(row.customers),
  };
}
