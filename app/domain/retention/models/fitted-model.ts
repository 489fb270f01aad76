import type { PurchaseHistory } from './purchase-histories.ts';

export type PurchaseModelName = 'BG/NBD' | 'MBG/NBD' | 'Pareto/NBD' | 'NBD';

/**
 * A purchase model at given parameters. Horizons are in the unit of time of the histories it was fitted on and begin at
 * the end of what was seen, a customer's age.
 */
export interface PurchaseModel<Parameters extends Readonly<Record<string, number>> = Readonly<Record<string, number>>> {
  readonly name: PurchaseModelName;
  readonly parameters: Parameters;
  /** Natural logarithm of the likelihood of one customer's history. */
  logLikelihoodOf: (history: PurchaseHistory) => number;
  /** The chance that the customer has not dropped out by their age. */
  pAlive: (history: PurchaseHistory) => number;
  /** E[Y(t) | x, t_x, T]: purchases expected within the horizon, dropped out or not. */
  expectedPurchases: (history: PurchaseHistory, horizon: number) => number;
  /** Var[Y(t) | x, t_x, T], at these parameters: what chance alone does to one customer's purchases. */
  varianceOfPurchases: (history: PurchaseHistory, horizon: number) => number;
  /** The chance that somebody who is alive at their age buys nothing within the horizon. */
  pNoPurchaseWhileAlive: (history: PurchaseHistory, horizon: number) => number;
  /** E[X(t)]: purchases after the first that a new customer makes within t. */
  expectedPurchasesOfNew: (time: number) => number;
}

export interface ModelFit<Parameters extends Readonly<Record<string, number>> = Readonly<Record<string, number>>> {
  readonly model: PurchaseModel<Parameters>;
  readonly logLikelihood: number;
  /** From the inverse of the observed information, on the parameters' own scale; null where the data do not tell them. */
  readonly standardErrors: Parameters | null;
  /** Of the logarithms of the parameters, row by row in the order of their names; null with the standard errors. */
  readonly covarianceOfLogarithms: Float64Array | null;
  /** How often the likelihood was gone through, each time with its gradient and Hessian. */
  readonly passes: number;
  /**
   * False when the data hold no dropout to find: P(alive) then says nothing. The likelihood only rises towards the edge
   * where nobody ever leaves, and the fit is of the model without dropout; or its maximum is no better than chance makes it.
   */
  readonly hasDropout: boolean;
}

/** Why there is no fit; never a quiet default. */
export type NoFitReason = 'no-customers' | 'no-repeat-purchases' | 'not-converged' | 'not-finite';

export type FitOutcome<Parameters extends Readonly<Record<string, number>>> =
  | { readonly ok: true; readonly fit: ModelFit<Parameters> }
  | { readonly ok: false; readonly reason: NoFitReason; readonly detail: string };
