import type { Result } from '../result.ts';
import { MS_PER_24_HOURS, MS_PER_SECOND } from '../time/durations.ts';
import { isCreditTooDeep } from './judge-depth.ts';
import { matchRule } from './match-rule.ts';
import type { OrderToMatch, RuleVerdict } from './match-rule.ts';
import type { OfferRule } from './offer-rule.ts';
import type { OfferSettings } from './offer-settings.ts';

/**
 * A thank-you page is open minutes after its order. Later requests come from somebody who tries order ids, unless they
 * are signed in as the order's customer; a guest's order has nothing else to know its buyer by.
 */
export const OLDEST_ORDER_MS = MS_PER_24_HOURS;

/** A page that waits longer has lost its buyer. */
const PATIENCE_MS = 8 * MS_PER_SECOND;

export interface OfferOrder {
  readonly orderId: bigint;
  /** Null for a guest; negative where the customer's data was deleted at their wish. */
  readonly customerId: bigint | null;
  readonly createdAtMs: number;
  readonly isTest: boolean;
  readonly isCancelled: boolean;
  readonly subtotalMinor: number;
  readonly countryCode: string | null;
  readonly provinceCode: string | null;
  readonly productIds: readonly string[];
}

/** How often the customer of an order has ordered, by two witnesses. */
export interface CustomerHistory {
  /** Orders in our own copy up to and with this one, without test and cancelled ones. */
  readonly countedOrders: number;
  /** Shopify's own count, which also knows orders that we may not read. Null while the customer is not known. */
  readonly shopify: { readonly numberOfOrders: number; readonly readAsOfMs: number } | null;
}

/** The customer of an order as rules and caps ask about them. */
export interface OfferCustomer {
  readonly history: CustomerHistory;
  /** Codes of theirs that still work. */
  readonly openCodes: number;
  readonly tierId: string | null;
  /** Of how many in 10,000 chance was to hold out somebody like them. */
  readonly holdoutBasisPoints: number;
  /** Whether they are one of those who get no offer, by which it is told what offers add. */
  readonly isHeldOut: boolean;
}

export interface OfferCase {
  readonly settings: OfferSettings;
  readonly order: OfferOrder;
  /** Null for a guest. */
  readonly customer: OfferCustomer | null;
  /** Of the segments that rules ask about, those that the customer belonged to before this order; null while nobody knows. */
  readonly segmentIds: ReadonlySet<string> | null;
  /** Whether what nobody knows may yet be known; where not, it is taken not to hold. */
  readonly mayWait: boolean;
  /** When a backup was restored; null: never. */
  readonly restoredAtMs: number | null;
}

export type OfferRefusal =
  | { readonly reason: 'switched-off' }
  | { readonly reason: 'test-order' }
  | { readonly reason: 'cancelled-order' }
  | { readonly reason: 'forgotten-customer' }
  | { readonly reason: 'old-order' }
  /** It may have had its offer, of which no row knows any more. */
  | { readonly reason: 'before-restore' }
  /** What a rule asks for is not known yet: to be asked again in a moment. */
  | { readonly reason: 'not-known-yet' }
  | { readonly reason: 'no-rule-fits' }
  | { readonly reason: 'too-many-open-codes' }
  /** With the rule whose offer is withheld. */
  | { readonly reason: 'held-out'; readonly rule: OfferRule };

/** Which rule an order that has no offer yet gets one by. */
export function decideOffer(offer: OfferCase, nowMs: number): Result<OfferRule, OfferRefusal> {
  const { settings, order, customer } = offer;
  if (!settings.isEnabled) return { ok: false, reason: 'switched-off' };
  if (order.isTest) return { ok: false, reason: 'test-order' };
  if (order.isCancelled) return { ok: false, reason: 'cancelled-order' };
  // An offer for such a customer could be given to nobody: Shopify does not know the number that stands for them.
  if (order.customerId !== null && order.customerId < 0n) return { ok: false, reason: 'forgotten-customer' };
  if (isOldOrder(order, nowMs)) return { ok: false, reason: 'old-order' };
  if (offer.restoredAtMs !== null && order.createdAtMs < offer.restoredAtMs) return { ok: false, reason: 'before-restore' };
  const rule = chooseRule(offer);
  if (!rule.ok) return rule;
  if (rule.value.grant.kind !== 'store-credit' && (customer?.openCodes ?? 0) >= settings.mostOpenCodes) {
    return { ok: false, reason: 'too-many-open-codes' };
  }
  // Last of all: who would have got none anyway says nothing of what offers add.
  if (customer?.isHeldOut === true) return { ok: false, reason: 'held-out', rule: rule.value };
  return rule;
}

/** The first that fits. One that may yet turn out to fit is waited for, lest a later one takes its place. */
function chooseRule(offer: OfferCase): Result<OfferRule, OfferRefusal> {
  const order = orderToMatch(offer);
  for (const rule of offer.settings.rules) {
    const verdict = judgeRule(rule, order, offer.settings);
    if (verdict === 'fits') return { ok: true, value: rule };
    if (verdict === 'not-known' && offer.mayWait) return { ok: false, reason: 'not-known-yet' };
  }
  return { ok: false, reason: 'no-rule-fits' };
}

function judgeRule({ isEnabled, conditions, grant }: OfferRule, order: OrderToMatch, { mostDepthBasisPoints }: OfferSettings): RuleVerdict {
  if (!isEnabled) return 'does-not-fit';
  if (grant.kind === 'store-credit') {
    if (order.isGuest) return 'does-not-fit';
    if (isCreditTooDeep(grant.amountMinor, { subtotalMinor: order.subtotalMinor, mostDepthBasisPoints })) return 'does-not-fit';
  }
  return matchRule(conditions, order);
}

function orderToMatch({ order, customer, segmentIds }: OfferCase): OrderToMatch {
  const { subtotalMinor, countryCode, provinceCode, productIds } = order;
  return {
    ...{ subtotalMinor, countryCode, provinceCode, productIds, segmentIds },
    isFirst: isFirstOrder(order, customer?.history ?? null),
    isGuest: customer === null,
    tierId: customer?.tierId ?? null,
  };
}

/** Whether its thank-you page is closed by now. */
export function isOldOrder({ createdAtMs }: Pick<OfferOrder, 'createdAtMs'>, nowMs: number): boolean {
  return nowMs - createdAtMs > OLDEST_ORDER_MS;
}

/** Whether its page may be told to ask again. */
export function mayWaitFor({ createdAtMs }: Pick<OfferOrder, 'createdAtMs'>, nowMs: number): boolean {
  return nowMs - createdAtMs < PATIENCE_MS;
}

function isFirstOrder(order: OfferOrder, history: CustomerHistory | null): boolean {
  if (history === null) return true;
  return history.countedOrders <= 1 && ordersByShopify(order, history) <= 1;
}

function ordersByShopify(order: OfferOrder, { shopify }: CustomerHistory): number {
  if (shopify === null) return 1;
  // A count from before this order does not have it in.
  return shopify.readAsOfMs < order.createdAtMs ? shopify.numberOfOrders + 1 : shopify.numberOfOrders;
}
