import { hasEarlierImport, loadImportCounts } from '#app/adapters/db/imports.repository.server.ts';
import { removeOtherLines, type LineKey } from '#app/adapters/db/remove-other-lines.server.ts';
import { numericId } from '#app/adapters/shopify/gid.ts';
import { readJsonLines } from '#app/adapters/shopify/read-json-lines.server.ts';
import type { Import } from '#app/generated/prisma/client.ts';
import { readBulkObject } from '#app/services/sync/import/read-bulk-object.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Ends an import of orders that were here before: the lines go which an order had and has no more. Only when the whole
 * file is stored, because a line may stand anywhere in it; and only when all of it could be read, because a line that
 * could not be read is one that the order has.
 */
export async function removeLinesThatWent(
  { pool, shop, inShop }: Pick<ShopContext, 'pool' | 'shop' | 'inShop'>,
  pull: Import,
  file: string,
): Promise<void> {
  if (pull.resource !== 'orders') return;
  const isNeeded = await inShop(async (db) => {
    const { objectsRejected } = await loadImportCounts(db, shop, pull.importId);
    return objectsRejected === 0 && (pull.attempts > 0 || (await hasEarlierImport(db, shop, pull)));
  });
  if (!isNeeded) return;
  await removeOtherLines(pool, shop, pull.importId, () => lineKeysIn(file));
}

async function* lineKeysIn(file: string): AsyncGenerator<LineKey> {
  for await (const line of readJsonLines(file)) {
    const object = readBulkObject(line);
    if (object.kind !== 'child' || !('id' in object.body) || typeof object.body.id !== 'string') continue;
    const [orderId, lineId] = [numericId(object.parentId), numericId(object.body.id)];
    if (orderId !== null && lineId !== null) yield { orderId, lineId };
  }
}
