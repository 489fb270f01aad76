import type pg from 'pg';

import { beginRepairs } from '#app/adapters/db/reconciliations.repository.server.ts';
import type { Comparison } from '#app/adapters/db/sql/compare-orders.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { readJsonLines } from '#app/adapters/shopify/read-json-lines.server.ts';
import type { ComparedRecords } from '#app/domain/sync/reconciliation.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { withBulkFile } from '#app/services/sync/import/with-bulk-file.server.ts';
import { CUSTOMER_LISTING, ORDER_LISTING, type ListingSource } from '#app/services/sync/reconcile/listing-source.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const BATCH_LINES = 5_000;

export type ListingOutcome =
  | { kind: 'compared' }
  /** The comparison was cancelled, or another worker has done it. */
  | { kind: 'left' }
  | { kind: 'gone' }
  /** Fewer lines than Shopify says that it wrote, or one that does not even name its record. */
  | { kind: 'cut-short' };

interface Listing {
  /** Null for an empty list. */
  url: string | null;
  objectCount: number;
}

/**
 * Holds our records against Shopify's list and writes down what differs, in one transaction: either the whole list was
 * compared, or nothing was. Makes nobody wait until its very end, where a few records may be changed.
 */
export async function compareListing(
  context: ShopContext,
  resource: ComparedRecords,
  comparison: Comparison,
  { url, objectCount }: Listing,
): Promise<ListingOutcome> {
  const compareFile = async (file: string | null): Promise<ListingOutcome> => {
    const list = { comparison, resource, file, objectCount };
    return resource === 'orders' ? compareWith(context, ORDER_LISTING, list) : compareWith(context, CUSTOMER_LISTING, list);
  };
  if (url === null) return objectCount > 0 ? { kind: 'cut-short' } : compareFile(null);
  return withBulkFile(context, url, compareFile);
}

class CutShortError extends Error {}
class LeftError extends Error {}

interface ListToCompare {
  comparison: Comparison;
  resource: ComparedRecords;
  file: string | null;
  objectCount: number;
}

async function compareWith<TRow>(
  context: ShopContext,
  source: ListingSource<TRow>,
  { comparison, resource, file, objectCount }: ListToCompare,
): Promise<ListingOutcome> {
  const { pool, shop } = context;
  try {
    return await withTenantConnection(pool, shop, async (connection): Promise<ListingOutcome> => {
      await source.open(connection);
      const lines = file === null ? 0 : await listRecords(context, source, connection, file);
      if (lines < objectCount) throw new CutShortError();
      const compared = await source.compare(connection, shop, comparison);
      await failpoint(resource === 'orders' ? 'reconcile-inside-compare' : 'reconcile-inside-compare-customers');
      const isOurs = await beginRepairs(connection, shop, { reconciliationId: comparison.reconciliationId, resource }, compared);
      if (!isOurs) throw new LeftError();
      await source.takeAlong?.(connection, shop, context.now());
      return { kind: 'compared' };
    });
  } catch (error) {
    // Thrown, so that nothing of it stays.
    if (error instanceof CutShortError) return { kind: 'cut-short' };
    if (error instanceof LeftError) return { kind: 'left' };
    throw error;
  }
}

async function listRecords<TRow>(
  context: ShopContext,
  source: ListingSource<TRow>,
  connection: pg.PoolClient,
  file: string,
): Promise<number> {
  const tombstones = await Tombstones.glanceOn(connection, context.sealedBox, context.shop);
  let lines = 0;
  let batch: TRow[] = [];
  const flush = async () => {
    await source.add(connection, context.shop, batch);
    batch = [];
  };
  for await (const { text, problem } of readJsonLines(file)) {
    const row = problem === null ? source.read(context, tombstones, text) : null;
    if (row === null) throw new CutShortError();
    batch.push(row);
    lines += 1;
    if (batch.length >= BATCH_LINES) await flush();
  }
  await flush();
  return lines;
}
