import { loadOfferOrder, loadProductIds, tryHoldOffersOfCustomer } from '#app/adapters/db/offers/offer-orders.repository.server.ts';
import type { LoadedOfferOrder } from '#app/adapters/db/offers/offer-orders.repository.server.ts';
import { loadOfferSettings, loadOfferShop } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import type { OfferShop } from '#app/adapters/db/offers/offer-settings.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { decideOffer, isOldOrder, mayWaitFor } from '#app/domain/offers/decide-offer.ts';
import type { Result } from '#app/domain/result.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { findOfferSegments, loadOfferSegments } from '#app/services/offers/find-offer-segments.server.ts';
import type { SegmentsQuestion } from '#app/services/offers/find-offer-segments.server.ts';
import { loadOfferCustomer } from '#app/services/offers/load-offer-customer.server.ts';
import { recordOffer, tellRecorded } from '#app/services/offers/record-offer.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Our copy learns of an order through a webhook, within seconds of the buyer's click. */
const ASK_AGAIN: NextOrderOffer = { state: 'pending', retryAfterMs: 600 };
const NONE: NextOrderOffer = { state: 'none' };
/** A buyer's browser does not wait longer, and neither does our database. */
const ANSWER_TIMEOUT_MS = 4000;

export interface OfferRequest {
  orderId: bigint;
  /** Of a buyer who is signed in, as Shopify's token says; null when nobody is. */
  customerId: bigint | null;
}

/** What is known when it is asked: `segments` is null where nobody has looked, and where looking takes longer. */
interface Asked {
  readonly request: OfferRequest;
  readonly segments: { readonly ids: ReadonlySet<string> | null } | null;
}

type Step = { readonly told: NextOrderOffer } | { readonly asks: SegmentsQuestion } | { readonly refused: { reason: 'not-installed' } };

/**
 * What the thank-you block should show for an order. The first question about an order that deserves an offer puts it on
 * record; from then on the answer is that one, whatever the rules become. Sends nothing to Shopify.
 */
export async function requestNextOrderOffer(context: ShopContext, request: OfferRequest): Promise<Result<NextOrderOffer, { reason: 'not-installed' }>> {
  const first = await answer(context, { request, segments: null });
  if (!('asks' in first)) return resultOf(first);
  // Outside of the transaction: what segments hold may have to be computed.
  const ids = await findOfferSegments(context, first.asks);
  return resultOf(await answer(context, { request, segments: { ids } }));
}

function resultOf(step: Step): Result<NextOrderOffer, { reason: 'not-installed' }> {
  if ('refused' in step) return { ok: false, ...step.refused };
  return { ok: true, value: 'told' in step ? step.told : ASK_AGAIN };
}

function answer(context: ShopContext, asked: Asked): Promise<Step> {
  return context.inShop(
    async (db): Promise<Step> => {
      const offerShop = await loadOfferShop(db, context.shop);
      return offerShop.isInstalled ? offerOf(context, db, { asked, offerShop }) : { refused: { reason: 'not-installed' } };
    },
    { timeoutMs: ANSWER_TIMEOUT_MS },
  );
}

async function offerOf(context: ShopContext, db: TenantDb, { asked, offerShop }: { asked: Asked; offerShop: OfferShop }): Promise<Step> {
  const { request } = asked;
  const order = await loadOfferOrder(db, context.shop, request.orderId);
  if (order === null) {
    const { isEnabled } = await loadOfferSettings(db, context.shop, offerShop);
    return { told: isEnabled ? ASK_AGAIN : NONE };
  }
  const isOthers = request.customerId !== null && request.customerId !== order.customerId;
  // Another customer's order looks like one without an offer; later, only the customer themself is shown it, while it works.
  if (isOthers || (request.customerId === null && isOldOrder(order, context.now().getTime()))) return { told: NONE };
  const recorded = await tellRecorded(context, db, order.orderId);
  if (recorded !== null) return { told: recorded };
  return decide(context, db, { asked, order, offerShop });
}

interface OrderToDecide {
  readonly asked: Asked;
  readonly order: LoadedOfferOrder;
  readonly offerShop: OfferShop;
}

async function decide(context: ShopContext, db: TenantDb, { asked, order, offerShop }: OrderToDecide): Promise<Step> {
  const { shop, now } = context;
  const { timeZone } = offerShop;
  const settings = await loadOfferSettings(db, shop, offerShop);
  // Another page of theirs is being answered, within moments: waiting here would keep a connection from somebody else.
  if (settings.isEnabled && order.customerId !== null && !(await tryHoldOffersOfCustomer(db, shop, order.customerId))) return { told: ASK_AGAIN };
  const customer = await loadOfferCustomer(context, db, { order, settings, timeZone });
  const nowMs = now().getTime();
  const { segments } = asked;
  const asksForProducts = settings.rules.some(({ isEnabled, conditions }) => isEnabled && conditions.products.length > 0);
  const productIds = asksForProducts ? await loadProductIds(db, shop, order.orderId) : [];
  const decision = decideOffer({ settings, order: { ...order, productIds }, customer, segmentIds: segments?.ids ?? null, mayWait: segments === null || mayWaitFor(order, nowMs) }, nowMs);
  const decided = { order, place: { currency: offerShop.currency ?? order.currency, timeZone }, holdoutBasisPoints: customer?.holdoutBasisPoints ?? 0 };
  if (decision.ok) return { told: await recordOffer(context, db, { ...decided, rule: decision.value, isHeldOut: false }) };
  switch (decision.reason) {
    case 'held-out':
      return { told: await recordOffer(context, db, { ...decided, rule: decision.rule, isHeldOut: true }) };
    case 'not-known-yet':
      if (segments !== null || order.customerId === null) return { told: ASK_AGAIN };
      return { asks: { segments: await loadOfferSegments(db, context, settings.rules), customerId: order.customerId, asOf: dayBefore(order, timeZone) } };
    default:
      return { told: NONE };
  }
}

/** By whose end a customer stands as they did before this order. */
function dayBefore({ processedAtMs }: LoadedOfferOrder, timeZone: string): string {
  return formatDay(dayOfInstant(processedAtMs, timeZone) - 1);
}
