import { endGift, loadDueGift, postponeGift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import type { Gift } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import { ShopifyAccessError, ShopifyGrantUnclearError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { MissingScopeError } from '#app/adapters/shopify/missing-scope.server.ts';
import { fetchSegmentMembers, findSegmentName } from '#app/adapters/shopify/segment-members.server.ts';
import { MOST_CUSTOMERS_A_GIFT } from '#app/domain/loyalty/gifts/gift.ts';
import type { GiftFailure } from '#app/domain/loyalty/gifts/gift.ts';
import { programShown } from '#app/domain/shopper/program-shown.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { giveToPage } from '#app/services/loyalty/gifts/give-to-page.server.ts';
import { loadProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** After so long another gift of the shop, or another shop, has its turn. */
const TURN_MS = 5 * MS_PER_SECOND;
const LONGEST_PAUSE_MS = 900 * MS_PER_SECOND;

/**
 * One turn of one gift: pages of the segment, each read from Shopify and then given in a transaction of its own. Again
 * while any are left, and after a kill at any point.
 *
 * @returns what it came to, if it failed
 */
export async function advanceGifts(context: ShopContext): Promise<{ gift: Gift; failure: GiftFailure } | null> {
  const { inShop, shop, now } = context;
  const gift = await inShop((db) => loadDueGift(db, shop, now()));
  if (gift === null) return null;
  const failure = await giveForATurn(context, gift).catch((error: unknown) => settleError(context, gift, error));
  if (failure === null) return null;
  const isEnded = await inShop((db) => endGift(db, shop, { giftId: gift.giftId, state: 'failed', errorCode: failure, now: now() }));
  return isEnded ? { gift, failure } : null;
}

async function giveForATurn(context: ShopContext, gift: Gift): Promise<GiftFailure | null> {
  const { admin, inShop, now, monotonicMs } = context;
  const endMs = monotonicMs() + TURN_MS;
  const terms = await inShop((db) => loadProgramTerms(db, context));
  const isRunning = terms !== null && programShown(terms.newest.program, { nowMs: now().getTime(), timeZone: terms.timeZone }) !== null;
  if (!isRunning) return 'not-running';
  if ((await findSegmentName(admin, gift.segmentId)) === null) return 'no-segment';
  let [after, seen] = [gift.afterCursor, gift.seenCustomers];
  do {
    const page = await fetchSegmentMembers(admin, { segmentId: gift.segmentId, after });
    seen += page.customerIds.length;
    if (seen > MOST_CUSTOMERS_A_GIFT) return 'too-many';
    await failpoint('gift-after-read');
    const isOpen = await giveToPage(context, { gift, terms, page });
    if (!isOpen) return null;
    after = page.next;
  } while (after !== null && monotonicMs() < endMs);
  return null;
}

/** Only errors that tell of Shopify; any other is a fault of ours and goes up. */
async function settleError(context: ShopContext, { giftId, outages }: Gift, error: unknown): Promise<GiftFailure | null> {
  if (error instanceof ShopifyUnavailableError || error instanceof ShopifyGrantUnclearError) {
    const until = new Date(context.now().getTime() + Math.min(LONGEST_PAUSE_MS, MS_PER_SECOND * 2 ** outages));
    await context.inShop((db) => postponeGift(db, context.shop, { giftId, until, outages: outages + 1, errorCode: 'unavailable' }));
    return null;
  }
  if (error instanceof MissingScopeError) return 'scope';
  if (error instanceof ShopifyAccessError) return 'access';
  if (error instanceof ShopifyRequestError) return 'refused';
  throw error;
}
