import { endGift, loadGift, resumeGift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { AskingStaff } from '#app/services/staff/identify-staff.server.ts';
import { isWithin, judgeAdjusting } from '#app/services/staff/judge-adjusting.server.ts';

/** Whoever has got points keeps them. @returns false for a gift that has come to its end, or is nobody's */
export function stopGift({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>, giftId: string): Promise<boolean> {
  return inShop((db) => endGift(db, shop, { giftId, state: 'stopped', errorCode: null, now: now() }));
}

/**
 * Goes on with one that was stopped or failed: who has got theirs gets nothing more. It gives points, so it takes somebody
 * who may give so many.
 */
export async function goOnWithGift(context: Pick<ShopContext, 'shop' | 'inShop' | 'now' | 'sealedBox'>, giftId: string, asking: AskingStaff): Promise<boolean> {
  const { shop, inShop, now } = context;
  const gift = await inShop((db) => loadGift(db, shop, giftId));
  if (gift === null) return false;
  const judged = await judgeAdjusting(context, asking);
  if (!judged.ok || !isWithin(judged.value, gift.points)) return false;
  return inShop((db) => resumeGift(db, shop, giftId, now()));
}
