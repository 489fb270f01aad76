import type pg from 'pg';

import { copyRows, type CopyValue } from '#app/adapters/db/copy-rows.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { OrderLineRecord, OrderRecord } from '#app/adapters/shopify/parse-order.ts';

const ORDER_COLUMNS = [
  'shop_id', 'order_id', 'name', 'customer_id', 'processed_at', 'created_at', 'updated_at', 'cancelled_at', 'is_test',
  'financial_status', 'fulfillment_status', 'source_name', 'country_code', 'province_code', 'currency',
  'presentment_currency', 'taxes_included', 'subtotal_minor', 'current_subtotal_minor', 'current_tax_minor',
  'current_shipping_minor', 'shipping_tax_minor', 'tip_minor', 'current_total_minor', 'received_minor',
  'refunded_minor', 'outstanding_minor', 'discount_codes', 'import_id',
] as const;
const REFUND_COLUMNS = ['shop_id', 'order_id', 'refund_id', 'created_at', 'refunded_minor'] as const;
const FULFILLMENT_COLUMNS = ['shop_id', 'order_id', 'fulfillment_id', 'status', 'created_at', 'delivered_at'] as const;
const LINE_COLUMNS = [
  'shop_id', 'order_id', 'line_id', 'product_id', 'variant_id', 'title', 'sku', 'quantity', 'current_quantity',
  'original_total_minor', 'discounted_total_minor',
] as const;

export interface StoredLine {
  orderId: bigint;
  line: OrderLineRecord;
}

/**
 * Inserts or replaces orders with their refunds and fulfilments. Their lines are the caller's to bring next, and stay
 * as they were until then. An order that we hold at a later version, or that was deleted, stays as it is.
 *
 * Runs inside a `withTenantConnection` transaction. `importId` marks who wrote the row; null is a webhook.
 * @returns ids of the orders that were taken
 */
export async function saveOrders(
  connection: pg.PoolClient,
  shop: ShopRef,
  records: readonly OrderRecord[],
  importId: string | null,
): Promise<bigint[]> {
  const { shopId } = shop;
  const orders = latestOfEach(records);
  await openIncoming(connection, 'orders');
  await openIncoming(connection, 'refunds');
  await openIncoming(connection, 'fulfillments');
  await copyRows(connection, 'incoming_orders', ORDER_COLUMNS, orders.map((order) => orderRow(shopId, order, importId)));
  await copyRows(connection, 'incoming_refunds', REFUND_COLUMNS, refundRows(shopId, orders));
  await copyRows(connection, 'incoming_fulfillments', FULFILLMENT_COLUMNS, fulfillmentRows(shopId, orders));

  const replaced = ORDER_COLUMNS.filter((column) => column !== 'shop_id' && column !== 'order_id');
  const { rows } = await connection.query<{ order_id: string }>(
    `INSERT INTO orders (${ORDER_COLUMNS.join(', ')})
     SELECT ${ORDER_COLUMNS.join(', ')} FROM incoming_orders
     ON CONFLICT (shop_id, order_id) DO UPDATE SET ${replaced.map((column) => `${column} = excluded.${column}`).join(', ')}
       WHERE orders.updated_at <= excluded.updated_at AND orders.deleted_at IS NULL
     RETURNING order_id`,
  );
  const taken = rows.map((row) => row.order_id);
  for (const table of ['refunds', 'fulfillments']) {
    await connection.query(`DELETE FROM ${table} WHERE shop_id = $1 AND order_id = ANY($2::bigint[])`, [shopId, taken]);
  }
  await moveIncoming(connection, 'refunds', REFUND_COLUMNS, taken);
  await moveIncoming(connection, 'fulfillments', FULFILLMENT_COLUMNS, taken);
  return taken.map(BigInt);
}

/** One order may come twice, with the refunds and fulfilments of two versions. */
function latestOfEach(orders: readonly OrderRecord[]): OrderRecord[] {
  const latest = new Map<bigint, OrderRecord>();
  for (const order of orders) {
    const known = latest.get(order.orderId);
    if (!known || known.updatedAt <= order.updatedAt) latest.set(order.orderId, order);
  }
  return [...latest.values()];
}

/**
 * Adds or replaces lines of the orders that `importId` wrote last. None is taken away: Shopify keeps a line that was
 * edited out of its order, with a current quantity of 0. Lines of an order that a webhook has renewed since are dropped,
 * because the webhook brought its own.
 * @returns how many lines found their order
 */
export async function saveOrderLines(
  connection: pg.PoolClient,
  shop: ShopRef,
  lines: readonly StoredLine[],
  importId: string | null,
): Promise<number> {
  const owners = await loadOrdersWrittenBy(connection, shop, new Set(lines.map(({ orderId }) => orderId)), importId);
  const kept = new Map(
    lines.filter(({ orderId }) => owners.has(orderId)).map((line) => [`${line.orderId} ${line.line.lineId}`, line]),
  );
  const rows = [...kept.values()].map((line) => lineRow(shop.shopId, line));
  await openIncoming(connection, 'order_lines');
  await copyRows(connection, 'incoming_order_lines', LINE_COLUMNS, rows);
  const replaced = LINE_COLUMNS.filter((column) => !['shop_id', 'order_id', 'line_id'].includes(column));
  const { rowCount } = await connection.query(
    `INSERT INTO order_lines (${LINE_COLUMNS.join(', ')})
     SELECT ${LINE_COLUMNS.join(', ')} FROM incoming_order_lines
     ON CONFLICT (shop_id, order_id, line_id) DO UPDATE
       SET ${replaced.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  );
  return rowCount ?? 0;
}

/**
 * Asked for by key and not joined: in the middle of a first pull PostgreSQL has no statistics of the orders yet, and
 * was seen to join a batch with all of them line by line, in 2.5 s instead of 0.1 s.
 */
async function loadOrdersWrittenBy(
  connection: pg.PoolClient,
  shop: ShopRef,
  orderIds: ReadonlySet<bigint>,
  importId: string | null,
): Promise<Set<bigint>> {
  const { rows } = await connection.query<{ order_id: string }>(
    `SELECT order_id FROM orders
     WHERE shop_id = $1 AND order_id = ANY($2::bigint[]) AND import_id IS NOT DISTINCT FROM $3::uuid`,
    [shop.shopId, [...orderIds].map(String), importId],
  );
  return new Set(rows.map((row) => BigInt(row.order_id)));
}

/** Marks an order as gone. It stays as a row, so that an older copy that arrives late finds it marked. */
export async function markOrderDeleted(
  connection: pg.PoolClient,
  shop: ShopRef,
  orderId: bigint,
  deletedAt: Date,
): Promise<void> {
  await connection.query(
    'UPDATE orders SET deleted_at = $3 WHERE shop_id = $1 AND order_id = $2 AND deleted_at IS NULL',
    [shop.shopId, String(orderId), deletedAt],
  );
}

/** COPY refuses tables under row-level security, so rows come in through temporary twins of them. */
export async function openIncoming(connection: pg.PoolClient, table: string): Promise<void> {
  await connection.query(`CREATE TEMPORARY TABLE IF NOT EXISTS incoming_${table} (LIKE ${table}) ON COMMIT DROP`);
  await connection.query(`TRUNCATE incoming_${table}`);
}

async function moveIncoming(
  connection: pg.PoolClient,
  table: string,
  columns: readonly string[],
  takenOrderIds: readonly string[],
): Promise<void> {
  await connection.query(
    `INSERT INTO ${table} (${columns.join(', ')})
     SELECT ${columns.join(', ')} FROM incoming_${table} WHERE order_id = ANY($1::bigint[])
     ON CONFLICT DO NOTHING`,
    [takenOrderIds],
  );
}

function orderRow(shopId: number, order: OrderRecord, importId: string | null): CopyValue[] {
  return [
    shopId, order.orderId, order.name, order.customerId, order.processedAt, order.createdAt, order.updatedAt,
    order.cancelledAt, order.isTest, order.financialStatus, order.fulfillmentStatus, order.sourceName,
    order.countryCode, order.provinceCode, order.currency, order.presentmentCurrency, order.taxesIncluded,
    order.subtotalMinor, order.currentSubtotalMinor, order.currentTaxMinor, order.currentShippingMinor,
    order.shippingTaxMinor, order.tipMinor, order.currentTotalMinor, order.receivedMinor, order.refundedMinor,
    order.outstandingMinor, order.discountCodes, importId,
  ];
}

function* refundRows(shopId: number, orders: readonly OrderRecord[]): Generator<CopyValue[]> {
  for (const { orderId, refunds } of orders) {
    for (const refund of refunds) yield [shopId, orderId, refund.refundId, refund.createdAt, refund.refundedMinor];
  }
}

function* fulfillmentRows(shopId: number, orders: readonly OrderRecord[]): Generator<CopyValue[]> {
  for (const { orderId, fulfillments } of orders) {
    for (const { fulfillmentId, status, createdAt, deliveredAt } of fulfillments) {
      yield [shopId, orderId, fulfillmentId, status, createdAt, deliveredAt];
    }
  }
}

function lineRow(shopId: number, { orderId, line }: StoredLine): CopyValue[] {
  return [
    shopId, orderId, line.lineId, line.productId, line.variantId, line.title, line.sku, line.quantity,
    line.currentQuantity, line.originalTotalMinor, line.discountedTotalMinor,
  ];
}

/** Versions stay as they are: Shopify moves the orders of a merged customer without touching them. */
export async function moveOrdersToCustomer(
  connection: pg.PoolClient,
  shop: ShopRef,
  { fromId, toId }: { fromId: bigint; toId: bigint },
): Promise<void> {
  await connection.query('UPDATE orders SET customer_id = $3 WHERE shop_id = $1 AND customer_id = $2', [
    shop.shopId,
    String(fromId),
    String(toId),
  ]);
}
