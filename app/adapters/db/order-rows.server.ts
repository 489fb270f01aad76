import { listOf, numberOf, textOf, timeOf } from '#app/adapters/db/copy-rows.server.ts';
import type { AsText, OrderLineRecord, OrderRecord } from '#app/adapters/shopify/order-record.ts';

/* How an order and its parts stand in their tables. */

export const ORDER_COLUMNS = [
  'shop_id', 'order_id', 'name', 'customer_id', 'processed_at', 'created_at', 'updated_at', 'cancelled_at', 'paid_at', 'is_test',
  'financial_status', 'fulfillment_status', 'source_name', 'country_code', 'province_code', 'currency',
  'presentment_currency', 'taxes_included', 'subtotal_minor', 'current_subtotal_minor', 'current_tax_minor',
  'current_shipping_minor', 'shipping_tax_minor', 'shipping_code_discount_minor', 'tip_minor', 'current_total_minor', 'received_minor',
  'refunded_minor', 'outstanding_minor', 'presentment_subtotal_minor', 'discount_codes', 'import_id',
] as const;
export const REFUND_COLUMNS = ['shop_id', 'order_id', 'refund_id', 'created_at', 'refunded_minor'] as const;
export const FULFILLMENT_COLUMNS = ['shop_id', 'order_id', 'fulfillment_id', 'status', 'created_at', 'delivered_at'] as const;
export const LINE_COLUMNS = [
  'shop_id', 'order_id', 'line_id', 'product_id', 'variant_id', 'title', 'sku', 'quantity', 'current_quantity',
  'original_total_minor', 'discounted_total_minor', 'is_gift_card',
] as const;

export interface StoredLine {
  orderId: bigint | string;
  line: AsText<OrderLineRecord>;
}

/*
 * Rows in COPY's text format, written out instead of going through lists of values: an import spends a good part of its
 * time here.
 */

export function* orderRows(shopId: number, orders: readonly AsText<OrderRecord>[], importId: string | null): Generator<string> {
  const end = `\t${textOf(importId)}\n`;
  for (const o of orders) {
    yield `${shopId}\t${o.orderId}\t${textOf(o.name)}\t${numberOf(o.customerId)}\t${timeOf(o.processedAt)}\t${timeOf(o.createdAt)}\t` +
      `${timeOf(o.updatedAt)}\t${timeOf(o.cancelledAt)}\t${timeOf(o.paidAt)}\t${o.isTest}\t${textOf(o.financialStatus)}\t${textOf(o.fulfillmentStatus)}\t` +
      `${textOf(o.sourceName)}\t${textOf(o.countryCode)}\t${textOf(o.provinceCode)}\t${textOf(o.currency)}\t` +
      `${textOf(o.presentmentCurrency)}\t${o.taxesIncluded}\t${o.subtotalMinor}\t${o.currentSubtotalMinor}\t${o.currentTaxMinor}\t` +
      `${o.currentShippingMinor}\t${o.shippingTaxMinor}\t${o.shippingCodeDiscountMinor}\t${o.tipMinor}\t${o.currentTotalMinor}\t${o.receivedMinor}\t` +
      `${o.refundedMinor}\t${o.outstandingMinor}\t${numberOf(o.presentmentSubtotalMinor)}\t${listOf(o.discountCodes)}${end}`;
  }
}

export function refundRows(shopId: number, orders: readonly AsText<OrderRecord>[]): string[] {
  return orders.flatMap(({ orderId, refunds }) =>
    firstOfEach(refunds, (refund) => refund.refundId).map(
      (refund) => `${shopId}\t${orderId}\t${refund.refundId}\t${timeOf(refund.createdAt)}\t${refund.refundedMinor}\n`,
    ),
  );
}

export function fulfillmentRows(shopId: number, orders: readonly AsText<OrderRecord>[]): string[] {
  return orders.flatMap(({ orderId, fulfillments }) =>
    firstOfEach(fulfillments, (fulfillment) => fulfillment.fulfillmentId).map(
      ({ fulfillmentId, status, createdAt, deliveredAt }) =>
        `${shopId}\t${orderId}\t${fulfillmentId}\t${textOf(status)}\t${timeOf(createdAt)}\t${timeOf(deliveredAt)}\n`,
    ),
  );
}

function firstOfEach<T>(parts: readonly T[], idOf: (part: T) => bigint | string): readonly T[] {
  if (parts.length < 2) return parts;
  const seen = new Set<string>();
  return parts.filter((part) => !seen.has(String(idOf(part))) && seen.add(String(idOf(part))));
}

export function* lineRows(shopId: number, lines: Iterable<StoredLine>): Generator<string> {
  for (const { orderId, line } of lines) {
    yield `${shopId}\t${orderId}\t${line.lineId}\t${numberOf(line.productId)}\t${numberOf(line.variantId)}\t${textOf(line.title)}\t` +
      `${textOf(line.sku)}\t${line.quantity}\t${line.currentQuantity}\t${line.originalTotalMinor}\t${line.discountedTotalMinor}\t` +
      `${line.isGiftCard}\n`;
  }
}
