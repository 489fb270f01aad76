import { loadLatestGifts } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import { loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import type { GiftFacts } from '#app/domain/loyalty/gifts/gift.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const GIFTS_SHOWN = 50;

/** The latest, the newest first. */
export function listGifts({ shop, inShop }: Pick<ShopContext, 'shop' | 'inShop'>): Promise<{ gifts: GiftFacts[]; timeZone: string }> {
  return inShop(async (db) => {
    const gifts = await loadLatestGifts(db, shop, GIFTS_SHOWN);
    const { timeZone } = await loadProgramShop(db, shop);
    return {
      gifts: gifts.map(({ segmentId, afterCursor: _cursor, outages: _outages, ...gift }) => ({ ...gift, segmentId: String(segmentId) })),
      timeZone: timeZone ?? 'UTC',
    };
  });
}
