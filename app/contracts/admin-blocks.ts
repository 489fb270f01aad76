import type { Amount } from './amount.ts';
import type { ShopperEntry, TierDistance } from './shopper-loyalty.ts';

/**
 * What `GET /api/admin/customer?id=` tells the block on a customer's page of Shopify's admin. The shape only grows; a
 * reader passes over words that it does not know.
 */
export interface AdminCustomerCard {
  loyalty: AdminLoyalty;
  outlook: AdminOutlook;
}

export interface AdminLoyalty {
  /** `none`: never set up. `over`: wound down. */
  program: 'none' | 'off' | 'live' | 'paused' | 'winding-down' | 'over';
  /** Of one that is being wound down. */
  lastRedemptionDay: string | null;
  /** Null for a customer whose points nobody keeps yet. */
  member: AdminMember | null;
}

export interface AdminMember {
  memberId: string;
  /** Spendable; below zero where the customer owes. */
  points: number;
  pendingPoints: number;
  /** Put aside for rewards that are not used yet. */
  reservedPoints: number;
  /** Earns and redeems nothing, by the merchant's decision. */
  isExcluded: boolean;
  /** First calendar day of the shop on which some are gone. */
  nextExpiry: { points: number; day: string } | null;
  /** Null in a program without tiers. */
  tier: { name: string; next: { name: string; missing: TierDistance } | null } | null;
  /** The latest few, the newest first. */
  entries: AdminEntry[];
}

export type AdminEntry = Pick<ShopperEntry, 'sequence' | 'at' | 'kind' | 'points' | 'isPending' | 'orderName'>;

export type AdminOutlook =
  /** The store's history is not here yet. */
  | { state: 'importing' }
  /** Being worked out: to be asked again in `retryAfterMs`. */
  | { state: 'computing'; retryAfterMs: number }
  /** No order of this customer counts as a purchase. */
  | { state: 'no-orders' }
  | AdminOutlookKnown;

export interface AdminOutlookKnown {
  state: 'known';
  orders: number;
  spent: Amount;
  /** Calendar day of the shop. */
  lastOrderDay: string;
  /** RFM group, by Shopify's word. */
  group: string;
  /** Where the customer stands by the days since the last order. */
  rhythm: string;
  /** Where, by the number of orders and the age of the first. */
  stage: string;
  forecast: AdminForecast;
}

export type AdminForecast =
  | { state: 'computing'; retryAfterMs: number }
  /** Ordered for the first time since the last reckoning. */
  | { state: 'too-new' }
  /** The store has too few customers, orders or months. */
  | { state: 'not-enough-data' }
  | {
      state: 'made';
      /** From 0 to 1; null where no model can be relied on for it. */
      returnChance: number | null;
      /** The first day by which an order is more likely than not, or none within a year; null where it is not known. */
      nextOrder: { kind: 'day'; day: string } | { kind: 'never' } | null;
      /** By a plain rule, no model being better. */
      isByRule: boolean;
    };

/** `POST /api/admin/adjustments`, as JSON. The same `requestKey` again changes nothing more. */
export interface AdjustPointsRequest {
  customerId: string;
  /** As typed. */
  points: string;
  direction: 'give' | 'take';
  reason: string;
  /** A UUID of one filled form. */
  requestKey: string;
}

/** `field` is null for what no field can mend. A code that a reader does not know means: not now. */
export interface FieldError {
  field: 'points' | 'reason' | null;
  code: string;
}

export type AdjustPointsAnswer = { state: 'adjusted'; points: number } | { state: 'refused'; errors: FieldError[] };

/** `GET /api/admin/segment?id=`: what a gift of points to everyone in a segment of Shopify's has to be told before. */
export type AdminSegment =
  | {
      state: 'known';
      name: string;
      customers: number;
      /** `none` and `off`: nothing can be given. */
      program: AdminLoyalty['program'];
      mostPointsEach: number;
      mostCustomers: number;
      /** What points cost when they are spent: so many are worth so much. Null without a reward that is worth money. */
      worth: { points: number; amount: Amount } | null;
      /** One of this segment that is under way. */
      underWay: PointGift | null;
    }
  /** Shopify has none of this id. */
  | { state: 'missing' }
  /** Shopify does not answer, or does not let the app look. */
  | { state: 'unavailable' };

/** `POST /api/admin/gifts`, as JSON. The same `requestKey` again gives nothing more. */
export interface GivePointsRequest {
  segmentId: string;
  /** As typed; for each customer. */
  points: string;
  reason: string;
  requestKey: string;
}

export type GivePointsAnswer = { state: 'under-way'; gift: PointGift } | { state: 'refused'; errors: FieldError[] };

/** `GET /api/admin/gift?id=`, too. */
export interface PointGift {
  giftId: string;
  segmentName: string;
  pointsEach: number;
  state: 'giving' | 'completed' | 'stopped' | 'failed';
  /** Customers of the segment when it was asked for; it may have other ones by now. */
  expected: number;
  /** Of them, those that were looked at, whoever got points and who did not. */
  seen: number;
  given: number;
  excluded: number;
  /** Not known to the app yet, or forgotten at their own wish. */
  unknown: number;
}
