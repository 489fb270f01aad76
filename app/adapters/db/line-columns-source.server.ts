import type pg from 'pg';

import type { BinaryRows } from '#app/adapters/db/binary-rows.ts';
import { copyOut } from '#app/adapters/db/copy-out.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { LineColumnsBuilder } from '#app/domain/retention/products/line-columns-builder.ts';
import type { LineColumns, OrderLineRow } from '#app/domain/retention/products/line-columns.ts';

/** What is read of a line, in this order: see `lineIn`. */
const SELECTED = ['order_id', 'product_id', 'title', 'sku', 'current_quantity::bigint'];

/** Grain: one row a line, in any order, though those of an order are nearly always together; by the primary key's prefix. */
const ALL_SQL = `SELECT ${SELECTED.join(', ')} FROM order_lines WHERE shop_id = (SELECT current_setting('app.shop_id')::int)`;

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
