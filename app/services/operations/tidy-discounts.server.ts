import { loadEndedDiscounts, noteDeletionAsked, noteTidied } from '#app/adapters/db/ended-discounts.server.ts';
import type { EndedDiscount } from '#app/adapters/db/ended-discounts.server.ts';
import { ShopifyAccessError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { deleteCodeDiscount, fetchCodeDiscount } from '#app/adapters/shopify/ended-discounts.server.ts';
import { MissingScopeError } from '#app/adapters/shopify/missing-scope.server.ts';
import { findRewardDiscount } from '#app/adapters/shopify/reward-discounts.server.ts';
import type { FoundDiscount } from '#app/adapters/shopify/reward-discounts.server.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { firstCodesOf } from '#app/services/offers/ensure-discount.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * For so long what ended unused stays in the merchant's list of discounts, where they and a shopper's question meet it, and
 * an order that carries the code has been told of many times over.
 */
const STAYS_MS = 30 * MS_PER_24_HOURS;

/**
 * Each is a question and a deletion, of some twelve of the hundred points a second that Shopify gives a small shop: the
 * codes that shoppers wait for get the rest.
 */
const DISCOUNTS_A_TURN = 50;

type TidyContext = Pick<ShopContext, 'shop' | 'inShop' | 'admin' | 'sealedBox' | 'now'>;

/** `more`: there may be others. The rest is what kept us from going on. */
export type Tidied = 'done' | 'more' | 'unavailable' | 'access' | 'refused';

/**
 * Takes out of the merchant's list of discounts what we made, what ended a month ago and what nobody ever used, by Shopify's
 * own count. What was used stays, for it stands in their reports; so does what they gave another title or another end, for
 * then it is theirs. Each deletion is on record before it is asked for; one whose answer was lost is looked up the next
 * time, and what is gone is done.
 */
export async function tidyDiscounts(context: TidyContext): Promise<Tidied> {
  const { shop, inShop, now } = context;
  const endedBefore = new Date(now().getTime() - STAYS_MS);
  const ended = await inShop((db) => loadEndedDiscounts(db, shop, { endedBefore, limit: DISCOUNTS_A_TURN }));
  try {
    for (const discount of ended) await tidy(context, discount, endedBefore.getTime());
  } catch (error) {
    return problemOf(error);
  }
  return ended.length < DISCOUNTS_A_TURN ? 'done' : 'more';
}

async function tidy(context: TidyContext, discount: EndedDiscount, endedBeforeMs: number): Promise<void> {
  const { shop, inShop, admin, now } = context;
  const { of, title } = discount;
  const found = await find(context, discount);
  const isOurs = found !== null && found.title === title && found.isOver && found.endsAtMs !== null && found.endsAtMs < endedBeforeMs;
  if (isOurs && found.uses === 0) {
    await inShop((db) => noteDeletionAsked(db, shop, of, now()));
    await failpoint('discount-after-intent');
    await deleteCodeDiscount(admin, found.discountGid);
    await failpoint('discount-after-send');
  }
  await inShop((db) => noteTidied(db, shop, of, now()));
}

/** Null when Shopify has none: deleted, or never made. */
async function find(context: TidyContext, { of, title, discountGid, code }: EndedDiscount): Promise<FoundDiscount | null> {
  const { admin } = context;
  if (discountGid !== null) return fetchCodeDiscount(admin, discountGid);
  const codes = code !== null ? [code] : of.kind === 'offer' ? firstCodesOf(context, of) : [];
  for (const candidate of codes) {
    const found = await findRewardDiscount(admin, candidate);
    if (found?.title === title) return found;
  }
  return null;
}

/** Only errors that tell of Shopify; any other is a fault of ours and goes up. */
function problemOf(error: unknown): Tidied {
  if (error instanceof ShopifyUnavailableError) return 'unavailable';
  if (error instanceof ShopifyAccessError) return 'access';
  if (error instanceof ShopifyRequestError || error instanceof MissingScopeError) return 'refused';
  throw error;
}
