import { inLogarithms } from './log-parameters.ts';
import { minimize } from './minimize.ts';
import { SpendLikelihood } from './spend-likelihood.ts';
import type { RepeatSpend, SpendParameters } from './spend-likelihood.ts';
import { invertPositive } from './symmetric-matrix.ts';

export interface SpendFit {
  readonly parameters: SpendParameters;
  readonly logLikelihood: number;
  /** From the inverse of the observed information, on the parameters' own scale; null where the data do not tell them. */
  readonly standardErrors: SpendParameters | null;
  /** Of ln p, ln q and ln v, row by row; null with the standard errors. */
  readonly covarianceOfLogarithms: Float64Array | null;
  /** Customers it was fitted on. */
  readonly customers: number;
  /** How often the likelihood was gone through. */
  readonly passes: number;
}

/**
 * Why there is no fit. `no-repeat-spend`: nobody came back and paid. `same-spend`: all of them pay the same, so that the
 * likelihood has no maximum. `customers-alike`: they differ no more than their own purchases do (q runs to infinity).
 * `purchases-alike`: each pays the same every time (p does).
 */
export type NoSpendFitReason =
  | 'no-repeat-spend'
  | 'same-spend'
  | 'customers-alike'
  | 'purchases-alike'
  | 'not-converged'
  | 'not-finite';

export type SpendFitOutcome =
  | { readonly ok: true; readonly fit: SpendFit }
  | { readonly ok: false; readonly reason: NoSpendFitReason; readonly detail: string };

/** The mean purchase is p v / (q - 1), here 1 in units of the mean. */
const START = [2, 3, 1].map(Math.log);
/** A shape this large is as good as infinite: purchases within a third of a percent of each other. */
const ENDLESS_SHAPE = 1e5;
/** The search goes a little further; v follows q up and p down. */
const UPPER = [1e6, 1e6, 1e9].map(Math.log);
const LOWER = [1e-4, 1e-4, 1e-9].map(Math.log);
/** Relative variance below which values differ by rounding alone. */
const NO_SPREAD = 1e-18;

/**
 * Fits the gamma-gamma model of spend (Fader and Hardie 2013) by maximum likelihood.
 *
 * It holds where frequency and spend are independent: see `correlate`. The p of a repeat purchase must not depend on how
 * many there are.
 */
export function fitGammaGamma(spend: RepeatSpend): SpendFitOutcome {
  const likelihood = new SpendLikelihood(spend);
  if (likelihood.count === 0) return { ok: false, reason: 'no-repeat-spend', detail: 'no customer came back and paid' };
  if (!(likelihood.spread > NO_SPREAD)) {
    return { ok: false, reason: 'same-spend', detail: `all ${likelihood.count} customers pay the same` };
  }
  const objective = inLogarithms(([p = NaN, q = NaN, v = NaN]) => likelihood.evaluate({ p, q, v }));
  const minimum = minimize(objective, { start: START, lower: LOWER, upper: UPPER });
  if (!minimum.ok) return { ok: false, reason: minimum.reason, detail: minimum.detail };
  const { point, evaluation, passes, atEdge } = minimum;
  const [p = NaN, q = NaN, v = NaN] = point.map(Math.exp);
  const detail = `the likelihood only rises towards p ${p}, q ${q}, v ${v * likelihood.unit}`;
  if (q > ENDLESS_SHAPE) return { ok: false, reason: 'customers-alike', detail };
  if (p > ENDLESS_SHAPE) return { ok: false, reason: 'purchases-alike', detail };
  if (atEdge.includes(true)) return { ok: false, reason: 'not-converged', detail };
  const parameters = { p, q, v: v * likelihood.unit };
  const covarianceOfLogarithms = invertPositive(evaluation.hessian, 3);
  return {
    ok: true,
    fit: {
      parameters,
      logLikelihood: -evaluation.value,
      standardErrors: covarianceOfLogarithms === null ? null : standardErrors(parameters, covarianceOfLogarithms),
      covarianceOfLogarithms,
      customers: likelihood.count,
      passes,
    },
  };
}

/**
 * E[M | x, zbar]: the mean value of a customer's purchases to come, equation 5 of the paper; with x = 0 that of a customer
 * of whom no repeat purchase is known. Not finite where px + q <= 1: the model then holds that the mean does not exist.
 */
export function expectedSpend({ p, q, v }: SpendParameters, x: number, zbar: number): number {
  const shape = p * x + q - 1;
  return shape > 0 ? (p * (v + x * zbar)) / shape : Infinity;
}

/** Pearson's correlation of frequency and spend; null for fewer than two customers, or when either is the same for all. */
export function correlate({ frequency, meanValue }: RepeatSpend): number | null {
  const count = frequency.length;
  let meanX = 0;
  let meanZ = 0;
  for (let i = 0; i < count; i += 1) {
    meanX += (frequency[i] ?? NaN) / count;
    meanZ += (meanValue[i] ?? NaN) / count;
  }
  let xx = 0;
  let zz = 0;
  let xz = 0;
  for (let i = 0; i < count; i += 1) {
    const x = (frequency[i] ?? NaN) - meanX;
    const z = (meanValue[i] ?? NaN) - meanZ;
    xx += x * x;
    zz += z * z;
    xz += x * z;
  }
  return xx > 0 && zz > NO_SPREAD * count * meanZ * meanZ ? xz / Math.sqrt(xx * zz) : null;
}

/** By the delta method, from those of the logarithms. */
function standardErrors({ p, q, v }: SpendParameters, covariance: Float64Array): SpendParameters {
  const errorOfLogarithm = (index: number) => Math.sqrt(covariance[index * 4] ?? NaN);
  return { p: p * errorOfLogarithm(0), q: q * errorOfLogarithm(1), v: v * errorOfLogarithm(2) };
}
