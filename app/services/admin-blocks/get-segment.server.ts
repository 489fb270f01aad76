import { loadGiftUnderWay } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { AdminSegment } from '#app/contracts/admin-blocks.ts';
import { MOST_CUSTOMERS_A_GIFT, MOST_POINTS_EACH } from '#app/domain/loyalty/gifts/gift.ts';
import { findPointWorth } from '#app/domain/loyalty/members/liability.ts';
import { tellProgramState } from '#app/services/admin-blocks/get-customer-card.server.ts';
import { tellGift } from '#app/services/admin-blocks/get-gift.server.ts';
import { lookAtSegment } from '#app/services/loyalty/gifts/request-gift.server.ts';
import { loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { tellAmount } from '#app/services/shopper/tell-redemption.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What a merchant is told of a segment before giving points to everyone in it. */
export async function getSegment(context: ShopContext, segmentId: bigint): Promise<AdminSegment> {
  const { shop, inShop, now } = context;
  const [segment, { terms, gift }] = await Promise.all([
    lookAtSegment(context, segmentId),
    inShop(async (db) => ({ terms: await loadProgramTerms(db, context), gift: await loadGiftUnderWay(db, shop, segmentId) })),
  ]);
  if (!segment.ok) return { state: segment.reason === 'no-segment' ? 'missing' : 'unavailable' };
  const worth = terms && findPointWorth(terms.newest.program.rewards, terms.currency);
  const at = { nowMs: now().getTime(), timeZone: terms?.timeZone ?? 'UTC' };
  return {
    state: 'known',
    ...segment.value,
    program: terms === null ? 'none' : tellProgramState(terms.newest.program, at).program,
    mostPointsEach: MOST_POINTS_EACH,
    mostCustomers: MOST_CUSTOMERS_A_GIFT,
    worth: terms && worth && { points: worth.points, amount: tellAmount({ amountMinor: worth.amountMinor, currency: terms.currency }) },
    underWay: gift && tellGift(gift),
  };
}
