import type { IndexedHistories } from './indexed-histories.ts';
import { LeavingIntegral } from './leaving-integral.ts';
import type { Evaluation } from './minimize.ts';
import { purchaseProcess } from './purchase-rates.ts';
import { sumOfParts } from './sum-of-parts.ts';

/**
 * Minus the log-likelihood of Pareto/NBD (Schmittlein, Morrison and Colombo 1987) in the parameters (r, alpha, s, beta):
 *
 *   L = L(alive, without dropout) * (beta / (beta + T))^s * [1 + e^D]
 *
 * e^D being the odds of having left somewhere between t_x and T, which is an integral over the moment of leaving.
 */
export function paretoLikelihood(histories: IndexedHistories) {
  const integral = new LeavingIntegral();
  return ([r = NaN, alpha = NaN, s = NaN, beta = NaN]: Float64Array): Evaluation => {
    return sumOfParts({
      purchases: purchaseProcess(histories, r, alpha),
      stays: staying(histories, s, beta),
      left: havingLeft(histories, { r, alpha, s, beta }, integral),
    });
  };
}

/** Minus the sum of s ln(beta / (beta + T)). */
function staying({ ages, customersAtAge }: IndexedHistories, s: number, beta: number): Evaluation {
  let value = 0;
  let byS = 0;
  let byBeta = 0;
  let bySBeta = 0;
  let byBetaBeta = 0;
  for (let place = 0; place < ages.length; place += 1) {
    const age = ages[place] ?? NaN;
    const customers = customersAtAge[place] ?? NaN;
    const grown = Math.log1p(age / beta);
    const inverse = 1 / (beta + age);
    const drop = (age * inverse) / beta;
    value += customers * s * grown;
    byS += customers * grown;
    byBeta -= customers * s * drop;
    bySBeta -= customers * drop;
    byBetaBeta += customers * s * drop * (1 / beta + inverse);
  }
  return { value, gradient: Float64Array.of(byS, byBeta), hessian: Float64Array.of(0, bySBeta, bySBeta, byBetaBeta) };
}

interface ParetoValues {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

/** Minus the sum of ln(1 + e^D). */
function havingLeft(histories: IndexedHistories, values: ParetoValues, integral: LeavingIntegral): Evaluation {
  const { rowCount, frequency, customers, ages, agePlaces, recencies, recencyPlaces } = histories;
  const { r, alpha, s, beta } = values;
  let value = 0;
  const gradient = new Float64Array(4);
  const hessian = new Float64Array(16);
  const slopes = new Float64Array(4);
  const bends = new Float64Array(16);
  for (let i = 0; i < rowCount; i += 1) {
    const weight = customers[i] ?? NaN;
    const age = ages[agePlaces[i] ?? NaN] ?? NaN;
    const recency = recencies[recencyPlaces[i] ?? NaN] ?? NaN;
    const span = age - recency;
    if (!(span > 0)) continue;
    const shape = r + (frequency[i] ?? NaN);
    const since = { shape, scale: alpha + recency, s, beta: beta + recency, span };
    const grown = shape * Math.log1p(span / since.scale) + s * Math.log1p(span / since.beta);
    const odds = integral.logOf(since) + grown;
    derivativesOfOdds(integral, since, slopes, bends);
    const small = Math.exp(-Math.abs(odds));
    value -= weight * (Math.max(odds, 0) + Math.log1p(small));
    const chance = (weight * (odds > 0 ? 1 : small)) / (1 + small);
    const spread = (chance * (odds > 0 ? small : 1)) / (1 + small);
    for (let row = 0; row < 4; row += 1) {
      const slope = slopes[row] ?? NaN;
      gradient[row] = (gradient[row] ?? NaN) - chance * slope;
      for (let column = 0; column < 4; column += 1) {
        const at = row * 4 + column;
        hessian[at] = (hessian[at] ?? NaN) - chance * (bends[at] ?? NaN) - spread * slope * (slopes[column] ?? NaN);
      }
    }
  }
  return { value, gradient, hessian };
}

/**
 * Of D by (r, alpha, s, beta): the mean over the points of the integrand's own derivatives, and for the second ones their
 * covariance too.
 */
function derivativesOfOdds(
  { points, shares, grownScales, grownBetas, count }: LeavingIntegral,
  { shape, scale, s, beta, span }: { shape: number; scale: number; s: number; beta: number; span: number },
  slopes: Float64Array,
  bends: Float64Array,
): void {
  const endAlpha = 1 / (scale + span);
  const endBeta = 1 / (beta + span);
  const grownScale = Math.log1p(span / scale);
  const grownBeta = Math.log1p(span / beta);
  let [m0, m1, m2, m3] = [0, 0, 0, 0];
  let [m00, m01, m02, m03, m11, m12, m13, m22, m23, m33] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < count; i += 1) {
    const point = points[i] ?? NaN;
    const share = shares[i] ?? NaN;
    const atAlpha = 1 / (scale + point);
    const atBeta = 1 / (beta + point);
    const rest = span - point;
    const byRAlpha = -rest * endAlpha * atAlpha;
    const bySBeta = -rest * endBeta * atBeta;
    const g0 = grownScale - (grownScales[i] ?? NaN);
    const g1 = shape * byRAlpha;
    const g2 = 1 / s + grownBeta - (grownBetas[i] ?? NaN);
    const g3 = s * bySBeta - atBeta;
    m0 += share * g0;
    m1 += share * g1;
    m2 += share * g2;
    m3 += share * g3;
    m00 += share * g0 * g0;
    m01 += share * (g0 * g1 + byRAlpha);
    m02 += share * g0 * g2;
    m03 += share * g0 * g3;
    m11 += share * (g1 * g1 - g1 * (atAlpha + endAlpha));
    m12 += share * g1 * g2;
    m13 += share * g1 * g3;
    m22 += share * (g2 * g2 - 1 / (s * s));
    m23 += share * (g2 * g3 + bySBeta);
    m33 += share * (g3 * g3 - s * bySBeta * (atBeta + endBeta) + atBeta * atBeta);
  }
  slopes.set([m0, m1, m2, m3]);
  const rows = [m00, m01, m02, m03, m01, m11, m12, m13, m02, m12, m22, m23, m03, m13, m23, m33];
  for (let at = 0; at < 16; at += 1) {
    bends[at] = (rows[at] ?? NaN) - (slopes[Math.floor(at / 4)] ?? NaN) * (slopes[at % 4] ?? NaN);
  }
}
