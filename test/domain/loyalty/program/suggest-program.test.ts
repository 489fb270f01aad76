import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findProgramProblems } from '#app/domain/loyalty/program/find-program-problems.ts';
import { previewOrder } from '#app/domain/loyalty/program/preview-order.ts';
import { rewardLadder } from '#app/domain/loyalty/program/reward-ladder.ts';
import { worthOfPoints } from '#app/domain/loyalty/program/reward-worth.ts';
import { suggestProgram } from '#app/domain/loyalty/program/suggest-program.ts';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { programOfAll } from './program-of-all.ts';

const suggest = (currency: string, aovMinor: number | null, { orders = 400, repeatPurchaseRate = 0.2 }: { orders?: number; repeatPurchaseRate?: number | null } = {}) =>
  suggestProgram({ currency, orders, aovMinor, repeatPurchaseRate });

const NOW = Date.parse('2026-11-20T00:00:00Z');

describe('a suggested program', () => {
  it.each([
    // What an order of the average earns, what the first reward costs and takes off, and how many orders that is.
    ['USD', 80_00, 400, 500, 5_00, 2],
    ['USD', 34_00, 170, 500, 5_00, 3],
    ['USD', 20_00, 100, 250, 2_50, 3],
    ['USD', 300_00, 1500, 500, 5_00, 1],
    ['USD', 500_00, 250, 500, 50_00, 2],
    ['JPY', 8_000, 400, 500, 500, 2],
    ['KRW', 50_000, 250, 500, 5_000, 2],
    ['KWD', 25_000, 125, 250, 2_500, 2],
  ])('of a store of %s with orders of %i gives %i points, so that %i of them, for %i, are %i orders', (currency, aovMinor, pointsAnOrder, points, minor, orders) => {
    expect(suggest(currency, aovMinor).reason).toMatchObject({ pointsAnOrder, firstRewardPoints: points, firstRewardMinor: minor, ordersToFirstReward: orders });
  });

  it('is sound for any store, and its first reward one to three orders away by the function that gives points', () => {
    const stores = fc.record({ currency: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'IDR'), aovMinor: fc.integer({ min: 400, max: 1_000_000_000 }), repeatPurchaseRate: fc.option(fc.double({ min: 0, max: 1, noNaN: true })) });
    fc.assert(
      fc.property(stores, ({ currency, aovMinor, repeatPurchaseRate }) => {
        const { program, reason } = suggest(currency, aovMinor, { repeatPurchaseRate });
        expect(findProgramProblems({ ...program, status: { kind: 'live' } }, { shopCurrency: currency })).toEqual({});
        if (reason.kind !== 'own') throw new Error('not of its own');
        const { targetPoints } = previewOrder(program, { value: { currency, amountMinor: aovMinor }, nowMs: NOW });
        expect(reason.pointsAnOrder).toBe(targetPoints);
        expect(Math.ceil(reason.firstRewardPoints / targetPoints)).toBe(reason.ordersToFirstReward);
        expect(reason.ordersToFirstReward).toBeLessThanOrEqual(3);
        const step = rewardLadder(program, { currency, aovMinor, nowMs: NOW }).find(({ points }) => points === reason.firstRewardPoints);
        expect(step).toMatchObject({ amountMinor: reason.firstRewardMinor, warnings: [] });
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('lets those wait who come back anyway', () => {
    expect(suggest('USD', 40_00, { repeatPurchaseRate: 0.1 }).reason).toMatchObject({ aim: 'second-order' });
    expect(suggest('USD', 40_00, { repeatPurchaseRate: 0.5 }).reason).toMatchObject({ aim: 'third-order', ordersToFirstReward: 3 });
  });

  it.each([[19, 80_00], [0, null], [50, 0]])('is the usual one for %i orders of %s on average', (orders, aovMinor) => {
    const { program, reason } = suggest('USD', aovMinor, { orders });
    expect(reason).toEqual({ kind: 'usual', orders, ordersNeeded: 20 });
    expect(program).toEqual(defaultProgram({ currency: 'USD', unitMinor: 100 }));
  });
});

describe('what points are worth', () => {
  const { rewards } = defaultProgram({ currency: 'USD', unitMinor: 100 });

  it('is the best single redemption that they pay for', () => {
    expect([99, 100, 370, 499, 500, 2600].map((points) => worthOfPoints(rewards, points, 'USD'))).toEqual([null, 100, 300, 400, 500, 2600]);
    expect(worthOfPoints(rewards, 500, 'EUR')).toBeNull();
  });

  it('ends where a reward takes no more points', () => {
    expect(worthOfPoints(programOfAll().rewards.slice(1, 2), 99_999, 'USD')).toBe(500 * 100);
  });
});

describe('the ladder', () => {
  const usual = defaultProgram({ currency: 'USD', unitMinor: 100 });
  const ladder = (changes: object[], { aovMinor = 80_00 }: { aovMinor?: number | null } = {}) => {
    const rewards = usual.rewards.slice(1, 3).map((reward, at) => ({ ...reward, ...changes[at] }));
    return rewardLadder({ ...usual, rewards }, { currency: 'USD', aovMinor, nowMs: NOW });
  };
  const amount = (points: number, amountMinor: number) => ({ gives: { kind: 'amount', points, amounts: [{ currency: 'USD', amountMinor }] } });

  it('climbs from the nearest, in points, money and orders', () => {
    expect(ladder([amount(1000, 10_00), amount(500, 5_00)])).toMatchObject([{ index: 1, points: 500, ordersAway: 2 }, { index: 0, points: 1000, ordersAway: 3, warnings: [] }]);
  });

  it('warns of a dearer reward that gives less for a point', () => {
    expect(ladder([amount(500, 5_00), amount(1000, 9_99)]).map(({ warnings }) => warnings)).toEqual([[], [{ kind: 'worth-less', thanIndex: 0 }]]);
  });

  it('warns of what is out of reach, and of a minimum that is', () => {
    const [step] = ladder([{ ...amount(9000, 90_00), minimumSubtotals: [{ currency: 'USD', amountMinor: 400_00 }] }, { isOffered: false }]);
    expect(step?.warnings).toEqual([{ kind: 'far-away', orders: 23 }, { kind: 'minimum-far', times: 5 }]);
  });

  it('warns of a reward that is more than the order it needs', () => {
    const [step] = ladder([{ ...amount(500, 5_00), minimumSubtotals: [{ currency: 'USD', amountMinor: 4_00 }] }]);
    expect(step?.warnings).toEqual([{ kind: 'more-than-minimum' }]);
  });
});
