import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import type { Reading, Readings } from '#app/adapters/shopify/load-records.server.ts';
import { refreshShopFacts } from '#app/services/sync/refresh-shop-facts.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Reads records together and, where Shopify does not come through with them while it answers other questions, each by
 * itself: one that makes it fail is unreadable, and does not keep the others away.
 *
 * @throws ShopifyUnavailableError when Shopify answers nothing
 */
export async function readApart<TRecord>(
  context: ShopContext,
  ids: readonly bigint[],
  read: (ids: readonly bigint[]) => Promise<Readings<TRecord>>,
): Promise<Readings<TRecord>> {
  try {
    return await read(ids);
  } catch (error) {
    if (!(error instanceof ShopifyUnavailableError)) throw error;
  }
  await refreshShopFacts(context);
  const readings = new Map<bigint, Reading<TRecord>>();
  for (const id of ids) {
    const reading = await readOne(id, read);
    if (reading !== undefined) readings.set(id, reading);
  }
  // It may have gone away meanwhile, which is no fault of the records.
  await refreshShopFacts(context);
  return readings;
}

async function readOne<TRecord>(id: bigint, read: (ids: readonly bigint[]) => Promise<Readings<TRecord>>): Promise<Reading<TRecord> | undefined> {
  try {
    return (await read([id])).get(id);
  } catch (error) {
    if (error instanceof ShopifyUnavailableError) return { kind: 'unreadable', error };
    throw error;
  }
}
