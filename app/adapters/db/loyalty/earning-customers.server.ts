import { loadEarningOrders } from '#app/adapters/db/loyalty/earning-orders.server.ts';
import type { InShop, ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';

const CUSTOMERS_A_TURN = 500;
/** Parameters of one statement. */
const ORDERS_A_STATEMENT = 2_000;

/**
 * All orders of one customer after the other, of those who placed one since an instant, in some hundreds of customers at a
 * time. Guests are not among them.
 */
export async function* eachCustomersOrders(inShop: InShop, shop: ShopRef, { sinceMs }: { sinceMs: number }): AsyncGenerator<EarningOrder[]> {
  let afterId: bigint | null = null;
  for (;;) {
    const { orders, lastId }: Turn = await inShop((db) => loadTurn(db, { shop, afterId, sinceMs }));
    for (const ofOne of orders) yield ofOne;
    if (lastId === null) return;
    afterId = lastId;
  }
}

interface Turn {
  orders: Iterable<EarningOrder[]>;
  /** Null where there are no more. */
  lastId: bigint | null;
}

async function loadTurn(db: TenantDb, { shop, afterId, sinceMs }: { shop: ShopRef; afterId: bigint | null; sinceMs: number }): Promise<Turn> {
  const { shopId } = shop;
  // Index: orders_shop_id_customer_id_idx.
  const rows = await db.$queryRaw<{ order_id: bigint; customer_id: bigint }[]>`
    WITH next AS (
      SELECT DISTINCT customer_id FROM orders
      WHERE shop_id = ${shopId} AND customer_id > ${afterId ?? -(2n ** 63n)} AND processed_at >= ${new Date(sinceMs)}
      ORDER BY customer_id LIMIT ${CUSTOMERS_A_TURN}
    )
    SELECT o.order_id, o.customer_id FROM next JOIN orders o ON o.shop_id = ${shopId} AND o.customer_id = next.customer_id`;
  const byCustomer = new Map<bigint, EarningOrder[]>();
  let lastId: bigint | null = null;
  for (const { customer_id: id } of rows) if (lastId === null || id > lastId) lastId = id;
  for (let from = 0; from < rows.length; from += ORDERS_A_STATEMENT) {
    const ids = rows.slice(from, from + ORDERS_A_STATEMENT).map(({ order_id: id }) => id);
    for (const order of await loadEarningOrders(db, shop, ids)) {
      if (order.customerId === null) continue;
      const theirs = byCustomer.get(order.customerId);
      if (theirs === undefined) byCustomer.set(order.customerId, [order]);
      else theirs.push(order);
    }
  }
  return { orders: byCustomer.values(), lastId };
}
