import { appendDecision, loadDecision } from '#app/adapters/db/offer-decisions.server.ts';
import { appendOfferIntent, loadRecordedOffer } from '#app/adapters/db/offers/offer-codes.repository.server.ts';
import { appendCreditIntent, loadRecordedCredit } from '#app/adapters/db/offers/offer-credits.repository.server.ts';
import type { LoadedOfferOrder } from '#app/adapters/db/offers/offer-orders.repository.server.ts';
import { takeFromPool } from '#app/adapters/db/offers/offer-pool.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { CODE_CHOICES } from '#app/domain/offers/offer-code.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { isCodeRule, planDiscount, planValidity } from '#app/domain/offers/plan-discount.ts';
import type { CodeRule, OfferPlace } from '#app/domain/offers/plan-discount.ts';
import { deriveOfferCode } from '#app/services/offers/derive-offer-code.server.ts';
import { PROMISED, tellCode, tellCredit } from '#app/services/offers/tell-offer.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type RecordContext = Pick<ShopContext, 'shop' | 'sealedBox' | 'now'>;

/** What is on record for an order; null while nothing is. Codes of before there were decisions have none. */
export async function tellRecorded({ shop, now }: RecordContext, db: TenantDb, orderId: bigint): Promise<NextOrderOffer | null> {
  // First of all: what was put on record with a decision that is seen is seen after it.
  const decision = await loadDecision(db, shop, orderId);
  if (decision?.isHeldOut === true) return { state: 'none' };
  const code = await loadRecordedOffer(db, shop, orderId);
  if (code !== null) return tellCode(code, now().getTime());
  if (decision === null) return null;
  const credit = await loadRecordedCredit(db, shop, orderId);
  return credit === null ? { state: 'none' } : tellCredit(credit, now().getTime());
}

interface Decided {
  readonly order: LoadedOfferOrder;
  /** That fits, also where its offer is withheld. */
  readonly rule: OfferRule;
  readonly isHeldOut: boolean;
  /** Of how many in 10,000 chance was to hold out such a customer: 0 for a guest. */
  readonly holdoutBasisPoints: number;
  readonly place: OfferPlace;
}

/** Puts a decision on record, once an order: whoever comes second is told what the first one got. */
export async function recordOffer(context: RecordContext, db: TenantDb, decided: Decided): Promise<NextOrderOffer> {
  const { shop, now } = context;
  const { order, rule, isHeldOut, holdoutBasisPoints, place } = decided;
  const { orderId } = order;
  // Whoever asks at the same time waits here, until it is known what the first one got.
  const isFirst = await appendDecision(db, shop, { orderId, isHeldOut, holdoutBasisPoints, ruleId: rule.ruleId, now: now() });
  if (!isFirst) return (await tellRecorded(context, db, orderId)) ?? { state: 'none' };
  if (isHeldOut) return { state: 'none' };
  if (isCodeRule(rule)) return recordCode(context, db, { order, rule, place });
  if (rule.grant.kind === 'store-credit') {
    const { endsAtMs } = planValidity(rule.validity, order.createdAtMs, place.timeZone);
    const { ruleId, grant } = rule;
    await appendCreditIntent(db, shop, { orderId, ruleId, amountMinor: grant.amountMinor, currency: place.currency, endsAtMs, now: now() });
  }
  return PROMISED;
}

/** A code that was made ahead, or one that the worker brings to Shopify while the buyer waits. */
async function recordCode(context: RecordContext, db: TenantDb, { order: { orderId, createdAtMs }, rule, place }: Pick<Decided, 'order' | 'place'> & { rule: CodeRule }): Promise<NextOrderOffer> {
  const { shop, now } = context;
  const plan = planDiscount(rule, createdAtMs, place);
  const taken = await takeFromPool(db, shop, { discountKey: plan.discountKey, orderId, now: now() });
  if (taken !== null) return tellCode({ state: 'issued', code: taken, plan }, now().getTime());
  for (let choice = 0; choice < CODE_CHOICES; choice += 1) {
    const code = deriveOfferCode(context, orderId, choice);
    if (await appendOfferIntent(db, shop, { orderId, code, plan, now: now() })) return PROMISED;
  }
  throw new Error(`No code is free for order ${orderId}`);
}
