import { insertGift, loadGift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { Gift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { MissingScopeError } from '#app/adapters/shopify/missing-scope.server.ts';
import { countSegmentMembers, findSegmentName } from '#app/adapters/shopify/segment-members.server.ts';
import { MOST_CUSTOMERS_A_GIFT } from '#app/domain/loyalty/gifts/gift.ts';
import type { Result } from '#app/domain/result.ts';
import { programShown } from '#app/domain/shopper/program-shown.ts';
import { loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { AskingStaff } from '#app/services/staff/identify-staff.server.ts';
import { isWithin, judgeAdjusting } from '#app/services/staff/judge-adjusting.server.ts';
import type { AdjustingRefusal, OverOwnLimit } from '#app/services/staff/judge-adjusting.server.ts';

export interface AskedGift {
  readonly segmentId: bigint;
  readonly points: number;
  readonly note: string;
  /** Names the gift: sent again, it gives nothing more. */
  readonly requestKey: string;
}

export type GiftRefusal =
  | { readonly reason: 'no-program' }
  /** Off, or over. */
  | { readonly reason: 'not-running' }
  | { readonly reason: 'no-segment' }
  /** Nobody is in the segment. */
  | { readonly reason: 'empty' }
  | { readonly reason: 'too-many' }
  /** Another one to this segment is. */
  | { readonly reason: 'under-way' }
  | AdjustingRefusal
  /** For each of them. */
  | OverOwnLimit
  /** The key has asked for something else before. */
  | { readonly reason: 'other-request' }
  | { readonly reason: 'unavailable' };

/** Puts on record that everybody in a segment of Shopify's is to get points, for the worker to give. */
export async function requestGift(context: ShopContext, asked: AskedGift, asking: AskingStaff): Promise<Result<Gift, GiftRefusal>> {
  const { shop, inShop, now } = context;
  const { segmentId, points, note, requestKey: giftId } = asked;
  const known = await inShop((db) => loadGift(db, shop, giftId));
  if (known !== null) return answerAgain(known, asked);
  const judged = await judgeAdjusting(context, asking);
  if (!judged.ok) return judged;
  if (!isWithin(judged.value, points)) return { ok: false, reason: 'over-own-limit' };
  const { staffId } = asking;
  const terms = await inShop((db) => loadProgramTerms(db, context));
  if (terms === null) return { ok: false, reason: 'no-program' };
  if (programShown(terms.newest.program, { nowMs: now().getTime(), timeZone: terms.timeZone }) === null) return { ok: false, reason: 'not-running' };
  const segment = await lookAtSegment(context, segmentId);
  if (!segment.ok) return segment;
  const { name: segmentName, customers: expectedCustomers } = segment.value;
  if (expectedCustomers === 0) return { ok: false, reason: 'empty' };
  if (expectedCustomers > MOST_CUSTOMERS_A_GIFT) return { ok: false, reason: 'too-many' };
  return inShop(async (db) => {
    await insertGift(db, shop, { giftId, segmentId, segmentName, points, note, staffId, expectedCustomers }, now());
    // Whoever has sent the same at once has put it there; any other one to this segment is in the way.
    const gift = await loadGift(db, shop, giftId);
    return gift === null ? { ok: false, reason: 'under-way' } : answerAgain(gift, asked);
  });
}

export interface SeenSegment {
  readonly name: string;
  readonly customers: number;
}

/** What Shopify says of a segment. */
export async function lookAtSegment({ admin }: Pick<ShopContext, 'admin'>, segmentId: bigint): Promise<Result<SeenSegment, { readonly reason: 'no-segment' | 'unavailable' }>> {
  try {
    const name = await findSegmentName(admin, segmentId);
    if (name === null) return { ok: false, reason: 'no-segment' };
    return { ok: true, value: { name, customers: await countSegmentMembers(admin, segmentId) } };
  } catch (error) {
    const isOfShopify = [ShopifyUnavailableError, ShopifyAccessError, ShopifyRequestError, MissingScopeError].some((kind) => error instanceof kind);
    if (isOfShopify) return { ok: false, reason: 'unavailable' };
    throw error;
  }
}

function answerAgain(gift: Gift, { segmentId, points, note }: AskedGift): Result<Gift, GiftRefusal> {
  const isSame = gift.segmentId === segmentId && gift.points === points && gift.note === note;
  return isSame ? { ok: true, value: gift } : { ok: false, reason: 'other-request' };
}
