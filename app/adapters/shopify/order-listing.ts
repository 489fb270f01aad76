import { z } from 'zod';

import { bulkQueryOf } from '#app/adapters/shopify/bulk-query.ts';
import { gidSchema, instant, shopMoney } from '#app/adapters/shopify/record-schemas.ts';
import { OrderListingDocument } from '#app/generated/admin-api.ts';

/** An order as Shopify lists it for a comparison. Money is in minor units of `currency`. */
export interface ListedOrder {
  orderId: bigint;
  updatedAt: Date;
  processedAt: Date;
  cancelledAt: Date | null;
  isTest: boolean;
  financialStatus: string | null;
  sourceName: string | null;
  presentmentCurrency: string;
  taxesIncluded: boolean;
  discountCodes: string[];
  customerId: bigint | null;
  currency: string;
  subtotalMinor: number;
  currentShippingMinor: number;
  tipMinor: number;
  currentSubtotalMinor: number;
  currentTaxMinor: number;
  currentTotalMinor: number;
  receivedMinor: number;
  refundedMinor: number;
  outstandingMinor: number;
  currentQuantity: number;
}

export const listedOrderSchema = z
  .object({
    id: gidSchema,
    updatedAt: instant,
    processedAt: instant,
    cancelledAt: instant.nullish(),
    test: z.boolean(),
    displayFinancialStatus: z.string().nullish(),
    sourceName: z.string().nullish(),
    currencyCode: z.string(),
    presentmentCurrencyCode: z.string(),
    taxesIncluded: z.boolean(),
    discountCodes: z.array(z.string()),
    customer: z.object({ id: gidSchema }).nullish(),
    subtotalPriceSet: shopMoney.nullish(),
    currentShippingPriceSet: shopMoney,
    totalTipReceivedSet: shopMoney,
    currentSubtotalPriceSet: shopMoney,
    currentTotalTaxSet: shopMoney,
    currentTotalPriceSet: shopMoney,
    totalReceivedSet: shopMoney,
    totalRefundedSet: shopMoney,
    totalOutstandingSet: shopMoney,
    currentSubtotalLineItemsQuantity: z.int32(),
  })
  .transform(
    (order): ListedOrder => ({
      orderId: order.id,
      updatedAt: order.updatedAt,
      processedAt: order.processedAt,
      cancelledAt: order.cancelledAt ?? null,
      isTest: order.test,
      financialStatus: order.displayFinancialStatus ?? null,
      sourceName: order.sourceName ?? null,
      presentmentCurrency: order.presentmentCurrencyCode,
      taxesIncluded: order.taxesIncluded,
      discountCodes: order.discountCodes,
      customerId: order.customer?.id ?? null,
      currency: order.currencyCode,
      subtotalMinor: order.subtotalPriceSet?.minor ?? 0,
      currentShippingMinor: order.currentShippingPriceSet.minor,
      tipMinor: order.totalTipReceivedSet.minor,
      currentSubtotalMinor: order.currentSubtotalPriceSet.minor,
      currentTaxMinor: order.currentTotalTaxSet.minor,
      currentTotalMinor: order.currentTotalPriceSet.minor,
      receivedMinor: order.totalReceivedSet.minor,
      refundedMinor: order.totalRefundedSet.minor,
      outstandingMinor: order.totalOutstandingSet.minor,
      currentQuantity: order.currentSubtotalLineItemsQuantity,
    }),
  );

/** The bulk query that lists orders without their lines; `from` null asks for all of them. */
export function orderListingQuery(from: Date | null): string {
  const query = from === null ? '' : `processed_at:>='${from.toISOString()}' OR updated_at:>='${from.toISOString()}'`;
  return bulkQueryOf(OrderListingDocument.toString(), { query });
}
