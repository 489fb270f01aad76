import type pg from 'pg';

import { copyRows } from '#app/adapters/db/copy-rows.server.ts';
import { claimMembers } from '#app/adapters/db/loyalty/welcomes.repository.server.ts';
import type { Claim } from '#app/adapters/db/loyalty/welcomes.repository.server.ts';
import { openIncoming } from '#app/adapters/db/orders.repository.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';

const CUSTOMER_COLUMNS = [
  'shop_id', 'customer_id', 'created_at', 'updated_at', 'account_state', 'locale', 'number_of_orders', 'shopify_rfm_group', 'import_id',
] as const;

/**
 * Inserts or replaces customers unless we hold a later version. Shopify's group stays where only a pull asks for it and
 * this is none. Whose account became enabled by what comes in is a member who has claimed their account, whoever told us
 * of it: a webhook, an order, a pull or a comparison. Runs inside a `withTenantConnection` transaction.
 * @returns how many were taken
 */
export async function saveCustomers(
  connection: pg.PoolClient,
  shop: ShopRef,
  customers: readonly CustomerRecord[],
  importId: string | null,
): Promise<number> {
  await openIncoming(connection, ['customers']);
  await copyRows(
    connection,
    'incoming_customers',
    CUSTOMER_COLUMNS,
    customers.map((customer) => [
      shop.shopId, customer.customerId, customer.createdAt, customer.updatedAt, customer.accountState, customer.locale,
      customer.numberOfOrders, customer.shopifyRfmGroup, importId,
    ]),
  );
  if (customers.some(({ accountState }) => accountState === 'ENABLED')) await claimMembers(connection, shop, await findNewAccounts(connection, shop));
  const replaced = CUSTOMER_COLUMNS.filter((column) => column !== 'shop_id' && column !== 'customer_id');
  const valueOf = (column: string) =>
    importId === null && column === 'shopify_rfm_group' ? `coalesce(excluded.${column}, customers.${column})` : `excluded.${column}`;
  const { rowCount } = await connection.query(
    `INSERT INTO customers (${CUSTOMER_COLUMNS.join(', ')})
     SELECT DISTINCT ON (customer_id) ${CUSTOMER_COLUMNS.join(', ')}
     FROM incoming_customers ORDER BY customer_id, updated_at DESC
     ON CONFLICT (shop_id, customer_id) DO UPDATE
       SET ${replaced.map((column) => `${column} = ${valueOf(column)}`).join(', ')}
       WHERE customers.updated_at <= excluded.updated_at`,
  );
  return rowCount ?? 0;
}

/**
 * Who has an account by what came in and had none by what we hold. Somebody of whom we hold nothing counts when they came
 * after the shop's program did: those of before are not welcomed for what they long had.
 */
async function findNewAccounts(connection: pg.PoolClient, { shopId }: ShopRef): Promise<Claim[]> {
  const { rows } = await connection.query<{ customer_id: string; since: Date }>(
    `SELECT DISTINCT ON (i.customer_id) i.customer_id, CASE WHEN c.customer_id IS NULL THEN i.created_at ELSE i.updated_at END AS since
     FROM incoming_customers i LEFT JOIN customers c ON c.shop_id = $1 AND c.customer_id = i.customer_id
     WHERE i.account_state = 'ENABLED' AND (
       (c.account_state IN ('DISABLED', 'INVITED', 'DECLINED') AND c.updated_at <= i.updated_at)
       OR (c.customer_id IS NULL AND i.created_at >= (SELECT min(saved_at) FROM loyalty_program_versions WHERE shop_id = $1)))
     ORDER BY i.customer_id, i.updated_at DESC`,
    [shopId],
  );
  return rows.map((row) => ({ customerId: BigInt(row.customer_id), since: row.since }));
}

export async function deleteCustomer(connection: pg.PoolClient, shop: ShopRef, customerId: bigint): Promise<void> {
  await connection.query('DELETE FROM customers WHERE shop_id = $1 AND customer_id = $2', [
    shop.shopId,
    String(customerId),
  ]);
}

/** When those of these customers that we hold last changed. */
export async function loadCustomerVersions(
  connection: pg.PoolClient,
  shop: ShopRef,
  customerIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, Date>> {
  const { rows } = await connection.query<{ customer_id: string; updated_at: Date }>(
    'SELECT customer_id, updated_at FROM customers WHERE shop_id = $1 AND customer_id = ANY($2::bigint[])',
    [shop.shopId, customerIds.map(String)],
  );
  return new Map(rows.map((row) => [BigInt(row.customer_id), row.updated_at]));
}
