import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { correlate, expectedSpend, fitGammaGamma } from '#app/domain/retention/models/gamma-gamma.ts';
import type { SpendFit } from '#app/domain/retention/models/gamma-gamma.ts';
import { SpendLikelihood } from '#app/domain/retention/models/spend-likelihood.ts';
import type { RepeatSpend } from '#app/domain/retention/models/spend-likelihood.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';

/** Fader and Hardie's CDNOW sample: 946 customers who came back, their repeat purchases and mean spend. */
const CDNOW = join(import.meta.dirname, '../../../../../shared/data/cdnow_summary_with_zbar.csv.gz');
const where = existsSync(CDNOW) ? '' : ' (skipped: ../shared/data/cdnow_summary_with_zbar.csv.gz is not here)';

function loadCdnow(): RepeatSpend {
  const lines = gunzipSync(readFileSync(CDNOW)).toString('utf8').trim().split('\n').slice(1);
  const customers = lines.map((line) => {
    const [, x = '', , , zbar = ''] = line.split(',');
    return { x: Number(x), zbar: Number(zbar) };
  });
  const repeated = customers.filter(({ x, zbar }) => x > 0 && zbar > 0);
  return { frequency: repeated.map(({ x }) => x), meanValue: repeated.map(({ zbar }) => zbar) };
}

function requireFit(spend: RepeatSpend): SpendFit {
  const outcome = fitGammaGamma(spend);
  if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.detail}`);
  return outcome.fit;
}

function scaled({ frequency, meanValue }: RepeatSpend, factor: number): RepeatSpend {
  return { frequency, meanValue: Array.from(meanValue, (value) => value * factor) };
}

/** Customers as the model has them: nu from gamma(q, v), then the mean of x purchases from gamma(p, nu). */
function simulateSpend(truth: { p: number; q: number; v: number }, customers: number, seed: number): RepeatSpend {
  const random = seededRandom(seed);
  const frequency = Array.from({ length: customers }, () => 1 + Math.floor(random.exponential() * 3));
  const meanValue = frequency.map((x) => (random.gamma(truth.p * x) / x) * (truth.v / random.gamma(truth.q)));
  return { frequency, meanValue };
}

describe.skipIf(where !== '')(`the gamma-gamma model on CDNOW${where}`, () => {
  it('has the published parameters (Fader and Hardie 2013, section 5: p 6.25, q 3.74, v 15.44)', () => {
    const { parameters, customers } = requireFit(loadCdnow());
    expect(customers).toBe(946);
    expect(parameters.p).toBeCloseTo(6.25, 2);
    expect(parameters.q).toBeCloseTo(3.74, 1);
    expect(Math.abs(parameters.v - 15.44)).toBeLessThan(0.01);
  });

  it('is at the maximum, with the standard errors of its curvature (computed with mpmath, 30 digits, by Newton)', () => {
    const { parameters, logLikelihood, standardErrors } = requireFit(loadCdnow());
    expect(parameters.p).toBeCloseTo(6.248802489709097, 8);
    expect(parameters.q).toBeCloseTo(3.744588453287469, 8);
    expect(parameters.v).toBeCloseTo(15.44774800946372, 8);
    expect(logLikelihood).toBeCloseTo(-4055.923243502864, 8);
    expect(standardErrors?.p).toBeCloseTo(1.18968703766, 7);
    expect(standardErrors?.q).toBeCloseTo(0.290165615135, 8);
    expect(standardErrors?.v).toBeCloseTo(4.15999387833, 7);
  });

  it.each([100, 1000, 0.01, 1e9])('says the same of money counted in units 1/%s as large', (factor) => {
    const { parameters, standardErrors, logLikelihood } = requireFit(loadCdnow());
    const other = requireFit(scaled(loadCdnow(), factor));
    expect(other.parameters.p / parameters.p).toBeCloseTo(1, 9);
    expect(other.parameters.q / parameters.q).toBeCloseTo(1, 9);
    expect(other.parameters.v / parameters.v / factor).toBeCloseTo(1, 9);
    expect(Number(other.standardErrors?.v) / Number(standardErrors?.v) / factor).toBeCloseTo(1, 8);
    expect(other.logLikelihood).toBeCloseTo(logLikelihood - 946 * Math.log(factor), 6);
  });

  it('finds that who spends more comes a little oftener: above 0.1', () => {
    // numpy.corrcoef
    expect(correlate(loadCdnow())).toBeCloseTo(0.11388391048600437, 12);
  });
});

describe('what a customer is expected to spend', () => {
  it('weighs what they spent against what others spend (computed with mpmath, 30 digits, at the published parameters)', () => {
    const published = { p: 6.25, q: 3.74, v: 15.44 };
    expect(expectedSpend(published, 2, 22.35)).toBeCloseTo(24.663713910761, 11);
    expect(expectedSpend(published, 1, 11.77)).toBeCloseTo(18.916852057842, 11);
    expect(expectedSpend(published, 0, 0)).toBeCloseTo(35.21897810219, 10);
  });

  it('has no end where the model has no mean', () => {
    expect(expectedSpend({ p: 2, q: 0.9, v: 10 }, 0, 0)).toBe(Infinity);
    expect(expectedSpend({ p: 2, q: 0.9, v: 10 }, 1, 5)).toBeCloseTo(30 / 1.9, 12);
  });
});

describe('the likelihood of spend', () => {
  it('has the gradient and the Hessian that small steps show', () => {
    const likelihood = new SpendLikelihood(simulateSpend({ p: 3, q: 4, v: 20 }, 200, 5));
    const at = { p: 2.1, q: 3.3, v: 0.8 };
    const names = ['p', 'q', 'v'] as const;
    const { gradient, hessian } = likelihood.evaluate(at);
    names.forEach((name, row) => {
      const step = 1e-5;
      const above = likelihood.evaluate({ ...at, [name]: at[name] + step });
      const below = likelihood.evaluate({ ...at, [name]: at[name] - step });
      expect(Number(gradient[row])).toBeCloseTo((above.value - below.value) / (2 * step), 4);
      names.forEach((_, column) => {
        const bend = (Number(above.gradient[column]) - Number(below.gradient[column])) / (2 * step);
        expect(Number(hessian[row * 3 + column])).toBeCloseTo(bend, 3);
      });
    });
  });
});

describe('fitting spend', () => {
  it('finds the truth that customers were drawn from, within its own standard errors', () => {
    const truth = { p: 4, q: 5, v: 6000 };
    const errors: number[] = [];
    for (let seed = 1; seed <= 30; seed += 1) {
      const { parameters, standardErrors } = requireFit(simulateSpend(truth, 1500, seed));
      errors.push((parameters.q - truth.q) / Number(standardErrors?.q));
    }
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    // Of 30 standard normal draws the root mean square lies in here 99.9 % of the time.
    expect(rms).toBeGreaterThan(0.6);
    expect(rms).toBeLessThan(1.45);
  });

  it('does not depend on the order of customers', () => {
    const spend = simulateSpend({ p: 2, q: 3, v: 900 }, 400, 9);
    const reversed = {
      frequency: Array.from(spend.frequency).reverse(),
      meanValue: Array.from(spend.meanValue).reverse(),
    };
    const { parameters } = requireFit(spend);
    const other = requireFit(reversed).parameters;
    expect(other.p / parameters.p).toBeCloseTo(1, 9);
    expect(other.v / parameters.v).toBeCloseTo(1, 9);
  });

  it.each([
    { of: 'nobody', frequency: [], meanValue: [], reason: 'no-repeat-spend' },
    { of: 'one customer', frequency: [3], meanValue: [1999], reason: 'same-spend' },
    { of: 'a shop with one price', frequency: [1, 2, 5], meanValue: [1999, 1999, 1999], reason: 'same-spend' },
    { of: 'customers who hardly differ', frequency: [1, 2, 3], meanValue: [5, 6, 7], reason: 'customers-alike' },
    { of: 'one purchase each', frequency: [1, 1, 1, 1, 1, 1], meanValue: [1, 2, 3, 4, 5, 6], reason: 'customers-alike' },
    { of: 'steady payers', frequency: [5, 5, 5, 5, 50], meanValue: [500, 6, 7, 1000, 3], reason: 'purchases-alike' },
  ])('refuses $of and says why: $reason', ({ frequency, meanValue, reason }) => {
    expect(fitGammaGamma({ frequency, meanValue })).toMatchObject({ ok: false, reason });
  });

  it('knows no correlation where there is nothing to compare', () => {
    expect(correlate({ frequency: [], meanValue: [] })).toBeNull();
    expect(correlate({ frequency: [1, 1], meanValue: [3, 4] })).toBeNull();
    expect(correlate({ frequency: [1, 2], meanValue: [4, 4] })).toBeNull();
    expect(correlate({ frequency: [1, 2, 3], meanValue: [4, 6, 8] })).toBeCloseTo(1, 12);
  });
});
