import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * Tells reports that they are stale and the merchant how fresh they are. First in the transaction of the change: it
 * makes changes of one shop's data wait for each other, so that they never deadlock nor pass a tombstone unseen.
 */
export async function noteDataChange(connection: pg.PoolClient, shop: ShopRef, now: Date): Promise<void> {
  await connection.query('UPDATE shops SET data_version = data_version + 1, fresh_at = $2 WHERE shop_id = $1', [
    shop.shopId,
    now,
  ]);
}
