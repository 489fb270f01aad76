import type pg from 'pg';

import type { ShopRef } from '#app/adapters/db/tenant.server.ts';

/**
 * Of these, those whom the shop does not have: neither as a customer nor as the buyer of an order. Rows that say so are
 * held until the transaction ends, so that a redaction waits and then finds the member that was made of them.
 */
export async function loadUnknownCustomers(connection: pg.PoolClient, { shopId }: ShopRef, customerIds: readonly bigint[]): Promise<Set<bigint>> {
  const asked = [...new Set(customerIds)];
  const ids = asked.map(String);
  const customers = await connection.query<{ customer_id: string }>(
    'SELECT customer_id FROM customers WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) ORDER BY customer_id FOR SHARE',
    [shopId, ids],
  );
  const known = new Set(customers.rows.map((row) => BigInt(row.customer_id)));
  const others = asked.filter((id) => !known.has(id)).map(String);
  const buyers = await connection.query<{ customer_id: string }>(
    'SELECT customer_id FROM orders WHERE shop_id = $1 AND customer_id = ANY($2::bigint[]) ORDER BY order_id FOR SHARE',
    [shopId, others],
  );
  for (const row of buyers.rows) known.add(BigInt(row.customer_id));
  return new Set(asked.filter((id) => !known.has(id)));
}
