import {
  countAttempts,
  loadDueOffers,
  markFailed,
  markIssued,
  noteError,
  postponeOffers,
  recordDiscount,
  replaceCode,
} from '#app/adapters/db/offers/offer-codes.repository.server.ts';
import type { RecordedOffer } from '#app/adapters/db/offers/offer-codes.repository.server.ts';
import { addRedeemCodes, findDiscountByCode, MAX_CODES_A_CALL } from '#app/adapters/shopify/discounts.server.ts';
import { CODE_CHOICES } from '#app/domain/offers/offer-code.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { MAX_ATTEMPTS, shopifyOr } from '#app/services/loyalty/ask-shopify.server.ts';
import { deriveOfferCode } from '#app/services/offers/derive-offer-code.server.ts';
import { ensureDiscount } from '#app/services/offers/ensure-discount.server.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type IssueContext = Pick<ShopContext, 'shop' | 'inShop' | 'admin' | 'sealedBox' | 'now' | 'wait'>;

const SHORTEST_PAUSE_MS = MS_PER_SECOND;
const LONGEST_PAUSE_MS = 900 * MS_PER_SECOND;

/**
 * Brings codes to Shopify that orders wait for, because none was left in the pool. Runs under a lock of the shop, again while
 * work is left, and after a kill at any point: each sending is on record before it goes out, and a code that may have been
 * sent is looked up before it is sent again.
 */
export async function issueOfferCodes(context: IssueContext): Promise<void> {
  const due = await context.inShop((db) => loadDueOffers(db, context.shop, context.now(), MAX_CODES_A_CALL));
  const nowMs = context.now().getTime();
  await giveUp(context, due.filter(({ plan }) => plan.endsAtMs <= nowMs), 'ended');
  const byDiscount = new Map<string, RecordedOffer[]>();
  for (const offer of due.filter(({ plan }) => plan.endsAtMs > nowMs)) {
    const sharers = byDiscount.get(offer.plan.discountKey);
    if (sharers === undefined) byDiscount.set(offer.plan.discountKey, [offer]);
    else sharers.push(offer);
  }
  for (const offers of byDiscount.values()) await issueOfDiscount(context, offers);
}

/** All due codes of one discount. */
async function issueOfDiscount(context: IssueContext, offers: readonly RecordedOffer[]): Promise<void> {
  await postpone(context, offers);
  await failpoint('offer-after-intent');
  const unsent = offers.filter(({ attempts }) => attempts === 0);
  for (const offer of offers.filter(({ attempts }) => attempts > 0)) {
    const found = await orNote(context, [offer], () => lookUp(context, offer));
    if (found === 'not-there' && offer.attempts >= MAX_ATTEMPTS) await giveUp(context, [offer], 'attempts');
    else if (found === 'not-there') unsent.push(offer);
  }
  const [first] = unsent;
  if (first === undefined) return;
  const discount = await orNote(context, unsent, () => ensureDiscount(context, first.plan, first.discountGid));
  if (discount === null) return;
  if (!discount.ok) {
    const { reason } = discount;
    return giveUp(context, unsent, reason === 'over' ? reason : `refused ${discount.codes.join(' ')}`);
  }
  await orNote(context, unsent, () => sendCodes(context, discount.value, unsent));
}

/**
 * When to come back to codes that are not settled by then, written before anything is tried: half as long again as the
 * buyer has waited by now. A second at first, while they look at the page; a quarter of an hour in a long outage.
 */
async function postpone({ shop, inShop, now }: IssueContext, offers: readonly RecordedOffer[]): Promise<void> {
  const bounds = { leastMs: SHORTEST_PAUSE_MS, mostMs: LONGEST_PAUSE_MS };
  await inShop((db) => postponeOffers(db, shop, { orderIds: idsOf(offers), now: now(), ...bounds }));
}

async function countAttempt({ shop, inShop }: IssueContext, offers: readonly RecordedOffer[]): Promise<void> {
  await inShop((db) => countAttempts(db, shop, idsOf(offers)));
}

/** Runs one step; null when Shopify did not come through with it, which is then on record. */
async function orNote<T>(context: IssueContext, offers: readonly RecordedOffer[], step: () => Promise<T>): Promise<T | null> {
  return shopifyOr(step, async (error) => {
    await note(context, offers, error);
    return null;
  });
}

async function note({ shop, inShop }: IssueContext, offers: readonly RecordedOffer[], error: string): Promise<void> {
  await inShop((db) => noteError(db, shop, idsOf(offers), error));
}

async function giveUp({ shop, inShop }: IssueContext, offers: readonly RecordedOffer[], error: string): Promise<void> {
  if (offers.length > 0) await inShop((db) => markFailed(db, shop, idsOf(offers), error));
}

/** A code that was sent before without a known outcome: Shopify says whether it has it, or somebody else, or had it. */
async function lookUp(context: IssueContext, offer: RecordedOffer): Promise<'settled' | 'not-there'> {
  const found = await findDiscountByCode(context.admin, offer.code);
  if (found === null) return 'not-there';
  if (found.title === offer.plan.title || found.discountGid === offer.discountGid) {
    const { discountGid } = found;
    await context.inShop((db) => recordDiscount(db, context.shop, offer.plan.discountKey, discountGid));
    // The merchant has ended it meanwhile: the code would be refused at the next checkout.
    await (found.isOver ? giveUp(context, [offer], 'over') : recordIssued(context, [offer]));
  } else {
    await takeNextCode(context, offer);
  }
  return 'settled';
}

async function sendCodes(context: IssueContext, discountGid: string, offers: readonly RecordedOffer[]): Promise<void> {
  await countAttempt(context, offers);
  const sent = await addRedeemCodes(context.admin, discountGid, offers.map(({ code }) => code), context.wait);
  // The merchant may have deleted the discount just now; the next attempt makes a new one.
  if (!sent.ok) return note(context, offers, sent.reason === 'refused' ? `refused ${sent.codes.join(' ')}` : sent.reason);
  await recordIssued(context, offers.filter(({ code }) => sent.value.has(code)));
  const left = offers.filter(({ code }) => !sent.value.has(code));
  if (left.length > 0) await note(context, left, 'not-added');
}

async function recordIssued({ shop, inShop, now }: IssueContext, offers: readonly RecordedOffer[]): Promise<void> {
  await failpoint('offer-after-issue');
  await inShop((db) => markIssued(db, shop, idsOf(offers), now()));
}

/** The next code is on record before it is sent, like the first. */
async function takeNextCode(context: IssueContext, offer: RecordedOffer): Promise<void> {
  const choices = Array.from({ length: CODE_CHOICES }, (_, choice) => deriveOfferCode(context, offer.orderId, choice));
  const next = choices.slice(choices.indexOf(offer.code) + 1);
  await context.inShop(async (db) => {
    for (const code of next) {
      if (await replaceCode(db, context.shop, { orderId: offer.orderId, code, now: context.now() })) return;
    }
    await markFailed(db, context.shop, [offer.orderId], 'taken');
  });
}

function idsOf(offers: readonly RecordedOffer[]): bigint[] {
  return offers.map(({ orderId }) => orderId);
}
