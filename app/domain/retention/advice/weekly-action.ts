import type { Segment } from '../../segments/segment.ts';
import type { UsualReturn } from './silence-cases.ts';
import type { Stake } from './stake.ts';

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
  readonly stake: Stake;
}

/** Bought once and are now in the days in which others came back. */
export interface SecondOrderAction extends Concerned, UsualReturn {
  readonly kind: 'secondOrder';
  /** Days after the first order: p25 and p75 of the wait for the second. */
  readonly fromDays: number;
  readonly toDays: number;
}

/** Three orders or more, and in the state "at risk". */
export interface LateRegularsAction extends Concerned, UsualReturn {
  readonly kind: 'lateRegulars';
  /** The whole days of that state, both included. */
  readonly sinceDays: number;
  readonly untilDays: number;
}

/** Were among the best, and are in the fifth that has been silent the longest. */
export interface LostBestAction extends Concerned, UsualReturn {
  readonly kind: 'lostBest';
}

/** The newest month of first-time buyers that has had its time came back clearly more or less than the year before it. */
export interface NewestCohortAction extends Concerned {
  readonly kind: 'newestCohort';
  /** `YYYY-MM`. */
  readonly cohort: string;
  readonly days: number;
  readonly rate: number;
  readonly rateBefore: number;
  /** Standard errors between the two: two at least. */
  readonly zScore: number;
}

export interface SwitchOnOfferAction extends Omit<Concerned, 'stake'> {
  readonly kind: 'switchOnOffer';
  /** In which these customers placed their first order, and were shown no code. */
  readonly days: number;
  /** Null where too few have had the time to come back. */
  readonly stake: Stake | null;
}

/** Customers who usually order a product again about now. */
export interface RefillAction extends Concerned, UsualReturn {
  readonly kind: 'refill';
  readonly productTitle: string;
  /** Days since their last purchase of it: from p25 of the time between two purchases to the day before p75. */
  readonly fromDays: number;
  readonly toDays: number;
}

/** Buyers of this product first come back clearly more often than the shop's others; its `customers` have had the time. */
export interface FirstProductAction extends Concerned {
  readonly kind: 'firstProduct';
  readonly productTitle: string;
  readonly days: number;
  readonly rate: number;
  readonly rateOfShop: number;
}
