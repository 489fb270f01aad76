import { loadGift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { Gift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { PointGift } from '#app/contracts/admin-blocks.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** How far a gift is; null for one that the shop has not. */
export async function getGift({ shop, inShop }: Pick<ShopContext, 'shop' | 'inShop'>, giftId: string): Promise<PointGift | null> {
  const gift = await inShop((db) => loadGift(db, shop, giftId));
  return gift && tellGift(gift);
}

export function tellGift({ giftId, segmentName, points, state, expectedCustomers, seenCustomers, givenMembers, excludedMembers, unknownCustomers }: Gift): PointGift {
  return {
    ...{ giftId, segmentName, state, pointsEach: points },
    ...{ expected: expectedCustomers, seen: seenCustomers, given: givenMembers, excluded: excludedMembers, unknown: unknownCustomers },
  };
}
