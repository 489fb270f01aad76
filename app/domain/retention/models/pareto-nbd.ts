import type { FitOutcome, PurchaseModel } from './fitted-model.ts';
import { fitWithDropout } from './fit-with-dropout.ts';
import { LeavingIntegral } from './leaving-integral.ts';
import type { NbdParameters } from './nbd.ts';
import { paretoLikelihood } from './pareto-likelihood.ts';
import type { PurchaseHistories, PurchaseHistory } from './purchase-histories.ts';
import { logRisingFactorial } from './purchase-rates.ts';

/** Purchase rates are gamma(r, alpha) between customers, rates of leaving gamma(s, beta). */
export interface ParetoNbdParameters extends Readonly<Record<string, number>> {
  readonly r: number;
  /** In the unit of time of the histories, as beta is. */
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

const NEW_CUSTOMER: PurchaseHistory = { frequency: 0, recency: 0, age: 0 };

/**
 * Pareto/NBD (Schmittlein, Morrison and Colombo, "Counting Your Customers: Who Are They and What Will They Do Next?",
 * Management Science 33, 1987). Customers may leave at any moment, not only at a purchase.
 */
export function paretoNbdModel(parameters: ParetoNbdParameters): PurchaseModel<ParetoNbdParameters> {
  const { r, alpha, s, beta } = parameters;
  const integral = new LeavingIntegral();

  /** ln of the odds of having left between t_x and T. */
  const logOddsOfLeft = ({ frequency, recency, age }: PurchaseHistory) => {
    const since = { shape: r + frequency, scale: alpha + recency, s, beta: beta + recency, span: age - recency };
    const grown = since.shape * Math.log1p(since.span / since.scale) + s * Math.log1p(since.span / since.beta);
    return integral.logOf(since) + grown;
  };
  const pAlive = (history: PurchaseHistory) => 1 / (1 + Math.exp(logOddsOfLeft(history)));
  const meanWhileAlive = ({ frequency, age }: PurchaseHistory, horizon: number) =>
    ((r + frequency) / (alpha + age)) * timeWithCustomer(s, beta + age, horizon);
  const expectedPurchases = (history: PurchaseHistory, horizon: number) =>
    pAlive(history) * meanWhileAlive(history, horizon);

  return {
    name: 'Pareto/NBD',
    parameters,
    logLikelihoodOf: (history) => {
      const { frequency: x, age } = history;
      const odds = logOddsOfLeft(history);
      const alive = logRisingFactorial(r, x) - r * Math.log1p(age / alpha) - x * Math.log(alpha + age);
      return alive - s * Math.log1p(age / beta) + Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds)));
    },
    pAlive,
    expectedPurchases,
    varianceOfPurchases: (history, horizon) => {
      const alive = pAlive(history);
      const mean = meanWhileAlive(history, horizon);
      const scale = alpha + history.age;
      const shape = r + history.frequency;
      const pairs = ((shape * (shape + 1)) / scale ** 2) * squaredTimeWithCustomer(s, beta + history.age, horizon);
      return alive * (pairs + mean) - (alive * mean) ** 2;
    },
    pNoPurchaseWhileAlive: ({ frequency, age }, horizon) => {
      const from = { shape: r + frequency, scale: alpha + age, s, beta: beta + age, span: horizon };
      const staysSilent = Math.exp(-from.shape * Math.log1p(horizon / from.scale) - s * Math.log1p(horizon / from.beta));
      return staysSilent + Math.exp(integral.logOf(from));
    },
    expectedPurchasesOfNew: (time) => expectedPurchases(NEW_CUSTOMER, time),
  };
}

/** The expected time until they leave or the horizon ends: beta / (s - 1) [1 - (beta / (beta + t))^(s - 1)]. */
function timeWithCustomer(s: number, beta: number, horizon: number): number {
  const grown = Math.log1p(horizon / beta);
  return beta * growthIntegral(1 - s, grown);
}

/** The expected square of that time: the integral of 2 y (1 + y / beta)^-s. */
function squaredTimeWithCustomer(s: number, beta: number, horizon: number): number {
  const grown = Math.log1p(horizon / beta);
  const power = 1 - s;
  if (grown > 0.01 || Math.abs(power) * grown > 0.5) {
    return 2 * beta * beta * (growthIntegral(power + 1, grown) - growthIntegral(power, grown));
  }
  // A short horizon: that difference is then of second order, and its power series has all its digits.
  let sum = 0;
  let difference = 1;
  let term = grown * grown * 0.5;
  for (let k = 1; k < 30; k += 1) {
    sum += difference * term;
    difference = (power + 1) * difference + power ** k;
    term *= grown / (k + 2);
  }
  return 2 * beta * beta * sum;
}

/** The integral of e^(power u) for u from 0 to `end`. */
function growthIntegral(power: number, end: number): number {
  return power === 0 ? end : Math.expm1(power * end) / power;
}

export function fitParetoNbd(histories: PurchaseHistories): FitOutcome<ParetoNbdParameters | NbdParameters> {
  return fitWithDropout(
    {
      likelihood: paretoLikelihood,
      modelOf: ([r, alpha, s, beta]) => paretoNbdModel({ r, alpha, s, beta }),
      parametersOf: ([r, alpha, s, beta]) => ({ r, alpha, s, beta }),
      // Rates of leaving: with a shape of nothing they all are 0.
      shareLeavingAtEdge: () => 0,
      inTimeUnit: ([r, alpha, s, beta], timeUnit) => [r, alpha * timeUnit, s, beta * timeUnit],
      starts: [
        [0.5, 0.3, 0.7, 0.5],
        [0.1, 0.05, 0.2, 0.2],
        [0.2, 0.3, 0.05, 1],
      ],
    },
    histories,
  );
}
