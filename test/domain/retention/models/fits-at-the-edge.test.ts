import { describe, expect, it } from 'vitest';
import { fitBgNbd } from '#app/domain/retention/models/bg-nbd.ts';
import type { ModelFit } from '#app/domain/retention/models/fitted-model.ts';
import { fitMbgNbd } from '#app/domain/retention/models/mbg-nbd.ts';
import { fitNbd } from '#app/domain/retention/models/nbd.ts';
import { fitParetoNbd } from '#app/domain/retention/models/pareto-nbd.ts';
import { historiesOf, simulateHistories } from './simulated-store.ts';

const FITS = [
  { name: 'BG/NBD', fit: fitBgNbd },
  { name: 'MBG/NBD', fit: fitMbgNbd },
  { name: 'Pareto/NBD', fit: fitParetoNbd },
] as const;
const ALL_FITS = [...FITS, { name: 'NBD', fit: fitNbd }] as const;

function expectFinite(fit: ModelFit): void {
  const { model, logLikelihood, standardErrors } = fit;
  const seen = { frequency: 2, recency: 5, age: 9 };
  const numbers = [
    logLikelihood,
    ...Object.values(model.parameters),
    ...Object.values(standardErrors ?? {}),
    model.logLikelihoodOf(seen),
    model.pAlive(seen),
    model.expectedPurchases(seen, 30),
    model.varianceOfPurchases(seen, 30),
    model.pNoPurchaseWhileAlive(seen, 30),
    model.expectedPurchasesOfNew(30),
  ];
  expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
}

describe.each(ALL_FITS)('$name', ({ fit }) => {
  it('has no fit without customers, and says so', () => {
    expect(fit(historiesOf([]))).toMatchObject({ ok: false, reason: 'no-customers' });
  });

  it('has no fit where nobody came back', () => {
    expect(fit(historiesOf([[0, 0, 10], [0, 0, 20], [0, 0, 0]]))).toMatchObject({ ok: false, reason: 'no-repeat-purchases' });
  });

  it.each([
    [[-1, 0, 10]],
    [[1.5, 3, 10]],
    [[1, 11, 10]],
    [[1, 5, Infinity]],
    [[2, NaN, 10]],
  ] as const)('refuses a history that cannot be: %j', (row) => {
    expect(fit(historiesOf([[3, 4, 9], row]))).toMatchObject({ ok: false, reason: 'not-finite' });
  });

  it.each([
    { what: 'one customer', rows: [[3, 40, 100]] },
    { what: 'one customer whose only repeat was on the last day', rows: [[1, 100, 100]] },
    { what: 'equal histories', rows: Array.from({ length: 50 }, () => [4, 80, 100]) },
    { what: 'one of many who came back once', rows: [...Array.from({ length: 500 }, (_, i) => [0, 0, i]), [1, 3, 400]] },
    { what: 'one of many who came back daily', rows: [...Array.from({ length: 500 }, (_, i) => [0, 0, i]), [400, 400, 400]] },
    { what: 'all who came back once, at once', rows: Array.from({ length: 60 }, (_, i) => [1, 1, 100 + i]) },
    { what: 'ages of nothing beside real ones', rows: [[0, 0, 0], [0, 0, 0], [2, 7, 9], [1, 1, 30], [0, 0, 50]] },
  ])('is finite for $what', ({ rows }) => {
    const outcome = fit(historiesOf(rows.map(([frequency = NaN, recency = NaN, age = NaN]) => [frequency, recency, age])));
    if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.detail}`);
    expectFinite(outcome.fit);
  });
});

describe.each(FITS)('$name where nobody ever leaves', ({ fit }) => {
  it.each([1, 2, 3, 4, 5, 6])('says that there is no dropout to find, and is no worse than NBD (store %i)', (seed) => {
    const store = { seed, customers: 600, longestAge: 700, r: 0.8, alpha: 60, leaving: { model: 'NBD' } } as const;
    const histories = simulateHistories(store);
    const [outcome, nbd] = [fit(histories), fitNbd(histories)];
    if (!outcome.ok || !nbd.ok) throw new Error('no fit');
    expect(outcome.fit.hasDropout).toBe(false);
    expectFinite(outcome.fit);
    expect(outcome.fit.logLikelihood).toBeGreaterThan(nbd.fit.logLikelihood - 0.01);
    expect(outcome.fit.logLikelihood).toBeLessThan(nbd.fit.logLikelihood + 5);
    const expected = nbd.fit.model.expectedPurchasesOfNew(180);
    expect(Math.abs(outcome.fit.model.expectedPurchasesOfNew(180) / expected - 1)).toBeLessThan(0.1);
  });
});

describe('a store of subscribers and of one-time buyers', () => {
  it('is told that the ones leave at once and the others never', () => {
    const once = Array.from({ length: 700 }, (_, day) => [0, 0, day] as const);
    const everyThreeDays = Array.from({ length: 90 }, (_, index) => [100 + index, 300 + 3 * index, 301 + 3 * index] as const);
    const outcome = fitMbgNbd(historiesOf([...once, ...everyThreeDays]));
    if (!outcome.ok) throw new Error(outcome.detail);
    const { model, hasDropout } = outcome.fit;
    expect(hasDropout).toBe(true);
    expectFinite(outcome.fit);
    expect(model.pAlive({ frequency: 0, recency: 0, age: 500 })).toBeLessThan(0.01);
    expect(model.pAlive({ frequency: 150, recency: 450, age: 451 })).toBeGreaterThan(0.99);
  });
});

describe('shapes that run off', () => {
  it('are told by missing standard errors where all customers buy at the same rate', () => {
    const nobodyDiffers = { seed: 3, customers: 1000, longestAge: 365, r: 1e6, alpha: 5e7, leaving: { model: 'NBD' } } as const;
    const outcome = fitNbd(simulateHistories(nobodyDiffers));
    if (!outcome.ok) throw new Error(outcome.detail);
    const { r, alpha } = outcome.fit.model.parameters;
    expect(r).toBeGreaterThan(1000);
    expect(r / alpha).toBeCloseTo(1 / 50, 2);
    expect(outcome.fit.standardErrors).toBeNull();
  });

  it('are told so where all leave with the same chance, and the chance is right', () => {
    const leaving = { model: 'BG/NBD', a: 3000, b: 9000 } as const;
    const outcome = fitBgNbd(simulateHistories({ seed: 1, customers: 1000, longestAge: 700, r: 3, alpha: 100, leaving }));
    if (!outcome.ok) throw new Error(outcome.detail);
    const { a = NaN, b = NaN } = outcome.fit.model.parameters;
    expect(outcome.fit.hasDropout).toBe(true);
    expect(a / (a + b)).toBeCloseTo(0.25, 1);
    expectFinite(outcome.fit);
  });
});

describe('a likelihood with two peaks', () => {
  // Found by trying many starts on many small stores: from any single start some of these end on the lower peak.
  it.each([
    { seed: 5, customers: 200, longestAge: 500, higherPeak: -1096.844 },
    { seed: 32, customers: 200, longestAge: 500, higherPeak: -1178.324 },
    { seed: 28, customers: 1000, longestAge: 150, higherPeak: -2685.449 },
  ])('is climbed to the higher one (store $seed)', ({ seed, customers, longestAge, higherPeak }) => {
    const leaving = { model: 'Pareto/NBD', s: 0.6, beta: 80 } as const;
    const store = { seed, customers, longestAge, r: 0.55, alpha: 70, leaving, isInDays: true };
    const outcome = fitMbgNbd(simulateHistories(store));
    if (!outcome.ok) throw new Error(outcome.detail);
    expect(outcome.fit.logLikelihood).toBeGreaterThan(higherPeak - 0.005);
  });
});
