import { betaGeometricLikelihood } from './beta-geometric-likelihood.ts';
import type { FirstChance } from './beta-geometric-likelihood.ts';
import type { BetaGeometricParameters } from './beta-geometric-model.ts';
import type { FitOutcome, PurchaseModel } from './fitted-model.ts';
import { fitWithDropout } from './fit-with-dropout.ts';
import type { NbdParameters } from './nbd.ts';
import type { PurchaseHistories } from './purchase-histories.ts';

/** BG/NBD and MBG/NBD, which are searched for from the same places. */
export function fitBetaGeometric(
  histories: PurchaseHistories,
  firstChance: FirstChance,
  modelOf: (parameters: BetaGeometricParameters) => PurchaseModel<BetaGeometricParameters>,
): FitOutcome<BetaGeometricParameters | NbdParameters> {
  return fitWithDropout(
    {
      likelihood: (indexed) => betaGeometricLikelihood(indexed, firstChance),
      modelOf: ([r, alpha, a, b]) => modelOf({ r, alpha, a, b }),
      parametersOf: ([r, alpha, a, b]) => ({ r, alpha, a, b }),
      shareLeavingAtEdge: ([, , a, b]) => a / (a + b),
      inTimeUnit: ([r, alpha, a, b], timeUnit) => [r, alpha * timeUnit, a, b],
      starts: [
        [0.5, 0.2, 1, 2.5],
        [0.1, 0.05, 0.2, 0.2],
        [0.2, 0.3, 0.05, 1],
      ],
    },
    histories,
  );
}
