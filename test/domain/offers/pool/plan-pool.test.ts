import { describe, expect, it } from 'vitest';

import { codesToMake, nextLookAt, poolTarget } from '#app/domain/offers/pool/plan-pool.ts';

describe('how many codes are kept at hand', () => {
  it.each([
    [0, 50],
    [25, 50],
    [26, 52],
    [600, 1_200],
    [2_500, 5_000],
    [90_000, 5_000],
  ])('with %i orders in the busiest hour: %i', (orders, target) => {
    expect(poolTarget(orders)).toBe(target);
  });

  it.each([
    [{ free: 0, intended: 0 }, 50],
    [{ free: 24, intended: 0 }, 26],
    [{ free: 25, intended: 0 }, 0],
    [{ free: 0, intended: 25 }, 0],
    [{ free: 12, intended: 12 }, 26],
    // The target fell.
    [{ free: 80, intended: 0 }, 0],
  ])('is filled up from below half, and what is on its way counts: %o', (stock, missing) => {
    expect(codesToMake(stock, 50)).toBe(missing);
  });
});

it('is looked at again within the hour, before the next day’s codes are due, and soon after an outage', () => {
  const hourMs = 3_600_000;
  const waits = (['full', 'more', 'unavailable', 'access', 'refused'] as const).map((look) => nextLookAt(look, 1_000) - 1_000);
  expect(waits).toEqual([hourMs, 0, 15_000, hourMs / 4, 6 * hourMs]);
});
