import type pg from 'pg';

import { UnsealError, type SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { loadSealedColumns, type SealedColumn } from '#app/adapters/db/sealed-columns.server.ts';
import { loadKnownShops } from '#app/adapters/db/shop-registry.server.ts';
import { withTenantConnection, type ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { PrismaClient } from '#app/generated/prisma/client.ts';

// Rows whose locks are held together, for some tens of milliseconds.
const BATCH_ROWS = 200;
// The first meets nearly all; a row that somebody held at that moment is met again in the next.
const MAX_PASSES = 5;

export interface RotationOptions {
  prisma: PrismaClient;
  pool: pg.Pool;
  sealedBox: SealedBox;
}

/** Values of one column that one key sealed. `keyId` is null where none is to be read. */
export interface KeyUse {
  column: string;
  keyId: string | null;
  values: number;
}

export interface RotationReport {
  resealed: number;
  /** No key opens them: they were left as they are. */
  unreadable: number;
}

/**
 * Seals every sealed value of every shop anew under the first key, while everything else goes on: rows are taken in
 * batches, those that somebody holds are passed over and met again, so that nobody waits for this for long and no two
 * wait for each other. Cut off anywhere it has done what it has done, and the next run goes on from there.
 *
 * Processes that still have the old key first must be gone by then: what they seal meanwhile is sealed with that.
 */
export async function rotateKeys(options: RotationOptions): Promise<RotationReport> {
  const { prisma, pool } = options;
  const report = { resealed: 0, unreadable: 0 };
  const columns = await loadColumns(pool);
  for (const shop of await loadKnownShops(prisma)) {
    for (const column of columns) {
      const done = await rotateColumn(options, shop, column);
      report.resealed += done.resealed;
      report.unreadable += done.unreadable;
    }
  }
  return report;
}

async function rotateColumn(options: RotationOptions, shop: ShopRef, column: SealedColumn): Promise<RotationReport> {
  let resealed = 0;
  for (let pass = 1; ; pass += 1) {
    let [found, unreadable] = [0, 0];
    for (let after = ''; ; ) {
      const batch = await resealBatch(options, { shop, column, after });
      found += batch.resealed;
      unreadable += batch.unreadable;
      if (batch.last === null) break;
      after = batch.last;
    }
    resealed += found;
    if (found === 0 || pass === MAX_PASSES) return { resealed, unreadable };
  }
}

/** The locks are the comparison: what was read is what is replaced. */
async function resealBatch(
  { pool, sealedBox }: RotationOptions,
  { shop, column, after }: { shop: ShopRef; column: SealedColumn; after: string },
): Promise<RotationReport & { last: string | null }> {
  const { table, column: name, rowColumn, place } = column;
  const mark = markOf(sealedBox.activeKeyId);
  return withTenantConnection(pool, shop, async (connection) => {
    const { rows } = await connection.query<{ row: string; sealed: Buffer }>(
      `SELECT ${rowColumn}::text AS row, ${name} AS sealed FROM ${table}
       WHERE shop_id = $1 AND ${rowColumn}::text > $2 AND substring(${name} FROM 1 FOR $3) <> $4
       ORDER BY ${rowColumn}::text LIMIT $5 FOR UPDATE SKIP LOCKED`,
      [shop.shopId, after, mark.length, mark, BATCH_ROWS],
    );
    const fresh = rows.flatMap(({ row, sealed }) => {
      const anew = reseal(sealedBox, sealed, { shopId: shop.shopId, row, ...place });
      return anew === null ? [] : [{ row, anew }];
    });
    await connection.query(
      `UPDATE ${table} t SET ${name} = n.anew FROM unnest($2::text[], $3::bytea[]) AS n (row, anew)
       WHERE t.shop_id = $1 AND t.${rowColumn}::text = n.row`,
      [shop.shopId, fresh.map(({ row }) => row), fresh.map(({ anew }) => anew)],
    );
    return { resealed: fresh.length, unreadable: rows.length - fresh.length, last: rows.at(-1)?.row ?? null };
  });
}

function reseal(sealedBox: SealedBox, sealed: Buffer, place: Parameters<SealedBox['open']>[1]): Buffer | null {
  try {
    return Buffer.from(sealedBox.seal(sealedBox.open(sealed, place), place));
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}

/** What a value begins with that this key sealed: see SealedBox for the layout. */
function markOf(keyId: string): Buffer {
  return Buffer.from([keyId.length, ...Buffer.from(keyId, 'ascii')]);
}

/** Which keys are still needed, column by column, over all shops. */
export async function countKeyUses({ prisma, pool }: Pick<RotationOptions, 'prisma' | 'pool'>): Promise<KeyUse[]> {
  const columns = await loadColumns(pool);
  const uses = new Map<string, KeyUse>();
  for (const shop of await loadKnownShops(prisma)) {
    for (const { table, column: name, place } of columns) {
      const { rows } = await withTenantConnection(pool, shop, (connection) =>
        connection.query<{ key_id: string | null; values: string }>(
          `SELECT CASE WHEN get_byte(${name} || '\\x00', 0) BETWEEN 1 AND 16
                    THEN encode(substring(${name} FROM 2 FOR get_byte(${name}, 0)), 'escape') END AS key_id,
             count(*) AS values
           FROM ${table} WHERE shop_id = $1 AND ${name} IS NOT NULL GROUP BY 1`,
          [shop.shopId],
        ),
      );
      for (const { key_id, values } of rows) {
        const column = `${place.table}.${place.column}`;
        const key = `${column} ${key_id ?? ''}`;
        uses.set(key, { column, keyId: key_id, values: (uses.get(key)?.values ?? 0) + Number(values) });
      }
    }
  }
  return [...uses.values()];
}

async function loadColumns(pool: pg.Pool): Promise<SealedColumn[]> {
  const connection = await pool.connect();
  try {
    return await loadSealedColumns(connection);
  } finally {
    connection.release();
  }
}
