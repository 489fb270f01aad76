import type { ModelFit } from '../models/fitted-model.ts';
import type { Backtest, NoBacktest, PredictionTotals } from '../report/predictions-report.ts';
import { sumByRow } from './churn.ts';
import { NO_ORDER_DAY } from './customer-predictions.ts';
import type { CustomerPredictions } from './customer-predictions.ts';
import type { PurchaseSummaries } from './purchase-summaries.ts';
import { HORIZON_DAYS } from './row-predictions.ts';
import type { RowPredictions } from './row-predictions.ts';
import type { SpendPrediction } from './spend-prediction.ts';
import { deviationsOfOrders, deviationsOfRevenue } from './total-deviations.ts';
import { intervalsOfRule, intervalsOfTotal, missOf } from './total-intervals.ts';

export interface TotalsFacts {
  readonly summaries: PurchaseSummaries;
  readonly fit: ModelFit | null;
  readonly rows: RowPredictions | null;
  readonly spend: SpendPrediction;
  readonly backtest: Backtest | NoBacktest;
  readonly customers: CustomerPredictions;
  readonly monthlyDiscountRate: number;
}

export function totalPredictions(facts: TotalsFacts): PredictionTotals {
  const { summaries, fit, rows, backtest, customers, monthlyDiscountRate } = facts;
  const totals = {
    expectedOrders: rows === null ? null : sumByRow(summaries, rows.expectedOrders),
    expectedRevenueMinor: customers.predictedClv365Minor?.reduce((sum, minor) => sum + minor, 0) ?? null,
  };
  return {
    horizonDays: HORIZON_DAYS,
    inUse: fit !== null && (!backtest.ok || backtest.modelWins) ? 'model' : 'simpleRule',
    ...totals,
    intervals: fit === null || rows === null ? null : findIntervals({ ...facts, fit, rows }, totals),
    customersWithNextOrder: customers.nextOrderDay?.reduce((n, day) => (day === NO_ORDER_DAY ? n : n + 1), 0) ?? null,
    monthlyDiscountRate,
    simpleRule: totalByRule(customers, backtest),
  };
}

/** Its revenue goes with its orders, so that the one miss stands for both. */
function totalByRule({ ruleOrders365, ruleValue365Minor }: CustomerPredictions, backtest: TotalsFacts['backtest']): PredictionTotals['simpleRule'] {
  const expectedOrders = ruleOrders365.reduce((sum, orders) => sum + orders, 0);
  const expectedRevenueMinor = ruleValue365Minor.reduce((sum, minor) => sum + minor, 0);
  const miss = backtest.ok ? missOf(backtest.orders.actual, backtest.orders.simpleRule) : null;
  const intervals =
    miss === null ? null : { expectedOrders: intervalsOfRule(expectedOrders, miss), expectedRevenueMinor: intervalsOfRule(expectedRevenueMinor, miss) };
  return { expectedOrders, expectedRevenueMinor, intervals };
}

/** A backtest of orders alone stands in for that of revenue where that could not be predicted. */
function findIntervals(
  { summaries, fit, rows, spend, backtest }: TotalsFacts & { readonly fit: ModelFit; readonly rows: RowPredictions },
  { expectedOrders, expectedRevenueMinor }: Pick<PredictionTotals, 'expectedOrders' | 'expectedRevenueMinor'>,
): PredictionTotals['intervals'] {
  if (expectedOrders === null || !(expectedOrders > 0)) return null;
  const predicted = { summaries, fit, expectedOrders: rows.expectedOrders };
  const missOfOrders = backtest.ok ? missOf(backtest.orders.actual, backtest.orders.model) : null;
  const missOfRevenue = backtest.ok ? missOf(backtest.revenueMinor.actual, backtest.revenueMinor.model) : null;
  const ofOrders = deviationsOfOrders(predicted);
  const ofRevenue = spend.outcome.ok ? deviationsOfRevenue(predicted, spend.outcome.fit) : ofOrders;
  return {
    expectedOrders: intervalsOfTotal(expectedOrders, ofOrders, missOfOrders),
    expectedRevenueMinor:
      expectedRevenueMinor === null || !(expectedRevenueMinor > 0)
        ? null
        : intervalsOfTotal(expectedRevenueMinor, ofRevenue, missOfRevenue ?? missOfOrders),
  };
}
