import { MS_PER_HOUR } from '#app/domain/time/durations.ts';
import { log } from '#app/logging/log.server.ts';
import { followUp } from '#app/services/follow-ups.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** By shop when this process last saw to it: a page asks for many things, and each of them comes by here. */
const seenAtMs = new Map<number, number>();

type Opened = Pick<ShopContext, 'inShop' | 'shop' | 'now'>;

/**
 * Notes, to the hour, that the merchant's staff have the app open: see warm-pages.server.ts. Behind the answer, which
 * would else wait for whatever an import is just storing of the shop.
 */
export function noteOpened(context: Opened): void {
  const { shopId } = context.shop;
  const nowMs = context.now().getTime();
  if (nowMs - (seenAtMs.get(shopId) ?? -Infinity) < MS_PER_HOUR) return;
  seenAtMs.set(shopId, nowMs);
  followUp(writeOpened(context, nowMs).catch((error: unknown) => log.warn({ err: error, shopId }, 'That a shop was opened could not be noted')));
}

async function writeOpened({ inShop, shop: { shopId } }: Opened, nowMs: number): Promise<void> {
  const anHourAgo = new Date(nowMs - MS_PER_HOUR);
  await inShop((db) =>
    db.shop.updateMany({ where: { shopId, OR: [{ openedAt: null }, { openedAt: { lte: anHourAgo } }] }, data: { openedAt: new Date(nowMs) } }),
  );
}
