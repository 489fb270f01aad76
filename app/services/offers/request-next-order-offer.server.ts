import { appendDecision, isOrderHeldOut } from '#app/adapters/db/offer-decisions.server.ts';
import {
  appendOfferIntent,
  loadCustomerHistory,
  loadOfferOrder,
  loadOfferSettings,
  loadOfferShop,
  loadRecordedOffer,
  lockOrderForOffer,
} from '#app/adapters/db/offers.repository.server.ts';
import type { OfferShop, RecordedOffer } from '#app/adapters/db/offers.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { decideOffer, isOldOrder } from '#app/domain/offers/decide-offer.ts';
import type { OfferOrder } from '#app/domain/offers/decide-offer.ts';
import { isHeldOut } from '#app/domain/offers/holdout/assign-holdout.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import type { DiscountPlan } from '#app/domain/offers/plan-discount.ts';
import { requireCurrencyExponent } from '#app/domain/money/currency.ts';
import type { Result } from '#app/domain/result.ts';
import { formatInstant } from '#app/domain/time/format-instant.ts';
import { deriveOfferCode } from '#app/services/offers/derive-offer-code.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Our copy learns of an order through a webhook, within seconds of the buyer's click. */
const ORDER_RETRY_MS = 600;
/** The worker looks for work several times a second. */
const PROMISED: NextOrderOffer = { state: 'pending', retryAfterMs: 400, isPromised: true };
const CODE_CHOICES = 8;
/** A buyer's browser does not wait longer, and neither does our database. */
const ANSWER_TIMEOUT_MS = 4000;

export interface OfferRequest {
  orderId: bigint;
  /** Of a buyer who is signed in, as Shopify's token says; null when nobody is. */
  customerId: bigint | null;
}

type OfferContext = Pick<ShopContext, 'shop' | 'inShop' | 'sealedBox' | 'now'>;

/**
 * What the thank-you block should show for an order. The first question about an order that deserves a code records
 * that it shall have one; from then on the answer is that code, whatever the settings become. Sends nothing to Shopify.
 */
export async function requestNextOrderOffer(
  context: OfferContext,
  request: OfferRequest,
): Promise<Result<NextOrderOffer, { reason: 'not-installed' }>> {
  return context.inShop(
    async (db) => {
      const offerShop = await loadOfferShop(db, context.shop);
      if (!offerShop.isInstalled) return { ok: false, reason: 'not-installed' };
      return { ok: true, value: await offerOf(context, db, { request, offerShop }) };
    },
    { timeoutMs: ANSWER_TIMEOUT_MS },
  );
}

async function offerOf(
  context: OfferContext,
  db: TenantDb,
  { request, offerShop }: { request: OfferRequest; offerShop: OfferShop },
): Promise<NextOrderOffer> {
  const order = await loadOfferOrder(db, context.shop, request.orderId);
  if (order === null) {
    const { isEnabled } = await loadOfferSettings(db, context.shop, offerShop);
    return isEnabled ? { state: 'pending', retryAfterMs: ORDER_RETRY_MS } : { state: 'none' };
  }
  // Another customer's order looks like one without an offer.
  if (request.customerId !== null && request.customerId !== order.customerId) return { state: 'none' };
  // Later than that, only the customer themself is shown it, for as long as it works.
  if (request.customerId === null && isOldOrder(order, context.now().getTime())) return { state: 'none' };
  const recorded = await loadRecordedOffer(db, context.shop, order.orderId);
  if (recorded !== null) return answerOf(recorded, context.now());
  if (await isOrderHeldOut(db, context.shop, order.orderId)) return { state: 'none' };
  return decideAndRecord(context, db, { order, offerShop });
}

async function decideAndRecord(
  context: OfferContext,
  db: TenantDb,
  { order, offerShop }: { order: OfferOrder & { currency: string }; offerShop: OfferShop },
): Promise<NextOrderOffer> {
  const { shop, now } = context;
  const settings = await loadOfferSettings(db, shop, offerShop);
  const history = await loadCustomerHistory(db, shop, order);
  const { currency, timeZone } = offerShop;
  const isHeldOut = isCustomerHeldOut(context, order.customerId, settings);
  const offer = { settings, order, history, shop: { currency: currency ?? order.currency, timeZone }, isHeldOut };
  const decision = decideOffer(offer, now().getTime());
  if (!decision.ok && decision.reason !== 'held-out') return { state: 'none' };
  await lockOrderForOffer(db, shop, order.orderId);
  const rival = await loadRecordedOffer(db, shop, order.orderId);
  if (rival !== null) return answerOf(rival, now());
  await appendDecision(db, shop, { orderId: order.orderId, isHeldOut, now: now() });
  if (!decision.ok) return { state: 'none' };
  await appendIntent(context, db, { orderId: order.orderId, plan: decision.value });
  return PROMISED;
}

/** A guest is followed by nobody, so that holding them out would show nothing. */
function isCustomerHeldOut({ shop, sealedBox }: OfferContext, customerId: bigint | null, { holdoutBasisPoints }: OfferSettings): boolean {
  if (customerId === null || customerId < 0n || holdoutBasisPoints === 0) return false;
  return isHeldOut(sealedBox.keyedHash(shop.shopId, 'offer-holdout', String(customerId)), holdoutBasisPoints);
}

async function appendIntent(
  context: OfferContext,
  db: TenantDb,
  { orderId, plan }: { orderId: bigint; plan: DiscountPlan },
): Promise<void> {
  for (let choice = 0; choice < CODE_CHOICES; choice += 1) {
    const code = deriveOfferCode(context, orderId, choice);
    if (await appendOfferIntent(db, context.shop, { orderId, code, plan, now: context.now() })) return;
  }
  throw new Error(`No code is free for order ${orderId}`);
}

function answerOf({ state, code, plan }: RecordedOffer, now: Date): NextOrderOffer {
  if (plan.endsAtMs < now.getTime()) return { state: 'none' };
  switch (state) {
    case 'intended':
      return PROMISED;
    case 'failed':
      return { state: 'none' };
    case 'issued':
      return {
        state: 'ready',
        code,
        percentBasisPoints: plan.percentBasisPoints,
        minimumSubtotal:
          plan.minimumSubtotalMinor === 0
            ? null
            : {
                amountMinor: plan.minimumSubtotalMinor,
                currency: plan.currency,
                decimals: requireCurrencyExponent(plan.currency),
              },
        endsAt: formatInstant(plan.endsAtMs),
        isPersonal: plan.customerId !== null,
      };
  }
}
