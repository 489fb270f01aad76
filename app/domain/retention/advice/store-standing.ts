import { requireCurrencyExponent } from '../../money/currency.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { AsOf } from '../columns/time-window.ts';
import type { ExpectedDay } from '../metrics/day-at-pace.ts';
import type { RetentionReport } from '../report/report.ts';
import { orderValueAnchor } from './order-value-anchors.ts';
import { yearOfOrdersKnownOn, yearsOfCustomersKnownOn } from './standing-known-on.ts';

/** From a store whose customers can be greeted by name to one where a point of a rate is a campaign. */
export const STORE_STAGES = ['starting', 'gaining', 'steady', 'established', 'scale'] as const;

export type StoreStage = (typeof STORE_STAGES)[number];

/** Where a store stands on one axis of the matrix of order value and of coming back. */
export interface AxisPlace {
  readonly measured: number;
  /** From it on it is high. */
  readonly anchor: number;
  readonly isHigh: boolean;
  /** Less than 15 % away from the anchor, itself a round figure: the next year may put it on the other side. */
  readonly isNear: boolean;
}

export interface StoreStanding {
  readonly stage: StoreStage;
  readonly customers: number;
  readonly ordersOfYear: number;
  /** Average order value of the last 365 days in minor units; null where it is not known or has no anchor. */
  readonly orderValue: AxisPlace | null;
  readonly whyNoOrderValue: 'fewOrders' | 'noAnchor' | null;
  /** `YYYY-MM-DD`: where orders are too few, when they will be enough; null where they never are at their pace. */
  readonly orderValueKnownOn: string | null;
  /** The share of customers who ordered again within 365 days of their first order; null where too few have had that time. */
  readonly comingBack: AxisPlace | null;
  /** When enough will have had it; null where it is known, or that is years away. */
  readonly comingBackKnownOn: ExpectedDay | null;
  /** What one more order of one in a hundred of last year's customers would be. Null where one in a hundred is nobody. */
  readonly onePointMore: { readonly customers: number; readonly worthMinor: number } | null;
}

/** Customers, and orders of the last 365 days, at which the next stage begins. */
export const STAGE_STEPS = [100, 1_000, 10_000, 100_000] as const;

/**
 * RJMetrics, "Ecommerce Buyer Behavior Benchmark" (2015), of 176 online retailers and 18 million customers: 32 % bought
 * again within a year of their first purchase.
 */
export const COMING_BACK_ANCHOR = 0.32;

/** A mean or a share of fewer is moved by a few of them. */
export const LEAST_KNOWN = 50;
const NEAR = 0.15;
export const YEAR_DAYS = 365;

/**
 * The stage is the lower of what customers and what the year's orders say: many customers of long ago with few orders now
 * are no large store. The two axes are of the store's kind of trade, which it will not change by trying harder: advice
 * follows from them (furniture is not coffee). Both lines are published means, so that a store is not compared with itself.
 */
export function deriveStoreStanding(
  columns: OrderColumns,
  { currency, overall, trailing365, maturedRepeatRate }: Pick<RetentionReport, 'currency' | 'overall' | 'trailing365' | 'maturedRepeatRate'>,
  asOf: Pick<AsOf, 'day'>,
): StoreStanding {
  const { orders: ordersOfYear, customers: customersOfYear, aovMinor } = trailing365;
  const { eligible, rate } = maturedRepeatRate['365'];
  const isValueKnown = ordersOfYear >= LEAST_KNOWN && aovMinor !== null;
  const isReturnKnown = eligible >= LEAST_KNOWN && rate !== null;
  const anchor = orderValueAnchor(currency);
  const anchorMinor = anchor === null ? null : anchor * 10 ** requireCurrencyExponent(currency);
  return {
    stage: STORE_STAGES[STAGE_STEPS.filter((step) => Math.min(overall.customers, ordersOfYear) >= step).length] ?? 'scale',
    customers: overall.customers,
    ordersOfYear,
    orderValue: isValueKnown && anchorMinor !== null ? placeOn(aovMinor, anchorMinor) : null,
    whyNoOrderValue: !isValueKnown ? 'fewOrders' : anchorMinor === null ? 'noAnchor' : null,
    orderValueKnownOn: isValueKnown ? null : yearOfOrdersKnownOn(columns, asOf, LEAST_KNOWN),
    comingBack: isReturnKnown ? placeOn(rate, COMING_BACK_ANCHOR) : null,
    comingBackKnownOn: isReturnKnown ? null : yearsOfCustomersKnownOn(columns, asOf, LEAST_KNOWN),
    onePointMore:
      customersOfYear < 100 || aovMinor === null ? null : { customers: customersOfYear, worthMinor: Math.round((customersOfYear * aovMinor) / 100) },
  };
}

function placeOn(measured: number, anchor: number): AxisPlace {
  return { measured, anchor, isHigh: measured >= anchor, isNear: Math.abs(measured / anchor - 1) < NEAR };
}
