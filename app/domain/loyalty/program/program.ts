/**
 * What a merchant decided: one version of the loyalty program. A version never changes once it is in force; each award
 * names the version it was made under, so that a refund takes back what was given, whatever the program says today.
 */
export interface Program {
  readonly status: ProgramStatus;
  readonly earning: Earning;
  readonly expiry: Expiry;
  readonly rewards: readonly Reward[];
  readonly tiers: Tiers | null;
}

/**
 * `off`: never been live, or wound down. `live`. `paused`: nothing is earned and nothing expires, rewards go on.
 * `winding-down`: nothing is earned any more, rewards go on until `lastRedemptionDay`, after which what is left expires.
 */
export type ProgramStatus =
  | { readonly kind: 'off' }
  | { readonly kind: 'live' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'winding-down'; readonly lastRedemptionDay: number };

export interface Earning {
  /** Orders processed before it earn nothing. */
  readonly earnsFromMs: number;
  /** When an order's points are given: once it is paid, or once all of it is fulfilled. */
  readonly occasion: 'paid' | 'fulfilled';
  /** Calendar days of the shop for which points are pending: the return window. 0 gives them at once. */
  readonly pendingDays: number;
  /** At most one a currency. */
  readonly rates: readonly EarningRate[];
  /**
   * An order in a currency that has no rate: `convert` takes its value in the shop's currency, at the order's own rate,
   * and the shop currency's rate; `nothing` gives nothing.
   */
  readonly otherCurrencies: 'convert' | 'nothing';
  readonly multipliers: readonly Multiplier[];
  readonly thresholdBonuses: readonly ThresholdBonus[];
  /** No order earns more, bonuses included; null for no limit. */
  readonly maximumPointsAnOrder: number | null;
  /** The most that one adjustment by hand gives or takes; null for no limit but the app's own. */
  readonly maximumPointsByHand: number | null;
  /** Points for what is not a line of an order; null where it earns nothing. */
  readonly welcomePoints: number | null;
  readonly firstOrderPoints: number | null;
  readonly birthdayPoints: number | null;
}

/** `points` for each `perMinor` of an order's value in `currency`: 5 for 100 is 5 a dollar, 1 for 1000 is 1 per 1,000 yen. */
export interface EarningRate {
  readonly currency: string;
  readonly points: number;
  readonly perMinor: number;
}

/**
 * A better (or no) rate for some lines. Of all multipliers that apply to a line, the tier's among them, the highest wins,
 * alone; one with factor 0 excludes the line and wins over all.
 */
export interface Multiplier {
  readonly id: string;
  readonly name: string;
  readonly scope: MultiplierScope;
  /** 10,000 is once, 20,000 twice, 0 nothing. */
  readonly factorBasisPoints: number;
  /** Half-open, of the order's processing time; null for no bound. */
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
}

export type MultiplierScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'products'; readonly productIds: readonly number[] }
  /** Which products a collection held is taken from Shopify when the order is awarded. */
  | { readonly kind: 'collections'; readonly collectionIds: readonly number[] };

/** For an order whose value in `currency` reaches `minimumMinor`. Of several that apply, the highest is given. */
export interface ThresholdBonus {
  readonly id: string;
  readonly currency: string;
  readonly minimumMinor: number;
  readonly points: number;
}

/**
 * `inactivity`: all of a member's points, so many months after the last time they earned or spent any. `age`: each lot,
 * so many months after it became spendable. Both at the first instant of the day, in the shop's time zone.
 */
export type Expiry =
  | { readonly kind: 'never' }
  | { readonly kind: 'inactivity'; readonly months: number; readonly noticeDays: readonly number[] }
  | { readonly kind: 'age'; readonly months: number; readonly noticeDays: readonly number[] };

/** Something that points are spent on. Its id stays when it changes; a redemption keeps the terms it was made under. */
export interface Reward {
  readonly id: string;
  readonly name: string;
  readonly isOffered: boolean;
  readonly gives: RewardGives;
  /** What the order must come to, by currency; none for no minimum. */
  readonly minimumSubtotals: readonly MoneyAmount[];
  /** Calendar days of the shop after the day of the redemption; unused by then, the points come back. */
  readonly validDays: number;
  /** Redemptions a member may make of it whose points did not come back; null for no limit. */
  readonly limitAMember: number | null;
  readonly combinesWith: { readonly order: boolean; readonly product: boolean; readonly shipping: boolean };
}

export type RewardGives =
  /** A fixed amount for fixed points, by currency. */
  | { readonly kind: 'amount'; readonly points: number; readonly amounts: readonly MoneyAmount[] }
  /** As many points as the member likes, in steps: `pointsAStep` for `amounts`. */
  | {
      readonly kind: 'any-amount';
      readonly pointsAStep: number;
      readonly amounts: readonly MoneyAmount[];
      readonly leastPoints: number;
      readonly mostPoints: number | null;
    }
  | { readonly kind: 'percent'; readonly points: number; readonly percentBasisPoints: number }
  | { readonly kind: 'free-shipping'; readonly points: number }
  | { readonly kind: 'free-product'; readonly points: number; readonly variantId: number; readonly title: string }
  /** Shopify's own store credit, which only customers with new accounts can spend. */
  | { readonly kind: 'store-credit'; readonly points: number; readonly amounts: readonly MoneyAmount[] };

export interface MoneyAmount {
  readonly currency: string;
  readonly amountMinor: number;
}

/** Levels in rising order of their threshold; the first one's is 0. */
export interface Tiers {
  readonly basis: TierBasis;
  readonly window: TierWindow;
  readonly levels: readonly TierLevel[];
  /** Calendar days for which a member keeps a tier that they no longer reach. */
  readonly graceDays: number;
}

/**
 * Net value of counted orders in minor units of the shop's currency; points of orders and grants, those for reaching a tier
 * left out; counted orders that were paid.
 */
export type TierBasis = 'spend' | 'points' | 'orders';

/**
 * `calendar-year`: what was reached this calendar year or the one before. `rolling-year`: the last 365 days of the shop's
 * calendar.
 */
export type TierWindow = 'lifetime' | 'calendar-year' | 'rolling-year';

export interface TierLevel {
  readonly id: string;
  readonly name: string;
  /** Of the basis: minor units, points or orders. */
  readonly threshold: number;
  /** For all lines, as a multiplier among others; 10,000 is once. */
  readonly factorBasisPoints: number;
  /** Given once in a member's life on reaching it; null for none. */
  readonly entryPoints: number | null;
  readonly hasFreeShipping: boolean;
  /** Customer tag in Shopify, for early access; null for none. */
  readonly tag: string | null;
}
