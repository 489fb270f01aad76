import { loadGift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { Gift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { AdminSegment, GivePointsAnswer, GivePointsRequest, PointGift } from '#app/contracts/admin-blocks.ts';
import { MOST_CUSTOMERS_A_GIFT, MOST_POINTS_EACH, readGift } from '#app/domain/loyalty/gifts/gift.ts';
import { findPointWorth } from '#app/domain/loyalty/members/liability.ts';
import { findGiftUnderWay, lookAtSegment, requestGift } from '#app/services/loyalty/gifts/request-gift.server.ts';
import { loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { tellAmount } from '#app/services/shopper/tell-redemption.server.ts';
import { tellProgramState } from '#app/services/admin-blocks/get-customer-card.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What a merchant is told of a segment before giving points to everyone in it. */
export async function getSegment(context: ShopContext, segmentId: bigint): Promise<AdminSegment> {
  const [segment, terms, gift] = await Promise.all([
    lookAtSegment(context, segmentId),
    context.inShop((db) => loadProgramTerms(db, context)),
    findGiftUnderWay(context, segmentId),
  ]);
  if (!segment.ok) return { state: segment.reason === 'no-segment' ? 'missing' : 'unavailable' };
  const worth = terms && findPointWorth(terms.newest.program.rewards, terms.currency);
  const at = { nowMs: context.now().getTime(), timeZone: terms?.timeZone ?? 'UTC' };
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

export async function giveToSegment(
  context: ShopContext,
  { segmentId, points, reason, requestKey }: Omit<GivePointsRequest, 'segmentId'> & { segmentId: bigint },
  staffId: string,
): Promise<GivePointsAnswer> {
  const read = readGift({ points, reason });
  if (!read.ok) return { state: 'refused', errors: read.errors };
  const asked = await requestGift(context, { segmentId, requestKey, ...read.value }, staffId);
  return asked.ok ? { state: 'under-way', gift: tellGift(asked.value) } : { state: 'refused', errors: [{ field: null, code: asked.reason }] };
}

/** Null for a gift that the shop has not. */
export async function getGift({ shop, inShop }: ShopContext, giftId: string): Promise<PointGift | null> {
  const gift = await inShop((db) => loadGift(db, shop, giftId));
  return gift && tellGift(gift);
}

function tellGift({ giftId, segmentName, points, state, expectedCustomers, seenCustomers, givenMembers, excludedMembers, unknownCustomers }: Gift): PointGift {
  return {
    ...{ giftId, segmentName, state, pointsEach: points },
    ...{ expected: expectedCustomers, seen: seenCustomers, given: givenMembers, excluded: excludedMembers, unknown: unknownCustomers },
  };
}
