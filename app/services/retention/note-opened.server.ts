import { MS_PER_HOUR } from '#app/domain/time/durations.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** By shop when this process last saw to it: a page asks for many things, and each of them comes by here. */
const seenAtMs = new Map<number, number>();

/** Notes, to the hour, that the merchant's staff have the app open: see warm-overviews.server.ts. */
export async function noteOpened({ inShop, shop: { shopId }, now }: Pick<ShopContext, 'inShop' | 'shop' | 'now'>): Promise<void> {
  const nowMs = now().getTime();
  if (nowMs - (seenAtMs.get(shopId) ?? -Infinity) < MS_PER_HOUR) return;
  seenAtMs.set(shopId, nowMs);
  const anHourAgo = new Date(nowMs - MS_PER_HOUR);
  await inShop((db) =>
    db.shop.updateMany({ where: { shopId, OR: [{ openedAt: null }, { openedAt: { lte: anHourAgo } }] }, data: { openedAt: new Date(nowMs) } }),
  );
}
