import type { ModelFit, PurchaseModel } from '../models/fitted-model.ts';
import { expectedSpend } from '../models/gamma-gamma.ts';
import type { SpendFit } from '../models/gamma-gamma.ts';
import { mbgNbdModel } from '../models/mbg-nbd.ts';
import { nbdModel } from '../models/nbd.ts';
import type { PurchaseHistories } from '../models/purchase-histories.ts';
import type { PurchaseSummaries } from './purchase-summaries.ts';
import { historyAt, HORIZON_DAYS } from './row-predictions.ts';
import type { ModelDeviations } from './total-intervals.ts';

/** Relative deviations hardly differ between these rows and all: histories are sorted, so that some stand for the rest. */
const ROWS_ASKED = 10_000;
const LOGARITHM_STEP = 1e-4;
/** A gamma of shape 2 or less has no mean square; spend that heavy is counted as if it had this shape. */
const LEAST_SHAPE = 2.5;

export interface Predicted {
  readonly summaries: PurchaseSummaries;
  readonly fit: ModelFit;
  /** E[Y(365)] of each row. */
  readonly expectedOrders: Float64Array;
}

export function deviationsOfOrders({ summaries, fit, expectedOrders }: Predicted): ModelDeviations {
  const { histories } = summaries;
  const { customers, rowCount } = histories;
  const every = stride(histories);
  let total = 0;
  let askedTotal = 0;
  let variance = 0;
  for (let row = 0; row < rowCount; row += 1) {
    const orders = (customers[row] ?? NaN) * (expectedOrders[row] ?? NaN);
    total += orders;
    if (row % every !== 0) continue;
    askedTotal += orders;
    variance += (customers[row] ?? NaN) * fit.model.varianceOfPurchases(historyAt(histories, row), HORIZON_DAYS);
  }
  return {
    chance: Math.sqrt(variance / askedTotal / total),
    parameters: deviationByPurchaseParameters(fit, histories, customers),
  };
}

/**
 * Of the sum of E[Y] E[M]. With Y purchases of gamma(p, nu), where nu is gamma(A, B) given what the customer has spent
 * (A = px + q, B = v + x zbar), what they come to has the variance p E[Y] E[1/nu^2] + p^2 (E[Y^2] E[1/nu^2] - E[Y]^2
 * E[1/nu]^2).
 */
export function deviationsOfRevenue(predicted: Predicted, spend: SpendFit): ModelDeviations {
  const { summaries, fit, expectedOrders } = predicted;
  const { count, rowOfCustomer, frequency, repeatMeanMinor, histories } = summaries;
  const { p, q, v } = spend.parameters;
  const every = stride(histories);
  const orderVariance = varianceOfRows(fit.model, histories, every);
  const spendOfRow = new Float64Array(histories.rowCount);
  let total = 0;
  let askedTotal = 0;
  let variance = 0;
  for (let i = 0; i < count; i += 1) {
    const row = rowOfCustomer[i] ?? NaN;
    const x = frequency[i] ?? NaN;
    const orders = expectedOrders[row] ?? NaN;
    const rate = v + x * (repeatMeanMinor[i] ?? NaN);
    const shape = Math.max(p * x + q, LEAST_SHAPE);
    const inverse = rate / (shape - 1);
    const inverseSquare = (inverse * rate) / (shape - 2);
    const orderSquare = (orderVariance[row] ?? NaN) + orders * orders;
    spendOfRow[row] = (spendOfRow[row] ?? NaN) + p * inverse;
    total += orders * p * inverse;
    if (row % every !== 0) continue;
    askedTotal += orders * p * inverse;
    variance += p * orders * inverseSquare + p * p * (orderSquare * inverseSquare - orders * orders * inverse * inverse);
  }
  return {
    chance: Math.sqrt(variance / askedTotal / total),
    parameters: Math.hypot(
      deviationByPurchaseParameters(fit, histories, spendOfRow),
      deviationBySpendParameters(predicted, spend),
    ),
  };
}

function varianceOfRows(model: PurchaseModel, histories: PurchaseHistories, every: number): Float64Array {
  const variance = new Float64Array(histories.rowCount).fill(NaN);
  for (let row = 0; row < variance.length; row += every) {
    variance[row] = model.varianceOfPurchases(historyAt(histories, row), HORIZON_DAYS);
  }
  return variance;
}

function stride({ rowCount }: PurchaseHistories): number {
  return Math.max(1, Math.floor(rowCount / ROWS_ASKED));
}

function deviationBySpendParameters(
  { summaries, expectedOrders }: Predicted,
  { parameters, covarianceOfLogarithms }: SpendFit,
): number {
  if (covarianceOfLogarithms === null) return 0;
  const { count, rowOfCustomer, frequency, repeatMeanMinor } = summaries;
  const { p, q, v } = parameters;
  const ofSpend = slopesOf([p, q, v], ([p1 = NaN, q1 = NaN, v1 = NaN]) => {
    let sum = 0;
    for (let i = 0; i < count; i += 1) {
      const spend = expectedSpend({ p: p1, q: q1, v: v1 }, frequency[i] ?? NaN, repeatMeanMinor[i] ?? NaN);
      if (Number.isFinite(spend)) sum += (expectedOrders[rowOfCustomer[i] ?? NaN] ?? NaN) * spend;
    }
    return sum;
  });
  return deviationAlong(ofSpend, covarianceOfLogarithms);
}

/** Of the sum of weight x E[Y] over the rows. */
function deviationByPurchaseParameters(fit: ModelFit, histories: PurchaseHistories, weights: Float64Array): number {
  if (fit.covarianceOfLogarithms === null) return 0;
  const names = Object.keys(fit.model.parameters);
  const every = stride(histories);
  const slopes = slopesOf(Object.values(fit.model.parameters), (values) => {
    const model = modelLike(fit.model, Object.fromEntries(names.map((name, index) => [name, values[index] ?? NaN])));
    let sum = 0;
    for (let row = 0; row < histories.rowCount; row += every) {
      sum += (weights[row] ?? NaN) * model.expectedPurchases(historyAt(histories, row), HORIZON_DAYS);
    }
    return sum;
  });
  return deviationAlong(slopes, fit.covarianceOfLogarithms);
}

function modelLike({ name }: PurchaseModel, parameters: Readonly<Record<string, number>>): PurchaseModel {
  const { r = NaN, alpha = NaN, a = NaN, b = NaN } = parameters;
  return name === 'NBD' ? nbdModel({ r, alpha }) : mbgNbdModel({ r, alpha, a, b });
}

/** Of the logarithm of a total, along the logarithms of the parameters. */
function slopesOf(parameters: readonly number[], total: (parameters: readonly number[]) => number): number[] {
  return parameters.map((_, index) => {
    const moved = (step: number) => parameters.map((value, i) => (i === index ? value * Math.exp(step) : value));
    return Math.log(total(moved(LOGARITHM_STEP)) / total(moved(-LOGARITHM_STEP))) / (2 * LOGARITHM_STEP);
  });
}

function deviationAlong(slopes: readonly number[], covariance: Float64Array): number {
  let variance = 0;
  slopes.forEach((one, i) => {
    slopes.forEach((other, j) => {
      variance += one * other * (covariance[i * slopes.length + j] ?? NaN);
    });
  });
  return Math.sqrt(Math.max(0, variance));
}
