import { z } from 'zod';

import type { OrderLineRecord, OrderRecord } from '#app/adapters/shopify/order-record.ts';
import { paidAtOf } from '#app/adapters/shopify/paid-at.ts';
import { readUsualOrder, readUsualOrderLine } from '#app/adapters/shopify/read-usual-order.ts';
import { bothMoney, gidSchema, instant, parseRecord, shopMoney, type ShopMoney } from '#app/adapters/shopify/record-schemas.ts';
import { shippingCodeDiscountOf } from '#app/adapters/shopify/shipping-code-discount.ts';
import { parseMinorUnits } from '#app/domain/money/parse-minor-units.ts';
import { proportionHalfUp } from '#app/domain/money/proportion-half-up.ts';

const ownedGid = z.object({ id: gidSchema }).nullable();
const region = z.object({ countryCodeV2: z.string().nullable(), provinceCode: z.string().nullable() }).nullable();

// Enums are read as strings: Shopify adds values to versions that are out already. Null is an answer; a field that we
// asked for and that is missing is none, and must not pass for one: an order would lose its refunds.
export const orderSchema = z
  .object({
    id: gidSchema,
    name: z.string(),
    createdAt: instant,
    processedAt: instant,
    updatedAt: instant,
    cancelledAt: instant.nullable(),
    test: z.boolean(),
    displayFinancialStatus: z.string().nullable(),
    displayFulfillmentStatus: z.string().nullable(),
    sourceName: z.string().nullable(),
    currencyCode: z.string(),
    presentmentCurrencyCode: z.string(),
    taxesIncluded: z.boolean(),
    discountCodes: z.array(z.string()),
    customer: ownedGid,
    shippingAddress: region,
    billingAddress: region,
    subtotalPriceSet: bothMoney.nullable(),
    currentSubtotalPriceSet: shopMoney,
    currentTotalTaxSet: shopMoney,
    currentShippingPriceSet: shopMoney,
    shippingLine: z
      .object({
        discountedPriceSet: shopMoney,
        taxLines: z.array(z.object({ priceSet: shopMoney })),
        discountAllocations: z.array(z.object({ allocatedAmountSet: shopMoney, discountApplication: z.object({ __typename: z.string() }) })),
      })
      .nullable(),
    totalTipReceivedSet: shopMoney,
    currentTotalPriceSet: shopMoney,
    totalReceivedSet: shopMoney,
    totalRefundedSet: shopMoney,
    totalOutstandingSet: shopMoney,
    refunds: z.array(z.object({ id: gidSchema, createdAt: instant.nullable(), totalRefundedSet: shopMoney })),
    fulfillments: z.array(
      z.object({ id: gidSchema, status: z.string(), createdAt: instant, deliveredAt: instant.nullable() }),
    ),
    transactions: z.array(z.object({ kind: z.string(), status: z.string(), processedAt: instant.nullable() })),
  })
  .transform((order, context): OrderRecord => {
    const minor = (money: ShopMoney): number => {
      if (money.currency === order.currencyCode) return money.minor;
      context.addIssue({ code: 'custom', message: 'has an amount in another currency than its own' });
      return 0;
    };
    const shippingTaxMinor = currentShippingTax({
      taxMinor: (order.shippingLine?.taxLines ?? []).map((line) => minor(line.priceSet)),
      currentMinor: minor(order.currentShippingPriceSet),
      orderedMinor: order.shippingLine === null ? 0 : minor(order.shippingLine.discountedPriceSet),
    });
    if (shippingTaxMinor === null) context.addIssue({ code: 'custom', message: 'has a tax on shipping beyond all bounds' });
    const shippingCodeDiscountMinor = shippingCodeDiscountOf(
      (order.shippingLine?.discountAllocations ?? []).map((one) => ({ kind: one.discountApplication.__typename, minor: minor(one.allocatedAmountSet) })),
    );
    if (!Number.isSafeInteger(shippingCodeDiscountMinor)) context.addIssue({ code: 'custom', message: 'has a discount on shipping beyond all bounds' });
    // Where the goods went says more than who paid; a store that sells in person has only the latter.
    const place = order.shippingAddress?.countryCodeV2 ? order.shippingAddress : order.billingAddress;
    return {
      orderId: order.id,
      name: order.name,
      customerId: order.customer?.id ?? null,
      processedAt: order.processedAt,
      createdAt: order.createdAt,
      updatedAt: order.updatedAt,
      cancelledAt: order.cancelledAt,
      paidAt: paidAtOf(order.transactions),
      isTest: order.test,
      financialStatus: order.displayFinancialStatus,
      fulfillmentStatus: order.displayFulfillmentStatus,
      sourceName: order.sourceName,
      countryCode: place?.countryCodeV2 ?? null,
      provinceCode: place?.provinceCode ?? null,
      currency: order.currencyCode,
      presentmentCurrency: order.presentmentCurrencyCode,
      taxesIncluded: order.taxesIncluded,
      subtotalMinor: order.subtotalPriceSet === null ? 0 : minor(order.subtotalPriceSet),
      currentSubtotalMinor: minor(order.currentSubtotalPriceSet),
      currentTaxMinor: minor(order.currentTotalTaxSet),
      currentShippingMinor: minor(order.currentShippingPriceSet),
      shippingTaxMinor: shippingTaxMinor ?? 0,
      shippingCodeDiscountMinor,
      tipMinor: minor(order.totalTipReceivedSet),
      currentTotalMinor: minor(order.currentTotalPriceSet),
      receivedMinor: minor(order.totalReceivedSet),
      refundedMinor: minor(order.totalRefundedSet),
      outstandingMinor: minor(order.totalOutstandingSet),
      presentmentSubtotalMinor:
        order.presentmentCurrencyCode === order.currencyCode
          ? null
          : presentmentMinor(order.subtotalPriceSet?.presentment, order.presentmentCurrencyCode),
      discountCodes: order.discountCodes,
      refunds: order.refunds.map((refund) => ({
        refundId: refund.id,
        createdAt: refund.createdAt,
        refundedMinor: minor(refund.totalRefundedSet),
      })),
      fulfillments: order.fulfillments.map((fulfillment) => ({
        fulfillmentId: fulfillment.id,
        status: fulfillment.status,
        createdAt: fulfillment.createdAt,
        deliveredAt: fulfillment.deliveredAt,
      })),
    };
  });

/** In what the shopper paid in; null for an amount that we cannot read, which is no reason to lose the order. */
function presentmentMinor(
  money: { amount: string; currencyCode: string } | undefined,
  presentmentCurrency: string,
): number | null {
  if (money === undefined || money.currencyCode !== presentmentCurrency) return null;
  const parsed = parseMinorUnits(money.amount, presentmentCurrency);
  return parsed.ok && parsed.value >= 0 ? parsed.value : null;
}

/** Shopify tells the tax on shipping as ordered; a refund of shipping takes its share with it. Null: not to be computed. */
function currentShippingTax(shipping: { taxMinor: number[]; currentMinor: number; orderedMinor: number }): number | null {
  const orderedTax = Math.max(0, shipping.taxMinor.reduce((sum, minor) => sum + minor, 0));
  if (shipping.orderedMinor <= 0) return 0;
  if (!Number.isSafeInteger(orderedTax)) return null;
  const tax = proportionHalfUp(orderedTax, Math.max(0, shipping.currentMinor), shipping.orderedMinor);
  return Number.isSafeInteger(tax) ? tax : null;
}

export const orderLineSchema = z
  .object({
    id: gidSchema,
    title: z.string(),
    sku: z.string().nullable(),
    quantity: z.int32(),
    currentQuantity: z.int32(),
    product: ownedGid,
    variant: ownedGid,
    originalTotalSet: shopMoney,
    discountedTotalSet: shopMoney,
    isGiftCard: z.boolean(),
  })
  .transform(
    (line): OrderLineRecord => ({
      lineId: line.id,
      productId: line.product?.id ?? null,
      variantId: line.variant?.id ?? null,
      title: line.title,
      sku: line.sku,
      quantity: line.quantity,
      currentQuantity: line.currentQuantity,
      originalTotalMinor: line.originalTotalSet.minor,
      discountedTotalMinor: line.discountedTotalSet.minor,
      isGiftCard: line.isGiftCard,
    }),
  );

/** Reads an `OrderFacts` selection. Throws ShopifyRecordError. */
export function parseOrder(input: unknown): OrderRecord {
  return readUsualOrder(input) ?? parseRecord(orderSchema, input);
}

/** Reads a `LineFacts` selection. Throws ShopifyRecordError. */
export function parseOrderLine(input: unknown): OrderLineRecord {
  return readUsualOrderLine(input) ?? parseRecord(orderLineSchema, input);
}
