import type pg from 'pg';

import { allAnswers, readAtOnce, withOpenedSnapshot } from '#app/adapters/db/brief-connection.server.ts';
import { setForCopy } from '#app/adapters/db/copy-out.server.ts';
import { countsOf, readOrderChanges, readOrders } from '#app/adapters/db/order-columns-source.server.ts';
import type { OrderChanges } from '#app/adapters/db/order-columns-source.server.ts';
import { readProspectChanges, readProspects } from '#app/adapters/db/prospects-source.server.ts';
import { readShopState } from '#app/adapters/db/shop-state.server.ts';
import type { ShopState } from '#app/adapters/db/shop-state.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { byteSizeOfMarkedIds, remark } from '#app/domain/retention/columns/marked-ids.ts';
import type { MarkedIds } from '#app/domain/retention/columns/marked-ids.ts';
import { areColumnsOf, areGivenUp, byteSizeOf } from '#app/domain/retention/columns/order-columns.ts';
import type { ColumnsShop, OrderColumns, OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { refreshOrderColumns } from '#app/domain/retention/columns/refresh-order-columns.ts';
import type { ExcludedCounts } from '#app/domain/retention/report/report.ts';

/**
 * All that reports of a shop are computed from, as of one version of its data. Shared: nobody changes it, until it is
 * given up when nobody reads it any more (columns-readers.server.ts).
 */
export interface ShopColumns {
  readonly shopId: number;
  readonly dataVersion: bigint;
  readonly columns: OrderColumns;
  readonly leftOut: MarkedIds;
  /** Customers without any order. */
  readonly prospects: MarkedIds;
  readonly excluded: ExcludedCounts;
  /** Orders left out because they are in another currency than the shop's. */
  readonly inOtherCurrency: number;
  /** Null while no order counts. */
  readonly lastOrderDay: number | null;
  /** With the room for a row a customer, which lists of customers are made of as soon as one is asked for. */
  readonly byteSize: number;
  /** How many orders were read to come here, and whether those were all. */
  readonly read: { readonly orders: number; readonly isWhole: boolean };
}

interface ShopAccess {
  pool: pg.Pool;
  shop: ShopRef;
}

/** The first pull has brought neither currency nor time zone, or the shop is gone. */
export class ShopNotKnownError extends Error {
  override name = 'ShopNotKnownError';
}

const FEW_CHANGES = 20_000;
const CHANGES_SHARE = 0.1;

/** Of more changes than this, or a share of all orders, to read everything anew is the shorter way. */
export function fewChangesAmong(orderCount: number): number {
  return Math.max(FEW_CHANGES, Math.floor(orderCount * CHANGES_SHARE));
}

/**
 * The columns of the shop as it is now: `known` with what was written since, or all of it anew where that cannot be told
 * or is too much.
 *
 * @param mayGiveUp asked when the changes are here: whether nobody reads `known`, so that the new columns may take its
 *   memory. It is of no use then, whatever becomes of the new ones.
 * @throws ShopNotKnownError
 */
export async function bringShopColumns(
  access: ShopAccess,
  known: ShopColumns | null,
  { mayGiveUp = () => false }: { mayGiveUp?: () => boolean } = {},
): Promise<ShopColumns> {
  if (known !== null && !areGivenUp(known.columns)) {
    const since = await readSince(access, known);
    const newer = since === null ? null : refresh(known, since, { isGivenUp: mayGiveUp() });
    if (newer !== null) return newer;
  }
  return readAll(access);
}

function readAll({ pool, shop }: ShopAccess): Promise<ShopColumns> {
  return withOpenedSnapshot(pool, shop, {
    first: (connection) => allAnswers([readShopState(connection, shop), setForCopy(connection, { isSearch: false })]),
    async work(connection, [state]) {
      const { dataVersion, clock } = requireKnown(shop, state);
      const { columns, leftOut } = await readOrders(connection, clock);
      const prospects = await readProspects(connection);
      const read = { orders: columns.orderCount + leftOut.ids.length, isWhole: true };
      return assemble({ shopId: shop.shopId, dataVersion, columns, leftOut, prospects, read });
    },
  });
}

interface KnownShop extends ShopState {
  clock: ColumnsShop;
}

function requireKnown({ domain }: ShopRef, state: ShopState | null): KnownShop {
  if (state === null || state.timeZone === null || state.currency === null) throw new ShopNotKnownError(domain);
  const { timeZone, currency, counting } = state;
  return { ...state, clock: { timeZone, currency, counting } };
}

type ProspectChanges = Map<number, number | null>;

/** What was written since columns were read. */
interface Since<Prospects> {
  readonly dataVersion: bigint;
  readonly changes: OrderChanges;
  readonly prospects: Prospects;
}

/**
 * In one way to the database, since all that is asked is known beforehand: the changes are read before it is known whether
 * they are of use, and nearly always they are. Null when the shop has to be read anew.
 */
async function readSince({ pool, shop }: ShopAccess, known: ShopColumns): Promise<Since<ProspectChanges | MarkedIds> | null> {
  const ask = (connection: pg.PoolClient) => askSince(connection, shop, known);
  const found = findSince(await readAtOnce(pool, shop, ask), shop, known);
  if (found === null) return null;
  const { prospects } = found;
  if (prospects !== null) return { ...found, prospects };
  return withOpenedSnapshot(pool, shop, {
    first: ask,
    async work(connection, asked) {
      const again = findSince(asked, shop, known);
      return again && { ...again, prospects: again.prospects ?? (await readProspects(connection)) };
    },
  });
}

type AskedSince = readonly [state: ShopState | null, set: unknown, changes: OrderChanges | null, prospects: ProspectChanges | null];

function askSince(connection: pg.PoolClient, shop: ShopRef, { dataVersion: since, columns }: ShopColumns): Promise<AskedSince> {
  const span = { since, atMost: fewChangesAmong(columns.orderCount) };
  return allAnswers([
    readShopState(connection, shop),
    setForCopy(connection, { isSearch: true }),
    readOrderChanges(connection, columns, span),
    readProspectChanges(connection, span),
  ]);
}

/** Null when the shop has to be read anew; prospects are null when all of them have to be, since some may be gone. */
function findSince(
  [state, , changes, prospects]: AskedSince,
  shop: ShopRef,
  { dataVersion: since, columns }: ShopColumns,
): Since<ProspectChanges | null> | null {
  const { dataVersion, clock, ordersRemovedVersion, customersRemovedVersion } = requireKnown(shop, state);
  // A version below the known one: a backup was restored.
  if (!areColumnsOf(columns, clock) || ordersRemovedVersion > since || dataVersion < since || changes === null) return null;
  return { dataVersion, changes, prospects: customersRemovedVersion > since ? null : prospects };
}

interface How {
  isGivenUp: boolean;
}

/** Null when the shop has to be read anew. */
function refresh(known: ShopColumns, { dataVersion, changes, prospects }: Since<ProspectChanges | MarkedIds>, how: How): ShopColumns | null {
  const { counted, leftOut, customers } = changes;
  const changedIds = new Map<number, number | null>(leftOut);
  for (const { orderId } of counted) changedIds.set(orderId, null);
  const columns = refreshed(known.columns, { rows: counted, removedOrderIds: [...leftOut.keys()] }, how);
  if (columns === null) return null;
  // Who has an order is none.
  if (prospects instanceof Map) for (const customer of customers) prospects.set(customer, null);
  return assemble({
    shopId: known.shopId,
    dataVersion,
    columns,
    leftOut: remark(known.leftOut, changedIds),
    prospects: prospects instanceof Map ? remark(known.prospects, prospects) : prospects,
    read: { orders: changedIds.size, isWhole: false },
  });
}

interface RowChanges {
  rows: readonly OrderRow[];
  removedOrderIds: readonly number[];
}

/** Null where two orders may have one number, beyond 2^53. Whatever else may be wrong shows when all is read. */
function refreshed(columns: OrderColumns, changes: RowChanges, how: How): OrderColumns | null {
  if (changes.rows.length + changes.removedOrderIds.length === 0) return columns;
  if (!changes.removedOrderIds.every(Number.isSafeInteger)) return null;
  try {
    return refreshOrderColumns(columns, changes, how);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** `byteSizeOfRows` of a store whose amounts and days fit, as nearly all do, and whose customers have all ordered by the day. */
const BYTES_A_CUSTOMER_ROW = 13;

type Parts = Pick<ShopColumns, 'shopId' | 'dataVersion' | 'columns' | 'leftOut' | 'prospects' | 'read'>;

function assemble(parts: Parts): ShopColumns {
  const { columns, leftOut, prospects } = parts;
  return {
    ...parts,
    ...countsOf(leftOut),
    lastOrderDay: columns.extremes?.lastDay ?? null,
    byteSize: byteSizeOf(columns) + byteSizeOfMarkedIds(leftOut) + byteSizeOfMarkedIds(prospects) + columns.customerCount * BYTES_A_CUSTOMER_ROW,
  };
}
