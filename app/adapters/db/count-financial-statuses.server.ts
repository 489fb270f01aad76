import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

export interface FinancialStatusCount {
  /** As Shopify says it, or null when it said none. */
  status: string | null;
  orders: number;
}

/** How many orders stand in each payment state, of those that nothing else leaves out. A handful of rows. */
export async function countFinancialStatuses(db: TenantDb, { shopId }: ShopRef): Promise<FinancialStatusCount[]> {
  return db.$queryRaw<FinancialStatusCount[]>`
    SELECT financial_status AS status, count(*)::int AS orders FROM orders
    WHERE shop_id = ${shopId} AND NOT is_test AND deleted_at IS NULL AND cancelled_at IS NULL
    GROUP BY financial_status ORDER BY orders DESC, status`;
}
