import { correlate, expectedSpend, fitGammaGamma } from '../models/gamma-gamma.ts';
import type { SpendFitOutcome } from '../models/gamma-gamma.ts';
import type { RepeatSpend } from '../models/spend-likelihood.ts';
import type { SpendReport } from '../report/predictions-report.ts';
import type { PurchaseSummaries } from './purchase-summaries.ts';

/** Beyond this, in either direction, frequency and spend are not independent, as the model takes them to be. */
const CORRELATION_LIMIT = 0.1;

export interface SpendPrediction {
  readonly outcome: SpendFitOutcome;
  /** Customers with x > 0 and zbar > 0. */
  readonly customers: number;
  readonly correlation: number | null;
  readonly isCorrelationHigh: boolean;
  /** Mean of all their repeat purchases, in minor units; null without any. */
  readonly meanMinor: number | null;
  /** E[M | x, zbar] in minor units; NaN when nobody has paid anything. */
  readonly expectedMinor: (x: number, zbarMinor: number) => number;
}

/**
 * What customers are expected to pay a purchase.
 *
 * Where the model has no fit, what it tends to is said instead, and the outcome names why: each customer's own mean when
 * everybody pays the same every time, else the mean of all. The mean of all also stands in where the fitted model holds
 * that no mean exists (q <= 1 for those who have not come back).
 */
export function predictSpend({ count, frequency, repeatMeanMinor }: PurchaseSummaries): SpendPrediction {
  const spend = selectRepeatSpend(count, frequency, repeatMeanMinor);
  const outcome = fitGammaGamma(spend);
  const correlation = correlate(spend);
  const meanMinor = meanPurchase(spend);
  const mean = meanMinor ?? NaN;
  return {
    outcome,
    customers: spend.frequency.length,
    correlation,
    isCorrelationHigh: correlation !== null && Math.abs(correlation) > CORRELATION_LIMIT,
    meanMinor,
    expectedMinor: (x, zbarMinor) => {
      if (outcome.ok) {
        const expected = expectedSpend(outcome.fit.parameters, x, zbarMinor);
        return Number.isFinite(expected) ? expected : mean;
      }
      return outcome.reason === 'purchases-alike' && zbarMinor > 0 ? zbarMinor : mean;
    },
  };
}

export function reportSpend(spend: SpendPrediction): SpendReport {
  const { outcome, customers, correlation, isCorrelationHigh, meanMinor } = spend;
  const fit = outcome.ok ? outcome.fit : null;
  return {
    p: fit?.parameters.p ?? null,
    q: fit?.parameters.q ?? null,
    v: fit?.parameters.v ?? null,
    logLikelihood: fit?.logLikelihood ?? null,
    standardErrors: fit?.standardErrors ?? null,
    customers,
    correlation,
    correlationWarning: isCorrelationHigh,
    meanMinor,
    fallback: outcome.ok
      ? null
      : {
          reason: outcome.reason,
          detail: outcome.detail,
          uses: outcome.reason === 'purchases-alike' ? 'ownMean' : 'meanOfAll',
        },
  };
}

function selectRepeatSpend(count: number, frequency: Uint32Array, repeatMeanMinor: Float64Array) {
  const kept = { frequency: new Uint32Array(count), meanValue: new Float64Array(count) };
  let length = 0;
  for (let i = 0; i < count; i += 1) {
    const x = frequency[i] ?? NaN;
    const zbar = repeatMeanMinor[i] ?? NaN;
    if (!(x > 0 && zbar > 0)) continue;
    kept.frequency[length] = x;
    kept.meanValue[length] = zbar;
    length += 1;
  }
  return { frequency: kept.frequency.subarray(0, length), meanValue: kept.meanValue.subarray(0, length) };
}

function meanPurchase({ frequency, meanValue }: RepeatSpend): number | null {
  let purchases = 0;
  let spentMinor = 0;
  for (let i = 0; i < frequency.length; i += 1) {
    const x = frequency[i] ?? NaN;
    purchases += x;
    spentMinor += x * (meanValue[i] ?? NaN);
  }
  return purchases === 0 ? null : spentMinor / purchases;
}
