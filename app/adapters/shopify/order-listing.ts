import { bulkQueryOf } from '#app/adapters/shopify/bulk-query.ts';
import type { AsText, OrderLineRecord, OrderRecord } from '#app/adapters/shopify/order-record.ts';
import { parseOrder, parseOrderLine } from '#app/adapters/shopify/parse-order.ts';
import { gidSchema, ShopifyRecordError } from '#app/adapters/shopify/record-schemas.ts';
import { scanOrder, scanOrderLine } from '#app/adapters/shopify/scan-bulk-line.ts';
import { OrderListingDocument } from '#app/generated/admin-api.ts';

/** What a line of Shopify's list of orders is. */
export type ReadListedOrder =
  /** `hasRegion`: it was asked for, so that none is an answer too. */
  | { kind: 'order'; order: AsText<OrderRecord>; hasRegion: boolean }
  | { kind: 'line'; orderId: bigint | string; line: AsText<OrderLineRecord> }
  /** It is in the list, but something of it cannot be read. */
  | { kind: 'unreadable'; id: bigint }
  | { kind: 'unreadable-line'; orderId: bigint }
  /** Not even which record it is. */
  | { kind: 'broken' };

const BROKEN: ReadListedOrder = { kind: 'broken' };

/**
 * The bulk query that lists orders with their lines; `from` null asks for all of them. `withRegion` is false for a shop
 * that does not let us see it any more, of which everything else can still be compared.
 */
export function orderListingQuery(from: Date | null, withRegion: boolean): string {
  const query = from === null ? '' : `processed_at:>='${from.toISOString()}' OR updated_at:>='${from.toISOString()}'`;
  return bulkQueryOf(OrderListingDocument.toString(), { query, withRegion: String(withRegion) });
}

/** Reads one line of that list, as a pull would read it. */
export function readListedOrder(text: string): ReadListedOrder {
  const line = scanOrderLine(text);
  if (line !== null) return { kind: 'line', orderId: line.orderId, line: line.line };
  const scanned = scanOrder(text);
  if (scanned !== null) return { kind: 'order', order: scanned.order, hasRegion: true };
  const body = objectIn(text);
  if (body === null) return BROKEN;
  return '__parentId' in body ? lineOf(body, body.__parentId) : orderOf(body);
}

function orderOf(body: object): ReadListedOrder {
  const id = gidSchema.safeParse('id' in body ? body.id : null);
  if (!id.success) return BROKEN;
  const hasRegion = 'shippingAddress' in body;
  const order = unlessUnreadable(() => parseOrder(hasRegion ? body : { ...body, shippingAddress: null, billingAddress: null }));
  return order === null ? { kind: 'unreadable', id: id.data } : { kind: 'order', order, hasRegion };
}

function lineOf(body: object, parentId: unknown): ReadListedOrder {
  const orderId = gidSchema.safeParse(parentId);
  if (!orderId.success) return BROKEN;
  const line = unlessUnreadable(() => parseOrderLine(body));
  return line === null ? { kind: 'unreadable-line', orderId: orderId.data } : { kind: 'line', orderId: orderId.data, line };
}

function objectIn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function unlessUnreadable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof ShopifyRecordError) return null;
    throw error;
  }
}
