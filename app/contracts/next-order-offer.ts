import type { Amount } from './amount.ts';

/**
 * What `GET /api/checkout/next-order-offer?orderId=&locale=` tells the thank-you block. A published extension outlives our
 * deploys, so this shape only grows: fields are added and never taken away, and a reader passes over a state that it does
 * not know.
 */
export type NextOrderOffer = NextOrderOfferPending | NextOrderOfferNone | NextOrderOfferReady | NextOrderOfferGranted;

/** The order is not known yet, or its code is being made. */
export interface NextOrderOfferPending {
  state: 'pending';
  /** When to ask again. */
  retryAfterMs: number;
  /** True once it is on record that this order gets a code; before that, nobody may be told of one. */
  isPromised?: boolean;
  /** What the merchant wrote instead of our words, in the asked locale: key of the surface's words to text. */
  texts?: Record<string, string>;
}

/** This order gets no code. */
export interface NextOrderOfferNone {
  state: 'none';
}

/** The code exists in Shopify, and it is the same for this order for ever. */
export interface NextOrderOfferReady {
  state: 'ready';
  code: string;
  /** 1500 is 15 %. */
  percentBasisPoints: number;
  /** What the next order must come to before the discount, in the shop's currency; null where anything will do. */
  minimumSubtotal: Amount | null;
  /** ISO 8601 in UTC: the last second in which the code works. */
  endsAt: string;
  /** Whether only the customer of this order can use it. */
  isPersonal: boolean;
  /** What the merchant wrote instead of our words, in the asked locale: key of the surface's words to text. */
  texts?: Record<string, string>;
}

/**
 * Anything else than a percentage without a countdown, which `ready` tells. A reader passes over a kind of `gives` that it
 * does not know.
 */
export interface NextOrderOfferGranted {
  state: 'granted';
  gives:
    | { kind: 'percent'; percentBasisPoints: number }
    | { kind: 'amount'; amount: Amount }
    | { kind: 'free-shipping' }
    /** On the customer's account already. */
    | { kind: 'store-credit'; amount: Amount };
  /** Null for store credit. */
  code: string | null;
  minimumSubtotal: Amount | null;
  /** ISO 8601 in UTC: the last second in which it works. */
  endsAt: string;
  isPersonal: boolean;
  /** A flash offer: the time left may be counted down to `endsAt`, which is Shopify's own end. */
  countsDown: boolean;
  /** When this was answered, where something is counted down: a buyer's own clock may be wrong by hours. */
  asOf?: string;
  /** What the merchant wrote instead of our words, in the asked locale: key of the surface's words to text. */
  texts?: Record<string, string>;
}
