import type pg from 'pg';

import { copyRows } from '#app/adapters/db/copy-rows.server.ts';
import type { ListedOrder } from '#app/adapters/shopify/order-listing.ts';

/** A line of Shopify's list, as it is held against our copy. */
export type ListedOrderRow =
  | {
      kind: 'read';
      /** Its customer is the one that our copy would name: after merges, and a pseudonym when redacted. */
      order: ListedOrder;
      /** We were told that it is deleted. */
      isBuried: boolean;
    }
  | { kind: 'unreadable'; id: bigint };

const COLUMNS = [
  'order_id', 'updated_at', 'processed_at', 'cancelled_at', 'is_test', 'financial_status', 'customer_id', 'currency',
  'current_subtotal_minor', 'current_tax_minor', 'current_total_minor', 'received_minor', 'refunded_minor',
  'outstanding_minor', 'subtotal_minor', 'current_shipping_minor', 'tip_minor', 'source_name', 'presentment_currency',
  'taxes_included', 'discount_codes', 'current_quantity', 'is_buried',
] as const;

/** Grain: a line of the list. A line that cannot be read has its id and nothing else. */
export async function openListedOrders(connection: pg.PoolClient): Promise<void> {
  await connection.query(
    `CREATE TEMPORARY TABLE listed_orders (
       order_id bigint NOT NULL, updated_at timestamptz, processed_at timestamptz, cancelled_at timestamptz,
       is_test boolean, financial_status text, customer_id bigint, currency text, current_subtotal_minor bigint,
       current_tax_minor bigint, current_total_minor bigint, received_minor bigint, refunded_minor bigint,
       outstanding_minor bigint, subtotal_minor bigint, current_shipping_minor bigint, tip_minor bigint, source_name text,
       presentment_currency text, taxes_included boolean, discount_codes text[], current_quantity int, is_buried boolean NOT NULL
     ) ON COMMIT DROP`,
  );
}

export async function addListedOrders(connection: pg.PoolClient, rows: readonly ListedOrderRow[]): Promise<void> {
  await copyRows(
    connection,
    'listed_orders',
    COLUMNS,
    rows.map((row) => {
      if (row.kind === 'unreadable') return [row.id, ...COLUMNS.slice(1, -1).map(() => null), false];
      const { order, isBuried } = row;
      return [
        order.orderId, order.updatedAt, order.processedAt, order.cancelledAt, order.isTest, order.financialStatus,
        order.customerId, order.currency, order.currentSubtotalMinor, order.currentTaxMinor, order.currentTotalMinor,
        order.receivedMinor, order.refundedMinor, order.outstandingMinor, order.subtotalMinor,
        order.currentShippingMinor, order.tipMinor, order.sourceName, order.presentmentCurrency, order.taxesIncluded,
        order.discountCodes, order.currentQuantity, isBuried,
      ];
    }),
  );
}
