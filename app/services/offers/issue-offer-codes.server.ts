import {
  countAttempts,
  forgetDiscounts,
  loadDueOffers,
  markFailed,
  markIssued,
  noteError,
  postponeOffer,
  replaceCode,
} from '#app/adapters/db/offers.repository.server.ts';
import type { RecordedOffer } from '#app/adapters/db/offers.repository.server.ts';
import {
  ShopifyAccessError,
  ShopifyRequestError,
  ShopifyUnavailableError,
} from '#app/adapters/shopify/admin-api.server.ts';
import {
  addRedeemCodes,
  createCodeDiscount,
  findDiscountByCode,
  MAX_CODES_A_CALL,
} from '#app/adapters/shopify/discounts.server.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { deriveOfferCode } from '#app/services/offers/derive-offer-code.server.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type IssueContext = Pick<ShopContext, 'shop' | 'inShop' | 'admin' | 'sealedBox' | 'now' | 'wait'>;

/** A code that Shopify did not take after so many sendings, each followed by its word that it is not there, is given up. */
const MAX_ATTEMPTS = 8;
const CODE_CHOICES = 8;
const SHORTEST_PAUSE_MS = MS_PER_SECOND;
const LONGEST_PAUSE_MS = 900 * MS_PER_SECOND;

/**
 * Brings codes that are due to Shopify. Runs under a lock of the shop, again while work is left, and after a kill at
 * any point: each sending is on record before it goes out, and a code that may have been sent is looked up before it is
 * sent again. Shopify keeps codes unique, so even an answer that was lost twice leaves one discount.
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

/** All due codes of one discount: one where it is personal, many where guests share it. */
async function issueOfDiscount(context: IssueContext, offers: readonly RecordedOffer[]): Promise<void> {
  await postpone(context, offers);
  await failpoint('offer-after-intent');
  let discountGid = offers[0]?.discountGid ?? null;
  const unsent = offers.filter(({ attempts }) => attempts === 0);
  for (const offer of offers.filter(({ attempts }) => attempts > 0)) {
    const found = await orNote(context, [offer], () => lookUp(context, offer));
    if (found === 'not-there' && offer.attempts >= MAX_ATTEMPTS) await giveUp(context, [offer], 'attempts');
    else if (found === 'not-there') unsent.push(offer);
    else if (found !== null) discountGid = found;
  }
  if (discountGid === null) {
    // A shared discount is made with its first code.
    const first = unsent.shift();
    if (first === undefined) return;
    discountGid = await orNote(context, [first], () => sendDiscount(context, first));
  }
  if (discountGid === null || unsent.length === 0) return;
  const known = discountGid;
  await orNote(context, unsent, () => sendCodes(context, known, unsent));
}

/**
 * When to come back to codes that are not settled by then, written before anything is tried: half as long again as the
 * buyer has waited by now. A second at first, while they look at the page; a quarter of an hour in a long outage.
 */
async function postpone({ shop, inShop, now }: IssueContext, offers: readonly RecordedOffer[]): Promise<void> {
  const nowMs = now().getTime();
  await inShop(async (db) => {
    for (const { orderId, intendedAtMs } of offers) {
      const pauseMs = Math.min(Math.max((nowMs - intendedAtMs) / 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
      await postponeOffer(db, shop, orderId, new Date(nowMs + pauseMs));
    }
  });
}

async function countAttempt({ shop, inShop }: IssueContext, offers: readonly RecordedOffer[]): Promise<void> {
  await inShop((db) => countAttempts(db, shop, idsOf(offers)));
}

/** Runs one step; null when Shopify did not come through with it, which is then on record. */
async function orNote<T>(
  context: IssueContext,
  offers: readonly RecordedOffer[],
  step: () => Promise<T>,
): Promise<T | null> {
  try {
    return await step();
  } catch (error) {
    await note(context, offers, wordOf(error));
    return null;
  }
}

/** Only errors that tell of Shopify; any other is a fault of ours and goes up. */
function wordOf(error: unknown): string {
  if (error instanceof ShopifyUnavailableError) return 'unavailable';
  if (error instanceof ShopifyAccessError) return 'access';
  if (error instanceof ShopifyRequestError) return 'request';
  throw error;
}

async function note({ shop, inShop }: IssueContext, offers: readonly RecordedOffer[], error: string): Promise<void> {
  await inShop((db) => noteError(db, shop, idsOf(offers), error));
}

async function giveUp({ shop, inShop }: IssueContext, offers: readonly RecordedOffer[], error: string): Promise<void> {
  if (offers.length > 0) await inShop((db) => markFailed(db, shop, idsOf(offers), error));
}

/**
 * A code that was sent before without a known outcome: Shopify says whether it has it.
 *
 * @returns the discount that it belongs to, or null when it is somebody else's and another code has taken its place
 */
async function lookUp(context: IssueContext, offer: RecordedOffer): Promise<string | 'not-there' | null> {
  const found = await findDiscountByCode(context.admin, offer.code);
  if (found === null) return 'not-there';
  if (found.title === offer.plan.title || found.discountGid === offer.discountGid) {
    await recordIssued(context, [offer], found.discountGid);
    return found.discountGid;
  }
  await takeNextCode(context, offer);
  return null;
}

/** @returns Shopify's id of the discount, or null when there is none */
async function sendDiscount(context: IssueContext, offer: RecordedOffer): Promise<string | null> {
  await countAttempt(context, [offer]);
  const sent = await createCodeDiscount(context.admin, offer.plan, offer.code);
  if (sent.ok) {
    await recordIssued(context, [offer], sent.value.discountGid);
    return sent.value.discountGid;
  }
  if (sent.reason === 'refused') {
    // Asked the same again, Shopify would say the same again.
    await giveUp(context, [offer], `refused ${sent.codes.join(' ')}`);
    return null;
  }
  const found = await lookUp(context, offer);
  if (found !== 'not-there') return found;
  await note(context, [offer], 'taken');
  return null;
}

async function sendCodes(context: IssueContext, discountGid: string, offers: readonly RecordedOffer[]): Promise<void> {
  await countAttempt(context, offers);
  const sent = await addRedeemCodes(context.admin, discountGid, offers.map(({ code }) => code), context.wait);
  if (!sent.ok) {
    // The merchant may have deleted the discount; the next attempt makes a new one.
    const discountKeys = new Set(offers.map(({ plan }) => plan.discountKey));
    await context.inShop((db) => forgetDiscounts(db, context.shop, [...discountKeys]));
    await note(context, offers, sent.reason === 'refused' ? `refused ${sent.codes.join(' ')}` : sent.reason);
    return;
  }
  const added = offers.filter(({ code }) => sent.value.has(code));
  await recordIssued(context, added, discountGid);
  const left = offers.filter(({ code }) => !sent.value.has(code));
  if (left.length > 0) await note(context, left, 'not-added');
}

async function recordIssued(
  { shop, inShop, now }: IssueContext,
  offers: readonly RecordedOffer[],
  discountGid: string,
): Promise<void> {
  await failpoint('offer-after-issue');
  await inShop(async (db) => {
    for (const { orderId, plan } of offers) {
      await markIssued(db, shop, { orderId, discountKey: plan.discountKey, discountGid, now: now() });
    }
  });
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
