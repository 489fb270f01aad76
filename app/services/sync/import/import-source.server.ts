import type pg from 'pg';

import { saveCustomers } from '#app/adapters/db/customers.repository.server.ts';
import type { StoredLine } from '#app/adapters/db/order-rows.server.ts';
import { saveStaged, stageOrders } from '#app/adapters/db/orders.repository.server.ts';
import { pseudonymOf, type Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { bulkQueryOf } from '#app/adapters/shopify/bulk-query.ts';
import { parseCustomer, type CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import type { AsText, OrderRecord } from '#app/adapters/shopify/order-record.ts';
import { parseOrder, parseOrderLine } from '#app/adapters/shopify/parse-order.ts';
import { gidSchema, parseRecord, ShopifyRecordError } from '#app/adapters/shopify/record-schemas.ts';
import { scanOrder, scanOrderLine } from '#app/adapters/shopify/scan-bulk-line.ts';
import { ChangedOrdersDocument, CustomerHistoryDocument, OrderHistoryDocument } from '#app/generated/admin-api.ts';
import type { Import } from '#app/generated/prisma/client.ts';
import type { BulkContent, ScannedObject } from '#app/services/sync/import/read-bulk-object.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** One line of the file. `parentId` is set on a child. */
export interface ImportedObject {
  /** Of the line in the file, from 1. */
  number: number;
  parentId: string | null;
  content: BulkContent;
}

export interface ImportTarget {
  context: Pick<ShopContext, 'sealedBox' | 'shop'>;
  connection: pg.PoolClient;
  importId: string;
}

export interface RefusedLine {
  number: number;
  problem: string;
}

export interface ImportSource {
  query: string;
  /** Reads a line as nearly all are without parsing it; null leaves it to JSON.parse and `read`. */
  scan: (text: string) => ScannedObject | null;
  /** Reads one object into the batch. Throws ShopifyRecordError. */
  read: (object: ImportedObject, batch: ImportBatch) => void;
  /**
   * Brings a batch to the database without locking anything, and answers with what saves it, which is done once the
   * shop's row is ours. `tombstones` are those of that moment; null when there are none.
   */
  stage: (target: ImportTarget, batch: ImportBatch, tombstones: Tombstones | null) => Promise<SaveStaged>;
}

/** @returns lines that could be read and belong nowhere */
export type SaveStaged = () => Promise<RefusedLine[]>;

export interface ImportBatch {
  orders: AsText<OrderRecord>[];
  lines: (StoredLine & { number: number })[];
  customers: CustomerRecord[];
}

const ORDERS: ImportSource = {
  query: bulkQueryOf(OrderHistoryDocument.toString()),
  scan: (text) => {
    const line = scanOrderLine(text);
    if (line !== null) return { kind: 'child', parentId: line.parentGid, content: { form: 'line', ...line } };
    const order = scanOrder(text);
    return order === null ? null : { kind: 'root', id: order.gid, content: { form: 'order', ...order } };
  },
  read: ({ number, parentId, content }, { orders, lines }) => {
    if (content.form === 'order') orders.push(content.order);
    else if (content.form === 'line') lines.push({ number, orderId: content.orderId, line: content.line });
    else if (parentId === null) orders.push(parseOrder(content.body));
    else lines.push({ number, orderId: parseRecord(gidSchema, parentId), line: parseOrderLine(content.body) });
  },
  stage: async ({ context, connection, importId }, { orders, lines }, tombstones) => {
    const kept = tombstones === null ? orders : withoutBuried(context, tombstones, orders);
    const staged = await stageOrders(connection, context.shop, { orders: kept, lines }, importId);
    return async () => {
      const lost = await saveStaged(connection, context.shop, staged, importId);
      const homeless = new Set(lost.map(({ orderId }) => String(orderId)));
      // Of all that were read, since what was staged has a line once that the file may have twice.
      return lines
        .filter(({ orderId }) => homeless.has(String(orderId)) && tombstones?.has('order', BigInt(orderId)) !== true)
        .map(({ number }) => ({ number, problem: 'its order is not in the file, or could not be read' }));
    };
  },
};

const CUSTOMERS: ImportSource = {
  query: bulkQueryOf(CustomerHistoryDocument.toString()),
  scan: () => null,
  read: ({ parentId, content }, { customers }) => {
    if (parentId !== null || content.form !== 'json') throw new ShopifyRecordError('has a parent, which no customer has');
    customers.push(parseCustomer(content.body));
  },
  stage: async ({ context, connection, importId }, { customers }, tombstones) => {
    const kept = customers.filter((customer) => tombstones?.buriesCustomer(customer.customerId) !== true);
    return async () => {
      await saveCustomers(connection, context.shop, kept, importId);
      return [];
    };
  },
};

export function importSourceOf(resource: string): ImportSource {
  if (resource === 'orders') return ORDERS;
  if (resource === 'customers') return CUSTOMERS;
  throw new Error(`Nothing imports ${resource}`);
}

/** Of an operation that asked for something that we may not see. The one thing that we can do without is the group. */
export const ACCESS_DENIED = 'ACCESS_DENIED';

/** What Shopify is asked for: the whole history of a resource, or the orders that changed since. */
export function importQueryOf({ resource, updatedSince, errorCode }: Pick<Import, 'resource' | 'updatedSince' | 'errorCode'>): string {
  if (resource === 'customers' && errorCode === ACCESS_DENIED) return bulkQueryOf(CustomerHistoryDocument.toString(), { withGroup: 'false' });
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

type Redactable = Pick<AsText<OrderRecord>, 'orderId' | 'customerId' | keyof typeof BLANKED>;

/** Gives an order of a merged customer to the one that stayed, and takes from a redacted one what names a person. */
export function asInOurCopy<TOrder extends Redactable>(
  context: Pick<ShopContext, 'sealedBox' | 'shop'>,
  tombstones: Tombstones,
  order: TOrder,
): TOrder {
  const customerId = order.customerId === null ? null : ownerInOurCopy(context, tombstones, BigInt(order.customerId));
  const isRedacted = (customerId !== null && customerId < 0n) || tombstones.has('redacted-order', BigInt(order.orderId));
  return { ...order, customerId, ...(isRedacted ? BLANKED : {}) };
}

/** The orders as our copy has them, without deleted ones. */
export function withoutBuried<TOrder extends Redactable>(
  context: Pick<ShopContext, 'sealedBox' | 'shop'>,
  tombstones: Tombstones,
  orders: readonly TOrder[],
): TOrder[] {
  if (tombstones.isEmpty) return [...orders];
  return orders
    .filter((order) => !tombstones.has('order', BigInt(order.orderId)))
    .map((order) => asInOurCopy(context, tombstones, order));
}
