import { hasEarlierImport, loadImportCounts } from '#app/adapters/db/imports.repository.server.ts';
import { removeOtherLines, type LineKey } from '#app/adapters/db/remove-other-lines.server.ts';
import { numericId } from '#app/adapters/shopify/gid.ts';
import { readJsonLines } from '#app/adapters/shopify/read-json-lines.server.ts';
import type { Import } from '#app/generated/prisma/client.ts';
import { importSourceOf } from '#app/services/sync/import/import-source.server.ts';
import { readBulkObject, type BulkContent } from '#app/services/sync/import/read-bulk-object.ts';
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
  for await (const { text, problem } of readJsonLines(file)) {
    const object = readBulkObject({ text, problem }, importSourceOf('orders').scan);
    if (object.kind !== 'child') continue;
    const { parentId, content } = object;
    const lineId = content.form === 'line' ? BigInt(content.line.lineId) : idIn(content);
    const orderId = numericId(parentId);
    if (orderId !== null && lineId !== null) yield { orderId, lineId };
  }
}

function idIn(content: BulkContent): bigint | null {
  if (content.form !== 'json' || !('id' in content.body)) return null;
  const { id } = content.body;
  return typeof id === 'string' ? numericId(id) : null;
}
