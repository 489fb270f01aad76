import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readRate, writeRate } from '#app/domain/loyalty/program/earning-rate-text.ts';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import { FieldReader, typedDecimal } from '#app/domain/loyalty/program/field-reader.ts';
import { findProgramProblems } from '#app/domain/loyalty/program/find-program-problems.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { readRewardsDraft, writeRewardsDraft } from '#app/domain/loyalty/program/rewards-draft.ts';
import { readSetupDraft, writeSetupDraft } from '#app/domain/loyalty/program/setup-draft.ts';
import type { SetupDraft } from '#app/domain/loyalty/program/setup-draft.ts';
import { ordersToTier, readTiersDraft, writeTiersDraft } from '#app/domain/loyalty/program/tiers-draft.ts';
import { programOfAll } from './program-of-all.ts';

const ZONE = 'America/New_York';
const USD = defaultProgram({ currency: 'USD', unitMinor: 100 });

function typed(change: Partial<SetupDraft>, program: Program = USD) {
  return readSetupDraft({ ...writeSetupDraft(program, ZONE), ...change }, program, ZONE);
}

describe('the forms of a program', () => {
  it.each([['usual', USD], ['with everything in it', programOfAll()]])('read what they wrote: %s', (_, program) => {
    expect(readSetupDraft(writeSetupDraft(program, ZONE), program, ZONE)).toEqual({ program, unread: {} });
    expect(readRewardsDraft(writeRewardsDraft(program, 'USD'), program, 'USD')).toEqual({ program, unread: {} });
    const tiers = writeTiersDraft(program, { shopCurrency: 'USD', usual: null });
    expect(readTiersDraft(tiers, program, 'USD')).toEqual({ program, unread: {} });
  });

  it('name every field that cannot be read, and leave the others', () => {
    const { program, unread } = typed({ pendingDays: 'x', welcomePoints: '1.5', maximumPointsAnOrder: '', noticeDays: '30, soon' });
    expect(unread).toEqual({ 'earning.pendingDays': 'not-a-number', 'earning.welcomePoints': 'not-a-number', 'expiry.noticeDays': 'not-a-number' });
    expect(program.earning).toMatchObject({ pendingDays: NaN, birthdayPoints: 200, maximumPointsAnOrder: null });
  });

  it('take days of warning apart however they are typed, and nothing as none', () => {
    const days = (noticeDays: string) => typed({ noticeDays }).program.expiry;
    for (const text of ['30, 7', '30 7', '30，7', '30、7;']) expect(days(text)).toMatchObject({ noticeDays: [30, 7] });
    expect(days(' ')).toMatchObject({ noticeDays: [] });
  });

  it('count the last day of a better rate in, at the shop, over a change of clocks', () => {
    const one = { id: 'a', name: 'Fall', scopeKind: 'all', productIds: [], collectionIds: [], factor: '1.25', firstDay: '2026-11-01', lastDay: '2026-11-01' };
    const [multiplier] = typed({ multipliers: [one] }).program.earning.multipliers;
    // 25 hours: clocks go back that night.
    expect(multiplier).toMatchObject({ startsAtMs: Date.parse('2026-11-01T04:00:00Z'), endsAtMs: Date.parse('2026-11-02T05:00:00Z'), factorBasisPoints: 12_500 });
  });

  it('keep the unit of a rate that is a fraction', () => {
    const read = (points: string, per: string, currency = 'USD') => readRate({ points, per, currency }, 'r', new FieldReader());
    expect(read('1.5', '1')).toEqual({ currency: 'USD', points: 15, perMinor: 1000 });
    expect(writeRate({ currency: 'USD', points: 15, perMinor: 1000 })).toEqual({ currency: 'USD', points: '1.5', per: '1.00' });
    expect(read('1', '1000', 'JPY')).toEqual({ currency: 'JPY', points: 1, perMinor: 1000 });
    expect(writeRate({ currency: 'JPY', points: 1, perMinor: 1000 })).toEqual({ currency: 'JPY', points: '1', per: '1000' });
    expect(read('0.25', '10', 'KWD')).toEqual({ currency: 'KWD', points: 25, perMinor: 1_000_000 });
  });

  it('never change what a rate gives by writing and reading it', () => {
    const rate = fc.record({ currency: fc.constantFrom('USD', 'JPY', 'KWD'), points: fc.integer({ min: 1, max: 1_000_000 }), perMinor: fc.integer({ min: 1, max: 1_000_000_000 }) });
    fc.assert(
      fc.property(rate, (given) => {
        const reader = new FieldReader();
        const { points, perMinor } = readRate(writeRate(given), 'r', reader);
        expect(reader.list.all).toEqual({});
        expect(BigInt(points) * BigInt(given.perMinor)).toBe(BigInt(given.points) * BigInt(perMinor));
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it.each([['0', 0], ['10000', 1], ['12500', 1.25], ['5', 0.0005]])('write %s basis points without noughts at the end', (scaled, value) => {
    expect(typedDecimal(Number(scaled), 4)).toBe(String(value));
  });

  it('have money of rewards in the shop\'s currency alone, and let go of others as of before it changed', () => {
    const [amount] = programOfAll().rewards;
    const two = [{ currency: 'JPY', amountMinor: 700 }, { currency: 'USD', amountMinor: 500 }];
    const program: Program = { ...USD, rewards: amount === undefined ? [] : [{ ...amount, gives: { kind: 'amount', points: 500, amounts: two }, minimumSubtotals: two }] };
    const draft = writeRewardsDraft(program, 'USD');
    expect(draft.rewards).toMatchObject([{ amount: '5.00', minimumSubtotal: '5.00' }]);
    const [usd] = two.slice(1);
    expect(readRewardsDraft(draft, program, 'USD').program.rewards).toMatchObject([{ gives: { amounts: [usd] }, minimumSubtotals: [usd] }]);
    expect(readRewardsDraft({ rewards: draft.rewards.map((reward) => ({ ...reward, amount: 'x', minimumSubtotal: '' })) }, program, 'USD')).toMatchObject({
      program: { rewards: [{ minimumSubtotals: [] }] },
      unread: { 'rewards[0].amounts[0]': 'not-a-number' },
    });
    // A shop that sells in euros by now says what they are worth in those, and is refused as long as it does not.
    const inEuros = writeRewardsDraft(program, 'EUR');
    expect(inEuros.rewards).toMatchObject([{ amount: '', minimumSubtotal: '' }]);
    expect(findProgramProblems(readRewardsDraft(inEuros, program, 'EUR').program, { shopCurrency: 'EUR' })).toMatchObject({ 'rewards[0].amounts': 'missing' });
  });

  it('ask for no minimum where store credit is given, whatever was typed for another kind', () => {
    const [reward] = writeRewardsDraft(programOfAll(), 'USD').rewards;
    const rewards = reward === undefined ? [] : [{ ...reward, kind: 'store-credit' as const, amount: '5', minimumSubtotal: 'x40' }];
    const { program, unread } = readRewardsDraft({ rewards }, USD, 'USD');
    expect([program.rewards.map(({ minimumSubtotals }) => minimumSubtotals), unread]).toEqual([[[]], {}]);
  });

  it('read what tiers take as money where they are by spend, and as a number elsewhere', () => {
    const draft = writeTiersDraft(USD, { shopCurrency: 'USD', usual: null });
    const thresholds = (basis: string) => readTiersDraft({ ...draft, basis }, USD, 'USD').program.tiers?.levels.map(({ threshold }) => threshold);
    expect(thresholds('points')).toEqual([0, 1000, 2000]);
    expect(thresholds('spend')).toEqual([0, 100_000, 200_000]);
    expect(readTiersDraft({ ...draft, hasTiers: false }, USD, 'USD').program.tiers).toBeNull();
  });

  it('say in orders what a tier takes', () => {
    const order = { valueMinor: 7_428, points: 371 };
    expect(ordersToTier({ basis: 'points' }, 1000, order)).toBe(3);
    expect(ordersToTier({ basis: 'spend' }, 20_000, order)).toBe(3);
    expect(ordersToTier({ basis: 'orders' }, 4, order)).toBe(4);
    expect(ordersToTier({ basis: 'points' }, 1000, { valueMinor: 0, points: 0 })).toBeNull();
  });
});
