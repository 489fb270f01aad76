import { describe, expect, it } from 'vitest';

import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { chooseReward } from '#app/domain/loyalty/redemption/choose-reward.ts';
import { returnTarget } from '#app/domain/loyalty/redemption/judge-use.ts';
import type { VoidReason } from '#app/domain/loyalty/redemption/judge-use.ts';
import { listRewards } from '#app/domain/loyalty/redemption/list-rewards.ts';
import { planRewardDiscount } from '#app/domain/loyalty/redemption/plan-reward-discount.ts';

const nowMs = Date.parse('2026-03-27T23:30:00Z');
const timeZone = 'Europe/Berlin';

function aLiveProgram(change: Partial<Program> = {}): Program {
  return { ...defaultProgram({ currency: 'EUR', unitMinor: 100 }), status: { kind: 'live' }, ...change };
}

function choose(rewardId: string, points: number | null, program = aLiveProgram()) {
  return chooseReward({ rewardId, points, currency: 'EUR' }, { program, nowMs, timeZone });
}

describe('a reward that is chosen', () => {
  it('ends with the last second of a day at the shop, over a change of clocks', () => {
    const chosen = choose('amount-500', null);
    // 28 March in Berlin already, and summer time by the end.
    expect(chosen.ok && new Date(chosen.value.expiresAtMs).toISOString()).toBe('2026-04-27T21:59:59.000Z');
  });

  it.each([
    [0, 'wrong-points'],
    [99, 'wrong-points'],
    [150, 'wrong-points'],
    [-100, 'wrong-points'],
    [100.5, 'wrong-points'],
  ])('of any amount takes whole steps alone: %d', (points, reason) => {
    expect(choose('any-amount', points)).toMatchObject({ ok: false, reason });
  });

  it('of any amount is worth its steps', () => {
    expect(choose('any-amount', 300)).toMatchObject({ ok: true, value: { points: 300, worth: { amountMinor: 3_00, currency: 'EUR' } } });
  });

  it('is one of those on offer', () => {
    const withdrawn = aLiveProgram({ rewards: aLiveProgram().rewards.map((reward) => ({ ...reward, isOffered: reward.id !== 'amount-500' })) });
    expect(choose('amount-500', null, withdrawn)).toEqual({ ok: false, reason: 'not-offered' });
    expect(choose('of another shop', null)).toEqual({ ok: false, reason: 'not-offered' });
    expect(choose('amount-500', null, aLiveProgram({ status: { kind: 'off' } }))).toEqual({ ok: false, reason: 'program-closed' });
  });

  it('of any amount takes at least the first whole step that is enough, and at most its most', () => {
    const rewards = aLiveProgram().rewards.map((reward) => (reward.gives.kind === 'any-amount' ? { ...reward, gives: { ...reward.gives, leastPoints: 250, mostPoints: 400 } } : reward));
    const answers = [200, 300, 400, 500].map((points) => choose('any-amount', points, aLiveProgram({ rewards })).ok);
    expect(answers).toEqual([false, true, true, false]);
  });

  it('is not to be had in a currency that it has no amount in', () => {
    const program = aLiveProgram();
    expect(chooseReward({ rewardId: 'amount-500', points: null, currency: 'USD' }, { program, nowMs, timeZone })).toMatchObject({ reason: 'not-in-currency' });
  });

  it('is to be had to the end of the last day of a program that winds down', () => {
    const lastRedemptionDay = Math.floor(Date.parse('2026-03-28T00:00:00Z') / 86_400_000);
    expect(choose('amount-500', null, aLiveProgram({ status: { kind: 'winding-down', lastRedemptionDay } })).ok).toBe(true);
    const over = aLiveProgram({ status: { kind: 'winding-down', lastRedemptionDay: lastRedemptionDay - 1 } });
    expect(choose('amount-500', null, over)).toMatchObject({ reason: 'program-closed' });
  });
});

describe('the list of rewards', () => {
  const list = (points: number) => listRewards({ program: aLiveProgram(), points, currency: 'EUR', timesRedeemed: new Map(), nowMs, timeZone });

  it('says what is within reach, what is missing and what it is worth', () => {
    const rewards = list(730).map(({ reward, isWithinReach, shortfallPoints, mostPoints, worth }) => [reward.id, isWithinReach, shortfallPoints, mostPoints, worth?.amountMinor]);
    expect(rewards).toEqual([
      ['any-amount', true, 0, 700, 7_00],
      ['amount-500', true, 0, 500, 5_00],
      ['amount-1000', false, 270, 0, 10_00],
      ['amount-1500', false, 770, 0, 15_00],
      ['amount-2000', false, 1_270, 0, 20_00],
    ]);
  });

  it('says that a member has had a reward as often as they may, and no sooner', () => {
    const limited = aLiveProgram({ rewards: aLiveProgram().rewards.map((reward) => ({ ...reward, limitAMember: 2 })) });
    const hindrances = [1, 2, 3].map((times) => {
      const rewards = listRewards({ program: limited, points: 730, currency: 'EUR', timesRedeemed: new Map([['amount-500', times]]), nowMs, timeZone });
      return rewards.map(({ reward, hindrance, isWithinReach }) => [reward.id, hindrance, isWithinReach]).slice(0, 2);
    });
    expect(hindrances).toEqual([
      [['any-amount', null, true], ['amount-500', null, true]],
      [['any-amount', null, true], ['amount-500', 'limit-reached', false]],
      [['any-amount', null, true], ['amount-500', 'limit-reached', false]],
    ]);
  });

  it('has a reward in each currency that it has an amount in, and what is on offer alone', () => {
    const amounts = [{ currency: 'USD', amountMinor: 6_00 }, { currency: 'EUR', amountMinor: 5_00 }];
    const rewards = aLiveProgram().rewards.map((reward) => (reward.id === 'amount-500' ? { ...reward, gives: { kind: 'amount' as const, points: 500, amounts } } : { ...reward, isOffered: reward.id !== 'amount-1000' }));
    const idsIn = (currency: string) => listRewards({ program: aLiveProgram({ rewards }), points: 0, currency, timesRedeemed: new Map(), nowMs, timeZone }).map(({ reward }) => reward.id);
    expect(idsIn('USD')).toEqual(['amount-500']);
    expect(idsIn('EUR')).toEqual(['any-amount', 'amount-500', 'amount-1500', 'amount-2000']);
  });

  it('puts nothing within the reach of who owes', () => {
    expect(list(-50).every(({ isWithinReach, mostPoints }) => !isWithinReach && mostPoints === 0)).toBe(true);
  });
});

it('free shipping promises to go with no other discount on shipping, which Shopify refuses', () => {
  const [template] = aLiveProgram().rewards;
  if (template === undefined) throw new Error('no reward');
  const reward = { ...template, gives: { kind: 'free-shipping' as const, points: 100 } };
  const redemption = { redemptionId: 'r', points: 100, worth: null, code: 'GIFT-A', reservedAtMs: nowMs, expiresAtMs: nowMs + 1 };
  const discount = planRewardDiscount({ reward, redemption, customerId: 1n, currency: 'EUR' });
  expect(discount?.combinesWith).toEqual({ order: false, product: true, shipping: false });
});

it.each([
  [500, 100_00, 100_00, 0],
  [500, 100_00, 66_67, 167],
  [1, 100_00, 50_00, 1],
  [1, 100_00, 50_01, 0],
  [500, 100_00, 0, 500],
  [500, 0, 0, 0],
  [500, 100_00, 120_00, 0],
])('of %d points spent on goods of %d of which %d are left, %d come back', (points, valueMinor, remainingMinor, expected) => {
  expect(returnTarget({ points, valueMinor, use: { kind: 'spent', valueMinor, remainingMinor } })).toBe(expected);
});

it.each<[VoidReason, number]>([
  ['order-cancelled', 500],
  ['order-refunded', 500],
])('of an order that came to nothing (%s) all points come back', (reason, expected) => {
  expect(returnTarget({ points: 500, valueMinor: 100_00, use: { kind: 'void', reason } })).toBe(expected);
  expect(returnTarget({ points: 500, valueMinor: 0, use: { kind: 'void', reason } })).toBe(expected);
  expect(returnTarget({ points: 500, valueMinor: 100_00, use: { kind: 'open' } })).toBe(0);
});
