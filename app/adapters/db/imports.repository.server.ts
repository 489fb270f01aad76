import type pg from 'pg';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { Import, Prisma } from '#app/generated/prisma/client.ts';

export const UNFINISHED_IMPORT_STATES = ['requested', 'running', 'storing'];

/** How far the file is stored: everything up to this line of this pass. */
export interface ImportBookmark {
  pass: number;
  line: number;
}

interface BookmarkMove {
  importId: string;
  from: ImportBookmark;
  to: ImportBookmark;
  storedObjects: number;
  refusedObjects: number;
  /** A line each, kept beside those of earlier batches. */
  problems: readonly string[];
}

export async function loadUnfinishedImports(db: TenantDb, shop: ShopRef): Promise<Import[]> {
  return db.import.findMany({
    where: { shopId: shop.shopId, state: { in: UNFINISHED_IMPORT_STATES } },
    orderBy: { resource: 'desc' },
  });
}

/** Whether a pull of the same kind has brought anything before this one. */
export async function hasEarlierImport(
  db: TenantDb,
  shop: ShopRef,
  { importId, resource }: { importId: string; resource: string },
): Promise<boolean> {
  const where = { shopId: shop.shopId, resource, importId: { not: importId }, objectsStored: { gt: 0 } };
  return (await db.import.findFirst({ where, select: { importId: true } })) !== null;
}

/** How much of the file came in and how much did not. */
export async function loadImportCounts(
  db: TenantDb,
  shop: ShopRef,
  importId: string,
): Promise<{ objectsStored: number; objectsRejected: number }> {
  return db.import.findUniqueOrThrow({
    where: { shopId_importId: { shopId: shop.shopId, importId } },
    select: { objectsStored: true, objectsRejected: true },
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
 * Moves the bookmark in the transaction that stores the rows before it, and tells readers that the data changed. The
 * shop's row comes first, as in every change of a shop's data, so that two of them wait and never deadlock.
 * @returns false when the import was cancelled or is not where we thought, so that the caller stores nothing
 */
export async function moveImportBookmark(connection: pg.PoolClient, shop: ShopRef, move: BookmarkMove): Promise<boolean> {
  await connection.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [shop.shopId]);
  const { importId, from, to, storedObjects, refusedObjects, problems } = move;
  const { rowCount } = await connection.query(
    `UPDATE imports
     SET pass = $5, line = $6, objects_stored = objects_stored + $7, objects_rejected = objects_rejected + $8,
       error_detail = nullif(concat_ws(E'\\n', error_detail, $9::text), '')
     WHERE shop_id = $1 AND import_id = $2 AND pass = $3 AND line = $4 AND state = 'storing'`,
    [shop.shopId, importId, from.pass, from.line, to.pass, to.line, storedObjects, refusedObjects, textOf(problems)],
  );
  return rowCount === 1;
}

/** Objects that the batch in hand counted as stored and that belong nowhere after all. Within its transaction. */
export async function refuseStoredObjects(
  connection: pg.PoolClient,
  shop: ShopRef,
  { importId, objects, problems }: { importId: string; objects: number; problems: readonly string[] },
): Promise<void> {
  await connection.query(
    `UPDATE imports
     SET objects_stored = objects_stored - $3, objects_rejected = objects_rejected + $3,
       error_detail = nullif(concat_ws(E'\\n', error_detail, $4::text), '')
     WHERE shop_id = $1 AND import_id = $2`,
    [shop.shopId, importId, objects, textOf(problems)],
  );
}

/**
 * Drops what is finished: pulls of what changed since that ended before `changesUntil`, and of the rest those that ended
 * before `until` and that one of everything came after. So what the latest brought, and what failed since, stays known.
 */
export async function forgetImports(
  db: TenantDb,
  { shopId }: ShopRef,
  { changesUntil, until }: { changesUntil: Date; until: Date },
): Promise<void> {
  await db.import.deleteMany({ where: { shopId, updatedSince: { not: null }, finishedAt: { lt: changesUntil } } });
  await db.$executeRaw`
    DELETE FROM imports i WHERE i.shop_id = ${shopId} AND i.updated_since IS NULL AND i.finished_at < ${until}
      AND EXISTS (SELECT FROM imports later WHERE later.shop_id = i.shop_id AND later.resource = i.resource
        AND later.state = 'completed' AND later.updated_since IS NULL AND later.requested_at > i.requested_at)`;
}

/** Null for none, which concat_ws leaves out. */
function textOf(problems: readonly string[]): string | null {
  return problems.length === 0 ? null : problems.join('\n');
}
