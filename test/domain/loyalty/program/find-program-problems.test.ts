import { describe, expect, it } from 'vitest';

import { problemsBelow } from '#app/domain/loyalty/program/field-problems.ts';
import type { FieldProblems } from '#app/domain/loyalty/program/field-problems.ts';
import { findProgramProblems } from '#app/domain/loyalty/program/find-program-problems.ts';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Earning, Expiry, Program, Reward, RewardGives, TierLevel } from '#app/domain/loyalty/program/program.ts';
import { programOfAll } from './program-of-all.ts';

const find = (program: Program) => findProgramProblems(program, { shopCurrency: 'USD' });
const ALL = programOfAll();

const earning = (change: Partial<Earning>) => find({ ...ALL, earning: { ...ALL.earning, ...change } });
const expiry = (changed: Expiry) => find({ ...ALL, expiry: changed });
const reward = (change: Partial<Reward>) => find({ ...ALL, rewards: ALL.rewards.map((one, at) => (at === 0 ? { ...one, ...change } : one)) });
const gives = (given: RewardGives) => reward({ gives: given });
const tier = (change: Partial<TierLevel>, index = 1) =>
  find({ ...ALL, tiers: ALL.tiers && { ...ALL.tiers, levels: ALL.tiers.levels.map((level, at) => (at === index ? { ...level, ...change } : level)) } });
const usd = (amountMinor: number) => [{ currency: 'USD', amountMinor }];

describe('a program', () => {
  it.each([['that has everything', ALL], ['of the usual kind', defaultProgram({ currency: 'USD', unitMinor: 100 })]])('%s has no problem', (_, program) => {
    expect(find(program)).toEqual({});
  });

  it.each([
    ['a rate of nothing', earning({ rates: [{ currency: 'USD', points: 0, perMinor: 100 }] }), { 'earning.rates[0].points': 'out-of-range' }],
    ['a rate for nothing', earning({ rates: [{ currency: 'USD', points: 5, perMinor: 0 }] }), { 'earning.rates[0].perMinor': 'out-of-range' }],
    ['no rate in the currency of the shop', earning({ rates: [] }), { 'earning.rates': 'no-rate-in-shop-currency' }],
    ['two rates in one currency', earning({ rates: [...ALL.earning.rates, ...ALL.earning.rates] }), { 'earning.rates[2].currency': 'twice', 'earning.rates[3].currency': 'twice' }],
    ['a currency that is none', earning({ rates: [...ALL.earning.rates, { currency: 'XXX', points: 1, perMinor: 1 }] }), { 'earning.rates[2].currency': 'unknown-currency' }],
    ['a return window of a year', earning({ pendingDays: 365 }), { 'earning.pendingDays': 'out-of-range' }],
    ['a welcome of no points', earning({ welcomePoints: 0 }), { 'earning.welcomePoints': 'out-of-range' }],
    ['the same bonus twice', earning({ thresholdBonuses: [1, 2].map((n) => ({ id: `b${n}`, currency: 'USD', minimumMinor: 100, points: n })) }), { 'earning.thresholdBonuses[1].minimumMinor': 'twice' }],
    ['what ends before it begins', earning({ multipliers: [{ id: 'm', name: '', scope: { kind: 'all' }, factorBasisPoints: 20_000, startsAtMs: 5, endsAtMs: 5 }] }), { 'earning.multipliers[0].endsAtMs': 'not-after-start' }],
    ...[1, 5_000, 10_000].map((factorBasisPoints): [string, FieldProblems, FieldProblems] => [
      `a rate of ${factorBasisPoints / 10_000} times, which never wins`,
      earning({ multipliers: [{ id: 'm', name: '', scope: { kind: 'all' }, factorBasisPoints, startsAtMs: null, endsAtMs: null }] }),
      { 'earning.multipliers[0].factorBasisPoints': 'never-wins' },
    ]),
    ['a day that is none', earning({ multipliers: [{ id: 'm', name: '', scope: { kind: 'all' }, factorBasisPoints: 20_000, startsAtMs: NaN, endsAtMs: 5 }] }), { 'earning.multipliers[0].startsAtMs': 'not-a-number' }],
    ['no product chosen', earning({ multipliers: [{ id: 'm', name: '', scope: { kind: 'products', productIds: [] }, factorBasisPoints: 20_000, startsAtMs: null, endsAtMs: null }] }), { 'earning.multipliers[0].scope': 'none-chosen' }],
    ['a warning before there was a point', expiry({ kind: 'inactivity', months: 1, noticeDays: [30] }), { 'expiry.noticeDays': 'longer-than-expiry' }],
    ['the same warning twice', expiry({ kind: 'age', months: 3, noticeDays: [7, 7] }), { 'expiry.noticeDays': 'twice' }],
    ['four warnings', expiry({ kind: 'age', months: 3, noticeDays: [1, 2, 3, 4] }), { 'expiry.noticeDays': 'too-many' }],
    ['points that last no time', expiry({ kind: 'age', months: 0, noticeDays: [] }), { 'expiry.months': 'out-of-range' }],
    ['a reward for nothing', gives({ kind: 'amount', points: 0, amounts: usd(500) }), { 'rewards[0].points': 'out-of-range' }],
    ['a reward of nothing', gives({ kind: 'amount', points: 5, amounts: usd(0) }), { 'rewards[0].amounts[0]': 'out-of-range' }],
    ['a reward without an amount', gives({ kind: 'store-credit', points: 5, amounts: [] }), { 'rewards[0].amounts': 'missing' }],
    ['more than all', gives({ kind: 'percent', points: 5, percentBasisPoints: 10_001 }), { 'rewards[0].percentBasisPoints': 'out-of-range' }],
    ['fewest points between two steps', gives({ kind: 'any-amount', pointsAStep: 100, amounts: usd(1), leastPoints: 150, mostPoints: null }), { 'rewards[0].leastPoints': 'not-a-multiple' }],
    ['most points below the fewest', gives({ kind: 'any-amount', pointsAStep: 100, amounts: usd(1), leastPoints: 200, mostPoints: 100 }), { 'rewards[0].mostPoints': 'below-least' }],
    ['a product that nobody chose', gives({ kind: 'free-product', points: 5, variantId: 0, title: '' }), { 'rewards[0].variantId': 'none-chosen' }],
    ['a name of a page', reward({ name: 'x'.repeat(61) }), { 'rewards[0].name': 'too-long' }],
    ['a first tier that is not for everybody', tier({ threshold: 5 }, 0), { 'tiers.levels[0].threshold': 'first-not-zero' }],
    ['a tier that is no higher', tier({ threshold: 0 }), { 'tiers.levels[1].threshold': 'out-of-range' }],
    ['a tier that slows members down', tier({ factorBasisPoints: 9_999 }), { 'tiers.levels[1].factorBasisPoints': 'out-of-range' }],
    ['two tiers of one name', tier({ name: ' LEAF ' }), { 'tiers.levels[1].name': 'twice' }],
    ['a tier without a name', tier({ name: ' ' }), { 'tiers.levels[1].name': 'missing' }],
    ['two tags in one', tier({ tag: 'a,b' }), { 'tiers.levels[1].tag': 'has-comma' }],
    ['nothing to spend points on, live', find({ ...ALL, status: { kind: 'live' }, rewards: [] }), { rewards: 'none-offered' }],
  ])('is told where it has %s', (_, problems, expected) => {
    expect(problems).toEqual(expected);
  });

  it('may have nothing to spend points on while it is off', () => {
    expect(find({ ...ALL, status: { kind: 'off' }, rewards: [] })).toEqual({});
  });

  it('has its problems by the part of a page', () => {
    const problems = { 'rewards[1].amounts[0]': 'out-of-range', 'rewards[10].points': 'missing', rewards: 'too-many' } as const;
    expect(problemsBelow(problems, 'rewards[1]')).toEqual({ 'amounts[0]': 'out-of-range' });
    expect(problemsBelow(problems, 'rewards')).toEqual({ '': 'too-many', '[1].amounts[0]': 'out-of-range', '[10].points': 'missing' });
  });
});
