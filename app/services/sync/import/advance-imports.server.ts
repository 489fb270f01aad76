import { loadImportCounts, loadUnfinishedImports, updateUnfinishedImport } from '#app/adapters/db/imports.repository.server.ts';
import { noteImportLines } from '#app/adapters/metrics/metrics.server.ts';
import {
  loadBulkOperation,
  loadHistoryCounts,
  startBulkQuery,
  type BulkOperationFacts,
} from '#app/adapters/shopify/bulk-operations.server.ts';
import { ShopifyAccessError, ShopifyRequestError } from '#app/adapters/shopify/admin-api.server.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { Import, Prisma } from '#app/generated/prisma/client.ts';
import { importQueryOf } from '#app/services/sync/import/import-source.server.ts';
import { removeLinesThatWent } from '#app/services/sync/import/remove-lines-that-went.server.ts';
import { storeBulkFile } from '#app/services/sync/import/store-bulk-file.server.ts';
import { withBulkFile } from '#app/services/sync/import/with-bulk-file.server.ts';
import { refreshShopFacts } from '#app/services/sync/refresh-shop-facts.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const MAX_ATTEMPTS = 3;

/**
 * Takes each unfinished import of a shop one step on: ask Shopify for the file, look whether it is ready, store it.
 * Each step can be repeated, so a kill at any point costs the step and nothing else. One caller a shop at a time.
 */
export async function advanceImports(context: ShopContext): Promise<void> {
  const imports = await context.inShop((db) => loadUnfinishedImports(db, context.shop));
  for (const pull of imports) {
    try {
      await advanceImport(context, pull);
    } catch (error) {
      if (!(error instanceof ShopifyAccessError || error instanceof ShopifyRequestError)) throw error;
      // Neither goes away by asking again: the grant is gone or the question is wrong.
      const code = error instanceof ShopifyAccessError ? 'access-lost' : 'request-refused';
      await change(context, pull, { state: 'failed', errorCode: code, errorDetail: error.message, finishedAt: context.now() });
    }
  }
}

async function advanceImport(context: ShopContext, pull: Import): Promise<void> {
  if (pull.state === 'requested') return startImport(context, pull);
  if (pull.bulkOperationId === null) return askAgain(context, pull, 'operation-lost');

  const operation = await loadBulkOperation(context.admin, pull.bulkOperationId);
  if (operation === null) return askAgain(context, pull, 'operation-lost');
  switch (operation.status) {
    case 'COMPLETED':
      if (operation.objectCount === null) return askAgain(context, pull, 'count-missing');
      return storeCompleted(context, pull, { ...operation, objectCount: operation.objectCount });
    case 'FAILED':
    case 'EXPIRED':
      return askAgain(context, pull, operation.errorCode ?? operation.status);
    case 'CANCELED':
      return change(context, pull, { state: 'cancelled', errorCode: 'CANCELED', finishedAt: context.now() });
    default:
      return change(context, pull, { objectsReported: operation.objectCount ?? 0, rootsPrepared: operation.rootObjectCount });
  }
}

/**
 * If the answer is lost, an operation of ours goes on that nobody reads; it changes nothing in the shop and ends by
 * itself, so the next step simply asks for another.
 */
async function startImport(context: ShopContext, pull: Import): Promise<void> {
  await refreshShopFacts(context);
  const expected = await loadHistoryCounts(context.admin);
  await failpoint('import-before-ask');
  const started = await startBulkQuery(context.admin, importQueryOf(pull));
  // All places are taken by other operations of ours: the next step tries again.
  if (!started.ok) return;
  await failpoint('import-after-ask');
  await change(context, pull, {
    state: 'running',
    bulkOperationId: started.operationId,
    startedAt: pull.startedAt ?? context.now(),
    rootsExpected: pull.resource === 'orders' ? expected.orders : expected.customers,
    rootsPrepared: 0,
    objectsReported: 0,
    objectsStored: 0,
    objectsRejected: 0,
    errorDetail: null,
    pass: 0,
    line: 0,
  });
}

async function storeCompleted(context: ShopContext, pull: Import, operation: BulkOperationFacts): Promise<void> {
  await change(context, pull, { state: 'storing', objectsReported: operation.objectCount });
  if (operation.url !== null) {
    const outcome = await withBulkFile(context, operation.url, async (file) => {
      await failpoint('import-after-download');
      const stored = await storeBulkFile(context, pull, file);
      if (stored.kind === 'stored' && isWhole(stored, operation)) await removeLinesThatWent(context, pull, file);
      return stored;
    });
    if (outcome.kind === 'left') return;
    if (outcome.kind === 'gone') return askAgain(context, pull, 'file-gone');
    if (!isWhole(outcome, operation)) return askAgain(context, pull, 'file-cut-short');
    await finish(context, pull);
    return;
  }
  // An empty result has no file.
  if (operation.objectCount > 0) return askAgain(context, pull, 'file-missing');
  await finish(context, pull);
}

function isWhole(file: { lines: number; isCut: boolean }, operation: BulkOperationFacts): boolean {
  return !file.isCut && file.lines >= operation.objectCount;
}

async function finish(context: ShopContext, pull: Import): Promise<void> {
  await failpoint('import-before-finish');
  const counts = await context.inShop(async (db) => {
    const finishedAt = context.now();
    const { objectsStored, objectsRejected } = await loadImportCounts(db, context.shop, pull.importId);
    // A file of which nothing could be read is no history, however long it is, and makes nothing fresh.
    const isUnreadable = objectsStored === 0 && objectsRejected > 0;
    if (!isUnreadable) {
      await db.shop.update({
        where: { shopId: context.shop.shopId },
        data: { freshAt: finishedAt, dataVersion: { increment: 1 } },
      });
    }
    // What an earlier attempt met is over.
    await updateUnfinishedImport(db, context.shop, pull.importId, {
      finishedAt,
      ...(isUnreadable ? { state: 'failed', errorCode: 'nothing-readable' } : { state: 'completed', errorCode: null }),
    });
    return { stored: objectsStored, rejected: objectsRejected };
  });
  noteImportLines(counts);
}

async function askAgain(context: ShopContext, pull: Import, errorCode: string): Promise<void> {
  const attempts = pull.attempts + 1;
  await change(context, pull, {
    attempts,
    errorCode,
    bulkOperationId: null,
    ...(attempts < MAX_ATTEMPTS ? { state: 'requested' } : { state: 'failed', finishedAt: context.now() }),
  });
}

async function change(context: ShopContext, pull: Import, data: Prisma.ImportUpdateManyMutationInput): Promise<void> {
  await context.inShop((db) => updateUnfinishedImport(db, context.shop, pull.importId, data));
}
