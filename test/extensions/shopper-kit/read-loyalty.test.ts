import { describe, expect, it } from 'vitest';

import { askLoyalty } from '../../../extensions/shopper-kit/src/ask-loyalty.ts';
import { readLoyalty } from '../../../extensions/shopper-kit/src/read-loyalty.ts';
import { connectionOf } from '../support/turned-clock.ts';
import { someLoyalty } from '#test/e2e/support/shopper-answers.ts';

describe('reading what a customer has', () => {
  it('takes an answer of today as it is', () => {
    expect(readLoyalty(someLoyalty())).toEqual(someLoyalty());
  });

  it('takes points for joining that are on their way, and are not where nobody says so', () => {
    const welcome = { kind: 'welcome' as const, points: 100, isDone: false };
    const read = (way: object) => readLoyalty({ ...someLoyalty(), waysToEarn: [way] });
    expect(read({ ...welcome, isComing: true })).toMatchObject({ waysToEarn: [{ ...welcome, isComing: true }] });
    expect(read(welcome)).toMatchObject({ waysToEarn: [{ ...welcome, isComing: false }] });
  });

  it('passes over kinds and states that it does not know', () => {
    const today = someLoyalty();
    const tomorrow = {
      ...today,
      rewards: [...today.rewards, { rewardId: 'x', kind: 'dinner', leastPoints: 5 }, 'nonsense', null],
      redemptions: [...today.redemptions, { redemptionId: 'x', state: 'framed' }],
      waysToEarn: [...today.waysToEarn, { kind: 'review', points: 5 }],
      tier: { ...today.tier, perks: [...(today.tier?.perks ?? []), { kind: 'lounge' }] },
      newField: 1,
    };
    expect(readLoyalty(tomorrow)).toEqual(today);
  });

  it('fills in what an older server leaves out', () => {
    expect(readLoyalty({ state: 'on' })).toEqual({
      state: 'on',
      program: { status: 'live', lastRedemptionDay: null },
      balance: { points: 0, pendingPoints: 0, nextSpendable: null, nextExpiry: null },
      tier: null,
      rewards: [],
      redemptions: [],
      waysToEarn: [],
      birthday: { points: null, day: null, canSet: false },
      texts: {},
    });
  });

  it.each([
    ['a state from the future', { state: 'asleep' }, { state: 'off', texts: {} }],
    ['nobody signed in', { state: 'signed-out', rewards: [] }, { state: 'off', texts: {} }],
    ['no answer of ours', 'hello', null],
    ['an empty object', {}, null],
  ])('knows %s', (_name, body, known) => {
    expect(readLoyalty(body)).toEqual(known);
  });

  it('asks in the language and the currency of the shopper, and never throws', async () => {
    const { app, seen } = connectionOf([{ state: 'off' }]);
    expect(await askLoyalty(app, { surface: 'profile', locale: 'pt-BR', currency: 'BRL' })).toEqual({ state: 'off', texts: {} });
    expect(seen.urls).toEqual(['https://app.example.com/api/shopper/loyalty?surface=profile&locale=pt-BR&currency=BRL']);
    expect(await askLoyalty(connectionOf([500]).app, { surface: 'profile', locale: 'en' })).toBeNull();
    expect(await askLoyalty(connectionOf(['<html>']).app, { surface: 'profile', locale: 'en' })).toBeNull();
  });
});
