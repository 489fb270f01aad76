import type { PredictionTotals } from '../report/predictions-report.ts';
import type { CustomerPredictions } from './customer-predictions.ts';

/**
 * What pages and segments go by for each customer: the fitted model, or the simple rule where there is none or it lost
 * against naive rivals. Entries as in `CustomerPredictions`. A rule knows neither P(alive) nor a next order date.
 */
export interface PredictionsInUse extends Pick<CustomerPredictions, WhoseHistories | 'pAlive' | 'nextOrderDay'> {
  readonly inUse: PredictionTotals['inUse'];
  readonly expectedOrders365: Float64Array;
  /** Null when nobody has paid for a repeat purchase yet. */
  readonly predictedClv365Minor: Float64Array | null;
}

type WhoseHistories = 'count' | 'customers' | 'frequency' | 'recency' | 'age';

export function predictionsInUse(of: CustomerPredictions, inUse: PredictionTotals['inUse']): PredictionsInUse {
  const { count, customers, frequency, recency, age, ruleOrders365, ruleValue365Minor } = of;
  const whose = { count, customers, frequency, recency, age };
  if (inUse === 'simpleRule' || of.expectedOrders365 === null) {
    const byRule = { expectedOrders365: ruleOrders365, predictedClv365Minor: ruleValue365Minor };
    return { ...whose, ...byRule, inUse: 'simpleRule', pAlive: null, nextOrderDay: null };
  }
  const { expectedOrders365, predictedClv365Minor, pAlive, nextOrderDay } = of;
  return { ...whose, expectedOrders365, predictedClv365Minor, inUse, pAlive, nextOrderDay };
}
