import { z } from 'zod';

import { ShopifyUnavailableError, type AdminApi } from '#app/adapters/shopify/admin-api.server.ts';
import { readCount } from '#app/adapters/shopify/bulk-operations.server.ts';
import { bulkQueryOf } from '#app/adapters/shopify/bulk-query.ts';
import { gidSchema, instant, shopMoney } from '#app/adapters/shopify/record-schemas.ts';
import { OrderListingDocument, OrderListingStateDocument } from '#app/generated/admin-api.ts';

/** An order as Shopify lists it for a comparison. Money is in minor units of `currency`. */
export interface ListedOrder {
  orderId: bigint;
  updatedAt: Date;
  processedAt: Date;
  cancelledAt: Date | null;
  isTest: boolean;
  financialStatus: string | null;
  customerId: bigint | null;
  currency: string;
  currentSubtotalMinor: number;
  currentTaxMinor: number;
  currentTotalMinor: number;
  receivedMinor: number;
  refundedMinor: number;
  outstandingMinor: number;
  currentQuantity: number;
}

const listedOrderSchema = z.object({
  id: gidSchema,
  updatedAt: instant,
  processedAt: instant,
  cancelledAt: instant.nullish(),
  test: z.boolean(),
  displayFinancialStatus: z.string().nullish(),
  currencyCode: z.string(),
  customer: z.object({ id: gidSchema }).nullish(),
  currentSubtotalPriceSet: shopMoney,
  currentTotalTaxSet: shopMoney,
  currentTotalPriceSet: shopMoney,
  totalReceivedSet: shopMoney,
  totalRefundedSet: shopMoney,
  totalOutstandingSet: shopMoney,
  currentSubtotalLineItemsQuantity: z.int32(),
});
const listedIdSchema = z.object({ id: gidSchema });

export type ReadListedOrder =
  | { kind: 'order'; order: ListedOrder }
  /** It is in the list, but something of it cannot be read. */
  | { kind: 'unreadable'; orderId: bigint }
  /** Not even which order it is. */
  | { kind: 'broken' };

/** Reads one line of the list. */
export function readListedOrder(text: string): ReadListedOrder {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return { kind: 'broken' };
  }
  const parsed = listedOrderSchema.safeParse(line);
  if (!parsed.success) {
    const named = listedIdSchema.safeParse(line);
    return named.success ? { kind: 'unreadable', orderId: named.data.id } : { kind: 'broken' };
  }
  const order = parsed.data;
  return {
    kind: 'order',
    order: {
      orderId: order.id,
      updatedAt: order.updatedAt,
      processedAt: order.processedAt,
      cancelledAt: order.cancelledAt ?? null,
      isTest: order.test,
      financialStatus: order.displayFinancialStatus ?? null,
      customerId: order.customer?.id ?? null,
      currency: order.currencyCode,
      currentSubtotalMinor: order.currentSubtotalPriceSet.minor,
      currentTaxMinor: order.currentTotalTaxSet.minor,
      currentTotalMinor: order.currentTotalPriceSet.minor,
      receivedMinor: order.totalReceivedSet.minor,
      refundedMinor: order.totalRefundedSet.minor,
      outstandingMinor: order.totalOutstandingSet.minor,
      currentQuantity: order.currentSubtotalLineItemsQuantity,
    },
  };
}

/** The bulk query that lists orders without their lines; `from` null asks for all of them. */
export function orderListingQuery(from: Date | null): string {
  const query = from === null ? '' : `processed_at:>='${from.toISOString()}' OR updated_at:>='${from.toISOString()}'`;
  return bulkQueryOf(OrderListingDocument.toString(), { query });
}

export interface ListingFacts {
  /** Shopify's BulkOperationStatus, or one that it will think of later. */
  status: string;
  errorCode: string | null;
  /** By Shopify's clock. */
  createdAt: Date;
  objectCount: number;
  /** Null while it runs, and for an empty list. */
  url: string | null;
}

/** Null when Shopify does not know the operation (any more). */
export async function loadListing(admin: AdminApi, operationId: string): Promise<ListingFacts | null> {
  const { data } = await admin(OrderListingStateDocument, { id: operationId });
  const operation = data.bulkOperation;
  if (!operation) return null;
  const objectCount = readCount(operation.objectCount);
  // Without it an address that is missing would pass for an empty list.
  if (objectCount === null) throw new ShopifyUnavailableError('Shopify does not say how many objects it lists');
  return {
    status: operation.status,
    errorCode: operation.errorCode ?? null,
    createdAt: instant.parse(operation.createdAt),
    objectCount,
    url: operation.url ?? null,
  };
}
