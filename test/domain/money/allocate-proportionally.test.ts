import fc from 'fast-check';
import { expect, describe, it } from 'vitest';
import { allocateProportionally } from '#app/domain/money/allocate-proportionally.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const ANY_WEIGHTS = fc.array(fc.oneof(fc.nat(9), fc.nat(100_000), fc.constantFrom(0, 2 ** 45)), { minLength: 1, maxLength: 8 });
const ANY_WHOLE = fc.oneof(fc.nat(20), fc.nat(1_000_000), fc.constant(2 ** 52));

describe('an amount split by weights', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [10, [55, 25, 20], [6, 2, 2]],
    [5, [0, 0], [0, 0]],
    [0, [3, 4], [0, 0]],
    [7, [0, 7, 0], [0, 7, 0]],
    [1_000, [1, 0, 999], [1, 0, 999]],
    [Number.MAX_SAFE_INTEGER, [1, 1], [4_503_599_627_370_496, 4_503_599_627_370_495]],
  ])('of %i by %j is %j', (whole, weights, parts) => {
    expect(allocateProportionally(whole, weights)).toEqual(parts);
  });

  it('is whole where the shares round up to more than the largest safe integer', () => {
    const parts = allocateProportionally(Number.MAX_SAFE_INTEGER, [7, 2, 6, 11, 6, 4, 2, 5, 6]);
    expect(parts.reduce((total, part) => total + BigInt(part), 0n)).toBe(BigInt(Number.MAX_SAFE_INTEGER));
  });

  it('is spent to the last unit, near the exact shares, and on nothing without weight', () => {
    fc.assert(
      fc.property(ANY_WHOLE, ANY_WEIGHTS, (whole, weights) => {
        const parts = allocateProportionally(whole, weights);
        expect(sum(parts)).toBe(sum(weights) === 0 ? 0 : whole);
        parts.forEach((part, index) => {
          const weight = weights[index] ?? 0;
          expect(part).toBeGreaterThanOrEqual(0);
          if (weight === 0) expect(part).toBe(0);
          const share = sum(weights) === 0 ? 0 : Number((BigInt(whole) * BigInt(weight)) / BigInt(sum(weights)));
          expect(Math.abs(part - share)).toBeLessThanOrEqual(weights.length);
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives nobody more when there is less, nor when somebody leaves with their part', () => {
    fc.assert(
      fc.property(ANY_WHOLE, ANY_WEIGHTS, fc.nat(7), (whole, weights, leaving) => {
        const parts = allocateProportionally(whole, weights);
        const fewer = allocateProportionally(Math.max(0, whole - 1), weights);
        fewer.forEach((part, index) => expect(part).toBeLessThanOrEqual(parts[index] ?? 0));
        const gone = leaving % weights.length;
        const without = allocateProportionally(sum(parts) - (parts[gone] ?? 0), weights.filter((_, index) => index !== gone));
        if (sum(weights) > 0) expect(without).toEqual(sum(without) === 0 ? without : parts.filter((_, index) => index !== gone));
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives the earlier of equals the one that is over, also where products are past the safe integers', () => {
    const large = 2 ** 51 + 1;
    expect(allocateProportionally(3, [large, large])).toEqual([2, 1]);
    expect(allocateProportionally(1, [0, large, large])).toEqual([0, 1, 0]);
    expect(allocateProportionally(large + 2, [large, large])).toEqual([large / 2 + 1.5, large / 2 + 0.5]);
  });

  it('agrees with the method of Webster and Sainte-Laguë, counted seat by seat', () => {
    const seatBySeat = (whole: number, weights: readonly number[]): number[] => {
      const seats = weights.map(() => 0);
      for (let seat = 0; seat < whole; seat += 1) {
        const claims = weights.map((weight, index) => weight / (2 * (seats[index] ?? 0) + 1));
        const next = claims.indexOf(Math.max(...claims));
        seats[next] = (seats[next] ?? 0) + 1;
      }
      return seats;
    };
    // Weights are prime to one another, so that no two claims are equal and floats tell them apart.
    for (const weights of [[2, 3], [7, 5, 3], [97, 2, 1, 89], [13, 11, 7, 5, 3]]) {
      for (let whole = 0; whole < 60; whole += 1) expect(allocateProportionally(whole, weights), `${whole} by ${weights.join()}`).toEqual(seatBySeat(whole, weights));
    }
  });

  it.each([[1, [-1, 2]], [-1, [1, 1]], [1.5, [1, 1]], [1, [Number.MAX_SAFE_INTEGER, 1]]])('is refused: %d by %j', (whole, weights) => {
    expect(() => allocateProportionally(whole, weights)).toThrow(RangeError);
  });
});
