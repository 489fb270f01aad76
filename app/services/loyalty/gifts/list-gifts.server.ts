import { loadLatestGifts } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import { loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { loadStaffNames } from '#app/adapters/db/staff/staff-members.repository.server.ts';
import type { GiftFacts } from '#app/domain/loyalty/gifts/gift.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const GIFTS_SHOWN = 50;

export interface GiftsList {
  gifts: GiftFacts[];
  /** What those are called who gave them, by number of staff; nothing of whom no name is known. */
  staffNames: Readonly<Record<string, string>>;
  timeZone: string;
}

/** The latest, the newest first. */
export function listGifts({ shop, inShop, sealedBox }: Pick<ShopContext, 'shop' | 'inShop' | 'sealedBox'>): Promise<GiftsList> {
  return inShop(async (db) => {
    const gifts = await loadLatestGifts(db, shop, GIFTS_SHOWN);
    const { timeZone } = await loadProgramShop(db, shop);
    return {
      gifts: gifts.map(({ segmentId, afterCursor: _cursor, outages: _outages, ...gift }) => ({ ...gift, segmentId: String(segmentId) })),
      staffNames: await loadStaffNames(db, sealedBox, shop, gifts.map(({ staffId }) => staffId)),
      timeZone: timeZone ?? 'UTC',
    };
  });
}
