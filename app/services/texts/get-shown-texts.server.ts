import { readAtOnce } from '#app/adapters/db/brief-connection.server.ts';
import { loadShownTexts } from '#app/adapters/db/texts.repository.server.ts';
import type { TextsPlace } from '#app/adapters/db/texts.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** The merchant's own texts as an answer to a shopper's page carries them; undefined where there are none. */
export async function getShownTexts(
  { shop, pool }: Pick<ShopContext, 'shop' | 'pool'>,
  place: TextsPlace | null,
): Promise<Record<string, string> | undefined> {
  if (place === null) return undefined;
  const texts = await readAtOnce(pool, shop, (connection) => loadShownTexts(connection, shop, place));
  return Object.keys(texts).length === 0 ? undefined : texts;
}
