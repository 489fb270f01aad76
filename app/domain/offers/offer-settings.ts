import type { OfferRule } from './offer-rule.ts';

/** What the merchant chose for what a customer gets with their next order. */
export interface OfferSettings {
  readonly isEnabled: boolean;
  /** Of how many customers in 10,000 nobody gets an offer, so that it can be told what offers add. */
  readonly holdoutBasisPoints: number;
  /** How many codes that still work a customer may hold; one who does gets no other. */
  readonly mostOpenCodes: number;
  /** How deep an offer may go, of 10,000. Free shipping has no depth that we could know. */
  readonly mostDepthBasisPoints: number;
  /** What is left of a sale before discounts, of 10,000; null while the merchant has not said. */
  readonly grossMarginBasisPoints: number | null;
  /** Of those that fit an order, the first counts. */
  readonly rules: readonly OfferRule[];
}

/** Off: nothing is sent before the merchant switches it on. */
export const DEFAULT_OFFER_SETTINGS: OfferSettings = {
  isEnabled: false,
  holdoutBasisPoints: 0,
  mostOpenCodes: 1,
  mostDepthBasisPoints: 10_000,
  grossMarginBasisPoints: null,
  rules: [],
};

/** The bounds that the tables' CHECK constraints repeat, and ceilings that no real basket reaches. */
export const OFFER_LIMITS = {
  percentBasisPoints: { least: 100, most: 10_000 },
  amountMinor: { least: 1, most: 1_000_000_000_000 },
  validDays: { least: 1, most: 365 },
  validHours: { least: 1, most: 168 },
  minimumSubtotalMinor: { least: 0, most: 1_000_000_000_000 },
  holdoutBasisPoints: { least: 0, most: 5_000 },
  mostOpenCodes: { least: 1, most: 20 },
  mostDepthBasisPoints: { least: 100, most: 10_000 },
  grossMarginBasisPoints: { least: 0, most: 10_000 },
} as const;

/** Small enough that a page stays readable and a decision quick. */
export const MOST_OF_OFFERS = { rules: 20, segments: 20, tiers: 10, countries: 250, products: 250, nameLength: 60 } as const;
