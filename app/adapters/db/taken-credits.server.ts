import type pg from 'pg';

import { holdShop } from '#app/adapters/db/hold-shop.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * Those of Shopify's ids of store credit that are known to be of a redemption or of an order's offer. Indexes:
 * loyalty_redemptions_shopify, offer_credits_shopify.
 */
export async function loadTakenCredits(connection: pg.PoolClient, { shopId }: ShopRef, gids: readonly string[]): Promise<Set<string>> {
  const { rows } = await connection.query<{ gid: string }>({
    name: 'load-taken-credits',
    text: `SELECT discount_gid AS gid FROM loyalty_redemptions WHERE shop_id = $1 AND discount_gid = ANY($2::text[])
      UNION SELECT transaction_gid FROM offer_credits WHERE shop_id = $1 AND transaction_gid = ANY($2::text[])`,
    values: [shopId, gids],
  });
  return new Set(rows.map(({ gid }) => gid));
}

/**
 * Whether a credit is still nobody's. First in the transaction that writes whose it is: of two whose outcome is unknown,
 * with one customer and one amount, both may have found it, and the second waits here and sees it taken.
 */
export async function holdCredit(connection: pg.PoolClient, shop: ShopRef, gid: string): Promise<boolean> {
  await holdShop(connection, shop);
  return !(await loadTakenCredits(connection, shop, [gid])).has(gid);
}
