import type pg from 'pg';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { Import, Prisma } from '#app/generated/prisma/client.ts';

export const UNFINISHED_IMPORT_STATES = ['requested', 'running', 'storing'];

export interface ImportProgress {
  pass: number;
  line: number;
  storedObjects: number;
  rejectedObjects: number;
}

export async function loadUnfinishedImports(db: TenantDb, shop: ShopRef): Promise<Import[]> {
  return db.import.findMany({
    where: { shopId: shop.shopId, state: { in: UNFINISHED_IMPORT_STATES } },
    orderBy: { resource: 'desc' },
  });
}

/** Changes an import unless it has been finished meanwhile, by a cancellation for one. */
export async function updateUnfinishedImport(
  db: TenantDb,
  shop: ShopRef,
  importId: string,
  change: Prisma.ImportUpdateManyMutationInput,
): Promise<void> {
  await db.import.updateMany({
    where: { shopId: shop.shopId, importId, state: { in: UNFINISHED_IMPORT_STATES } },
    data: change,
  });
}

/**
 * Moves the bookmark in the transaction that stores the rows before it, and tells readers that the data changed.
 * @returns false when the import was cancelled, so that the caller rolls back
 */
export async function moveImportBookmark(
  connection: pg.PoolClient,
  shop: ShopRef,
  importId: string,
  progress: ImportProgress,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    `UPDATE imports
     SET pass = $3, line = $4, objects_stored = objects_stored + $5, objects_rejected = objects_rejected + $6
     WHERE shop_id = $1 AND import_id = $2 AND state = 'storing'`,
    [shop.shopId, importId, progress.pass, progress.line, progress.storedObjects, progress.rejectedObjects],
  );
  await connection.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [shop.shopId]);
  return rowCount === 1;
}
