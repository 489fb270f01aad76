import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * First in a transaction that writes what a redaction would take away, and that reports need not know of: it waits for the
 * redaction, or the redaction for it, as changes of the shop's data do (`noteDataChange`).
 */
export async function holdShop(connection: pg.PoolClient, { shopId }: ShopRef): Promise<void> {
  await connection.query({ name: 'hold-shop', text: 'SELECT 1 FROM shops WHERE shop_id = $1 FOR NO KEY UPDATE', values: [shopId] });
}
