import type pg from 'pg';

import type { BinaryRows } from '#app/adapters/db/binary-rows.ts';
import { copyOut } from '#app/adapters/db/copy-out.server.ts';
import { UNFINISHED_IMPORT_STATES } from '#app/adapters/db/imports.repository.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { LineColumnsBuilder } from '#app/domain/retention/products/line-columns-builder.ts';
import type { LineColumns, OrderLineRow } from '#app/domain/retention/products/line-columns.ts';

/** What is read of a line, in this order: see `lineIn`. */
const SELECTED = ['order_id', 'product_id', 'title', 'sku', 'current_quantity::bigint'];

const SHOP = "(SELECT current_setting('app.shop_id')::int)";

/** Grain: one row a line, in any order, though those of an order are nearly always together; by the primary key's prefix. */
const ALL_SQL = `SELECT ${SELECTED.join(', ')} FROM order_lines WHERE shop_id = ${SHOP}`;

const UNFINISHED_STATES = UNFINISHED_IMPORT_STATES.map((state) => `'${state}'`).join(', ');
/** Whether an order's import is under way: it brings lines after their orders, and takes away those that went. */
const IS_IMPORTING = `EXISTS (SELECT FROM imports i WHERE i.shop_id = o.shop_id AND i.import_id = o.import_id AND i.state IN (${UNFINISHED_STATES}))`;

/** Of one query: its text grows with them. */
const ORDERS_A_QUERY = 5_000;

/** Orders that were written after a version of the shop's data, and the lines that they have now. */
export interface OrderLineChanges {
  orderIds: number[];
  rows: OrderLineRow[];
  /** The first version among them of an order whose import is under way; null where there is none. */
  importingSince: bigint | null;
}

/**
 * Streams the lines of all orders of the shop into columns beside those of the orders. Lines of orders that the columns
 * do not have are dropped: those of orders that do not count, and of orders that came since the columns were read.
 */
export async function loadLineColumns(
  { pool, shop }: { pool: pg.Pool; shop: ShopRef },
  columns: OrderColumns,
): Promise<LineColumns> {
  return withTenantSnapshot(pool, shop, (connection) => readLines(connection, columns));
}

/** The same within a snapshot of the shop. */
export async function readLines(connection: pg.PoolClient, columns: OrderColumns): Promise<LineColumns> {
  const builder = new LineColumnsBuilder();
  await copyOut(connection, { query: ALL_SQL, columnCount: SELECTED.length }, (row) => builder.append(lineIn(row)));
  return builder.build(columns);
}

/** Within a snapshot of the shop; null when the orders are more than `atMost`, or two of them may have one number. */
export async function readLineChanges(
  connection: pg.PoolClient,
  { since, atMost }: { since: bigint; atMost: number },
): Promise<OrderLineChanges | null> {
  const orderIds: number[] = [];
  let importingSince: bigint | null = null;
  const query = `
    SELECT o.order_id, o.data_version, ${IS_IMPORTING} FROM orders o
    WHERE o.shop_id = ${SHOP} AND o.data_version > ${since} LIMIT ${atMost + 1}`;
  const count = await copyOut(connection, { query, columnCount: 3, isSearch: true }, (row) => {
    orderIds.push(row.nearestIdAt(0));
    if (row.booleanAt(2)) importingSince = earlier(importingSince, BigInt(row.bigintAt(1)));
  });
  if (count > atMost || !orderIds.every(Number.isSafeInteger)) return null;
  return { orderIds, rows: await readLinesOf(connection, orderIds), importingSince };
}

/** The lines of some orders, within a snapshot of the shop. */
export async function readLinesOf(connection: pg.PoolClient, orderIds: readonly number[]): Promise<OrderLineRow[]> {
  const rows: OrderLineRow[] = [];
  for (let start = 0; start < orderIds.length; start += ORDERS_A_QUERY) {
    const query = `${ALL_SQL} AND order_id = ANY ('{${orderIds.slice(start, start + ORDERS_A_QUERY).join(',')}}'::bigint[])`;
    await copyOut(connection, { query, columnCount: SELECTED.length, isSearch: true }, (row) => rows.push(lineIn(row)));
  }
  return rows;
}

/**
 * Whether an import may have written orders. While Shopify prepares the file of its first attempt, which of a large store
 * takes hours, it has not; one that was asked for again, or restored, counts from nothing and may have.
 */
const HAS_WRITTEN = `resource = 'orders' AND state IN (${UNFINISHED_STATES})
  AND (state = 'storing' OR objects_stored > 0 OR attempts > 0 OR error_code IS NOT NULL)`;

/**
 * The version from which on orders have lines yet to come, within a snapshot of the shop; null where all have theirs.
 *
 * Grain: one row. Orders have no index on their import: it would be written with each order that is imported, 20 million
 * times for a store of 10 million that is pulled twice, and asked only here and while `removeOtherLines` reads all lines
 * anyway. All orders are gone through instead, 40,000 pages of 1.4 million, but only while a file is stored, and only
 * beside the reading of all lines, which is longer.
 */
export async function readImportingSince(connection: pg.PoolClient): Promise<bigint | null> {
  let importingSince: bigint | null = null;
  // Where nothing of an import is there yet, no order is looked at.
  const query = `
    SELECT min(coalesce(o.data_version, 0)) FROM orders o
    WHERE o.shop_id = ${SHOP} AND ${IS_IMPORTING}
      AND EXISTS (SELECT FROM imports WHERE shop_id = ${SHOP} AND ${HAS_WRITTEN})`;
  await copyOut(connection, { query, columnCount: 1 }, (row) => {
    if (!row.isNull(0)) importingSince = BigInt(row.bigintAt(0));
  });
  return importingSince;
}

function earlier(known: bigint | null, version: bigint): bigint {
  return known === null || version < known ? version : known;
}

/** Numbers are places in `SELECTED`. */
function lineIn(row: BinaryRows): OrderLineRow {
  return {
    orderId: row.nearestIdAt(0),
    productId: row.isNull(1) ? null : row.idAt(1),
    title: row.textAt(2) ?? '',
    sku: row.textAt(3),
    quantity: row.bigintAt(4),
  };
}
