import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { parseCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';

/** What columns of a shop depend on, as a snapshot has it. */
export interface ShopState {
  /** IANA name; with the currency, it comes with the first pull. */
  timeZone: string | null;
  /** ISO 4217 code. */
  currency: string | null;
  counting: OrderCounting;
  dataVersion: bigint;
  /** The versions in which orders, or customers, last were deleted for good. */
  ordersRemovedVersion: bigint;
  customersRemovedVersion: bigint;
}

/** Null when the shop is gone. */
export async function readShopState(connection: pg.PoolClient, { shopId }: ShopRef): Promise<ShopState | null> {
  const { rows } = await connection.query<Record<'version' | 'orders' | 'customers' | 'preset' | 'value', string> & { zone: string | null; currency: string | null }>(
    `SELECT data_version AS version, orders_removed_version AS orders, customers_removed_version AS customers,
       iana_time_zone AS zone, currency, counting_preset AS preset, order_value AS value FROM shops WHERE shop_id = $1`,
    [shopId],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    timeZone: row.zone,
    currency: row.currency,
    counting: requireCounting(row.preset, row.value),
    dataVersion: BigInt(row.version),
    ordersRemovedVersion: BigInt(row.orders),
    customersRemovedVersion: BigInt(row.customers),
  };
}

/** A way of counting that this version does not know would give wrong numbers, so it gives none. */
export function requireCounting(preset: string, value: string): OrderCounting {
  const counting = parseCounting(preset, value);
  if (counting === null) throw new Error(`a shop counts its orders by ${preset} and ${value}, of which this version knows nothing`);
  return counting;
}
