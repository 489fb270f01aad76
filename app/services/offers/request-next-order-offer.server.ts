import type pg from 'pg';

import { allAnswers, withBriefEnding } from '#app/adapters/db/brief-connection.server.ts';
import { loadAskedOffer } from '#app/adapters/db/offers/asked-offer.server.ts';
import type { AskedOffer, AskedOrder } from '#app/adapters/db/offers/asked-offer.server.ts';
import { loadBuyerStanding } from '#app/adapters/db/offers/buyer-standing.server.ts';
import type { BuyerStanding } from '#app/adapters/db/offers/buyer-standing.server.ts';
import { loadShownTexts } from '#app/adapters/db/texts.repository.server.ts';
import type { TextsPlace } from '#app/adapters/db/texts.repository.server.ts';
import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { decideOffer, isOldOrder, mayWaitFor, OLDEST_ORDER_MS } from '#app/domain/offers/decide-offer.ts';
import type { OfferCustomer } from '#app/domain/offers/decide-offer.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import type { Result } from '#app/domain/result.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { findOfferSegments, loadOfferSegments } from '#app/services/offers/find-offer-segments.server.ts';
import { loadOfferCustomer } from '#app/services/offers/load-offer-customer.server.ts';
import { recordOffer } from '#app/services/offers/record-offer.server.ts';
import type { DecidedOffer } from '#app/services/offers/record-offer.server.ts';
import { tellRecorded } from '#app/services/offers/tell-offer.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Our copy learns of an order through a webhook, within seconds of the buyer's click. */
const ASK_AGAIN: NextOrderOffer = { state: 'pending', retryAfterMs: 600 };
const NONE: NextOrderOffer = { state: 'none' };
const NOT_INSTALLED = { refused: { reason: 'not-installed' } } as const;

export interface OfferRequest {
  readonly orderId: bigint;
  /** Of a buyer who is signed in, as Shopify's token says; null when nobody is. */
  readonly customerId: bigint | null;
  /** Whose words the page shows; none where none of the merchant's own can be meant. */
  readonly texts?: TextsPlace | null;
  /** Waited for before anything is put on record; where it says no, nothing is, and the answer is not meant for anybody. */
  readonly mayRecord?: Promise<boolean>;
}

type Answer = Result<NextOrderOffer, { reason: 'not-installed' }>;

/** What comes of a look: an answer, or why there is to be another. */
type Step =
  | { readonly told: NextOrderOffer }
  | { readonly asks: { readonly rules: readonly OfferRule[]; readonly customerId: bigint; readonly asOf: string } }
  | { readonly refused: { readonly reason: 'not-installed' } }
  | { readonly isOvertaken: true };

/** What is known when it is asked: `segments` is null where nobody has looked, and where looking takes longer. */
interface Asked {
  readonly request: OfferRequest;
  readonly segments: { readonly ids: ReadonlySet<string> | null } | null;
  readonly now: Date;
}

/**
 * What the thank-you block should show for an order. The first question about an order that deserves an offer puts it on
 * record; from then on the answer is that one, whatever the rules become. Sends nothing to Shopify. It is two ways to the
 * database: one that reads all there is to know, and one that writes what was decided.
 */
export async function requestNextOrderOffer(context: ShopContext, request: OfferRequest): Promise<Answer> {
  const first = await look(context, { request, segments: null, now: context.now() });
  return answerOf(context, request, 'asks' in first ? await lookWithSegments(context, request, first.asks) : first);
}

async function lookWithSegments(context: ShopContext, request: OfferRequest, { rules, ...question }: Extract<Step, { asks: unknown }>['asks']): Promise<Step> {
  // Outside of the transaction: what segments hold may have to be computed.
  const ids = await findOfferSegments(context, { ...question, segments: await loadOfferSegments(context, rules) });
  return look(context, { request, segments: { ids }, now: context.now() });
}

async function answerOf(context: ShopContext, request: OfferRequest, step: Step): Promise<Answer> {
  // Whoever was first has put on record by now what is told.
  const last = 'isOvertaken' in step ? await look(context, { request, segments: null, now: context.now() }) : step;
  if ('refused' in last) return { ok: false, ...last.refused };
  return { ok: true, value: 'told' in last ? last.told : ASK_AGAIN };
}

function look(context: ShopContext, asked: Asked): Promise<Step> {
  const { pool, shop } = context;
  const { request, now } = asked;
  const question = { orderId: request.orderId, buyerId: request.customerId, youngSince: new Date(now.getTime() - OLDEST_ORDER_MS), now };
  return withBriefEnding(pool, shop, async (connection) => {
    const [offer, buyer, own] = await allAnswers([
      loadAskedOffer(connection, shop, question),
      loadBuyerStanding(connection, shop, question),
      loadShownTexts(connection, shop, request.texts ?? null),
    ]);
    const tell = (told: NextOrderOffer): Step => ({ told: told.state === 'none' || Object.keys(own).length === 0 ? told : { ...told, texts: own } });
    const next = offer === null ? NOT_INSTALLED : await judge(context, connection, { asked, offer, buyer });
    if ('records' in next) {
      if ((await request.mayRecord) === false) return async () => ({ told: ASK_AGAIN });
      return async () => {
        const told = await recordOffer(context, connection, next.records);
        return told === null ? { isOvertaken: true } : tell(told);
      };
    }
    return async () => ('told' in next ? tell(next.told) : next);
  });
}

interface Known {
  readonly asked: Asked;
  readonly offer: AskedOffer;
  readonly buyer: BuyerStanding | null;
}

async function judge(context: ShopContext, connection: pg.PoolClient, known: Known): Promise<Step | { readonly records: DecidedOffer }> {
  const { request, now } = known.asked;
  const { shop, order, onRecord, settings } = known.offer;
  if (!shop.isInstalled) return NOT_INSTALLED;
  if (order === null) return { told: settings.isEnabled ? ASK_AGAIN : NONE };
  const isOthers = request.customerId !== null && request.customerId !== order.customerId;
  // Another customer's order looks like one without an offer; later, only the customer themself is shown it, while it works.
  if (isOthers || (request.customerId === null && isOldOrder(order, now.getTime()))) return { told: NONE };
  return onRecord === null ? decide(context, connection, { ...known, order }) : { told: tellRecorded(onRecord, now.getTime()) };
}

async function decide(
  context: ShopContext,
  connection: pg.PoolClient,
  { asked: { segments, now }, offer, buyer, order }: Known & { order: AskedOrder },
): Promise<Step | { readonly records: DecidedOffer }> {
  const { settings, shop } = offer;
  const nowMs = now.getTime();
  const { customerId } = order;
  let customer: OfferCustomer | null = null;
  // Nobody who was forgotten is anybody's customer.
  if (settings.isEnabled && customerId !== null && customerId >= 0n && !isOldOrder(order, nowMs)) {
    // Another page of theirs is being answered, within moments: waiting here would keep a connection from somebody else.
    if (offer.isHeld !== true) return { told: ASK_AGAIN };
    if (buyer === null) return { isOvertaken: true };
    customer = await loadOfferCustomer(context, connection, { order, buyer, customerId, offer, nowMs });
  }
  const mayWait = segments === null || mayWaitFor(order, nowMs);
  const decision = decideOffer({ settings, order, customer, segmentIds: segments?.ids ?? null, mayWait, restoredAtMs: shop.restoredAtMs }, nowMs);
  const place = { currency: shop.currency ?? order.currency, timeZone: shop.timeZone };
  const decided = { order, place, holdoutBasisPoints: customer?.holdoutBasisPoints ?? 0, now };
  if (decision.ok) return { records: { ...decided, rule: decision.value, isHeldOut: false } };
  switch (decision.reason) {
    case 'held-out':
      return { records: { ...decided, rule: decision.rule, isHeldOut: true } };
    case 'not-known-yet':
      if (segments !== null || customerId === null) return { told: ASK_AGAIN };
      return { asks: { rules: settings.rules, customerId, asOf: dayBefore(order, shop.timeZone) } };
    default:
      return { told: NONE };
  }
}

/** By whose end a customer stands as they did before this order. */
function dayBefore({ processedAtMs }: AskedOrder, timeZone: string): string {
  return formatDay(dayOfInstant(processedAtMs, timeZone) - 1);
}
