import type pg from 'pg';

import { copyRows, copyTexts } from '#app/adapters/db/copy-rows.server.ts';
import {
  FULFILLMENT_COLUMNS,
  fulfillmentRows,
  LINE_COLUMNS,
  lineRows,
  ORDER_COLUMNS,
  orderRows,
  REFUND_COLUMNS,
  refundRows,
  type StoredLine,
} from '#app/adapters/db/order-rows.server.ts';
import type { AsText, OrderRecord } from '#app/adapters/shopify/order-record.ts';

/** A line of Shopify's list, as it is held against our copy. */
export type ListedOrderRow =
  | {
      kind: 'order';
      /** As our copy would have it: its customer after merges, and a redacted one without what names a person. */
      order: AsText<OrderRecord>;
      hasRegion: boolean;
      /** We were told that it is deleted. */
      isBuried: boolean;
    }
  | ({ kind: 'line' } & StoredLine)
  | { kind: 'unreadable'; id: bigint }
  | { kind: 'unreadable-line'; orderId: bigint };

type ListedOrder = Extract<ListedOrderRow, { kind: 'order' }>;

/**
 * Twins of our tables, filled as an import fills them, but that anything may be null: an order or a line that cannot be
 * read has its order's id and nothing else. Nothing is indexed, since all of it is read once.
 */
export async function openListedOrders(connection: pg.PoolClient): Promise<void> {
  const twin = (table: string, columns: readonly string[]) =>
    `CREATE TEMPORARY TABLE listed_${table} ON COMMIT DROP AS SELECT ${columns.join(', ')} FROM ${table} WITH NO DATA`;
  await connection.query(
    [
      twin('orders', [...ORDER_COLUMNS, 'true AS has_region', 'false AS is_buried']),
      twin('order_lines', LINE_COLUMNS),
      twin('refunds', REFUND_COLUMNS),
      twin('fulfillments', FULFILLMENT_COLUMNS),
    ].join('; '),
  );
}

export async function addListedOrders(connection: pg.PoolClient, shopId: number, rows: readonly ListedOrderRow[]): Promise<void> {
  const orders = rows.filter((row) => row.kind === 'order');
  const lines = rows.filter((row) => row.kind === 'line');
  const records = orders.map(({ order }) => order);
  const [refunds, fulfillments] = [refundRows(shopId, records), fulfillmentRows(shopId, records)];
  const unreadable = rows.flatMap((row) => (row.kind === 'unreadable' ? [[row.id, false] as const] : []));
  const unreadableLines = rows.flatMap((row) => (row.kind === 'unreadable-line' ? [[row.orderId] as const] : []));
  await copyTexts(connection, 'listed_orders', [...ORDER_COLUMNS, 'has_region', 'is_buried'], listedRows(shopId, orders));
  await copyTexts(connection, 'listed_order_lines', LINE_COLUMNS, lineRows(shopId, lines));
  if (refunds.length > 0) await copyTexts(connection, 'listed_refunds', REFUND_COLUMNS, refunds);
  if (fulfillments.length > 0) await copyTexts(connection, 'listed_fulfillments', FULFILLMENT_COLUMNS, fulfillments);
  if (unreadable.length > 0) await copyRows(connection, 'listed_orders', ['order_id', 'is_buried'], unreadable);
  if (unreadableLines.length > 0) await copyRows(connection, 'listed_order_lines', ['order_id'], unreadableLines);
}

function* listedRows(shopId: number, rows: readonly ListedOrder[]): Generator<string> {
  for (const { order, hasRegion, isBuried } of rows) {
    for (const text of orderRows(shopId, [order], null)) yield `${text.slice(0, -1)}\t${hasRegion}\t${isBuried}\n`;
  }
}
