import { betaGeometricModel } from './beta-geometric-model.ts';
import type { BetaGeometricParameters } from './beta-geometric-model.ts';
import type { FitOutcome, PurchaseModel } from './fitted-model.ts';
import { fitBetaGeometric } from './fit-beta-geometric.ts';
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
  return fitBetaGeometric(histories, 'after-second-purchase', bgNbdModel);
}
