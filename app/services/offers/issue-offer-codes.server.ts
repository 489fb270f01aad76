import {
  beginAttempt,
  forgetDiscounts,
  loadDueOffers,
  markFailed,
  markIssued,
  noteError,
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
import type { ShopContext } from '#app/services/shop-context.server.ts';

type IssueContext = Pick<ShopContext, 'shop' | 'inShop' | 'admin' | 'sealedBox' | 'now'>;

/**
 * How long after the n-th attempt the next one may begin. A buyer waits for three quarters of a minute, so the first
 * ones are close together; the last ones outlive a long outage, and the code is there when the page is opened again.
 */
const RETRY_SECONDS = [1, 2, 5, 15, 60, 300, 900] as const;
const LAST_RETRY_SECONDS = 900;
const MAX_ATTEMPTS = RETRY_SECONDS.length + 1;
const CODE_CHOICES = 8;

/**
 * Brings codes that are due to Shopify. Runs under a lock of the shop, again while work is left, and after a kill at
 * any point: each attempt is on record before anything goes out, and a code that may have been sent is looked up before
 * it is sent again. Shopify keeps codes unique, so even an answer that was lost twice leaves one discount.
 */
export async function issueOfferCodes(context: IssueContext): Promise<void> {
  const due = await context.inShop((db) => loadDueOffers(db, context.shop, context.now(), MAX_CODES_A_CALL));
  const exhausted = due.filter(({ attempts }) => attempts >= MAX_ATTEMPTS);
  if (exhausted.length > 0) await giveUp(context, exhausted, 'attempts');
  const byDiscount = new Map<string, RecordedOffer[]>();
  for (const offer of due) {
    if (offer.attempts >= MAX_ATTEMPTS) continue;
    const sharers = byDiscount.get(offer.plan.discountKey);
    if (sharers === undefined) byDiscount.set(offer.plan.discountKey, [offer]);
    else sharers.push(offer);
  }
  for (const offers of byDiscount.values()) await issueOfDiscount(context, offers);
}

/** All due codes of one discount: one where it is personal, many where guests share it. */
async function issueOfDiscount(context: IssueContext, offers: readonly RecordedOffer[]): Promise<void> {
  await recordAttempt(context, offers);
  let discountGid = offers[0]?.discountGid ?? null;
  const unsent = offers.filter(({ attempts }) => attempts === 0);
  for (const offer of offers.filter(({ attempts }) => attempts > 0)) {
    const found = await orFail(context, [offer], () => lookUp(context, offer));
    if (found === 'not-there') unsent.push(offer);
    else if (found !== null) discountGid = found;
  }
  if (discountGid === null) {
    // A shared discount is made with its first code.
    const first = unsent.shift();
    if (first === undefined) return;
    discountGid = await orFail(context, [first], () => sendDiscount(context, first));
  }
  if (discountGid === null || unsent.length === 0) return;
  const known = discountGid;
  await orFail(context, unsent, () => sendCodes(context, known, unsent));
}

/** The time of the next attempt is set with this one, so that a process which dies here loses nothing. */
async function recordAttempt({ shop, inShop, now }: IssueContext, offers: readonly RecordedOffer[]): Promise<void> {
  await inShop(async (db) => {
    for (const { orderId, attempts } of offers) {
      const seconds = RETRY_SECONDS[attempts] ?? LAST_RETRY_SECONDS;
      await beginAttempt(db, shop, orderId, new Date(now().getTime() + seconds * MS_PER_SECOND));
    }
  });
}

/** Runs one step; null when Shopify did not come through with it, which is then on record. */
async function orFail<T>(
  context: IssueContext,
  offers: readonly RecordedOffer[],
  step: () => Promise<T>,
): Promise<T | null> {
  try {
    return await step();
  } catch (error) {
    await recordFailure(context, offers, wordOf(error));
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

async function recordFailure(context: IssueContext, offers: readonly RecordedOffer[], error: string): Promise<void> {
  const isLast = ({ attempts }: RecordedOffer) => attempts + 1 >= MAX_ATTEMPTS;
  await giveUp(context, offers.filter(isLast), error);
  const others = offers.filter((offer) => !isLast(offer));
  await context.inShop((db) => noteError(db, context.shop, idsOf(others), error));
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
  await recordFailure(context, [offer], 'taken');
  return null;
}

async function sendCodes(context: IssueContext, discountGid: string, offers: readonly RecordedOffer[]): Promise<void> {
  const sent = await addRedeemCodes(context.admin, discountGid, offers.map(({ code }) => code));
  if (!sent.ok) {
    // The merchant may have deleted the discount; the next attempt makes a new one.
    const discountKeys = new Set(offers.map(({ plan }) => plan.discountKey));
    await context.inShop((db) => forgetDiscounts(db, context.shop, [...discountKeys]));
    await recordFailure(context, offers, sent.reason === 'refused' ? `refused ${sent.codes.join(' ')}` : sent.reason);
    return;
  }
  const added = offers.filter(({ code }) => sent.value.has(code));
  await recordIssued(context, added, discountGid);
  const left = offers.filter(({ code }) => !sent.value.has(code));
  if (left.length > 0) await recordFailure(context, left, 'not-added');
}

async function recordIssued(
  { shop, inShop, now }: IssueContext,
  offers: readonly RecordedOffer[],
  discountGid: string,
): Promise<void> {
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
