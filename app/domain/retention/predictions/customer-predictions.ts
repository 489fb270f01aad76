import type { AsOf } from '../columns/time-window.ts';
import type { PurchaseSummaries } from './purchase-summaries.ts';
import { NOT_EXPECTED } from './row-predictions.ts';
import type { RowPredictions } from './row-predictions.ts';
import type { SpendPrediction } from './spend-prediction.ts';

/** In `nextOrderDay`: not expected within a year. No calendar has this day. */
export const NO_ORDER_DAY = -(2 ** 31);

/**
 * What is predicted of each customer: one entry for every customer of the selection who has ordered by the as-of day, in
 * the order of the columns, as in `CustomerSummaries`.
 */
export interface CustomerPredictions {
  readonly count: number;
  /** Index into the columns' customers. */
  readonly customers: Uint32Array;
  /** x, t_x and T, in days. */
  readonly frequency: Uint32Array;
  readonly recency: Uint32Array;
  readonly age: Uint32Array;
  /** Null when the shop has no model, or nobody leaves in the one it has. */
  readonly pAlive: Float64Array | null;
  /** By the model; null without one. The backtest says whether to go by it: `predictions.inUse`. */
  readonly expectedOrders365: Float64Array | null;
  /** expectedOrders365 x E[M | x, zbar], discounted if asked. Null too when nobody has paid for a repeat purchase yet. */
  readonly predictedClv365Minor: Float64Array | null;
  /** Days since 1970-01-01, or `NO_ORDER_DAY`. */
  readonly nextOrderDay: Int32Array | null;
  /** By the simple rule, which needs no model; and what they come to at the customer's own mean purchase. */
  readonly ruleOrders365: Float64Array;
  readonly ruleValue365Minor: Float64Array;
}

export interface CustomerFacts {
  readonly summaries: PurchaseSummaries;
  readonly rows: RowPredictions | null;
  /** Whether P(alive) of the rows says something. */
  readonly hasDropout: boolean;
  readonly spend: SpendPrediction;
  /** Of each row. */
  readonly simpleRule: Float64Array;
  readonly asOf: AsOf;
}

export function predictCustomers(facts: CustomerFacts): CustomerPredictions {
  const { summaries, rows, hasDropout, simpleRule, spend } = facts;
  const { count, customers, frequency, recency, age, rowOfCustomer, revenueMinor } = summaries;
  const ruleOrders365 = spread(simpleRule, rowOfCustomer);
  const ruleValue365Minor = ruleOrders365.map((orders, i) => {
    return (orders * (revenueMinor[i] ?? NaN)) / ((frequency[i] ?? NaN) + 1);
  });
  return {
    count,
    customers,
    frequency,
    recency,
    age,
    pAlive: rows !== null && hasDropout ? spread(rows.pAlive, rowOfCustomer) : null,
    expectedOrders365: rows === null ? null : spread(rows.expectedOrders, rowOfCustomer),
    predictedClv365Minor: rows === null || spend.meanMinor === null ? null : predictClv(facts, rows),
    nextOrderDay: rows === null ? null : findNextDays(facts, rows),
    ruleOrders365,
    ruleValue365Minor,
  };
}

function spread(ofRow: Float64Array, rowOfCustomer: Uint32Array): Float64Array {
  const ofCustomer = new Float64Array(rowOfCustomer.length);
  for (let i = 0; i < ofCustomer.length; i += 1) ofCustomer[i] = ofRow[rowOfCustomer[i] ?? NaN] ?? NaN;
  return ofCustomer;
}

function predictClv({ summaries, spend }: CustomerFacts, { discountedOrders }: RowPredictions): Float64Array {
  const { count, frequency, repeatMeanMinor, rowOfCustomer } = summaries;
  const clvMinor = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const orders = discountedOrders[rowOfCustomer[i] ?? NaN] ?? NaN;
    clvMinor[i] = orders * spend.expectedMinor(frequency[i] ?? NaN, repeatMeanMinor[i] ?? NaN);
  }
  return clvMinor;
}

function findNextDays({ summaries, asOf }: CustomerFacts, { daysToNextOrder }: RowPredictions): Int32Array {
  const nextDays = new Int32Array(summaries.count);
  for (let i = 0; i < nextDays.length; i += 1) {
    const days = daysToNextOrder[summaries.rowOfCustomer[i] ?? NaN] ?? NaN;
    nextDays[i] = days === NOT_EXPECTED ? NO_ORDER_DAY : asOf.day + days;
  }
  return nextDays;
}
