import type { FitOutcome, ModelFit, PurchaseModel } from './fitted-model.ts';
import { indexHistories } from './indexed-histories.ts';
import type { IndexedHistories } from './indexed-histories.ts';
import { minimize } from './minimize.ts';
import type { MinimizeOutcome } from './minimize.ts';
import { covarianceOfLogarithms, inPairs, logarithmsOfPairs, pairsOfParameters } from './paired-logarithms.ts';
import type { PurchaseHistories } from './purchase-histories.ts';
import { logRisingFactorial, purchaseProcess } from './purchase-rates.ts';
import { refuseHistories } from './refuse-histories.ts';

export interface NbdParameters extends Readonly<Record<string, number>> {
  readonly r: number;
  readonly alpha: number;
}

/** Customers who differ less than this in their rates do not differ as far as data can show. */
export const LARGEST_SHAPE = 1e7;
export const SMALLEST_SHAPE = 1e-6;

/**
 * The model without dropout (Ehrenberg 1959): purchases at random, rates gamma(r, alpha) between customers. The others
 * become it where nobody ever leaves.
 */
export function nbdModel(parameters: NbdParameters): PurchaseModel<NbdParameters> {
  const { r, alpha } = parameters;
  return {
    name: 'NBD',
    parameters,
    logLikelihoodOf: ({ frequency: x, age }) =>
      logRisingFactorial(r, x) - r * Math.log1p(age / alpha) - x * Math.log(alpha + age),
    pAlive: () => 1,
    expectedPurchases: ({ frequency, age }, horizon) => ((r + frequency) * horizon) / (alpha + age),
    varianceOfPurchases: ({ frequency, age }, horizon) => {
      const share = horizon / (alpha + age);
      return (r + frequency) * share * (1 + share);
    },
    pNoPurchaseWhileAlive: ({ frequency, age }, horizon) =>
      Math.exp(-(r + frequency) * Math.log1p(horizon / (alpha + age))),
    expectedPurchasesOfNew: (time) => (r * time) / alpha,
  };
}

export function fitNbd(histories: PurchaseHistories): FitOutcome<NbdParameters> {
  const refused = refuseHistories(histories);
  if (refused !== null) return refused;
  const indexed = indexHistories(histories);
  const minimum = minimizeNbd(indexed);
  if (!minimum.ok) return { ok: false, reason: minimum.reason, detail: minimum.detail };
  return { ok: true, fit: nbdFitOf(minimum, indexed) };
}

export function nbdFitOf(minimum: MinimizeOutcome & { readonly ok: true }, indexed: IndexedHistories): ModelFit<NbdParameters> {
  const [r = NaN, scaledAlpha = NaN] = logarithmsOfPairs(minimum.point).map(Math.exp);
  const alpha = scaledAlpha * indexed.timeUnit;
  const covariance = minimum.atEdge.includes(true) ? null : covarianceOfLogarithms(minimum.evaluation);
  const [varianceOfLogR = NaN, , , varianceOfLogAlpha = NaN] = covariance ?? [];
  return {
    model: nbdModel({ r, alpha }),
    logLikelihood: -minimum.evaluation.value - indexed.purchaseCount * Math.log(indexed.timeUnit),
    standardErrors:
      covariance === null ? null : { r: r * Math.sqrt(varianceOfLogR), alpha: alpha * Math.sqrt(varianceOfLogAlpha) },
    covarianceOfLogarithms: covariance,
    passes: minimum.passes,
    hasDropout: false,
  };
}

/** In scaled time. A pass is over different ages and counts alone, so it costs next to nothing. */
export function minimizeNbd(indexed: IndexedHistories): MinimizeOutcome {
  const objective = inPairs(([r = NaN, alpha = NaN]) => purchaseProcess(indexed, r, alpha));
  const rate = indexed.purchaseCount / indexed.customerCount;
  return minimize(objective, {
    start: pairsOfParameters([1, 1 / rate]),
    lower: [Math.log(SMALLEST_SHAPE), -Infinity],
    upper: [Math.log(LARGEST_SHAPE), Infinity],
  });
}
