import { loadCounting, putCounting } from '#app/adapters/db/counting.repository.server.ts';
import type { CountingOfShop } from '#app/adapters/db/counting.repository.server.ts';
import { parseCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { Result } from '#app/domain/result.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type CountingContext = Pick<ShopContext, 'shop' | 'inShop'>;

/** How orders are counted from now on, in every number of every page, of the past as of today. */
export async function saveCounting(
  { shop, inShop }: CountingContext,
  asked: { preset: string; value: string },
): Promise<Result<OrderCounting, { reason: 'unknown' }>> {
  const counting = parseCounting(asked.preset, asked.value);
  if (counting === null) return { ok: false, reason: 'unknown' };
  await inShop((db) => putCounting(db, shop, counting));
  return { ok: true, value: counting };
}

export function getCounting({ shop, inShop }: CountingContext): Promise<CountingOfShop> {
  return inShop((db) => loadCounting(db, shop));
}
