import type { OfferConditions } from './offer-rule.ts';
import { provinceOf } from './province-codes.ts';

/** An order and who placed it, as rules ask about them. */
export interface OrderToMatch {
  /** A guest counts: whoever they are, they have left no trace of an earlier order. */
  readonly isFirst: boolean;
  readonly isGuest: boolean;
  /** Minor units of the shop's currency, after discounts. */
  readonly subtotalMinor: number;
  /** ISO 3166-1 alpha-2; null where the order has no address. */
  readonly countryCode: string | null;
  /** As Shopify has it, with its country before it or without. */
  readonly provinceCode: string | null;
  readonly productIds: readonly string[];
  /** Of the loyalty program, when the order was placed; null for who is in none. */
  readonly tierId: string | null;
  /** Of those that rules ask about, the ones that the customer belonged to before this order; null while nobody knows. */
  readonly segmentIds: ReadonlySet<string> | null;
}

export type RuleVerdict = 'fits' | 'does-not-fit' | 'not-known';

/** Whether all conditions hold. What another condition rules out already needs not be known. */
export function matchRule(conditions: OfferConditions, order: OrderToMatch): RuleVerdict {
  if (!meetsOrder(conditions, order) || !meetsTier(conditions, order)) return 'does-not-fit';
  return matchSegments(conditions, order);
}

function meetsOrder({ orders, countries, products, leastSubtotalMinor, mostSubtotalMinor }: OfferConditions, order: OrderToMatch): boolean {
  if (orders !== 'any' && (orders === 'first') !== order.isFirst) return false;
  if (countries.length > 0 && !isOneOf(countries, order)) return false;
  if (products.length > 0 && !order.productIds.some((id) => products.includes(id))) return false;
  return order.subtotalMinor >= (leastSubtotalMinor ?? -Infinity) && order.subtotalMinor <= (mostSubtotalMinor ?? Infinity);
}

function isOneOf(places: readonly string[], { countryCode, provinceCode }: OrderToMatch): boolean {
  if (countryCode === null) return false;
  return places.includes(countryCode) || (provinceCode !== null && places.includes(provinceOf(countryCode, provinceCode)));
}

function meetsTier({ tiers }: OfferConditions, { isGuest, tierId }: OrderToMatch): boolean {
  return tiers.length === 0 || (!isGuest && tierId !== null && tiers.includes(tierId));
}

function matchSegments({ segments }: OfferConditions, { isGuest, segmentIds }: OrderToMatch): RuleVerdict {
  if (segments.length === 0) return 'fits';
  if (isGuest) return 'does-not-fit';
  if (segmentIds === null) return 'not-known';
  return segments.some((id) => segmentIds.has(id)) ? 'fits' : 'does-not-fit';
}
