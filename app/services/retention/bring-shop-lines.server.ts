import type pg from 'pg';

import { readImportingSince, readLineChanges, readLines, readLinesOf } from '#app/adapters/db/line-columns-source.server.ts';
import { readShopState } from '#app/adapters/db/shop-state.server.ts';
import { withTenantSnapshot } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { areColumnsOf } from '#app/domain/retention/columns/order-columns.ts';
import { byteSizeOfLines } from '#app/domain/retention/products/line-columns.ts';
import type { LineColumns } from '#app/domain/retention/products/line-columns.ts';
import { refreshLineColumns } from '#app/domain/retention/products/refresh-line-columns.ts';
import { fewChangesAmong } from '#app/services/retention/bring-shop-columns.server.ts';
import { keepColumns } from '#app/services/retention/columns-readers.server.ts';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';

/** The lines of a shop's orders with the very columns that they stand beside, which may be older than those of now. */
export interface ShopLines {
  readonly shopId: number;
  readonly orders: ShopColumns;
  readonly lines: LineColumns;
  /** With a byte a customer, for how they stand to what they bought. */
  readonly byteSize: number;
  /** When they were read; epoch milliseconds. */
  readonly readAtMs: number;
  /** Orders that were written up to this version have the lines that they had then, and have since. */
  readonly settledVersion: bigint;
  /** Of how many orders lines were read to come here, and whether those were all. */
  readonly read: { readonly orders: number; readonly isWhole: boolean };
}

interface Wanted {
  orders: ShopColumns;
  known: ShopLines | null;
  nowMs: number;
}

type ReadLines = Pick<ShopLines, 'lines' | 'settledVersion' | 'read'>;

/**
 * The lines beside `orders`: those that are known with the lines of what was written since, or all of them anew where
 * that cannot be told or is too much. An order's lines are written with it. An import alone brings them later, so the
 * orders of one that is under way are read again until it has ended.
 */
export async function bringShopLines({ pool, shop }: { pool: pg.Pool; shop: ShopRef }, { orders, known, nowMs }: Wanted): Promise<ShopLines> {
  keepColumns(orders.columns);
  // Read after the columns, so that each of their orders has its lines.
  const read = await withTenantSnapshot(pool, shop, async (connection) => {
    const refreshed = known === null ? null : await refresh(connection, shop, { orders, known });
    return refreshed ?? (await readAll(connection, orders));
  });
  return {
    shopId: shop.shopId,
    orders,
    ...read,
    byteSize: orders.byteSize + byteSizeOfLines(read.lines) + orders.columns.customerCount,
    readAtMs: nowMs,
  };
}

async function readAll(connection: pg.PoolClient, orders: ShopColumns): Promise<ReadLines> {
  const importingSince = await readImportingSince(connection);
  const lines = await readLines(connection, orders.columns);
  return { lines, settledVersion: settledBy(orders, importingSince), read: { orders: lines.orderCount, isWhole: true } };
}

/** What was written after the columns were read may be in them as it was before: it is read again with the next ones. */
function settledBy({ dataVersion }: ShopColumns, importingSince: bigint | null): bigint {
  return importingSince === null || importingSince > dataVersion ? dataVersion : importingSince - 1n;
}

/** Null when the lines have to be read anew. */
async function refresh(connection: pg.PoolClient, shop: ShopRef, { orders, known }: { orders: ShopColumns; known: ShopLines }): Promise<ReadLines | null> {
  const { settledVersion: since, lines } = known;
  const { columns } = orders;
  const state = await readShopState(connection, shop);
  // A version below the known one: a backup was restored. One below zero: orders from before there were versions.
  if (state === null || since < 0n || state.ordersRemovedVersion > since || state.dataVersion < since) return null;
  if (!areColumnsOf(known.orders.columns, columns)) return null;
  const changes = await readLineChanges(connection, { since, atMost: fewChangesAmong(columns.orderCount) });
  if (changes === null) return null;
  const { orderIds, rows, importingSince } = changes;
  const settledVersion = settledBy(orders, importingSince);
  // The very same lines: what was computed of them holds.
  if (orderIds.length === 0 && columns === known.orders.columns) return { lines, settledVersion, read: { orders: 0, isWhole: false } };
  const before = { columns: known.orders.columns, lines };
  let refreshed = refreshLineColumns(before, columns, { orderIds, rows });
  let wanting: readonly number[] = [];
  if (refreshed.kind === 'wanting') {
    wanting = refreshed.orderIds;
    const labelled = { orderIds: [...orderIds, ...wanting], rows: [...rows, ...(await readLinesOf(connection, wanting))] };
    refreshed = refreshLineColumns(before, columns, labelled);
  }
  if (refreshed.kind !== 'refreshed') return null;
  return { lines: refreshed.lines, settledVersion, read: { orders: orderIds.length + wanting.length, isWhole: false } };
}
