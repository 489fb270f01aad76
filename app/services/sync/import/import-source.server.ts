import type pg from 'pg';

import { saveCustomers } from '#app/adapters/db/customers.repository.server.ts';
import type { StoredLine } from '#app/adapters/db/order-rows.server.ts';
import { saveOrdersAndLines } from '#app/adapters/db/orders.repository.server.ts';
import { pseudonymOf, type Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { bulkQueryOf } from '#app/adapters/shopify/bulk-query.ts';
import { parseCustomer, type CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import type { OrderRecord } from '#app/adapters/shopify/order-record.ts';
import { parseOrder, parseOrderLine } from '#app/adapters/shopify/parse-order.ts';
import { gidSchema, parseRecord, ShopifyRecordError } from '#app/adapters/shopify/record-schemas.ts';
import { ChangedOrdersDocument, CustomerHistoryDocument, OrderHistoryDocument } from '#app/generated/admin-api.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** One line of the file, read as JSON. `parentId` is set on a child. */
export interface ImportedObject {
  /** Of the line in the file, from 1. */
  number: number;
  parentId: string | null;
  body: object;
}

export interface ImportTarget {
  context: Pick<ShopContext, 'sealedBox' | 'shop'>;
  connection: pg.PoolClient;
  importId: string;
  tombstones: Tombstones;
}

export interface RefusedLine {
  number: number;
  problem: string;
}

export interface ImportSource {
  query: string;
  /** Reads one object into the batch. Throws ShopifyRecordError. */
  read: (object: ImportedObject, batch: ImportBatch) => void;
  /** @returns lines that could be read and belong nowhere */
  store: (target: ImportTarget, batch: ImportBatch) => Promise<RefusedLine[]>;
}

export interface ImportBatch {
  orders: OrderRecord[];
  lines: (StoredLine & { number: number })[];
  customers: CustomerRecord[];
}

const ORDERS: ImportSource = {
  query: bulkQueryOf(OrderHistoryDocument.toString()),
  read: ({ number, parentId, body }, { orders, lines }) => {
    if (parentId === null) orders.push(parseOrder(body));
    else lines.push({ number, orderId: parseRecord(gidSchema, parentId), line: parseOrderLine(body) });
  },
  store: async ({ context, connection, importId, tombstones }, { orders, lines }) => {
    const kept = withoutBuried(context, tombstones, orders);
    const lost = await saveOrdersAndLines(connection, context.shop, { orders: kept, lines }, importId);
    return lost
      .filter(({ orderId }) => !tombstones.has('order', orderId))
      .map(({ number }) => ({ number, problem: 'its order is not in the file, or could not be read' }));
  },
};

const CUSTOMERS: ImportSource = {
  query: bulkQueryOf(CustomerHistoryDocument.toString()),
  read: ({ parentId, body }, { customers }) => {
    if (parentId !== null) throw new ShopifyRecordError('has a parent, which no customer has');
    customers.push(parseCustomer(body));
  },
  store: async ({ context, connection, importId, tombstones }, { customers }) => {
    const kept = customers.filter((customer) => !tombstones.buriesCustomer(customer.customerId));
    await saveCustomers(connection, context.shop, kept, importId);
    return [];
  },
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
      // Nearly every order stays as it came, and a copy of each would be felt in an import.
      if (!isRedacted && customerId === order.customerId) return order;
      return { ...order, customerId, ...(isRedacted ? BLANKED : {}) };
    });
}
