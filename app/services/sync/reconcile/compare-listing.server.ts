import type pg from 'pg';

import { compareOrders, type Comparison } from '#app/adapters/db/sql/compare-orders.server.ts';
import { addListedOrders, openListedOrders, type ListedRow } from '#app/adapters/db/sql/listed-orders.server.ts';
import { beginRepairs } from '#app/adapters/db/reconciliations.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { readListedOrder, type ListedOrder } from '#app/adapters/shopify/order-listing.server.ts';
import { readJsonLines } from '#app/adapters/shopify/read-json-lines.server.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { ownerInOurCopy } from '#app/services/sync/import/import-source.server.ts';
import { withBulkFile } from '#app/services/sync/import/with-bulk-file.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const BATCH_LINES = 5_000;

export type ListingOutcome =
  | { kind: 'compared' }
  /** The comparison was cancelled, or another worker has done it. */
  | { kind: 'left' }
  | { kind: 'gone' }
  /** Fewer lines than Shopify says that it wrote, or one that does not even name its order. */
  | { kind: 'cut-short' };

interface Listing {
  /** Null for an empty list. */
  url: string | null;
  objectCount: number;
}

/**
 * Holds our orders against Shopify's list and writes down what differs, in one transaction: either the whole list was
 * compared, or nothing was. Reads orders and changes none, so it makes nobody wait.
 */
export async function compareListing(
  context: ShopContext,
  comparison: Comparison,
  { url, objectCount }: Listing,
): Promise<ListingOutcome> {
  if (url === null) return objectCount > 0 ? { kind: 'cut-short' } : compareFile(context, comparison, null, 0);
  return withBulkFile(context, url, (file) => compareFile(context, comparison, file, objectCount));
}

class CutShortError extends Error {}
class LeftError extends Error {}

async function compareFile(
  context: ShopContext,
  comparison: Comparison,
  file: string | null,
  objectCount: number,
): Promise<ListingOutcome> {
  try {
    return await withTenantConnection(context.pool, context.shop, async (connection): Promise<ListingOutcome> => {
      await openListedOrders(connection);
      const lines = file === null ? 0 : await listOrders(context, connection, file);
      if (lines < objectCount) throw new CutShortError();
      const ordersCompared = await compareOrders(connection, context.shop, comparison);
      await failpoint('reconcile-inside-compare');
      const isOurs = await beginRepairs(connection, context.shop, { ...comparison, ordersCompared });
      if (!isOurs) throw new LeftError();
      return { kind: 'compared' };
    });
  } catch (error) {
    // Thrown, so that nothing of it stays.
    if (error instanceof CutShortError) return { kind: 'cut-short' };
    if (error instanceof LeftError) return { kind: 'left' };
    throw error;
  }
}

async function listOrders(context: ShopContext, connection: pg.PoolClient, file: string): Promise<number> {
  const tombstones = await Tombstones.loadOn(connection, context.sealedBox, context.shop);
  let lines = 0;
  let batch: ListedRow[] = [];
  const flush = async () => {
    await addListedOrders(connection, batch);
    batch = [];
  };
  for await (const { text, problem } of readJsonLines(file)) {
    const read = readListedOrder(text);
    if (problem !== null || read.kind === 'broken') throw new CutShortError();
    batch.push(read.kind === 'unreadable' ? read : asInOurCopy(context, tombstones, read.order));
    lines += 1;
    if (batch.length >= BATCH_LINES) await flush();
  }
  await flush();
  return lines;
}

function asInOurCopy(context: ShopContext, tombstones: Tombstones, order: ListedOrder): ListedRow {
  const customerId = order.customerId === null ? null : ownerInOurCopy(context, tombstones, order.customerId);
  return { kind: 'order', order: { ...order, customerId }, isBuried: tombstones.has('order', order.orderId) };
}
