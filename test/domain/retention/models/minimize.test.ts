import { describe, expect, it } from 'vitest';
import { inLogarithms } from '#app/domain/retention/models/log-parameters.ts';
import { minimize } from '#app/domain/retention/models/minimize.ts';
import type { Evaluation } from '#app/domain/retention/models/minimize.ts';
import { invertPositive } from '#app/domain/retention/models/symmetric-matrix.ts';

const WIDE = { lower: [-50, -50], upper: [50, 50] };

function evaluation(value: number, gradient: number[], hessian: number[]): Evaluation {
  return { value, gradient: Float64Array.from(gradient), hessian: Float64Array.from(hessian) };
}

/** Rosenbrock's valley, with its minimum at (1, 1). */
function rosenbrock([x = NaN, y = NaN]: Float64Array): Evaluation {
  const bend = y - x * x;
  return evaluation(
    100 * bend * bend + (1 - x) ** 2,
    [-400 * x * bend - 2 * (1 - x), 200 * bend],
    [1200 * x * x - 400 * y + 2, -400 * x, -400 * x, 200],
  );
}

/** Minus the log-likelihood of n draws from a normal distribution, in mean and variance. */
function normalDraws(draws: readonly number[]) {
  return ([mean = NaN, variance = NaN]: Float64Array): Evaluation => {
    const n = draws.length;
    const first = draws.reduce((sum, draw) => sum + draw - mean, 0);
    const second = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0);
    const cross = first / variance ** 2;
    return evaluation(
      (n * Math.log(variance)) / 2 + second / (2 * variance),
      [-first / variance, n / (2 * variance) - second / (2 * variance ** 2)],
      [n / variance, cross, cross, -n / (2 * variance ** 2) + second / variance ** 3],
    );
  };
}

describe('minimize', () => {
  it('follows a bent valley to its end, from far away', () => {
    for (const start of [[-1.2, 1], [20, -30], [0, 0]]) {
      const outcome = minimize(rosenbrock, { start, ...WIDE });
      if (!outcome.ok) throw new Error(outcome.detail);
      expect(outcome.point[0]).toBeCloseTo(1, 6);
      expect(outcome.point[1]).toBeCloseTo(1, 6);
      expect(outcome.atEdge).toEqual([false, false]);
    }
  });

  it('leaves a hilltop, where the Hessian has the wrong sign', () => {
    const wells = ([x = NaN, y = NaN]: Float64Array) =>
      evaluation((x * x - 1) ** 2 + y * y, [4 * x * (x * x - 1), 2 * y], [12 * x * x - 4, 0, 0, 2]);
    const outcome = minimize(wells, { start: [0.01, 3], ...WIDE });
    if (!outcome.ok) throw new Error(outcome.detail);
    expect(outcome.point[0]).toBeCloseTo(1, 6);
  });

  it('goes to the edge at once where the function only levels out', () => {
    const levelling = ([x = NaN, y = NaN]: Float64Array) =>
      evaluation(Math.exp(-x) + (y - 2) ** 2, [-Math.exp(-x), 2 * (y - 2)], [Math.exp(-x), 0, 0, 2]);
    const outcome = minimize(levelling, { start: [0, 0], lower: [-20, -20], upper: [20, 20] });
    if (!outcome.ok) throw new Error(outcome.detail);
    expect(outcome.point[0]).toBe(20);
    expect(outcome.point[1]).toBeCloseTo(2, 9);
    expect(outcome.atEdge).toEqual([true, false]);
    expect(outcome.passes).toBeLessThan(8);
  });

  it('says that it found nothing', () => {
    const options = { start: [-1.2, 1], ...WIDE };
    expect(minimize(rosenbrock, { ...options, maxPasses: 3 })).toMatchObject({ ok: false, reason: 'not-converged', passes: 3 });
    expect(minimize(() => evaluation(NaN, [0, 0], [1, 0, 0, 1]), options)).toMatchObject({ ok: false, reason: 'not-finite' });
  });
});

describe('logarithms of parameters', () => {
  it('give the estimates and standard errors that a normal distribution is known to have', () => {
    const draws = [3.1, 4.7, 2.2, 5.9, 4.4, 3.6, 4.9, 2.8];
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    const outcome = minimize(inLogarithms(normalDraws(draws)), { start: [0, 0], ...WIDE });
    if (!outcome.ok) throw new Error(outcome.detail);
    expect(Math.exp(outcome.point[0] ?? NaN)).toBeCloseTo(mean, 9);
    expect(Math.exp(outcome.point[1] ?? NaN)).toBeCloseTo(variance, 9);
    // By the delta method: the relative variances of mean and variance.
    const covariance = invertPositive(outcome.evaluation.hessian, 2);
    expect(covariance?.[0]).toBeCloseTo(variance / draws.length / mean ** 2, 9);
    expect(covariance?.[3]).toBeCloseTo(2 / draws.length, 9);
  });

  it('have no covariance where the data do not tell a parameter', () => {
    expect(invertPositive(Float64Array.of(1, 1, 1, 1), 2)).toBeNull();
  });
});
