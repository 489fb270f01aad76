import { deriveLifecycleState } from '../metrics/lifecycle.ts';
import { ratio } from '../metrics/ratio.ts';
import type { FitOutcome, ModelFit } from '../models/fitted-model.ts';
import type {
  AlternativeFit,
  Backtest,
  ChurnFallback,
  ChurnReport,
  ModelParameters,
  NoBacktest,
  Shortage,
} from '../report/predictions-report.ts';
import type { LifecycleReport, LifecycleState } from '../report/report.ts';
import type { PurchaseSummaries } from './purchase-summaries.ts';
import type { RowPredictions } from './row-predictions.ts';

export interface ChurnFacts {
  readonly summaries: PurchaseSummaries;
  readonly missing: Shortage[];
  /** Null when too little is known to try. */
  readonly outcome: FitOutcome<ModelParameters> | null;
  readonly rows: RowPredictions | null;
  readonly backtest: Backtest | NoBacktest;
  readonly upToDays: LifecycleReport['upToDays'];
  readonly alternatives: ChurnReport['alternatives'];
}

/** What is known of customers leaving; where the model says nothing that can be relied on, the state of METRICS 5 does. */
export function reportChurn(facts: ChurnFacts): ChurnReport {
  const { summaries, outcome, rows, alternatives } = facts;
  const fit = outcome?.ok === true ? outcome.fit : null;
  const hasChurn = fit !== null && fit.hasDropout && rows !== null;
  const expectedAlive = hasChurn ? sumByRow(summaries, rows.pAlive) : null;
  return {
    model: fit?.model.name ?? null,
    ...describeFit(fit),
    fallback: findFallback(facts, fit),
    customers: summaries.count,
    expectedAlive,
    meanPAlive: expectedAlive === null ? null : ratio(expectedAlive, summaries.count),
    alternatives,
  };
}

export function describeAlternative(outcome: FitOutcome<ModelParameters>): AlternativeFit {
  if (!outcome.ok) return { ok: false, reason: outcome.reason, detail: outcome.detail };
  const { model, logLikelihood, standardErrors, hasDropout } = outcome.fit;
  return { ok: true, params: model.parameters, logLikelihood, standardErrors, hasDropout };
}

export function sumByRow({ histories }: PurchaseSummaries, ofRow: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < histories.rowCount; row += 1) sum += (histories.customers[row] ?? NaN) * (ofRow[row] ?? NaN);
  return sum;
}

function describeFit(fit: ModelFit | null): Pick<ChurnReport, 'params' | 'logLikelihood' | 'standardErrors' | 'hasDropout'> {
  return {
    params: fit?.model.parameters ?? null,
    logLikelihood: fit?.logLikelihood ?? null,
    standardErrors: fit?.standardErrors ?? null,
    hasDropout: fit?.hasDropout ?? null,
  };
}

function findFallback(facts: ChurnFacts, fit: ModelFit | null): ChurnFallback | null {
  const { missing, outcome, backtest } = facts;
  const rule = () => ({ rule: 'lifecycleState' as const, states: countStates(facts) });
  if (missing.length > 0) return { ...rule(), reason: 'too-little-data', missing };
  if (outcome === null || fit === null) {
    const detail = outcome === null || outcome.ok ? 'no fit was tried' : `${outcome.reason}: ${outcome.detail}`;
    return { ...rule(), reason: 'no-fit', detail };
  }
  if (!fit.hasDropout) {
    return { ...rule(), reason: 'no-dropout', detail: 'the purchases show no more customers leaving than chance would' };
  }
  if (backtest.ok && !backtest.modelWins) return { ...rule(), reason: 'lost-backtest', detail: describeLoss(backtest) };
  return null;
}

function describeLoss({ meanAbsoluteError, rootMeanSquareError, splitAt }: Backtest): string {
  const { model, lastYearMean, simpleRule } = meanAbsoluteError;
  const isRule = simpleRule < model && rootMeanSquareError.simpleRule < rootMeanSquareError.model;
  const rival = isRule ? 'the simple rule' : "last year's mean";
  const least = isRule ? simpleRule : lastYearMean;
  return `after ${splitAt} ${rival} was off by ${least.toFixed(3)} orders a customer, the model by ${model.toFixed(3)}`;
}

function countStates({ summaries, upToDays }: ChurnFacts): Record<LifecycleState, number> {
  const states = { active: 0, cooling: 0, atRisk: 0, lapsed: 0 };
  for (let i = 0; i < summaries.count; i += 1) {
    states[deriveLifecycleState((summaries.age[i] ?? NaN) - (summaries.recency[i] ?? NaN), upToDays)] += 1;
  }
  return states;
}
