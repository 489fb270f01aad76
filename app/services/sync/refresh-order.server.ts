import { saveCustomers } from '#app/adapters/db/customers.repository.server.ts';
import { markOrderDeleted, saveOrderLines, saveOrders } from '#app/adapters/db/orders.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { raiseTombstoneOn, Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import type { AdminAnswer } from '#app/adapters/shopify/admin-api.server.ts';
import { parseCustomer, type CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import { gidOf } from '#app/adapters/shopify/gid.ts';
import { parseOrder, parseOrderLine, type OrderLineRecord, type OrderRecord } from '#app/adapters/shopify/parse-order.ts';
import { OrderByIdDocument, type OrderByIdQuery } from '#app/generated/admin-api.ts';
import { noteDataChange } from '#app/adapters/db/note-data-change.server.ts';
import { withoutBuried } from '#app/services/sync/import/import-source.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

interface CurrentOrder {
  order: OrderRecord;
  lines: OrderLineRecord[];
  customer: CustomerRecord | null;
}

/**
 * Reads an order as it is now and stores it unless we hold a later version. What a webhook says of the order is not
 * looked at: it may be hours old.
 */
export async function refreshOrder(context: ShopContext, orderId: bigint): Promise<'stored' | 'older' | 'not-found'> {
  const current = await loadCurrentOrder(context, orderId);
  if (current === null) return 'not-found';
  const { order, lines, customer } = current;
  return withTenantConnection(context.pool, context.shop, async (connection) => {
    await noteDataChange(connection, context.shop, context.now());
    const tombstones = await Tombstones.loadOn(connection, context.sealedBox, context.shop);
    const kept = withoutBuried(context, tombstones, [order]);
    const taken = await saveOrders(connection, context.shop, kept, null);
    if (taken.length > 0) {
      await saveOrderLines(connection, context.shop, lines.map((line) => ({ orderId, line })), null);
    }
    if (customer && !tombstones.buriesCustomer(customer.customerId)) {
      await saveCustomers(connection, context.shop, [customer], null);
    }
    return taken.length > 0 ? 'stored' : 'older';
  });
}

/** The tombstone comes too, for the order may not have reached us yet. */
export async function removeOrder(context: ShopContext, orderId: bigint): Promise<'deleted'> {
  await withTenantConnection(context.pool, context.shop, async (connection) => {
    await noteDataChange(connection, context.shop, context.now());
    await raiseTombstoneOn(connection, context.sealedBox, context.shop, 'order', orderId);
    await markOrderDeleted(connection, context.shop, orderId, context.now());
  });
  return 'deleted';
}

async function loadCurrentOrder({ admin }: ShopContext, orderId: bigint): Promise<CurrentOrder | null> {
  const lines: OrderLineRecord[] = [];
  let linesAfter: string | null = null;
  for (;;) {
    const answer: AdminAnswer<OrderByIdQuery> = await admin(OrderByIdDocument, { id: gidOf('Order', orderId), linesAfter });
    const { order } = answer.data;
    if (!order) return null;
    const { edges, pageInfo } = order.lineItems;
    lines.push(...edges.map((edge) => parseOrderLine(edge.node)));
    if (pageInfo.hasNextPage && pageInfo.endCursor) {
      linesAfter = pageInfo.endCursor;
      continue;
    }
    const customer = order.customer ? parseCustomer(order.customer) : null;
    return { order: parseOrder(order), lines, customer };
  }
}
