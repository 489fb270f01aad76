import { Prisma } from '#app/generated/prisma/client.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';

/** Of an order `o` with the sum of its pieces left `p`: differs when anything of the two does, but for who wrote it. */
export const ORDER_FINGERPRINT = "md5(concat(to_jsonb(o) - 'import_id', ' ', coalesce(p.quantity, 0)))";

export interface HeldOrder {
  orderId: bigint;
  updatedAt: Date;
  createdAt: Date;
  isDeleted: boolean;
  fingerprint: string;
}

/** Grain: one of the named orders that we hold, by primary key. */
export async function loadHeldOrders(
  db: TenantDb,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, HeldOrder>> {
  if (orderIds.length === 0) return new Map();
  const rows = await db.$queryRaw<HeldOrder[]>`
    SELECT o.order_id AS "orderId", o.updated_at AS "updatedAt", o.created_at AS "createdAt",
      o.deleted_at IS NOT NULL AS "isDeleted", ${Prisma.raw(ORDER_FINGERPRINT)} AS fingerprint
    FROM orders o
    LEFT JOIN LATERAL (
      SELECT sum(l.current_quantity)::int AS quantity FROM order_lines l
      WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id
    ) p ON true
    WHERE o.shop_id = ${shopId} AND o.order_id IN (${Prisma.join([...orderIds])})`;
  return new Map(rows.map((row) => [row.orderId, row]));
}
