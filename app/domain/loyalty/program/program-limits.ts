/** What a program may hold: generous, and small enough that a slip of typing is told and a page stays readable. */
export const PROGRAM_LIMITS = {
  points: { least: 1, most: 1_000_000 },
  amountMinor: { least: 1, most: 100_000_000_000 },
  minimumMinor: { least: 1, most: 100_000_000_000 },
  perMinor: { least: 1, most: 1_000_000_000 },
  ratePoints: { least: 1, most: 1_000_000 },
  pendingDays: { least: 0, most: 180 },
  factorBasisPoints: { least: 0, most: 1_000_000 },
  tierFactorBasisPoints: { least: 10_000, most: 1_000_000 },
  percentBasisPoints: { least: 1, most: 10_000 },
  expiryMonths: { least: 1, most: 60 },
  noticeDays: { least: 1, most: 90 },
  validDays: { least: 1, most: 365 },
  limitAMember: { least: 1, most: 1_000 },
  graceDays: { least: 0, most: 365 },
  threshold: { least: 1, most: 100_000_000_000 },
} as const;

export const MOST = {
  currencies: 30,
  multipliers: 50,
  thresholdBonuses: 20,
  products: 250,
  collections: 50,
  notices: 3,
  rewards: 30,
  tiers: 10,
} as const;

/** Characters. A tag is Shopify's to limit. */
export const NAME_LENGTH = 60;
export const TAG_LENGTH = 40;
