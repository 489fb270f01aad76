import { describe, expect, it } from 'vitest';

import { isHeldOut } from '#app/domain/offers/holdout/assign-holdout.ts';
import { customersNeeded, measureLift } from '#app/domain/offers/holdout/measure-lift.ts';
import type { Side } from '#app/domain/offers/holdout/measure-lift.ts';
import { studentQuantile95 } from '#app/domain/offers/holdout/student-quantile.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';

const side = (customers: number, returned: number): Side => ({ customers, returned, spentMinor: 0, squaresMinor: 0 });

function sideOf(amounts: readonly number[]): Side {
  return {
    customers: amounts.length,
    returned: amounts.filter((amount) => amount > 0).length,
    spentMinor: amounts.reduce((sum, amount) => sum + amount, 0),
    squaresMinor: amounts.reduce((sum, amount) => sum + amount ** 2, 0),
  };
}

describe('how many more came back', () => {
  // Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('is as published for %i of %i against %i of %i', (returned, customers, heldReturned, heldCustomers, low, high) => {
    const lift = measureLift(side(customers, returned), side(heldCustomers, heldReturned));
    expect(lift?.returned.value).toBeCloseTo(returned / customers - heldReturned / heldCustomers, 12);
    expect(lift?.returned.low).toBeCloseTo(low, 4);
    expect(lift?.returned.high).toBeCloseTo(high, 4);
  });

  it('cannot be told while nobody is on a side', () => {
    expect(measureLift(side(10, 1), side(0, 0))).toBeNull();
    expect(measureLift(side(0, 0), side(10, 1))).toBeNull();
  });
});

describe('how much more was spent', () => {
  // Student's sleep data, as R's t.test(extra ~ group) prints them for Welch's test: -3.3654832 to 0.2054832.
  it('is as Welch’s interval of Student’s sleep data', () => {
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const lift = measureLift(sideOf(first), sideOf(second));
    expect(lift?.spentMinor?.value).toBeCloseTo(-1.58, 10);
    expect(lift?.spentMinor?.low).toBeCloseTo(-3.3654832, 4);
    expect(lift?.spentMinor?.high).toBeCloseTo(0.2054832, 4);
  });

  it.each([
    [6, 2.4469],
    [10, 2.2281],
    [30, 2.0423],
    [120, 1.9799],
  ])('goes by Student’s quantile: for %i degrees of freedom %f', (degreesOfFreedom, quantile) => {
    expect(Math.abs(studentQuantile95(degreesOfFreedom) - quantile)).toBeLessThan(0.0005);
  });

  it('cannot be told of a few customers, and is exact where all spent the same', () => {
    expect(measureLift(sideOf([100, 0]), sideOf([5]))?.spentMinor).toBeNull();
    expect(measureLift(sideOf([100, 0, 3]), sideOf([5, 8, 1]))?.spentMinor).toBeNull();
    expect(measureLift(sideOf([500, 500]), sideOf([200, 200]))?.spentMinor).toEqual({ value: 300, low: 300, high: 300 });
  });
});

describe('a store whose offer has a known effect', () => {
  it('is told the truth by 95 intervals in 100', () => {
    const random = seededRandom(1947);
    const stores = 2_000;
    const [offeredShare, heldShare, meanMinor] = [0.24, 0.2, 5_000];
    // Whoever returns spends an exponential amount: many little, a few much.
    const amounts = (customers: number, share: number): number[] =>
      Array.from({ length: customers }, () => (random.chance(share) ? meanMinor * random.exponential() : 0));
    let [sharesHit, meansHit] = [0, 0];
    for (let store = 0; store < stores; store += 1) {
      const lift = measureLift(sideOf(amounts(900, offeredShare)), sideOf(amounts(300, heldShare)));
      const holds = (difference: { low: number; high: number } | null | undefined, truth: number): boolean =>
        difference !== null && difference !== undefined && difference.low <= truth && truth <= difference.high;
      if (holds(lift?.returned, offeredShare - heldShare)) sharesHit += 1;
      if (holds(lift?.spentMinor, (offeredShare - heldShare) * meanMinor)) meansHit += 1;
    }
    // Three standard deviations of 2,000 throws at 95 %.
    const slack = 3 * Math.sqrt((0.95 * 0.05) / stores);
    expect(Math.abs(sharesHit / stores - 0.95)).toBeLessThan(slack);
    expect(Math.abs(meansHit / stores - 0.95)).toBeLessThan(slack);
  });
});

describe('who is held out', () => {
  const hashOf = (drawn: number): Uint8Array => {
    const hash = new Uint8Array(8);
    new DataView(hash.buffer).setUint32(0, drawn);
    return hash;
  };

  it('is the share that was asked for, nobody of none and everybody of all', () => {
    const random = seededRandom(7);
    const hashes = Array.from({ length: 20_000 }, () => hashOf(random.between(0, 2 ** 32 - 1)));
    const share = (basisPoints: number) => hashes.filter((hash) => isHeldOut(hash, basisPoints)).length / hashes.length;
    expect(share(0)).toBe(0);
    expect(share(10_000)).toBe(1);
    expect(Math.abs(share(1_000) - 0.1)).toBeLessThan(0.0065);
  });

  it('stays held out when the share grows', () => {
    const random = seededRandom(8);
    for (let turn = 0; turn < 2_000; turn += 1) {
      const hash = hashOf(random.between(0, 2 ** 32 - 1));
      if (isHeldOut(hash, 500)) expect(isHeldOut(hash, 1_500)).toBe(true);
    }
    expect(() => isHeldOut(new Uint8Array(3), 500)).toThrow(RangeError);
  });
});

// R's power.prop.test(p1 = 0.2, p2 = 0.3, power = 0.9) says n = 391.9 for each of two equal sides.
it('says how many customers a difference takes to be seen', () => {
  expect(customersNeeded({ share: 0.2, difference: 0.1, ratio: 1 })).toBe(392);
});
