import type { Evaluation } from './minimize.ts';
import { digamma, logGamma, trigamma } from './special-functions.ts';

/** Customers who came back and what they paid then: one entry a customer, all with x > 0 and zbar > 0. */
export interface RepeatSpend {
  /** x: repeat purchases. */
  readonly frequency: ArrayLike<number>;
  /** zbar: their mean value, in any unit of money. */
  readonly meanValue: ArrayLike<number>;
}

/** Of the gamma-gamma model: one purchase is gamma(p, nu), and nu differs between customers as gamma(q, v). */
export interface SpendParameters extends Readonly<Record<string, number>> {
  readonly p: number;
  readonly q: number;
  /** The paper's gamma, in the unit of money of the values. */
  readonly v: number;
}

/**
 * The likelihood of repeat spend, equation 1a of Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013):
 *
 *   ln L = sum of ln G(px + q) - ln G(px) - ln G(q) + q ln v + (px - 1) ln zbar + px ln x - (px + q) ln(v + x zbar)
 *
 * The gamma functions depend on x alone and are asked for once a distinct x; the rest that depends on the parameters is
 * one logarithm and one division a customer. Collapsing equal (x, zbar) would save nothing: money hardly repeats.
 *
 * Values are held in units of their mean, so that the minor units of any currency give the same sums but for rounding.
 * The v that is passed in here is of that unit; ln L is that of the values as they were given.
 */
export class SpendLikelihood {
  readonly count: number;
  /** The mean purchase of customers who came back: sum of x zbar / sum of x. */
  readonly unit: number;
  /** Relative variance of zbar between customers; 0 when all pay the same. */
  readonly spread: number;
  readonly #frequencies: readonly (readonly [frequency: number, customers: number])[];
  readonly #frequency: Float64Array;
  readonly #total: Float64Array;
  /** Sum of x ln(x zbar), and of ln zbar. */
  readonly #weightedLogs: number;
  readonly #logs: number;

  constructor({ frequency, meanValue }: RepeatSpend) {
    this.count = frequency.length;
    this.#frequency = Float64Array.from(frequency);
    this.#total = new Float64Array(this.count);
    let purchases = 0;
    let spent = 0;
    for (let i = 0; i < this.count; i += 1) {
      const x = frequency[i] ?? NaN;
      purchases += x;
      spent += x * (meanValue[i] ?? NaN);
    }
    this.unit = spent / purchases;
    const counts = new Map<number, number>();
    let weightedLogs = 0;
    let logs = 0;
    let squares = 0;
    let sum = 0;
    for (let i = 0; i < this.count; i += 1) {
      const x = frequency[i] ?? NaN;
      const zbar = (meanValue[i] ?? NaN) / this.unit;
      this.#total[i] = x * zbar;
      weightedLogs += x * Math.log(x * zbar);
      logs += Math.log(zbar);
      sum += zbar - 1;
      squares += (zbar - 1) ** 2;
      counts.set(x, (counts.get(x) ?? 0) + 1);
    }
    this.#weightedLogs = weightedLogs;
    this.#logs = logs;
    this.spread = (squares - (sum * sum) / this.count) / this.count;
    this.#frequencies = [...counts].sort(([a], [b]) => a - b);
  }

  /** -ln L of the values as they were given, with its derivatives by p, q and v. */
  evaluate(parameters: SpendParameters): Evaluation {
    const { p, q, v } = parameters;
    let logLikelihood = p * this.#weightedLogs - this.#logs + this.count * (q * Math.log(v) - logGamma(q) - Math.log(this.unit));
    let byP = this.#weightedLogs;
    let byQ = this.count * (Math.log(v) - digamma(q));
    let byPp = 0;
    let byPq = 0;
    let byQq = -this.count * trigamma(q);
    for (const [x, customers] of this.#frequencies) {
      const shape = p * x + q;
      const slope = digamma(shape);
      const bend = trigamma(shape);
      logLikelihood += customers * (logGamma(shape) - logGamma(p * x));
      byP += customers * x * (slope - digamma(p * x));
      byQ += customers * slope;
      byPp += customers * x * x * (bend - trigamma(p * x));
      byPq += customers * x * bend;
      byQq += customers * bend;
    }
    const paid = this.#sumOverCustomers(parameters);
    const byV = (this.count * q) / v - paid.shapePerRate;
    const byPv = -paid.frequencyPerRate;
    const byQv = this.count / v - paid.perRate;
    const byVv = paid.shapePerRateSquared - (this.count * q) / (v * v);
    byP -= paid.frequencyLogs;
    byQ -= paid.logs;
    return {
      value: -(logLikelihood - p * paid.frequencyLogs - q * paid.logs),
      gradient: Float64Array.of(-byP, -byQ, -byV),
      hessian: Float64Array.of(-byPp, -byPq, -byPv, -byPq, -byQq, -byQv, -byPv, -byQv, -byVv),
    };
  }

  #sumOverCustomers({ p, q, v }: SpendParameters) {
    const sums = { logs: 0, frequencyLogs: 0, perRate: 0, frequencyPerRate: 0, shapePerRate: 0, shapePerRateSquared: 0 };
    for (let i = 0; i < this.count; i += 1) {
      const x = this.#frequency[i] ?? NaN;
      const rate = v + (this.#total[i] ?? NaN);
      const perRate = 1 / rate;
      const logRate = Math.log(rate);
      sums.logs += logRate;
      sums.frequencyLogs += x * logRate;
      sums.perRate += perRate;
      sums.frequencyPerRate += x * perRate;
      sums.shapePerRateSquared += (p * x + q) * perRate * perRate;
    }
    sums.shapePerRate = p * sums.frequencyPerRate + q * sums.perRate;
    return sums;
  }
}
