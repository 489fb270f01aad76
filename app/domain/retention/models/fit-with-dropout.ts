import type { FitOutcome, ModelFit, PurchaseModel } from './fitted-model.ts';
import { indexHistories } from './indexed-histories.ts';
import type { IndexedHistories } from './indexed-histories.ts';
import { minimize } from './minimize.ts';
import type { MinimizeOutcome, Objective } from './minimize.ts';
import { LARGEST_SHAPE, minimizeNbd, nbdFitOf, SMALLEST_SHAPE } from './nbd.ts';
import type { NbdParameters } from './nbd.ts';
import { covarianceOfLogarithms, inPairs, logarithmsOfPairs, pairsOfParameters } from './paired-logarithms.ts';
import type { PurchaseHistories } from './purchase-histories.ts';
import { refuseHistories } from './refuse-histories.ts';

type FourNumbers = readonly [number, number, number, number];

/** A model of purchases at gamma(r, alpha) rates and of leaving, whose chances have a distribution of two parameters. */
export interface ModelWithDropout<Parameters extends Readonly<Record<string, number>>> {
  /** Minus its log-likelihood, in (r, alpha) and the two of leaving, in the order of the parameters' names. */
  readonly likelihood: (histories: IndexedHistories) => Objective;
  readonly modelOf: (parameters: FourNumbers) => PurchaseModel<Parameters>;
  /** The same parameters with time in units of `timeUnit`. */
  readonly inTimeUnit: (parameters: FourNumbers, timeUnit: number) => FourNumbers;
  readonly parametersOf: (values: FourNumbers) => Parameters;
  /** Where the search may start, in units of the mean age. */
  readonly starts: readonly FourNumbers[];
}

/** Ratios of the parameters of leaving at which nobody leaves, or everybody at once, as far as data can show. */
const LEAST_RATIO = 1e-9;
const LARGEST_RATIO = 1e9;

/**
 * By how much the log-likelihood has to gain from the two parameters of leaving: half the 95th percentile of chi-squared
 * with two degrees of freedom. Below that, what the fit would say of dropout is within what chance says of customers who
 * never leave, and its standard errors are larger than its parameters.
 */
const LEAST_GAIN_OF_DROPOUT = 3;

export function fitWithDropout<Parameters extends Readonly<Record<string, number>>>(
  model: ModelWithDropout<Parameters>,
  histories: PurchaseHistories,
): FitOutcome<Parameters | NbdParameters> {
  const refused = refuseHistories(histories);
  if (refused !== null) return refused;
  const indexed = indexHistories(histories);
  const without = minimizeNbd(indexed);
  const minimum = search(model, indexed);
  const gain = without.ok && minimum.ok ? without.evaluation.value - minimum.evaluation.value : NaN;
  if (without.ok && !(gain > LEAST_GAIN_OF_DROPOUT)) {
    const fit = nbdFitOf(without, indexed);
    return { ok: true, fit: { ...fit, passes: minimum.passes } };
  }
  if (!minimum.ok) return { ok: false, reason: minimum.reason, detail: minimum.detail };
  return { ok: true, fit: fitOf(model, minimum, indexed) };
}

function search<Parameters extends Readonly<Record<string, number>>>(
  { likelihood, starts }: ModelWithDropout<Parameters>,
  indexed: IndexedHistories,
): MinimizeOutcome {
  const objective = inPairs(likelihood(indexed));
  const [start] = starts;
  return minimize(objective, {
    start: pairsOfParameters(start ?? [1, 1, 1, 1]),
    lower: [Math.log(SMALLEST_SHAPE), -Infinity, Math.log(SMALLEST_SHAPE), Math.log(LEAST_RATIO)],
    upper: [Math.log(LARGEST_SHAPE), Infinity, Math.log(LARGEST_SHAPE), Math.log(LARGEST_RATIO)],
  });
}

function fitOf<Parameters extends Readonly<Record<string, number>>>(
  { modelOf, inTimeUnit, parametersOf }: ModelWithDropout<Parameters>,
  { point, evaluation, passes, atEdge }: MinimizeOutcome & { readonly ok: true },
  { timeUnit, purchaseCount }: IndexedHistories,
): ModelFit<Parameters> {
  const [r = NaN, alpha = NaN, shape = NaN, scale = NaN] = logarithmsOfPairs(point).map(Math.exp);
  const parameters = inTimeUnit([r, alpha, shape, scale], timeUnit);
  const covariance = atEdge.includes(true) ? null : covarianceOfLogarithms(evaluation);
  const errorOf = (index: 0 | 1 | 2 | 3) => parameters[index] * Math.sqrt(covariance?.[index * 5] ?? NaN);
  return {
    model: modelOf(parameters),
    logLikelihood: -evaluation.value - purchaseCount * Math.log(timeUnit),
    standardErrors: covariance === null ? null : parametersOf([errorOf(0), errorOf(1), errorOf(2), errorOf(3)]),
    covarianceOfLogarithms: covariance,
    passes,
    hasDropout: true,
  };
}
