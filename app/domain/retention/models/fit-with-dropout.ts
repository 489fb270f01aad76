import type { FitOutcome, ModelFit, PurchaseModel } from './fitted-model.ts';
import { indexHistories, sampleOf } from './indexed-histories.ts';
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
  /** Where the shape of leaving has run to its edge, so that customers leave at once or never: the share that leaves, 0 to 1. */
  readonly shareLeavingAtEdge: (parameters: FourNumbers) => number;
  /** Where the search may start, in units of the mean age. */
  readonly starts: readonly FourNumbers[];
}

/** Ratios of the parameters of leaving at which nobody leaves, or everybody at once, as far as data can show. */
const LEAST_RATIO = 1e-9;
const LARGEST_RATIO = 1e9;
/** Of two log-likelihoods that nobody needs to tell apart, as where the maximum lies on the edge of no dropout. */
const LEAST_DIFFERENCE = 1e-3;

/**
 * By how much the log-likelihood has to gain from the two parameters of leaving: half the 99th percentile of chi-squared
 * with two degrees of freedom. Of 1,500 simulated stores that nobody leaves, about one in 200 gains as much. What gains
 * less has standard errors larger than its parameters.
 */
const LEAST_GAIN_OF_DROPOUT = 4.605;

/** Of customers who leave at once, at the edge; beside fewer nobody leaves, as far as data can show. */
const LEAST_SHARE_LEAVING = 1e-3;
/** In logarithms. */
const EDGE_WIDTH = 1e-6;
/** Of a number whose standard error is as large as itself. */
const LARGEST_LOG_VARIANCE = 1;

/** Shapes of leaving with the ratio of its two parameters. */
const PLACES_BESIDE_EDGE = [
  [0.0003, 1e-4],
  [0.003, 1e-4],
  [0.003, 1e-3],
  [0.03, 1e-4],
  [0.03, 1e-3],
] as const;

/** Up to here the search is made on all rows from each start. */
const FEW_ROWS = 4000;
const SAMPLE_ROWS = 2000;
/** Where two searches ended closer than this in every logarithm, they found the same. */
const SAME_PLACE = 0.5;
/** No start lies so far out that the likelihood would be flat there. */
const FARTHEST_START = Math.log(1000);

/**
 * Fits a model with dropout. Where its likelihood only rises towards nobody leaving, the fit is of the model without; where
 * it has a maximum that is no better than chance would make it, that is the fit, and it says that dropout was not found.
 *
 * The likelihood may have two peaks, one where the many who never came back have left and one where they just buy
 * seldom, so the search has several starts. Where there are many rows they are tried on a sample of them, and what comes
 * of that is followed on all.
 */
export function fitWithDropout<Parameters extends Readonly<Record<string, number>>>(
  model: ModelWithDropout<Parameters>,
  histories: PurchaseHistories,
): FitOutcome<Parameters | NbdParameters> {
  const refused = refuseHistories(histories);
  if (refused !== null) return refused;
  const indexed = indexHistories(histories);
  const without = minimizeNbd(indexed);
  const found = search(model, histories, indexed);
  if (!without.ok) return answer(model, indexed, { ...found, gain: Infinity });
  const gain = without.evaluation.value - valueOf(found.best);
  if (gain > (found.best.ok ? LEAST_DIFFERENCE : LEAST_GAIN_OF_DROPOUT)) return answer(model, indexed, { ...found, gain });
  const beside = searchBesideEdge(model.likelihood(indexed), without);
  const passes = found.passes + beside.passes;
  const gainBeside = without.evaluation.value - valueOf(beside.best);
  if (gainBeside > LEAST_DIFFERENCE) return answer(model, indexed, { best: beside.best, passes, gain: gainBeside });
  return { ok: true, fit: { ...nbdFitOf(without, indexed), passes } };
}

function answer<Parameters extends Readonly<Record<string, number>>>(
  model: ModelWithDropout<Parameters>,
  indexed: IndexedHistories,
  { best, passes, gain }: Search & { readonly gain: number },
): FitOutcome<Parameters> {
  if (!best.ok) return { ok: false, reason: best.reason, detail: best.detail };
  const hasDropout = gain > LEAST_GAIN_OF_DROPOUT && isDropoutKnown(model, best);
  return { ok: true, fit: { ...fitOf(model, best, indexed), passes, hasDropout } };
}

/**
 * Whether the data tell how many leave, which is the ratio of the two parameters of leaving: not where their shape has
 * run to its edge and next to nobody does, nor where the ratio's standard error is larger than the ratio, or that of a
 * shape below 1 larger than the shape. A large shape may be unknown: where all customers leave at one rate, both
 * parameters grow without end and their ratio is sure.
 */
function isDropoutKnown(
  { shareLeavingAtEdge }: Pick<ModelWithDropout<never>, 'shareLeavingAtEdge'>,
  { point, evaluation, atEdge }: MinimizeOutcome & { readonly ok: true },
): boolean {
  const [logR = NaN, logAlpha = NaN, logShape = NaN, logScale = NaN] = logarithmsOfPairs(point);
  if (Math.min(logShape, logScale) <= Math.log(SMALLEST_SHAPE) + EDGE_WIDTH) {
    return shareLeavingAtEdge([Math.exp(logR), Math.exp(logAlpha), Math.exp(logShape), Math.exp(logScale)]) >= LEAST_SHARE_LEAVING;
  }
  const covariance = atEdge.includes(true) ? null : covarianceOfLogarithms(evaluation);
  if (covariance === null) return true;
  const [ofShape = NaN, together = NaN, ofScale = NaN] = [covariance[10], covariance[11], covariance[15]];
  if (logShape < 0 && ofShape > LARGEST_LOG_VARIANCE) return false;
  return !(ofShape + ofScale - 2 * together > LARGEST_LOG_VARIANCE);
}

function valueOf(outcome: MinimizeOutcome): number {
  return outcome.ok ? outcome.evaluation.value : outcome.value;
}

/**
 * From the edge where nobody leaves, the maximum of a store with next to no dropout cannot be seen: it lies where a few
 * customers leave at once and the others never, a hundredth or a tenth of a unit of log-likelihood higher. So some such
 * places are looked at, and the best is followed if it is better than the edge.
 */
function searchBesideEdge(likelihood: Objective, { point, evaluation, passes }: MinimizeOutcome & { readonly ok: true }): Search {
  const objective = inPairs(likelihood);
  const looked = PLACES_BESIDE_EDGE.map(([shape, ratio]) => {
    const place = [...point, Math.log(shape), Math.log(ratio)];
    return { place, value: objective(Float64Array.from(place)).value };
  });
  const lowest = looked.reduce((best, one) => (one.value < best.value ? one : best));
  if (!(lowest.value < evaluation.value)) return { best: { ok: true, point, evaluation, passes, atEdge: [] }, passes: looked.length };
  const { best, passes: followed } = searchFrom(likelihood, [lowest.place]);
  return { best, passes: looked.length + followed };
}

interface Search {
  readonly best: MinimizeOutcome;
  /** Those over a sample count as the part of a pass that they are. */
  readonly passes: number;
}

function search<Parameters extends Readonly<Record<string, number>>>(
  { likelihood, starts }: ModelWithDropout<Parameters>,
  histories: PurchaseHistories,
  indexed: IndexedHistories,
): Search {
  const first = starts.map((start) => pairsOfParameters(start));
  if (indexed.rowCount <= FEW_ROWS) return searchFrom(likelihood(indexed), first);
  const sample = sampleOf(histories, Math.ceil(indexed.rowCount / SAMPLE_ROWS), indexed.timeUnit);
  const tried = first.map((start) => searchFrom(likelihood(sample), [start]));
  const places: number[][] = [];
  for (const [index, { best }] of tried.entries()) {
    const place = best.ok ? Array.from(best.point, (at) => clamp(at, FARTHEST_START)) : (first[index] ?? []);
    const isKnown = places.some((known) => known.every((at, axis) => Math.abs(at - (place[axis] ?? NaN)) < SAME_PLACE));
    if (!isKnown) places.push(place);
  }
  const { best, passes } = searchFrom(likelihood(indexed), places);
  const sampled = tried.reduce((sum, attempt) => sum + attempt.passes, 0);
  return { best, passes: passes + Math.ceil((sampled * sample.rowCount) / indexed.rowCount) };
}

/** The lowest that is reached; a search that failed counts only if it was lower than those that did not. */
function searchFrom(likelihood: Objective, starts: readonly (readonly number[])[]): Search {
  const objective = inPairs(likelihood);
  const outcomes = starts.map((start) =>
    minimize(objective, {
      start,
      lower: [Math.log(SMALLEST_SHAPE), -Infinity, Math.log(SMALLEST_SHAPE), Math.log(LEAST_RATIO)],
      upper: [Math.log(LARGEST_SHAPE), Infinity, Math.log(LARGEST_SHAPE), Math.log(LARGEST_RATIO)],
    }),
  );
  const best = outcomes.reduce((lowest, outcome) => {
    const isLower = valueOf(outcome) < valueOf(lowest) - (outcome.ok ? 0 : LEAST_DIFFERENCE);
    return isLower || (outcome.ok && !lowest.ok && valueOf(outcome) <= valueOf(lowest) + LEAST_DIFFERENCE) ? outcome : lowest;
  });
  return { best, passes: outcomes.reduce((sum, { passes }) => sum + passes, 0) };
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}

function fitOf<Parameters extends Readonly<Record<string, number>>>(
  { modelOf, inTimeUnit, parametersOf }: ModelWithDropout<Parameters>,
  { point, evaluation, passes, atEdge }: MinimizeOutcome & { readonly ok: true },
  { timeUnit, purchaseCount }: IndexedHistories,
): Omit<ModelFit<Parameters>, 'hasDropout'> {
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
  };
}
