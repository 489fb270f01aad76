import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** Customers without any order: none that Shopify counts, which sees further back than we may, and none of ours. */
export async function countProspects(db: TenantDb, { shopId }: ShopRef): Promise<number> {
  const rows = await db.$queryRaw<{ prospects: number }[]>`
    SELECT count(*)::int AS prospects FROM customers c
    WHERE c.shop_id = ${shopId} AND c.number_of_orders = 0
      AND NOT EXISTS (SELECT FROM orders o WHERE o.shop_id = ${shopId} AND o.customer_id = c.customer_id)`;
  return rows[0]?.prospects ?? 0;
}
