import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bgNbdModel } from '#app/domain/retention/models/bg-nbd.ts';
import type { PurchaseModel } from '#app/domain/retention/models/fitted-model.ts';
import { mbgNbdModel } from '#app/domain/retention/models/mbg-nbd.ts';
import { nbdModel } from '#app/domain/retention/models/nbd.ts';
import { paretoNbdModel } from '#app/domain/retention/models/pareto-nbd.ts';
import highPrecision from '#test/fixtures/purchase-model-predictions.json' with { type: 'json' };

const MODELS: Readonly<Record<string, (values: readonly number[]) => PurchaseModel>> = {
  'BG/NBD': ([r = NaN, alpha = NaN, a = NaN, b = NaN]) => bgNbdModel({ r, alpha, a, b }),
  'MBG/NBD': ([r = NaN, alpha = NaN, a = NaN, b = NaN]) => mbgNbdModel({ r, alpha, a, b }),
  'Pareto/NBD': ([r = NaN, alpha = NaN, s = NaN, beta = NaN]) => paretoNbdModel({ r, alpha, s, beta }),
};

function expectClose(actual: number, expected: number, relative = 1e-11): void {
  if (Math.abs(actual - expected) <= relative * Math.abs(expected)) return;
  expect(actual).toBe(expected);
}

describe.each(Object.entries(MODELS))('%s', (name, of) => {
  const rows = highPrecision.rows.filter(({ model }) => model === name);

  it.each(rows)('at $parameters, x $frequency, t_x $recency, T $age, t $horizon has all digits', (row) => {
    const model = of(row.parameters);
    expect(Math.abs(model.logLikelihoodOf(row) - row.logLikelihood)).toBeLessThan(1e-13 * (1 - row.logLikelihood));
    expectClose(model.pAlive(row), row.pAlive);
    expectClose(model.expectedPurchases(row, row.horizon), row.expectedPurchases);
    expectClose(model.pNoPurchaseWhileAlive(row, row.horizon), row.pNoPurchaseWhileAlive);
    if (row.varianceOfPurchases === null) return;
    expectClose(model.varianceOfPurchases(row, row.horizon), row.varianceOfPurchases);
  });

  const history = fc
    .record({
      x: fc.integer({ min: 0, max: 300 }),
      age: fc.integer({ min: 1, max: 4000 }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ x, age, at }) => ({ frequency: x, recency: x === 0 ? 0 : at * age, age }));
  const shape = fc.double({ min: 0.02, max: 50, noNaN: true });
  const parameters = fc.tuple(shape, fc.double({ min: 0.5, max: 1000, noNaN: true }), shape, shape);
  const days = fc.integer({ min: 1, max: 1000 });

  it('says P(alive) less, the longer nothing was bought', () => {
    fc.assert(
      fc.property(parameters, history, days, (values, seen, more) => {
        const model = of(values);
        const later = { ...seen, age: seen.age + more };
        expect(model.pAlive(later)).toBeLessThanOrEqual(model.pAlive(seen) + 1e-12);
        expect(model.pAlive(seen)).toBeLessThanOrEqual(1);
        expect(model.pAlive(later)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('expects more within longer, and is less sure that nothing comes', () => {
    fc.assert(
      fc.property(parameters, history, days, days, (values, seen, horizon, more) => {
        const model = of(values);
        const soon = model.expectedPurchases(seen, horizon);
        expect(model.expectedPurchases(seen, horizon + more)).toBeGreaterThanOrEqual(soon * (1 - 1e-9));
        expect(soon).toBeGreaterThanOrEqual(0);
        const silent = model.pNoPurchaseWhileAlive(seen, horizon);
        expect(model.pNoPurchaseWhileAlive(seen, horizon + more)).toBeLessThanOrEqual(silent + 1e-12);
        // Somebody who buys at least once does so with a chance of one minus that: Markov's inequality.
        expect(model.pAlive(seen) * (1 - silent)).toBeLessThanOrEqual(soon * (1 + 1e-9) + 1e-15);
      }),
    );
  });

  it('has a variance no smaller than purchases that come one by one can have', () => {
    fc.assert(
      fc.property(parameters, history, days, (values, seen, horizon) => {
        const model = of(values);
        const mean = model.expectedPurchases(seen, horizon);
        const whole = Math.floor(mean);
        const variance = model.varianceOfPurchases(seen, horizon);
        expect(variance).toBeGreaterThanOrEqual((mean - whole) * (whole + 1 - mean) * (1 - 1e-7) - 1e-12);
      }),
    );
  });

  it('expects of a new customer what it expects of somebody seen for no time', () => {
    const model = of([0.6, 12, 0.8, 3]);
    const justSeen = { frequency: 0, recency: 0, age: 0 };
    expect(model.expectedPurchasesOfNew(52)).toBe(model.expectedPurchases(justSeen, 52));
    expect(model.expectedPurchasesOfNew(0)).toBe(0);
  });
});

describe('models without dropout in them', () => {
  const seen = { frequency: 7, recency: 200, age: 260 };
  const nbd = nbdModel({ r: 0.8, alpha: 60 });

  it.each([
    bgNbdModel({ r: 0.8, alpha: 60, a: 1e-12, b: 2 }),
    bgNbdModel({ r: 0.8, alpha: 60, a: 1, b: 1e13 }),
    mbgNbdModel({ r: 0.8, alpha: 60, a: 1e-12, b: 2 }),
    paretoNbdModel({ r: 0.8, alpha: 60, s: 1e-13, beta: 30 }),
    paretoNbdModel({ r: 0.8, alpha: 60, s: 1, beta: 1e14 }),
  ])('$name becomes NBD ($parameters)', (model) => {
    expectClose(model.pAlive(seen), 1, 1e-9);
    expectClose(model.logLikelihoodOf(seen), nbd.logLikelihoodOf(seen), 1e-9);
    expectClose(model.expectedPurchases(seen, 365), nbd.expectedPurchases(seen, 365), 1e-9);
    expectClose(model.varianceOfPurchases(seen, 365), nbd.varianceOfPurchases(seen, 365), 1e-6);
    expectClose(model.pNoPurchaseWhileAlive(seen, 365), nbd.pNoPurchaseWhileAlive(seen, 365), 1e-9);
    expectClose(model.expectedPurchasesOfNew(365), nbd.expectedPurchasesOfNew(365), 1e-9);
  });
});

describe('the worked example of Fader, Hardie and Lee (2005)', () => {
  const model = bgNbdModel({ r: 0.2425945, alpha: 4.4136019, a: 0.79291993, b: 2.42589431 });

  it('has the customer with x 2, t_x 30.43 and T 38.86, who buys 1.226 times in the next 39 weeks', () => {
    expect(model.expectedPurchases({ frequency: 2, recency: 30.43, age: 38.86 }, 39)).toBeCloseTo(1.226, 3);
  });

  // The column E[X(t)] of the spreadsheet that Hardie published beside the paper, up to where its series is cut short.
  it.each([
    [0.1429, 0.0078],
    [1, 0.0532],
    [3, 0.1506],
    [31.8571, 1.0405],
    [32, 1.0437],
  ])('expects of a new customer within %s weeks %s purchases', (weeks, expected) => {
    expect(model.expectedPurchasesOfNew(weeks)).toBeCloseTo(expected, 4);
  });
});
