import type pg from 'pg';

import { copyTexts } from '#app/adapters/db/copy-rows.server.ts';
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
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { noteFinancialStates } from '#app/adapters/shopify/note-admin-api.server.ts';
import type { AsText, OrderRecord } from '#app/adapters/shopify/order-record.ts';

const ORDER_TABLES = ['orders', 'refunds', 'fulfillments', 'order_lines'];

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
  const staged = await stageOrders(connection, shop, { orders: records, lines: [] }, importId);
  const { added, replaced } = await takeOrders(connection, shop, staged);
  return [...added, ...replaced].map(BigInt);
}

/**
 * Gives orders that `importId` wrote last the lines that they have now: all of each order's, so that one which is not
 * among them goes. Lines of orders that somebody else has renewed since are dropped, because they brought their own.
 * @returns how many lines found their order
 */
export async function saveOrderLines(
  connection: pg.PoolClient,
  shop: ShopRef,
  lines: readonly StoredLine[],
  importId: string | null,
): Promise<number> {
  const { isOurs } = await loadOwners(connection, shop, new Set(lines.map(({ orderId }) => String(orderId))), importId);
  const kept = lines.filter(({ orderId }) => isOurs.get(String(orderId)) === true);
  const staged = await stageOrders(connection, shop, { orders: [], lines: kept }, importId);
  const written = await insertLines(connection, shop, staged.lines, { mayBeThere: true, of: null });
  await connection.query(
    `DELETE FROM order_lines l WHERE shop_id = $1 AND order_id = ANY($2::bigint[])
     AND NOT EXISTS (SELECT FROM incoming_order_lines i WHERE i.order_id = l.order_id AND i.line_id = l.line_id)`,
    [shop.shopId, [...new Set(kept.map(({ orderId }) => String(orderId)))]],
  );
  return written;
}

/** Orders and lines that stand in the twins of their tables, each once. */
export interface StagedOrders<TLine extends StoredLine = StoredLine> {
  orders: readonly AsText<OrderRecord>[];
  lines: readonly TLine[];
  refunds: number;
  fulfillments: number;
}

/**
 * Brings orders and lines to the database, where nobody sees them and nothing is locked until `saveStaged` in the same
 * transaction. What was staged before in it is forgotten.
 */
export async function stageOrders<TLine extends StoredLine>(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  records: { orders: readonly AsText<OrderRecord>[]; lines: readonly TLine[] },
  importId: string | null,
): Promise<StagedOrders<TLine>> {
  await openIncoming(connection, ORDER_TABLES);
  const orders = latestOfEach(records.orders);
  noteFinancialStates(orders);
  const lines = latestOfEachLine(records.lines);
  const [refunds, fulfillments] = [refundRows(shopId, orders), fulfillmentRows(shopId, orders)];
  if (orders.length > 0) await copyTexts(connection, 'incoming_orders', ORDER_COLUMNS, orderRows(shopId, orders, importId));
  if (refunds.length > 0) await copyTexts(connection, 'incoming_refunds', REFUND_COLUMNS, refunds);
  if (fulfillments.length > 0) await copyTexts(connection, 'incoming_fulfillments', FULFILLMENT_COLUMNS, fulfillments);
  if (lines.length > 0) await copyTexts(connection, 'incoming_order_lines', LINE_COLUMNS, lineRows(shopId, lines));
  return { orders, lines, refunds: refunds.length, fulfillments: fulfillments.length };
}

/**
 * Takes in what an import staged: orders with refunds and fulfilments, and lines of these or of earlier ones. None is
 * taken away, because others may follow: see `removeOtherLines`.
 * @returns the lines whose order is not here at all
 */
export async function saveStaged<TLine extends StoredLine>(
  connection: pg.PoolClient,
  shop: ShopRef,
  staged: StagedOrders<TLine>,
  importId: string,
): Promise<TLine[]> {
  const { added, replaced } = await takeOrders(connection, shop, staged);
  // An order that came just now has no lines yet, which spares looking for each of them.
  const elsewhere = staged.lines.filter(({ orderId }) => !added.has(String(orderId)));
  if (elsewhere.length === 0) {
    await insertLines(connection, shop, staged.lines, { mayBeThere: false, of: null });
    return [];
  }
  const asked = new Set(elsewhere.map(({ orderId }) => String(orderId)).filter((orderId) => !replaced.has(orderId)));
  const { isOurs } = await loadOwners(connection, shop, asked, importId);
  const isHere = (orderId: string) => added.has(orderId) || replaced.has(orderId) || isOurs.get(orderId) === true;
  const kept = staged.lines.filter(({ orderId }) => isHere(String(orderId)));
  const of = kept.length === staged.lines.length ? null : [...new Set(kept.map(({ orderId }) => String(orderId)))];
  await insertLines(connection, shop, kept, { mayBeThere: true, of });
  return elsewhere.filter(({ orderId }) => !replaced.has(String(orderId)) && !isOurs.has(String(orderId)));
}

interface TakenOrders {
  /** Were not here before. */
  added: ReadonlySet<string>;
  /** Were here in an earlier version, or in this one. */
  replaced: ReadonlySet<string>;
}

async function takeOrders(connection: pg.PoolClient, shop: ShopRef, staged: StagedOrders): Promise<TakenOrders> {
  if (staged.orders.length === 0) return { added: new Set(), replaced: new Set() };
  const newColumns = ORDER_COLUMNS.filter((column) => column !== 'shop_id' && column !== 'order_id');
  // One text and not a row an order; xmax tells a row that was added from one that was replaced.
  const { rows } = await connection.query<{ added: string | null; replaced: string | null }>(
    `WITH taken AS (
       INSERT INTO orders (${ORDER_COLUMNS.join(', ')})
       SELECT ${ORDER_COLUMNS.join(', ')} FROM incoming_orders
       ON CONFLICT (shop_id, order_id) DO UPDATE SET ${newColumns.map((column) => `${column} = excluded.${column}`).join(', ')}
         WHERE orders.updated_at <= excluded.updated_at AND orders.deleted_at IS NULL
       RETURNING order_id, xmax = 0 AS is_added
     )
     SELECT string_agg(order_id::text, ' ') FILTER (WHERE is_added) AS added,
       string_agg(order_id::text, ' ') FILTER (WHERE NOT is_added) AS replaced
     FROM taken`,
  );
  const [added, replaced] = [idsIn(rows[0]?.added), idsIn(rows[0]?.replaced)];
  if (replaced.size > 0) await removeParts(connection, shop, replaced);
  const of = added.size + replaced.size === staged.orders.length ? null : [...added, ...replaced];
  if (staged.refunds > 0) await insertIncoming(connection, 'refunds', REFUND_COLUMNS, { of });
  if (staged.fulfillments > 0) await insertIncoming(connection, 'fulfillments', FULFILLMENT_COLUMNS, { of });
  return { added, replaced };
}

/** Rows that are not there by now, of some orders or (null) of all that came. Answers how many. */
async function insertIncoming(
  connection: pg.PoolClient,
  table: string,
  columns: readonly string[],
  { of, onConflict = '' }: { of: readonly string[] | null; onConflict?: string },
): Promise<number> {
  const { rowCount } = await connection.query(
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM incoming_${table}
     ${of === null ? '' : 'WHERE order_id = ANY($1::bigint[])'} ${onConflict}`,
    of === null ? [] : [of],
  );
  return rowCount ?? 0;
}

function idsIn(text: string | null | undefined): Set<string> {
  return new Set(text ? text.split(' ') : []);
}

async function removeParts(connection: pg.PoolClient, { shopId }: ShopRef, orderIds: ReadonlySet<string>): Promise<void> {
  for (const table of ['refunds', 'fulfillments']) {
    await connection.query(`DELETE FROM ${table} WHERE shop_id = $1 AND order_id = ANY($2::bigint[])`, [
      shopId,
      [...orderIds],
    ]);
  }
}

/** One order may come twice, with the refunds and fulfilments of two versions. */
function latestOfEach(orders: readonly AsText<OrderRecord>[]): AsText<OrderRecord>[] {
  const latest = new Map<string, AsText<OrderRecord>>();
  for (const order of orders) {
    const key = String(order.orderId);
    const known = latest.get(key);
    if (!known || new Date(known.updatedAt) <= new Date(order.updatedAt)) latest.set(key, order);
  }
  return [...latest.values()];
}

function latestOfEachLine<TLine extends StoredLine>(lines: readonly TLine[]): readonly TLine[] {
  // Where no id comes twice no line does, which is nearly always and cheaper to find out.
  if (new Set(lines.map(({ line }) => String(line.lineId))).size === lines.length) return lines;
  return [...new Map(lines.map((line) => [`${line.orderId} ${line.line.lineId}`, line])).values()];
}

/** Of the lines that came, those of some orders or (null) all; `lines` are they. Answers how many were written. */
async function insertLines(
  connection: pg.PoolClient,
  shop: ShopRef,
  lines: readonly StoredLine[],
  { mayBeThere, of }: { mayBeThere: boolean; of: readonly string[] | null },
): Promise<number> {
  if (lines.length === 0) return 0;
  const newColumns = LINE_COLUMNS.filter((column) => !['shop_id', 'order_id', 'line_id'].includes(column));
  const replacing = `ON CONFLICT (shop_id, order_id, line_id) DO UPDATE
    SET ${newColumns.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  const written = await insertIncoming(connection, 'order_lines', LINE_COLUMNS, { of, onConflict: mayBeThere ? replacing : '' });
  await blankTypedLines(connection, shop, lines);
  return written;
}

/**
 * What is of no product was typed in for one buyer, their name at times. Of an order that was redacted, which has no name
 * any more, it stays away.
 */
async function blankTypedLines(connection: pg.PoolClient, { shopId }: ShopRef, lines: Iterable<StoredLine>): Promise<void> {
  const typedIn = new Set<string>();
  for (const { orderId, line } of lines) if (line.productId === null) typedIn.add(String(orderId));
  if (typedIn.size === 0) return;
  const { rows } = await connection.query<{ order_id: string }>(
    "SELECT order_id FROM orders WHERE shop_id = $1 AND order_id = ANY($2::bigint[]) AND name = ''",
    [shopId, [...typedIn]],
  );
  if (rows.length === 0) return;
  await connection.query(
    "UPDATE order_lines SET title = '', sku = NULL WHERE shop_id = $1 AND order_id = ANY($2::bigint[]) AND product_id IS NULL",
    [shopId, rows.map((row) => row.order_id)],
  );
}

/**
 * Which of the orders are here, and whether `importId` wrote them last. Asked for by key and not joined: in the middle
 * of a first pull PostgreSQL has no statistics of the orders yet, and was seen to join a batch with all of them line by
 * line, in 2.5 s instead of 0.1 s.
 */
async function loadOwners(
  connection: pg.PoolClient,
  shop: ShopRef,
  orderIds: ReadonlySet<string>,
  importId: string | null,
): Promise<{ isOurs: ReadonlyMap<string, boolean> }> {
  if (orderIds.size === 0) return { isOurs: new Map() };
  const { rows } = await connection.query<{ order_id: string; is_ours: boolean }>(
    `SELECT order_id, import_id IS NOT DISTINCT FROM $3::uuid AS is_ours FROM orders
     WHERE shop_id = $1 AND order_id = ANY($2::bigint[])`,
    [shop.shopId, [...orderIds], importId],
  );
  return { isOurs: new Map(rows.map((row) => [row.order_id, row.is_ours])) };
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

/**
 * COPY refuses tables under row-level security, so rows come in through temporary twins of them, empty at first. They
 * are made once a connection: to make and drop them each time would fill the catalogue with dead rows.
 */
export async function openIncoming(connection: pg.PoolClient, tables: readonly string[]): Promise<void> {
  const statements = tables.map(
    (table) =>
      `CREATE TEMPORARY TABLE IF NOT EXISTS incoming_${table} (LIKE ${table}) ON COMMIT DELETE ROWS; DELETE FROM incoming_${table}`,
  );
  await connection.query(statements.join('; '));
}

/**
 * Versions stay as they are: Shopify moves the orders of a merged customer without touching them. Those that go to a
 * pseudonym, which is negative, lose what could lead to a person.
 */
export async function moveOrdersToCustomer(
  connection: pg.PoolClient,
  shop: ShopRef,
  { fromId, toId }: { fromId: bigint; toId: bigint },
): Promise<void> {
  const values = [shop.shopId, String(fromId)];
  if (toId < 0n) for (const statement of BLANK_ORDERS_OF) await connection.query(statement, values);
  await connection.query('UPDATE orders SET customer_id = $3 WHERE shop_id = $1 AND customer_id = $2', [...values, String(toId)]);
}

const OF_CUSTOMER = 'order_id IN (SELECT order_id FROM orders WHERE shop_id = $1 AND customer_id = $2)';
const BLANK_ORDERS_OF = [
  "UPDATE orders SET name = '', province_code = NULL, discount_codes = '{}' WHERE shop_id = $1 AND customer_id = $2",
  `UPDATE order_lines SET title = '', sku = NULL WHERE shop_id = $1 AND product_id IS NULL AND ${OF_CUSTOMER}`,
  `UPDATE reconciliation_differences SET our_fingerprint = NULL WHERE shop_id = $1 AND ${OF_CUSTOMER}`,
];
