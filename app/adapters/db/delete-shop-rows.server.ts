import { Prisma } from '#app/generated/prisma/client.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';

/** What a shop may have by the hundred thousand; the rest hangs on these or is little. */
export const NUMEROUS_TABLES = [
  'webhook_inbox',
  'orders',
  'customers',
  'segment_write_members',
  'offer_decisions',
  'offer_codes',
  'offer_pool_codes',
  'account_invites',
  'loyalty_members',
] as const;

// A second's work, far from what a transaction is given. A member takes along entries and postings, each past a trigger.
const ROWS_AT_ONCE = 20_000;
const MEMBERS_AT_ONCE = 500;

/** Some of the shop's rows of a table. The shop's row first, as in every change of its data. Returns how many went. */
export async function deleteShopRows(db: TenantDb, shopId: number, table: (typeof NUMEROUS_TABLES)[number]): Promise<number> {
  await db.shop.updateMany({ where: { shopId }, data: { dataVersion: { increment: 1 } } });
  const from = Prisma.raw(table);
  return db.$executeRaw`
    DELETE FROM ${from} WHERE shop_id = ${shopId} AND ctid = ANY(ARRAY(
      SELECT ctid FROM ${from} WHERE shop_id = ${shopId} LIMIT ${table === 'loyalty_members' ? MEMBERS_AT_ONCE : ROWS_AT_ONCE}))`;
}
