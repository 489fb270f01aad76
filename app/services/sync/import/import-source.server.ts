import type pg from 'pg';

import { saveCustomers } from '#app/adapters/db/customers.repository.server.ts';
import { saveOrderLines, saveOrders } from '#app/adapters/db/orders.repository.server.ts';
import { pseudonymOf, type Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { bulkQueryOf } from '#app/adapters/shopify/bulk-query.ts';
import { parseCustomer } from '#app/adapters/shopify/parse-customer.ts';
import { gidSchema, parseOrder, parseOrderLine, parseRecord, type OrderRecord } from '#app/adapters/shopify/parse-order.ts';
import { ChangedOrdersDocument, CustomerHistoryDocument, OrderHistoryDocument } from '#app/generated/admin-api.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** One line of the file, read as JSON. `parentId` is set on a child. */
export interface ImportedObject {
  parentId: string | null;
  body: Record<string, unknown>;
}

export interface ImportTarget {
  context: ShopContext;
  connection: pg.PoolClient;
  importId: string;
  tombstones: Tombstones;
}

export interface ImportSource {
  query: string;
  /**
   * How to read one object, throwing ShopifyRecordError, and how to store a batch of what was read. The file is read
   * once for each pass, because children need not follow their parents.
   */
  passes: readonly ImportPass[];
}

export interface ImportPass {
  reads: 'roots' | 'children';
  prepare: (object: ImportedObject) => (batch: ImportBatch) => void;
  store: (target: ImportTarget, batch: ImportBatch) => Promise<void>;
}

export interface ImportBatch {
  orders: OrderRecord[];
  lines: Parameters<typeof saveOrderLines>[2][number][];
  customers: ReturnType<typeof parseCustomer>[];
}

const ORDERS: ImportSource = {
  query: bulkQueryOf(OrderHistoryDocument.toString()),
  passes: [
    {
      reads: 'roots',
      prepare: ({ body }) => {
        const order = parseOrder(body);
        return (batch) => batch.orders.push(order);
      },
      store: async ({ context, connection, importId, tombstones }, { orders }) => {
        const kept = withoutBuried(context, tombstones, orders);
        await saveOrders(connection, context.shop, kept, importId);
      },
    },
    {
      reads: 'children',
      prepare: ({ parentId, body }) => {
        const stored = { orderId: parseRecord(gidSchema, parentId), line: parseOrderLine(body) };
        return (batch) => batch.lines.push(stored);
      },
      store: async ({ context, connection, importId }, { lines }) => {
        await saveOrderLines(connection, context.shop, lines, importId);
      },
    },
  ],
};

const CUSTOMERS: ImportSource = {
  query: bulkQueryOf(CustomerHistoryDocument.toString()),
  passes: [
    {
      reads: 'roots',
      prepare: ({ body }) => {
        const customer = parseCustomer(body);
        return (batch) => batch.customers.push(customer);
      },
      store: async ({ context, connection, importId, tombstones }, { customers }) => {
        const kept = customers.filter((customer) => !tombstones.buriesCustomer(customer.customerId));
        await saveCustomers(connection, context.shop, kept, importId);
      },
    },
  ],
};

export function importSourceOf(resource: string): ImportSource {
  if (resource === 'orders') return ORDERS;
  if (resource === 'customers') return CUSTOMERS;
  throw new Error(`Nothing imports ${resource}`);
}

/** What Shopify is asked for: the whole history of a resource, or the orders that changed since. */
export function importQueryOf({ resource, updatedSince }: { resource: string; updatedSince: Date | null }): string {
  if (updatedSince === null) return importSourceOf(resource).query;
  if (resource !== 'orders') throw new Error(`Nothing imports the ${resource} that changed`);
  return bulkQueryOf(ChangedOrdersDocument.toString(), { query: `updated_at:>='${updatedSince.toISOString()}'` });
}

/** What could lead from an order to a person, as a redacted order has it. */
export const BLANKED = { name: '', provinceCode: null, discountCodes: [] } satisfies Partial<OrderRecord>;

/** The customer that our copy names for an order: after merges, and a pseudonym (which is negative) when redacted. */
export function ownerInOurCopy(
  { sealedBox, shop }: Pick<ShopContext, 'sealedBox' | 'shop'>,
  tombstones: Tombstones,
  customerId: bigint,
): bigint {
  const owner = tombstones.ownerAfterMerges(customerId);
  const redacted = [customerId, owner].find((id) => tombstones.has('customer', id));
  return redacted === undefined ? owner : pseudonymOf(sealedBox, shop, redacted);
}

/**
 * Leaves out deleted orders, gives those of a merged customer to the one that stayed, and lets what was redacted in
 * without what names a person.
 */
export function withoutBuried(
  context: Pick<ShopContext, 'sealedBox' | 'shop'>,
  tombstones: Tombstones,
  orders: readonly OrderRecord[],
): OrderRecord[] {
  return orders
    .filter((order) => !tombstones.has('order', order.orderId))
    .map((order) => {
      const customerId = order.customerId === null ? null : ownerInOurCopy(context, tombstones, order.customerId);
      const isRedacted = (customerId !== null && customerId < 0n) || tombstones.has('redacted-order', order.orderId);
      return { ...order, customerId, ...(isRedacted ? BLANKED : {}) };
    });
}
