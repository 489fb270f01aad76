import type { Evaluation } from './minimize.ts';
import type { IndexedHistories } from './indexed-histories.ts';

/** ln [x (x + 1) ... (x + n - 1)] = ln Gamma(x + n) - ln Gamma(x), without the digits that a difference would lose. */
export function logRisingFactorial(x: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += Math.log(x + i);
  return sum;
}

/**
 * What all the models share: purchases come at random at a rate that differs between customers as gamma(r, alpha).
 * Minus its log-likelihood, of customers who are all alive at their age, in the parameters (r, alpha):
 *
 *   ln L = sum of ln Gamma(r + x) - ln Gamma(r) + r ln alpha - (r + x) ln(alpha + T)
 *
 * written so that nothing cancels when r and alpha are large together. It depends on T and on x apart, so that a pass
 * costs as much as there are different ones.
 */
export function purchaseProcess(histories: IndexedHistories, r: number, alpha: number): Evaluation {
  const { ages, customersAtAge, purchasesAtAge, customersBeyond, purchaseCount } = histories;
  let value = purchaseCount * Math.log(alpha);
  let byR = 0;
  let byAlpha = 0;
  let byRR = 0;
  let byRAlpha = 0;
  let byAlphaAlpha = 0;
  for (let i = 0; i < customersBeyond.length; i += 1) {
    const count = customersBeyond[i] ?? NaN;
    const inverse = 1 / (r + i);
    value -= count * Math.log(r + i);
    byR -= count * inverse;
    byRR += count * inverse * inverse;
  }
  for (let place = 0; place < ages.length; place += 1) {
    const age = ages[place] ?? NaN;
    const customers = customersAtAge[place] ?? NaN;
    const purchases = purchasesAtAge[place] ?? NaN;
    const grown = Math.log1p(age / alpha);
    const inverse = 1 / (alpha + age);
    const drop = (age * inverse) / alpha;
    value += (r * customers + purchases) * grown;
    byR += customers * grown;
    byAlpha += purchases * inverse - r * customers * drop;
    byRAlpha -= customers * drop;
    byAlphaAlpha += r * customers * drop * (1 / alpha + inverse) - purchases * inverse * inverse;
  }
  return {
    value,
    gradient: Float64Array.of(byR, byAlpha),
    hessian: Float64Array.of(byRR, byRAlpha, byRAlpha, byAlphaAlpha),
  };
}
