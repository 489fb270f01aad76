import { betaGeometricLikelihood } from './beta-geometric-likelihood.ts';
import { betaGeometricModel } from './beta-geometric-model.ts';
import type { BetaGeometricParameters } from './beta-geometric-model.ts';
import type { FitOutcome, PurchaseModel } from './fitted-model.ts';
import { fitWithDropout } from './fit-with-dropout.ts';
import type { NbdParameters } from './nbd.ts';
import type { PurchaseHistories } from './purchase-histories.ts';

/**
 * BG/NBD (Fader, Hardie and Lee, "Counting Your Customers the Easy Way", Marketing Science 24, 2005). Customers may leave
 * after each purchase but the first, so that P(alive) of one who never came back is 1.
 */
export function bgNbdModel(parameters: BetaGeometricParameters): PurchaseModel<BetaGeometricParameters> {
  return betaGeometricModel('BG/NBD', 'after-second-purchase', parameters);
}

export function fitBgNbd(histories: PurchaseHistories): FitOutcome<BetaGeometricParameters | NbdParameters> {
  return fitWithDropout(
    {
      likelihood: (indexed) => betaGeometricLikelihood(indexed, 'after-second-purchase'),
      modelOf: ([r, alpha, a, b]) => bgNbdModel({ r, alpha, a, b }),
      parametersOf: ([r, alpha, a, b]) => ({ r, alpha, a, b }),
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
