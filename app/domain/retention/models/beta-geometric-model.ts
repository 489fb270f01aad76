import type { FirstChance } from './beta-geometric-likelihood.ts';
import type { PurchaseModel, PurchaseModelName } from './fitted-model.ts';
import type { PurchaseHistory } from './purchase-histories.ts';
import { logRisingFactorial } from './purchase-rates.ts';
import { purchasesWhileAlive } from './purchases-while-alive.ts';

/** Purchase rates are gamma(r, alpha) between customers, chances to leave beta(a, b). */
export interface BetaGeometricParameters extends Readonly<Record<string, number>> {
  readonly r: number;
  /** In the unit of time of the histories. */
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

const NEW_CUSTOMER: PurchaseHistory = { frequency: 0, recency: 0, age: 0 };

/** BG/NBD and MBG/NBD, which differ in one chance to leave. See `betaGeometricLikelihood`. */
export function betaGeometricModel<Name extends PurchaseModelName>(
  name: Name,
  firstChance: FirstChance,
  parameters: BetaGeometricParameters,
): PurchaseModel<BetaGeometricParameters> {
  const { r, alpha, a, b } = parameters;
  const chancesAt = (frequency: number) => frequency + (firstChance === 'after-first-purchase' ? 1 : 0);

  /** ln of the odds of having left at t_x: D of the likelihood. */
  const logOddsOfLeft = ({ frequency, recency, age }: PurchaseHistory) => {
    const chances = chancesAt(frequency);
    if (chances === 0) return -Infinity;
    return Math.log(a / (b + chances - 1)) + (r + frequency) * Math.log1p((age - recency) / (alpha + recency));
  };
  const pAlive = (history: PurchaseHistory) => 1 / (1 + Math.exp(logOddsOfLeft(history)));
  const whileAlive = ({ frequency, age }: PurchaseHistory, horizon: number) =>
    purchasesWhileAlive({ shape: r + frequency, scale: alpha + age }, { a, b: b + chancesAt(frequency) }, horizon);
  const expectedPurchases = (history: PurchaseHistory, horizon: number) =>
    pAlive(history) * whileAlive(history, horizon).mean;

  return {
    name,
    parameters,
    logLikelihoodOf: (history) => {
      const { frequency: x, age } = history;
      const odds = logOddsOfLeft(history);
      const alive = logRisingFactorial(r, x) - r * Math.log1p(age / alpha) - x * Math.log(alpha + age);
      return alive + logChanceOfStaying(chancesAt(x), a, b) + Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds)));
    },
    pAlive,
    expectedPurchases,
    varianceOfPurchases: (history, horizon) => {
      const alive = pAlive(history);
      const { mean, meanSquare } = whileAlive(history, horizon);
      return alive * (meanSquare - mean * mean) + alive * (1 - alive) * mean * mean;
    },
    pNoPurchaseWhileAlive: ({ frequency, age }, horizon) =>
      Math.exp(-(r + frequency) * Math.log1p(horizon / (alpha + age))),
    expectedPurchasesOfNew: (time) => expectedPurchases(NEW_CUSTOMER, time),
  };
}

/** ln [B(a, b + k) / B(a, b)]. */
function logChanceOfStaying(chances: number, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < chances; i += 1) sum -= Math.log1p(a / (b + i));
  return sum;
}
