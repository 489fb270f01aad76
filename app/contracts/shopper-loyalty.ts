import type { Amount } from './amount.ts';

/**
 * What `GET /api/shopper/loyalty?currency=&surface=&locale=` tells a signed-in customer's surfaces: the loyalty page, the
 * profile and checkout blocks, the storefront (`GET /proxy/loyalty`). `currency` is the one that the shopper pays in, for
 * the ways to earn; left out, the one that they paid in last, or else the shop's. `surface` (`loyalty-page`, `profile` or
 * `checkout`; the proxy knows) and `locale` say which of the merchant's texts are meant; one that is left out or that we do
 * not know has none. The shape only grows; a reader passes over kinds and states that it does not know.
 */
export type ShopperLoyalty = ShopperLoyaltyOff | ShopperLoyaltySignedOut | ShopperLoyaltyOn;

/** There is no program to show, or this customer is not to be shown one. */
export interface ShopperLoyaltyOff {
  state: 'off';
  /** As of `ShopperLoyaltyOn`; left out where there are none. */
  texts?: Record<string, string>;
}

/** Only through the app proxy: nobody is signed in at the storefront, and this is what there is to join. */
export interface ShopperLoyaltySignedOut {
  state: 'signed-out';
  program: ShopperLoyaltyOn['program'];
  /** As for somebody without points. */
  rewards: ShopperReward[];
  waysToEarn: WayToEarn[];
  texts: Record<string, string>;
}

export interface ShopperLoyaltyOn {
  state: 'on';
  /** `paused`: nothing is earned and nothing expires. `winding-down`: nothing is earned, rewards end on `lastRedemptionDay`. */
  program: { status: 'live' | 'paused' | 'winding-down'; lastRedemptionDay: string | null };
  /** Zeros until the first points: who is signed in can join. */
  balance: ShopperBalance;
  /** Null where the program has none. */
  tier: ShopperTier | null;
  rewards: ShopperReward[];
  /** Newest first, at most 20: those that work, are being made, or were lately used or given back. */
  redemptions: ShopperRedemption[];
  waysToEarn: WayToEarn[];
  birthday: ShopperBirthday;
  /** What the merchant wrote instead of our words, in the asked locale: key of the surface's words to text. */
  texts: Record<string, string>;
}

export interface ShopperBalance {
  /** Spendable; below zero where points were spent that a refund took back. */
  points: number;
  pendingPoints: number;
  /** The next pending points to become spendable; null where there are none. */
  nextSpendable: { points: number; at: string } | null;
  /** The next points to end, on a calendar day of the shop (`2027-03-31`, the first on which they are gone). */
  nextExpiry: { points: number; day: string } | null;
}

export interface ShopperTier {
  /** Null below the first tier. */
  name: string | null;
  /** Calendar day after which it is reviewed or ends; null where it does not end. */
  keptUntil: string | null;
  /** Null at the top. `missing` is of the basis: money, points or orders. */
  next: { name: string; missing: TierDistance; progressBasisPoints: number } | null;
  perks: TierPerk[];
}

export type TierDistance =
  | { kind: 'spend'; amount: Amount }
  | { kind: 'points'; points: number }
  | { kind: 'orders'; orders: number };

export type TierPerk =
  /** 20,000: twice the points. */
  | { kind: 'multiplier'; factorBasisPoints: number }
  /** Taken off at checkout by itself, for whoever is signed in. */
  | { kind: 'free-shipping' }
  | { kind: 'entry-points'; points: number }
  | { kind: 'early-access' };

export interface ShopperReward {
  rewardId: string;
  /** Empty where the merchant gave none: kind and worth say it then. */
  name: string;
  kind: 'amount' | 'any-amount' | 'percent' | 'free-shipping' | 'free-product' | 'store-credit';
  leastPoints: number;
  /** The most that the customer could spend on it now; 0 while they cannot. Equal to `leastPoints` for a fixed price. */
  mostPoints: number;
  /** Of `any-amount`: points go in such steps. 1 for the others. */
  stepPoints: number;
  shortfallPoints: number;
  isWithinReach: boolean;
  /** Why it cannot be had although the points would do. */
  hindrance: 'limit-reached' | null;
  /** For `leastPoints`; null where it is not of money. */
  worth: Amount | null;
  percentBasisPoints: number | null;
  minimumSubtotal: Amount | null;
  validDays: number;
}

export interface ShopperRedemption {
  redemptionId: string;
  rewardId: string;
  /** As of the reward: empty where it has none. */
  name: string;
  /** Null where the reward is not known any more. */
  kind: ShopperReward['kind'] | null;
  percentBasisPoints: number | null;
  points: number;
  /** `making`: Shopify does not have the code yet. `ready`: it works. `credited`: store credit was given. */
  state: 'making' | 'ready' | 'used' | 'credited' | 'returned';
  /** Only while it works. */
  code: string | null;
  worth: Amount | null;
  /** ISO 8601 in UTC: the last instant at which it works. */
  endsAt: string;
}

export type WayToEarn =
  /** `points` for each `per`: 5 for 1.00 EUR. */
  | { kind: 'order'; points: number; per: Amount; tierFactorBasisPoints: number | null }
  | { kind: 'threshold'; points: number; minimum: Amount }
  | { kind: 'multiplier'; name: string; factorBasisPoints: number; endsAt: string | null }
  /** `isComing`: the points are on their way, and there within moments. Left out by answers of before there was such a word. */
  | { kind: 'welcome'; points: number; isDone: boolean; isComing?: boolean }
  | { kind: 'first-order'; points: number; isDone: boolean }
  | { kind: 'birthday'; points: number };

export interface ShopperBirthday {
  /** Null where a birthday earns nothing. */
  points: number | null;
  /** `02-29`; null while it is not told. */
  day: string | null;
  /** Whether it may be told or changed now; it is set once, so that nobody has two birthdays a year. */
  canSet: boolean;
}

/** `GET /api/shopper/entries?before=`: the ledger, newest first, a page at a time. */
export interface ShopperEntries {
  entries: ShopperEntry[];
  /** `before` of the next page; null at the end. */
  next: number | null;
}

export interface ShopperEntry {
  sequence: number;
  /** ISO 8601 in UTC. */
  at: string;
  kind:
    | 'order'
    | 'order-changed'
    | 'welcome'
    | 'first-order'
    | 'birthday'
    | 'tier'
    | 'spendable'
    | 'expired'
    | 'redeemed'
    | 'returned'
    | 'adjusted'
    | 'imported'
    | 'merged';
  /** What the spendable and pending points moved by together; 0 for what only became spendable. */
  points: number;
  /** Part of `points`, or what became spendable, while it waits. */
  isPending: boolean;
  orderName: string | null;
  rewardName: string | null;
}

/** `POST /api/shopper/redemptions`, as JSON. The same `requestKey` again has the same effect and the same answer. */
export interface RedeemRequest {
  rewardId: string;
  /** For `any-amount`; otherwise left out. */
  points?: number;
  /** A UUID chosen by the page for this one wish. */
  requestKey: string;
}

export type RedeemAnswer =
  | { state: 'reserved'; redemption: ShopperRedemption }
  /** A reason that a reader does not know means: not now. */
  | { state: 'refused'; reason: 'insufficient-points' | 'limit-reached' | 'not-offered' | 'closed' | 'excluded' | 'changed' };

/** `GET /api/shopper/redemption?id=` */
export interface RedemptionAnswer {
  redemption: ShopperRedemption;
  /** When to ask again while it is `making`; null otherwise. */
  retryAfterMs: number | null;
}

/** `POST /api/shopper/birthday`, as JSON. */
export interface BirthdayRequest {
  month: number;
  day: number;
}

export type BirthdayAnswer =
  | { state: 'saved'; birthday: ShopperBirthday }
  /**
   * `already-set`: another day. `closed`: a birthday earns nothing here. `not-yet`: the customer is so new that nobody has
   * told us of them. A reason that a reader does not know means: not now.
   */
  | { state: 'refused'; reason: 'already-set' | 'closed' | 'excluded' | 'not-yet' };
