/** Who gets a code: those who order for the first time, or everybody. */
export const OFFER_AUDIENCES = ['first-order', 'every-order'] as const;
export type OfferAudience = (typeof OFFER_AUDIENCES)[number];

/** What the merchant chose for next-order codes. */
export interface OfferSettings {
  readonly isEnabled: boolean;
  /** 1500 is 15 %. */
  readonly percentBasisPoints: number;
  /** Calendar days of the shop after the day of the order; the code works to the end of the last one. */
  readonly validDays: number;
  /** What the next order must come to, in the shop's currency; 0 asks for nothing. */
  readonly minimumSubtotalMinor: number;
  readonly audience: OfferAudience;
  /** Of how many customers in 10,000 nobody gets a code, so that it can be told what codes add. */
  readonly holdoutBasisPoints: number;
}

/** Off: nothing is sent before the merchant switches it on. */
export const DEFAULT_OFFER_SETTINGS: OfferSettings = {
  isEnabled: false,
  percentBasisPoints: 1500,
  validDays: 30,
  minimumSubtotalMinor: 0,
  audience: 'first-order',
  holdoutBasisPoints: 0,
};

/** The bounds that the table's CHECK constraints repeat, and a ceiling on the minimum that no real basket reaches. */
export const OFFER_LIMITS = {
  percentBasisPoints: { least: 100, most: 10_000 },
  validDays: { least: 1, most: 365 },
  minimumSubtotalMinor: { least: 0, most: 1_000_000_000_000 },
  holdoutBasisPoints: { least: 0, most: 5_000 },
} as const;
