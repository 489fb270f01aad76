import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/** Tells reports that they are stale and the merchant how fresh they are. Belongs into the transaction of the change. */
export async function noteDataChange(connection: pg.PoolClient, shop: ShopRef, now: Date): Promise<void> {
  await connection.query('UPDATE shops SET data_version = data_version + 1, fresh_at = $2 WHERE shop_id = $1', [
    shop.shopId,
    now,
  ]);
}
