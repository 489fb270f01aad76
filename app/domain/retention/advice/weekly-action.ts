import type { Segment } from '../../segments/segment.ts';

/**
 * Something a merchant can do this week: whom it concerns, what the shop's own past says of them, and what is at stake.
 * Money is in minor units of the shop's currency and is what such customers brought before, never a promise.
 */
export type WeeklyAction =
  | SecondOrderAction
  | LateRegularsAction
  | LostBestAction
  | NewestCohortAction
  | SwitchOnOfferAction
  | RefillAction
  | FirstProductAction;

export type WeeklyActionKind = WeeklyAction['kind'];

interface Concerned {
  /** How many, and by which rule they are found. */
  readonly customers: number;
  readonly segment: Segment;
}

/** Bought once and are now in the days in which others came back. */
export interface SecondOrderAction extends Concerned {
  readonly kind: 'secondOrder';
  /** Days after the first order: p25 and p75 of the wait for the second. */
  readonly fromDays: number;
  readonly toDays: number;
  /** Of earlier buyers who had reached `fromDays` with one order: how many, and the share who came back by `toDays`. */
  readonly earlier: number;
  readonly usualShare: number;
  /** customers x usualShare x mean value of a second order. */
  readonly atStakeMinor: number;
}

/** Three orders or more, and now later than three quarters of the shop's gaps between orders. */
export interface LateRegularsAction extends Concerned {
  readonly kind: 'lateRegulars';
  readonly sinceDays: number;
  readonly untilDays: number;
  /** How often regulars were this late before, and the share of those times in which they ordered again by `untilDays`. */
  readonly earlier: number;
  readonly usualShare: number;
  /** What these customers spent in the last 365 days. */
  readonly atStakeMinor: number;
}

/** Were among the best and have been silent the longest. */
export interface LostBestAction extends Concerned {
  readonly kind: 'lostBest';
  /** The mean value of one order of theirs, times how many they are. */
  readonly atStakeMinor: number;
}

/** The newest month of first-time buyers that has had its time came back clearly more or less than the year before it. */
export interface NewestCohortAction {
  readonly kind: 'newestCohort';
  /** `YYYY-MM`. */
  readonly cohort: string;
  readonly days: number;
  readonly size: number;
  readonly rate: number;
  readonly rateBefore: number;
  /** Standard errors between the two: two at least. */
  readonly zScore: number;
  /** The difference in customers, times the mean value of a second order. */
  readonly atStakeMinor: number;
}

export interface SwitchOnOfferAction {
  readonly kind: 'switchOnOffer';
  /** First orders of the last 30 days, whose buyers were shown no code. */
  readonly firstOrders: number;
  readonly days: number;
}

/** Customers who usually order a product again about now. */
export interface RefillAction {
  readonly kind: 'refill';
  readonly productTitle: string;
  readonly customers: number;
  /** Days since their last purchase of it: from p25 of the time between two purchases to the day before p75. */
  readonly fromDays: number;
  readonly toDays: number;
  /** Of earlier times that somebody had gone without it for `fromDays`: how many, and the share who bought it by `toDays`. */
  readonly earlier: number;
  readonly usualShare: number;
  /** customers x usualShare x mean value of an order with it. */
  readonly atStakeMinor: number;
}

/** Buyers of this product first come back clearly more often than the shop's others. */
export interface FirstProductAction {
  readonly kind: 'firstProduct';
  readonly productTitle: string;
  readonly days: number;
  /** Who began with it and have had these days to come back. */
  readonly customers: number;
  readonly rate: number;
  readonly rateOfShop: number;
  /** The difference in customers, times the mean value of a second order, in thirty days. */
  readonly atStakeMinor: number;
}
