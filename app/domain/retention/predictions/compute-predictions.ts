import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { countOrderGaps } from '../metrics/days-between-orders.ts';
import { deriveRhythm } from '../metrics/lifecycle.ts';
import { fitBgNbd } from '../models/bg-nbd.ts';
import { fitMbgNbd } from '../models/mbg-nbd.ts';
import { fitParetoNbd } from '../models/pareto-nbd.ts';
import type { PurchaseHistories } from '../models/purchase-histories.ts';
import type { ChurnReport, NoBacktest, PredictionsReport, Shortage } from '../report/predictions-report.ts';
import { computeBacktest } from './backtest.ts';
import { describeAlternative, reportChurn } from './churn.ts';
import { MOST_FOR_PARETO } from './compare-models.ts';
import { findShortages } from './churn-thresholds.ts';
import { predictCustomers } from './customer-predictions.ts';
import type { CustomerPredictions } from './customer-predictions.ts';
import { totalPredictions } from './prediction-totals.ts';
import { summarizePurchases } from './purchase-summaries.ts';
import { forecastBySimpleRule } from './rivals.ts';
import { HORIZON_DAYS, predictRows } from './row-predictions.ts';
import { predictSpend, reportSpend } from './spend-prediction.ts';

export interface PredictionOptions {
  readonly asOf: AsOf;
  /** A share a month, as 0.01; predicted CLV is undiscounted without it. */
  readonly monthlyDiscountRate?: number;
  /** Fits BG/NBD and Pareto/NBD too, for comparison. */
  readonly withAlternatives?: boolean;
  /** Before each part that takes long. */
  readonly onStep?: (step: PredictionStep) => void;
}

export type PredictionStep = 'MBG/NBD' | 'backtest' | 'BG/NBD' | 'Pareto/NBD';

export interface Predictions {
  readonly report: PredictionsReport;
  readonly customers: CustomerPredictions;
}

/**
 * Everything that needs fitted models (METRICS sections 5 and 6), of the customers of the selection. It costs seconds
 * where `computeRetentionReport` costs milliseconds, so it stands apart. Same columns, same options, same answer.
 */
export function computePredictions(
  columns: OrderColumns,
  selection: Selection,
  { asOf, monthlyDiscountRate = 0, withAlternatives = true, onStep = () => {} }: PredictionOptions,
): Predictions {
  const summaries = summarizePurchases(columns, selection, asOf);
  const { histories } = summaries;
  const missing = findShortages(summaries);
  const isEnough = missing.length === 0;
  if (isEnough) onStep('MBG/NBD');
  const outcome = isEnough ? fitMbgNbd(histories) : null;
  const fit = outcome?.ok === true ? outcome.fit : null;
  const rows = fit === null ? null : predictRows(fit.model, histories, { monthlyDiscountRate });
  const spend = predictSpend(summaries);
  if (isEnough) onStep('backtest');
  const backtest = isEnough ? computeBacktest(columns, selection, { asOf, fit: fitMbgNbd }) : refuseBacktest(missing);
  const { upToDays } = deriveRhythm(countOrderGaps(columns, selection, asOf));
  const simpleRule = forecastBySimpleRule(histories, upToDays.atRisk, HORIZON_DAYS);
  const hasDropout = fit?.hasDropout ?? false;
  const customers = predictCustomers({ summaries, rows, hasDropout, spend, simpleRule, asOf });
  const alternatives = isEnough && withAlternatives ? fitAlternatives(histories, { customers: summaries.count, onStep }) : NOT_TRIED;
  return {
    report: {
      churn: reportChurn({ summaries, missing, outcome, rows, backtest, upToDays, alternatives }),
      spend: reportSpend(spend),
      predictions: totalPredictions({ summaries, fit, rows, spend, backtest, customers, monthlyDiscountRate }),
      backtest,
    },
    customers,
  };
}

function refuseBacktest(missing: readonly Shortage[]): NoBacktest {
  const detail = missing.map(({ what, has, needs }) => `${what}: ${has} of ${needs}`).join(', ');
  return { ok: false, reason: 'too-little-data', detail };
}

const NOT_ASKED_FOR = { ok: false as const, reason: 'not-tried', detail: 'too little is known, or it was not asked for' };
const NOT_TRIED: ChurnReport['alternatives'] = { 'BG/NBD': NOT_ASKED_FOR, 'Pareto/NBD': NOT_ASKED_FOR };

function fitAlternatives(
  histories: PurchaseHistories,
  { customers, onStep }: { customers: number; onStep: (step: PredictionStep) => void },
): ChurnReport['alternatives'] {
  onStep('BG/NBD');
  const bgNbd = describeAlternative(fitBgNbd(histories));
  if (customers >= MOST_FOR_PARETO) {
    const detail = `it takes too long from ${MOST_FOR_PARETO} customers on, and there are ${customers}`;
    return { 'BG/NBD': bgNbd, 'Pareto/NBD': { ok: false, reason: 'too-many-customers', detail } };
  }
  onStep('Pareto/NBD');
  return { 'BG/NBD': bgNbd, 'Pareto/NBD': describeAlternative(fitParetoNbd(histories)) };
}
