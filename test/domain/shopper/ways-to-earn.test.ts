import { describe, expect, it } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Multiplier, Program } from '#app/domain/loyalty/program/program.ts';
import { kindOfLine } from '#app/domain/shopper/entry-kind.ts';
import { programShown } from '#app/domain/shopper/program-shown.ts';
import { listWaysToEarn } from '#app/domain/shopper/ways-to-earn.ts';

const NOW_MS = Date.UTC(2026, 5, 15, 12);
const usual = defaultProgram({ currency: 'EUR', unitMinor: 100 });

function waysOf(earning: Partial<Program['earning']>, change: Partial<Parameters<typeof listWaysToEarn>[0]> = {}) {
  const bare = { welcomePoints: null, birthdayPoints: null, firstOrderPoints: null };
  const program: Program = { ...usual, status: { kind: 'live' }, earning: { ...usual.earning, ...bare, ...earning } };
  return listWaysToEarn({ program, currency: 'EUR', shopCurrency: 'EUR', tierFactorBasisPoints: null, isWelcomed: false, welcomeComing: null, hasOrdered: false, nowMs: NOW_MS, ...change });
}

describe('the ways to earn', () => {
  it('are none while the program does not run', () => {
    for (const kind of ['off', 'paused'] as const) expect(waysOf({}, { program: { ...usual, status: { kind } } })).toEqual([]);
  });

  it('name what is done, and leave out what gives nothing', () => {
    expect(waysOf({ rates: [], welcomePoints: 100, firstOrderPoints: 50, birthdayPoints: 0 }, { isWelcomed: true, hasOrdered: true })).toEqual([
      { kind: 'welcome', points: 100, isDone: true, isComing: false },
      { kind: 'first-order', points: 50, isDone: true },
    ]);
  });

  it('name what is on its way as it was promised, whatever joining gives by now', () => {
    const welcome = (welcomeComing: number | null) => waysOf({ rates: [], welcomePoints: 300 }, { welcomeComing });
    expect(welcome(100)).toEqual([{ kind: 'welcome', points: 100, isDone: false, isComing: true }]);
    expect(welcome(null)).toEqual([{ kind: 'welcome', points: 300, isDone: false, isComing: false }]);
  });

  it('have the bonuses of the currency that is counted, the nearest first', () => {
    const thresholdBonuses = [
      { id: 'b', currency: 'EUR', minimumMinor: 9000, points: 90 },
      { id: 'a', currency: 'EUR', minimumMinor: 5000, points: 40 },
      { id: 'c', currency: 'USD', minimumMinor: 100, points: 1 },
    ];
    expect(waysOf({ thresholdBonuses }).map((way) => ('minimum' in way ? way.minimum.amountMinor : way.kind))).toEqual(['order', 5000, 9000]);
  });

  it('have the rate of the shop’s currency for an order in another only where the program converts', () => {
    const rates = [{ currency: 'EUR', points: 2, perMinor: 100 }];
    const inDollars = (otherCurrencies: Program['earning']['otherCurrencies']) => waysOf({ rates, otherCurrencies }, { currency: 'USD' });
    expect(inDollars('convert')).toEqual([{ kind: 'order', points: 2, per: { currency: 'EUR', amountMinor: 100 }, tierFactorBasisPoints: null }]);
    expect(inDollars('nothing')).toEqual([]);
  });

  it('have the multipliers that are in force and give more', () => {
    const multiplier = (name: string, change: Partial<Multiplier>): Multiplier => ({ id: name, name, scope: { kind: 'all' }, factorBasisPoints: 20_000, startsAtMs: null, endsAtMs: null, ...change });
    const multipliers = [
      multiplier('always', {}),
      multiplier('from now', { startsAtMs: NOW_MS, endsAtMs: NOW_MS + 1 }),
      multiplier('over', { endsAtMs: NOW_MS }),
      multiplier('later', { startsAtMs: NOW_MS + 1 }),
      multiplier('less', { factorBasisPoints: 5_000 }),
      multiplier('none', { factorBasisPoints: 0 }),
    ];
    expect(waysOf({ rates: [], multipliers }).map((way) => ('name' in way ? way.name : way.kind))).toEqual(['always', 'from now']);
  });

  it('name the factor of a tier that gives more', () => {
    expect(waysOf({}, { tierFactorBasisPoints: 15_000 })).toMatchObject([{ kind: 'order', tierFactorBasisPoints: 15_000 }]);
    expect(waysOf({}, { tierFactorBasisPoints: 10_000 })).toMatchObject([{ kind: 'order', tierFactorBasisPoints: null }]);
  });
});

it('shows a program until the end of its last day, at the shop', () => {
  const status = { kind: 'winding-down' as const, lastRedemptionDay: 20_619 };
  const endMs = Date.UTC(2026, 5, 15, 22);
  expect(programShown({ status }, { nowMs: endMs - 1, timeZone: 'Europe/Berlin' })).toEqual({ status: 'winding-down', lastRedemptionDay: 20_619 });
  expect(programShown({ status }, { nowMs: endMs, timeZone: 'Europe/Berlin' })).toBeNull();
});

it.each<[Parameters<typeof kindOfLine>[0]['kind'], string, string, string]>([
  ['order', 'order/7/1', 'order-earned', 'order'],
  ['order', 'order/7/11', 'order-earned', 'order-changed'],
  ['order', 'order/71/2', 'order-refunded', 'order-changed'],
  ['grant', 'grant/1/first-order/2', 'first-order-undone', 'first-order'],
  ['grant', 'grant/1/first-order/7/2', 'not-first-order', 'first-order'],
  ['grant', 'grant/1/first-order/7/2', 'order-of-another', 'first-order'],
  ['grant', 'grant/1/tier/gold/1', 'tier-reached', 'tier'],
  ['grant', 'grant/1/of-tomorrow/1', 'of-tomorrow', 'adjusted'],
  ['maturity', 'maturity/1/1', 'return-window-over', 'spendable'],
  ['release', 'redemption/x/settle', 'unused', 'returned'],
  ['transfer', 'transfer/1', 'merged', 'merged'],
])('a %s under %s is told as its kind', (kind, key, code, told) => {
  expect(kindOfLine({ kind, key, code })).toBe(told);
});
