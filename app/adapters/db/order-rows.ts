import type { CopyValue } from '#app/adapters/db/copy-rows.server.ts';
import type { OrderLineRecord, OrderRecord } from '#app/adapters/shopify/parse-order.ts';

/* How an order and its parts stand in their tables. */

export const ORDER_COLUMNS = [
  'shop_id', 'order_id', 'name', 'customer_id', 'processed_at', 'created_at', 'updated_at', 'cancelled_at', 'is_test',
  'financial_status', 'fulfillment_status', 'source_name', 'country_code', 'province_code', 'currency',
  'presentment_currency', 'taxes_included', 'subtotal_minor', 'current_subtotal_minor', 'current_tax_minor',
  'current_shipping_minor', 'shipping_tax_minor', 'tip_minor', 'current_total_minor', 'received_minor',
  'refunded_minor', 'outstanding_minor', 'discount_codes', 'import_id',
] as const;
export const REFUND_COLUMNS = ['shop_id', 'order_id', 'refund_id', 'created_at', 'refunded_minor'] as const;
export const FULFILLMENT_COLUMNS = ['shop_id', 'order_id', 'fulfillment_id', 'status', 'created_at', 'delivered_at'] as const;
export const LINE_COLUMNS = [
  'shop_id', 'order_id', 'line_id', 'product_id', 'variant_id', 'title', 'sku', 'quantity', 'current_quantity',
  'original_total_minor', 'discounted_total_minor',
] as const;

export interface StoredLine {
  orderId: bigint;
  line: OrderLineRecord;
}

export function* orderRows(shopId: number, orders: readonly OrderRecord[], importId: string | null): Generator<CopyValue[]> {
  for (const order of orders) {
    yield [
      shopId, order.orderId, order.name, order.customerId, order.processedAt, order.createdAt, order.updatedAt,
      order.cancelledAt, order.isTest, order.financialStatus, order.fulfillmentStatus, order.sourceName,
      order.countryCode, order.provinceCode, order.currency, order.presentmentCurrency, order.taxesIncluded,
      order.subtotalMinor, order.currentSubtotalMinor, order.currentTaxMinor, order.currentShippingMinor,
      order.shippingTaxMinor, order.tipMinor, order.currentTotalMinor, order.receivedMinor, order.refundedMinor,
      order.outstandingMinor, order.discountCodes, importId,
    ];
  }
}

export function refundRows(shopId: number, orders: readonly OrderRecord[]): CopyValue[][] {
  return orders.flatMap(({ orderId, refunds }) =>
    firstOfEach(refunds, (refund) => refund.refundId).map((refund) => [
      shopId, orderId, refund.refundId, refund.createdAt, refund.refundedMinor,
    ]),
  );
}

export function fulfillmentRows(shopId: number, orders: readonly OrderRecord[]): CopyValue[][] {
  return orders.flatMap(({ orderId, fulfillments }) =>
    firstOfEach(fulfillments, (fulfillment) => fulfillment.fulfillmentId).map((fulfillment) => [
      shopId, orderId, fulfillment.fulfillmentId, fulfillment.status, fulfillment.createdAt, fulfillment.deliveredAt,
    ]),
  );
}

function firstOfEach<T>(parts: readonly T[], idOf: (part: T) => bigint): readonly T[] {
  if (parts.length < 2) return parts;
  const seen = new Set<bigint>();
  return parts.filter((part) => !seen.has(idOf(part)) && seen.add(idOf(part)));
}

export function* lineRows(shopId: number, lines: Iterable<StoredLine>): Generator<CopyValue[]> {
  for (const { orderId, line } of lines) {
    yield [
      shopId, orderId, line.lineId, line.productId, line.variantId, line.title, line.sku, line.quantity,
      line.currentQuantity, line.originalTotalMinor, line.discountedTotalMinor,
    ];
  }
}
