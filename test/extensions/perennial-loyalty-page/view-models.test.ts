import { describe, expect, it } from 'vitest';

import type { ShopperEntry, ShopperLoyaltyOn } from '#app/contracts/shopper-loyalty.ts';
import { aRedemption, aReward, someLoyalty } from '#test/e2e/support/shopper-answers.ts';
import { viewBalance, viewNotice, viewTier } from '../../../extensions/perennial-loyalty-page/src/view-balance.ts';
import { viewBirthday } from '../../../extensions/perennial-loyalty-page/src/view-birthday.ts';
import { viewEntry, viewWay } from '../../../extensions/perennial-loyalty-page/src/view-earning.ts';
import { askToConfirm, fitPoints, sayRefusal, viewRedemption, viewReward } from '../../../extensions/perennial-loyalty-page/src/view-rewards.ts';
import { wordingIn } from '../support/locale-words.ts';

const english = wordingIn('perennial-loyalty-page');
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR', decimals: 2 });
const NOTHING = { points: 0, pendingPoints: 0, nextSpendable: null, nextExpiry: null };

function balance(changes: Partial<ShopperLoyaltyOn['balance']>, redemptions: ShopperLoyaltyOn['redemptions'] = []) {
  return viewBalance(someLoyalty({ balance: { ...NOTHING, ...changes }, redemptions }), english);
}

describe('the balance', () => {
  it('says what there is, what comes when, and what ends when', () => {
    expect(viewBalance(someLoyalty(), english)).toEqual({
      figure: '1,240 points',
      lines: ['120 more points are on their way, ready from December 6, 2026.', '300 end on March 31, 2027 unless you use them.'],
    });
  });

  it('tells the next of pending points that come one after the other', () => {
    const nextSpendable = { points: 20, at: '2026-12-06T09:00:00Z' };
    expect(balance({ points: 5, pendingPoints: 120, nextSpendable }).lines).toEqual([
      '120 more points are on their way.',
      '20 can be used from December 6, 2026.',
    ]);
    expect(balance({ points: 5, pendingPoints: 1 }).lines).toEqual(['1 more point is on its way.']);
  });

  it('explains a debt', () => {
    expect(balance({ points: -120 })).toMatchObject({ figure: '-120 points', lines: [expect.stringContaining('A refund took back points')] });
  });

  it('welcomes who has none yet, and not who has spent all', () => {
    expect(balance({}).lines).toEqual(['No points yet. Here is how to get your first ones.']);
    expect(balance({}, [aRedemption('r1')]).lines).toEqual([]);
  });
});

describe('the notice', () => {
  it.each([
    ['live', null, null],
    ['paused', null, 'The program is taking a break: nothing is earned, and nothing expires.'],
    ['winding-down', '2027-01-31', 'The program is coming to an end. Use your points by January 31, 2027.'],
    ['winding-down', null, 'The program is coming to an end. New points are no longer earned.'],
  ] as const)('of a program that is %s, until %s', (status, lastRedemptionDay, words) => {
    expect(viewNotice({ status, lastRedemptionDay }, english)).toBe(words);
  });
});

describe('the level', () => {
  const tier = someLoyalty().tier;
  if (!tier) throw new Error('The sample has a level.');

  it('says how far it is to the next, to those who see and those who hear', () => {
    expect(viewTier(tier, english)).toEqual({
      name: 'Silver',
      progress: { value: 0.76, label: '76% of the way to Gold', missing: 'Spend €120 more to reach Gold.' },
      lines: ['Yours until December 31, 2027.'],
      perks: ['1.5× points on every order', 'Free shipping without a code when you sign in at checkout', 'Early access to what is new'],
    });
  });

  it.each([
    [{ kind: 'points', points: 1 }, 'Earn 1 more point to reach Gold.'],
    [{ kind: 'orders', orders: 2 }, '2 more orders to reach Gold.'],
  ] as const)('counts %o', (missing, words) => {
    const next = { name: 'Gold', missing, progressBasisPoints: 99_999 };
    expect(viewTier({ ...tier, next }, english).progress).toMatchObject({ missing: words, value: 1 });
  });

  it('has a top and a place below the first', () => {
    expect(viewTier({ name: 'Gold', keptUntil: null, next: null, perks: [] }, english)).toMatchObject({ lines: ['This is the highest level.'], progress: null });
    expect(viewTier({ ...tier, name: null }, english).name).toBe('No level yet');
  });
});

describe('a reward', () => {
  it.each([
    [aReward('a'), '€5 off', '500 points'],
    [aReward('a', { name: 'A pot of tea' }), 'A pot of tea', '500 points'],
    [aReward('a', { kind: 'percent', percentBasisPoints: 1250, worth: null }), '12.5% off', '500 points'],
    [aReward('a', { kind: 'free-shipping', worth: null }), 'Free shipping', '500 points'],
    [aReward('a', { kind: 'free-product', worth: null }), 'A free product', '500 points'],
    [aReward('a', { kind: 'store-credit' }), '€5 of store credit', '500 points'],
    [aReward('a', { kind: 'any-amount', leastPoints: 100, worth: EUR(100) }), 'Any amount off', '€1 off for every 100 points'],
    [aReward('a', { worth: null }), 'Reward', '500 points'],
  ])('is named and priced', (reward, title, price) => {
    expect(viewReward(reward, english)).toMatchObject({ title, price });
  });

  it('says from which amount and for how long', () => {
    expect(viewReward(aReward('a', { minimumSubtotal: EUR(4000), validDays: 1 }), english).terms).toEqual([
      'For orders of €40 or more',
      'Valid for 1 day',
    ]);
  });

  it('says neither of store credit, which never ends and asks for no order', () => {
    expect(viewReward(aReward('a', { kind: 'store-credit', minimumSubtotal: EUR(4000), validDays: 30 }), english).terms).toEqual([]);
  });

  it.each([
    [{}, null],
    [{ isWithinReach: false, shortfallPoints: 760 }, '760 more points to go'],
    [{ isWithinReach: false, hindrance: 'limit-reached' as const }, 'You have had this as often as it can be had.'],
    [{ isWithinReach: false, shortfallPoints: 0 }, 'Points cannot be spent at the moment.'],
  ])('says why it cannot be had: %o', (changes, obstacle) => {
    expect(viewReward(aReward('a', changes), english).obstacle).toBe(obstacle);
  });

  it('asks how many points only where more than the least are there', () => {
    const any = { kind: 'any-amount' as const, leastPoints: 100, stepPoints: 100, worth: EUR(100) };
    expect(viewReward(aReward('a', { ...any, mostPoints: 1240 }), english).choice).toEqual({ least: 100, most: 1200, step: 100 });
    expect(viewReward(aReward('a', { ...any, mostPoints: 100 }), english).choice).toBeNull();
    expect(viewReward(aReward('a'), english).choice).toBeNull();
    expect(askToConfirm(aReward('a', any), 700, english)).toBe('Spend 700 points for €7 off?');
    expect(askToConfirm(aReward('a'), 500, english)).toBe('Spend 500 points on this?');
  });

  it.each([
    [50, 100], [100, 100], [199, 100], [200, 200], [5000, 1200], [Number.NaN, 100],
  ])('fits %d typed points to its steps', (typed, points) => {
    expect(fitPoints(typed, { least: 100, most: 1200, step: 100 })).toBe(points);
  });

  it.each(['insufficient-points', 'limit-reached', 'not-offered', 'closed', 'excluded', 'changed', 'trouble'] as const)(
    'says in words why it was refused: %s',
    (reason) => expect(sayRefusal(reason, english)).toMatch(/\.$/),
  );

  it.each([
    [{}, 'PTS-7KQ2M9XH', 'Use it by December 22, 2026 at 10:59 PM.'],
    [{ state: 'making' as const }, null, 'Your code is being made. This takes a few seconds.'],
    [{ state: 'used' as const }, null, 'Used'],
    [{ state: 'credited' as const }, null, 'Added to your store credit'],
    [{ state: 'returned' as const }, null, 'Not used: 500 points given back'],
  ])('that was redeemed says what became of it: %o', (changes, code, sentence) => {
    const view = viewRedemption(aRedemption('r', changes), english);
    expect({ ...view, sentence: view.sentence.replaceAll(/\s/g, ' ') }).toMatchObject({ title: '€5 off', code, sentence });
  });

  it('that nobody knows any more still has a name', () => {
    expect(viewRedemption(aRedemption('r', { kind: null, worth: null }), english).title).toBe('Reward');
  });
});

describe('earning', () => {
  it('is told way by way', () => {
    expect(someLoyalty().waysToEarn.map((way) => viewWay(way, english))).toEqual([
      { sentence: '5 points for every €1 you spend', hint: '1.5× on your level', isDone: false, isComing: false },
      { sentence: '100 extra points for orders of €100 or more', hint: null, isDone: false, isComing: false },
      { sentence: '2× points: Tea', hint: 'Until December 24, 2026', isDone: false, isComing: false },
      { sentence: '50 points for your first order', hint: null, isDone: true, isComing: false },
      { sentence: '200 points on your birthday', hint: null, isDone: false, isComing: false },
    ]);
  });

  it('is on its way for who has just joined, also where an older answer has no word for it', () => {
    const welcome = { kind: 'welcome' as const, points: 100, isDone: false };
    const view = { sentence: '100 points for joining', hint: null, isDone: false };
    expect([viewWay({ ...welcome, isComing: true }, english), viewWay(welcome, english)]).toEqual([{ ...view, isComing: true }, { ...view, isComing: false }]);
  });

  const entry: ShopperEntry = { sequence: 1, at: '2026-11-20T10:00:00Z', kind: 'order', points: 120, isPending: true, orderName: '#1042', rewardName: null };

  it.each([
    [{}, 'Order #1042', '+120'],
    [{ orderName: null }, 'Order', '+120'],
    [{ kind: 'order-changed' as const, points: -40 }, 'Order #1042 was changed or refunded', '-40'],
    [{ kind: 'redeemed' as const, points: -500, rewardName: 'Tea' }, 'Redeemed: Tea', '-500'],
    [{ kind: 'returned' as const, points: 500 }, 'Given back: Reward', '+500'],
    [{ kind: 'spendable' as const, points: 0 }, 'Points became ready to use', ''],
  ])('is kept in a ledger in words: %o', (changes, sentence, points) => {
    expect(viewEntry({ ...entry, ...changes }, english)).toMatchObject({ sentence, points, day: 'November 20, 2026' });
  });
});

describe('the birthday', () => {
  it('is asked for by month and day, the 29 February among them', () => {
    const view = viewBirthday({ points: 200, day: null, canSet: true }, english);
    expect(view?.sentence).toBe('Tell us the day and get 200 points every year. It can be set once.');
    expect(view?.choice?.months.map(({ label }) => label).slice(0, 2)).toEqual(['January', 'February']);
    expect([1, 2, 4, 0].map((month) => view?.choice?.daysOf(month).length)).toEqual([31, 29, 30, 31]);
  });

  it('is told once it is known, and passed over where it earns nothing or cannot be told', () => {
    expect(viewBirthday({ points: 200, day: '02-29', canSet: false }, english)).toEqual({
      sentence: 'You get 200 points every year on February 29.',
      choice: null,
    });
    expect(viewBirthday({ points: null, day: null, canSet: true }, english)).toBeNull();
    expect(viewBirthday({ points: 200, day: null, canSet: false }, english)).toBeNull();
  });
});
