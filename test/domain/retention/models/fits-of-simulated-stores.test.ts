import { describe, expect, it } from 'vitest';
import { fitBgNbd } from '#app/domain/retention/models/bg-nbd.ts';
import type { FitOutcome } from '#app/domain/retention/models/fitted-model.ts';
import { fitMbgNbd } from '#app/domain/retention/models/mbg-nbd.ts';
import { fitNbd } from '#app/domain/retention/models/nbd.ts';
import { fitParetoNbd } from '#app/domain/retention/models/pareto-nbd.ts';
import type { PurchaseHistories } from '#app/domain/retention/models/purchase-histories.ts';
import { simulateHistories } from './simulated-store.ts';
import type { Leaving } from './simulated-store.ts';

/** Purchase rates gamma(0.8, 50), seen for up to two years. */
const STORE = { longestAge: 730, r: 0.8, alpha: 50 } as const;

const BETA = { a: 0.8, b: 2.4 } as const;
const GAMMA = { s: 0.6, beta: 100 } as const;

interface Case {
  readonly name: string;
  readonly fit: (histories: PurchaseHistories) => FitOutcome<Readonly<Record<string, number>>>;
  readonly leaving: Leaving;
  /** Of leaving, beside r and alpha. */
  readonly truth: readonly number[];
  readonly stores: number;
  readonly customers: number;
}

const CASES: readonly Case[] = [
  { name: 'NBD', fit: fitNbd, leaving: { model: 'NBD' }, truth: [], stores: 40, customers: 400 },
  { name: 'BG/NBD', fit: fitBgNbd, leaving: { model: 'BG/NBD', ...BETA }, truth: [0.8, 2.4], stores: 40, customers: 1200 },
  { name: 'MBG/NBD', fit: fitMbgNbd, leaving: { model: 'MBG/NBD', ...BETA }, truth: [0.8, 2.4], stores: 40, customers: 1200 },
  { name: 'Pareto/NBD', fit: fitParetoNbd, leaving: { model: 'Pareto/NBD', ...GAMMA }, truth: [0.6, 100], stores: 20, customers: 600 },
];

describe.each(CASES)('$name, fitted to stores that behave as it says', ({ fit, leaving, truth, stores, customers }) => {
  const trueValues = [STORE.r, STORE.alpha, ...truth];

  it('finds their parameters within its standard errors about as often as it should', () => {
    const distances: number[] = [];
    for (let seed = 1; seed <= stores; seed += 1) {
      const outcome = fit(simulateHistories({ ...STORE, seed, customers, leaving }));
      if (!outcome.ok) throw new Error(outcome.detail);
      const covariance = outcome.fit.covarianceOfLogarithms;
      Object.values(outcome.fit.model.parameters).forEach((value, index) => {
        const error = Math.sqrt(covariance?.[index * (trueValues.length + 1)] ?? NaN);
        distances.push(Math.abs(Math.log(value / (trueValues[index] ?? NaN))) / error);
      });
    }
    expect(distances).toHaveLength(stores * trueValues.length);
    const within = (errors: number) => distances.filter((distance) => distance <= errors).length / distances.length;
    expect(Math.abs(within(1) - 0.683)).toBeLessThan(0.13);
    expect(Math.abs(within(2) - 0.954)).toBeLessThan(0.06);
  });
});
