/** What a customer gets for their next order. Amounts are minor units of the shop's currency. */
export type OfferGrant =
  /** 1500 is 15 % of the next order. */
  | { readonly kind: 'percent'; readonly basisPoints: number }
  | { readonly kind: 'amount'; readonly amountMinor: number }
  | { readonly kind: 'free-shipping' }
  /** Put on the customer's account at once; there is no code. Not for guests, who have none. */
  | { readonly kind: 'store-credit'; readonly amountMinor: number };

export const OFFER_GRANT_KINDS = ['percent', 'amount', 'free-shipping', 'store-credit'] as const satisfies readonly OfferGrant['kind'][];

/** Which orders of a customer count; guests count as first-timers. */
export const OFFER_ORDERS = ['any', 'first', 'returning'] as const;
export type OfferOrders = (typeof OFFER_ORDERS)[number];

/** All of them must hold; an empty list asks for nothing, and one of a list's entries is enough. */
export interface OfferConditions {
  readonly orders: OfferOrders;
  /** Segments, by their ids on the Segments page, as the customer stood before this order. */
  readonly segments: readonly string[];
  /** Tiers of the loyalty program, by id. */
  readonly tiers: readonly string[];
  /** Of the order's shipping address: ISO 3166-1 alpha-2, or a province with its country before it, `US-CA`. */
  readonly countries: readonly string[];
  /** Of which the order holds at least one. Shopify's numeric ids. */
  readonly products: readonly string[];
  /** Minor units of the shop's currency: subtotal after discounts, both ends included; null asks for nothing. */
  readonly leastSubtotalMinor: number | null;
  readonly mostSubtotalMinor: number | null;
}

/**
 * `days`: to the end of the shop's calendar day that many days after the order's. `hours`: a flash offer, never shorter
 * than that many hours from the order, with a countdown to the instant at which Shopify ends it.
 */
export type OfferValidity = { readonly kind: 'days'; readonly days: number } | { readonly kind: 'hours'; readonly hours: number };

export interface OfferRule {
  /** A UUID. */
  readonly ruleId: string;
  /** The merchant's; empty where they gave none. Shoppers never see it. */
  readonly name: string;
  readonly isEnabled: boolean;
  readonly conditions: OfferConditions;
  readonly grant: OfferGrant;
  /** What the next order must come to; 0 asks for nothing. */
  readonly minimumSubtotalMinor: number;
  readonly validity: OfferValidity;
}

export const ANYBODY: OfferConditions = {
  orders: 'any',
  segments: [],
  tiers: [],
  countries: [],
  products: [],
  leastSubtotalMinor: null,
  mostSubtotalMinor: null,
};
