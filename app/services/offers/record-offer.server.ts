import type pg from 'pg';

import type { AskedOrder } from '#app/adapters/db/offers/asked-offer.server.ts';
import { recordCode, recordCredit, recordHeldOut } from '#app/adapters/db/offers/decisions-to-record.server.ts';
import type { NextOrderOffer } from '#app/contracts/next-order-offer.ts';
import { CODE_CHOICES } from '#app/domain/offers/offer-code.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { isCodeRule, planDiscount, planValidity } from '#app/domain/offers/plan-discount.ts';
import type { CodeRule, OfferPlace } from '#app/domain/offers/plan-discount.ts';
import { deriveOfferCode } from '#app/services/offers/derive-offer-code.server.ts';
import { PROMISED, tellCode } from '#app/services/offers/tell-offer.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

type RecordContext = Pick<ShopContext, 'shop' | 'sealedBox'>;

export interface DecidedOffer {
  readonly order: AskedOrder;
  /** That fits, also where its offer is withheld. */
  readonly rule: OfferRule;
  readonly isHeldOut: boolean;
  /** Of how many in 10,000 chance was to hold out such a customer: 0 for a guest. */
  readonly holdoutBasisPoints: number;
  readonly place: OfferPlace;
  readonly now: Date;
}

/**
 * Puts a decision on record, once an order, in one statement.
 *
 * @returns what to tell; null where somebody was first, and nothing was written
 */
export async function recordOffer(context: RecordContext, connection: pg.PoolClient, decided: DecidedOffer): Promise<NextOrderOffer | null> {
  const { shop } = context;
  const { order, rule, isHeldOut, holdoutBasisPoints, place, now } = decided;
  const decision = { orderId: order.orderId, holdoutBasisPoints, ruleId: rule.ruleId, now };
  if (isHeldOut) return (await recordHeldOut(connection, shop, decision)) ? { state: 'none' } : null;
  if (isCodeRule(rule)) return giveCode(context, connection, { ...decided, rule });
  if (rule.grant.kind !== 'store-credit') throw new Error(`Nobody knows how to give ${rule.grant.kind}`);
  const { endsAtMs } = planValidity(rule.validity, order.createdAtMs, place.timeZone);
  const credit = { amountMinor: rule.grant.amountMinor, currency: place.currency, endsAtMs };
  return (await recordCredit(connection, shop, { ...decision, ...credit })) ? PROMISED : null;
}

/** A code that was made ahead, or one that the worker brings to Shopify while the buyer waits. */
async function giveCode(
  context: RecordContext,
  connection: pg.PoolClient,
  { order: { orderId, createdAtMs }, rule, holdoutBasisPoints, place, now }: DecidedOffer & { rule: CodeRule },
): Promise<NextOrderOffer | null> {
  const plan = planDiscount(rule, createdAtMs, place);
  const choices = Array.from({ length: CODE_CHOICES }, (_, choice) => deriveOfferCode(context, orderId, choice));
  const decision = { orderId, holdoutBasisPoints, ruleId: rule.ruleId, now };
  const { isFirst, given } = await recordCode(connection, context.shop, { ...decision, plan, choices });
  if (!isFirst) return null;
  return given === null ? PROMISED : tellCode({ state: 'issued', code: given, plan }, now.getTime());
}
