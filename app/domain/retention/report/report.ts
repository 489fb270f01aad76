import type { RfmAgreement } from '../metrics/rfm-agreement.ts';
import type { ProductReport } from '../products/product-report.ts';

/**
 * The shape of the retention report: the keys other people's scripts read. Keys only grow.
 *
 * Rates and shares are fractions (0.25, never 25). Money is in minor units of `currency`; sums are integers, means are
 * exact decimals and are not rounded. A ratio whose denominator is zero is `null`, never 0 and never NaN.
 *
 * The keys churn, spend, predictions and backtest need fitted models: `PredictionsReport`, computed apart.
 */
export interface RetentionReport {
  /** Calendar day in `timeZone`, YYYY-MM-DD. Orders after its last moment are left out. */
  asOf: string;
  /** IANA name. */
  timeZone: string;
  /** ISO 4217 code of the shop's currency. */
  currency: string;
  inputs: ReportInputs;
  overall: Basics;
  trailing365: TrailingBasics;
  maturedRepeatRate: Record<MaturityDays, MaturedRepeatRate>;
  daysBetweenOrders: DaysBetweenOrders;
  simpleClv: SimpleClv;
  cohorts: MonthlyCohorts;
  rfm: RfmReport;
  lifecycle: LifecycleReport;
  /** These four are null where the lines of orders were not given; `products/product-report.ts` says what is in them. */
  replenishment: ProductReport['replenishment'] | null;
  boughtTogether: ProductReport['boughtTogether'] | null;
  boughtTogetherBasis: ProductReport['boughtTogetherBasis'] | null;
  firstProducts: ProductReport['firstProducts'] | null;
}

/** orders = counted + afterAsOf + the sum of excluded. */
export interface ReportInputs {
  orders: number;
  /** Counted orders up to the as-of day, guests among them. */
  counted: number;
  /** Orders that count but were placed after the as-of day. */
  afterAsOf: number;
  /** Orders of any day, by the first reason that applied. */
  excluded: ExcludedCounts;
  /** Counted orders up to the as-of day that have no customer. */
  guests: number;
  /** ISO 8601 instant in UTC, or null when nothing counted. */
  firstOrderAt: string | null;
  lastOrderAt: string | null;
}

export type ExclusionReason = 'test' | 'deleted' | 'cancelled' | 'refunded' | 'unknownState';

export type ExcludedCounts = Record<ExclusionReason, number>;

export interface Basics {
  /** Distinct customers with a counted order in the window. */
  customers: number;
  /** Counted orders in the window, guests among them: aovMinor = revenueMinor / orders. */
  orders: number;
  /** Those of `orders` that have no customer. Per-customer numbers are over orders - guestOrders. */
  guestOrders: number;
  /** Customers with two or more orders inside the window. */
  repeatCustomers: number;
  /** repeatCustomers / customers. */
  repeatPurchaseRate: number | null;
  /** (orders - guestOrders) / customers. */
  purchaseFrequency: number | null;
  revenueMinor: number;
  /** revenueMinor / orders. */
  aovMinor: number | null;
  /** purchaseFrequency x aovMinor. */
  customerValueMinor: number | null;
  /** Orders that are their customer's second or later ever / (orders - guestOrders). */
  repeatOrderShare: number | null;
  /** Revenue of those orders / revenue of all orders that have a customer. */
  repeatRevenueShare: number | null;
}

export interface TrailingBasics extends Basics {
  /** Customers in the window with an order there that is their second or later ever / customers in the window. */
  returningCustomerRateShopify: number | null;
}

export type MaturityDays = '30' | '60' | '90' | '180' | '365';

export interface MaturedRepeatRate {
  /** Customers whose first order is at least this many times 24 h before the end. */
  eligible: number;
  /** Those with a second order within that time. */
  repeated: number;
  rate: number | null;
}

/** Calendar days in shop time between consecutive orders of a customer, gaps of zero included. */
export interface DaysBetweenOrders {
  n: number;
  median: number | null;
  mean: number | null;
  p10: number | null;
  p25: number | null;
  p75: number | null;
  p90: number | null;
  firstToSecondMedian: number | null;
  secondToThirdMedian: number | null;
  thirdToFourthMedian: number | null;
}

export interface SimpleClv {
  /** The merchant's assumption. */
  lifespanYears: number;
  /** trailing365.aovMinor x trailing365.purchaseFrequency x lifespanYears. */
  clvMinor: number | null;
  /** Mean over all customers of the days from first to last order; a customer with one order has 0. */
  observedLifespanDays: number | null;
}

export type CalendarPeriod = 'month' | 'week' | 'quarter';

export type MonthlyCohorts = Cohorts<'month'>;

export interface Cohorts<Period extends CalendarPeriod> {
  period: Period;
  /**
   * The period still running on the as-of day, written as the cohorts are: the last entry of every row. Null when it
   * ended that day.
   */
  incompletePeriod: string | null;
  /** Oldest first. A period without new customers has no row. */
  rows: CohortRow[];
  /** Offsets that at least one cohort has completed. */
  weightedCurve: WeightedCurvePoint[];
}

/** Entry k of each list is the k-th period after the cohort's own, up to the as-of day's. */
export interface CohortRow {
  /** Of the first order: YYYY-MM, YYYY-Www (ISO 8601, from Monday) or YYYY-Qn. */
  cohort: string;
  size: number;
  /** Distinct customers with an order in that period; active[0] = size, retention[k] = active[k] / size. */
  active: number[];
  orders: number[];
  revenueMinor: number[];
  /** Historic CLV at this age: revenue of the periods up to and with this one / size. */
  cumulativeRevenuePerCustomerMinor: number[];
}

/** Cohorts over each customer's own periods of 30 x 24 h from the exact first order. */
export interface RollingCohorts {
  period: 'rolling30Days';
  rows: RollingCohortRow[];
  weightedCurve: WeightedCurvePoint[];
}

/** As `CohortRow`, over those whose own period k has ended: retention[k] = active[k] / eligible[k]. */
export interface RollingCohortRow extends CohortRow {
  /** Customers whose period k has ended. Only they and their orders are in the other lists, cumulative revenue too. */
  eligible: number[];
}

export interface WeightedCurvePoint {
  offset: number;
  /** Sum of the sizes of the cohorts that have completed this offset; of the eligible where periods roll. */
  customers: number;
  /** Sum of their active customers. */
  active: number;
  retention: number;
}

/** The names and meanings of Shopify's CustomerRfmGroup. */
export const RFM_GROUPS = [
  'CHAMPIONS',
  'LOYAL',
  'ACTIVE',
  'NEW',
  'PROMISING',
  'NEEDS_ATTENTION',
  'AT_RISK',
  'PREVIOUSLY_LOYAL',
  'ALMOST_LOST',
  'DORMANT',
  'PROSPECTS',
] as const;

export type RfmGroup = (typeof RFM_GROUPS)[number];

export interface RfmReport {
  /** Type-7 quantiles .2 .4 .6 .8: days since the last order, orders, minor units. Empty lists without customers. */
  breaks: { r: number[]; f: number[]; m: number[] };
  /** Customers in each group; PROSPECTS are customers without an order. */
  groups: Record<RfmGroup, number>;
  /** With the groups that Shopify tells; only of an installed shop, as of now. */
  shopifyAgreement?: RfmAgreement;
}

export const LIFECYCLE_STATES = ['active', 'cooling', 'atRisk', 'lapsed'] as const;

export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

export interface LifecycleReport {
  /** `ownRhythm` when the shop has gaps enough to know it, else the fixed days of `fixedRule`. */
  basis: 'ownRhythm' | 'fixedRule';
  /** Gaps between orders known, against the number needed. */
  gaps: number;
  gapsNeeded: number;
  /** A state lasts up to and including so many days since the last order; after the third a customer is lapsed. */
  upToDays: { active: number; cooling: number; atRisk: number };
  states: Record<LifecycleState, number>;
  stages: Record<LifecycleStage, number>;
}

/**
 * With one order: onboarding 0 to 7 days after it, nurture 8 to 14, activation 15 to 30, one-time after. Building: 2 to
 * 3 orders. Loyal: 4 or more.
 */
export const LIFECYCLE_STAGES = ['onboarding', 'nurture', 'activation', 'oneTime', 'building', 'loyal'] as const;

export type LifecycleStage = (typeof LIFECYCLE_STAGES)[number];
