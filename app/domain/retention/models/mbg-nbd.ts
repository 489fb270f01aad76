import { betaGeometricModel } from './beta-geometric-model.ts';
import type { BetaGeometricParameters } from './beta-geometric-model.ts';
import type { FitOutcome, PurchaseModel } from './fitted-model.ts';
import { fitBetaGeometric } from './fit-beta-geometric.ts';
import type { NbdParameters } from './nbd.ts';
import type { PurchaseHistories } from './purchase-histories.ts';

/**
 * MBG/NBD (Batislam, Denizel and Filiztekin, "Empirical Validation and Comparison of Models for Customer Base Analysis",
 * International Journal of Research in Marketing 24, 2007; the same year Hoppe and Wagner as central BG/NBD). Customers
 * may leave after the first purchase too, so that most of those who never came back are known to be gone.
 */
export function mbgNbdModel(parameters: BetaGeometricParameters): PurchaseModel<BetaGeometricParameters> {
  return betaGeometricModel('MBG/NBD', 'after-first-purchase', parameters);
}

export function fitMbgNbd(histories: PurchaseHistories): FitOutcome<BetaGeometricParameters | NbdParameters> {
  return fitBetaGeometric(histories, 'after-first-purchase', mbgNbdModel);
}
