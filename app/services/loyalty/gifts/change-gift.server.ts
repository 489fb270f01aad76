import { endGift, resumeGift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Whoever has got points keeps them. @returns false for a gift that has come to its end, or is nobody's */
export function stopGift({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>, giftId: string): Promise<boolean> {
  return inShop((db) => endGift(db, shop, { giftId, state: 'stopped', errorCode: null, now: now() }));
}

/** Goes on with one that was stopped or failed: who has got theirs gets nothing more. */
export function goOnWithGift({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>, giftId: string): Promise<boolean> {
  return inShop((db) => resumeGift(db, shop, giftId, now()));
}
