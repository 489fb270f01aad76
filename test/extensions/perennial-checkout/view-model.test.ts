import { describe, expect, it } from 'vitest';

import { aRedemption, aReward, someLoyalty } from '#test/e2e/support/shopper-answers.ts';
import { choosePoints, viewCheckout } from '../../../extensions/perennial-checkout/src/view-model.ts';
import type { Cart } from '../../../extensions/perennial-checkout/src/view-model.ts';
import { wordingIn } from '../support/locale-words.ts';

const english = wordingIn('perennial-checkout');
const CART: Cart = { codes: [], canUpdateDiscountCodes: true, subtotal: { amount: 52, currencyCode: 'EUR' }, refusedCode: null };
const EUR = (amountMinor: number) => ({ amountMinor, currency: 'EUR', decimals: 2 });
const NO_POINTS = { points: 0, pendingPoints: 0, nextSpendable: null, nextExpiry: null };

describe('points at checkout', () => {
  it('are what there is, the two best ways to use them, and the next reward', () => {
    expect(viewCheckout(someLoyalty({ redemptions: [] }), CART, english)).toEqual({
      heading: 'You have 1,240 points',
      applied: null,
      waiting: [],
      offers: [
        { rewardId: 'any', points: 1200, isChosen: true, label: 'Use 1,200 points: €12 off' },
        { rewardId: 'ten-percent', points: 1000, isChosen: false, label: 'Use 1,000 points: 10% off' },
      ],
      next: '760 more points for: €20 off',
      hindrance: null,
    });
  });

  it('are not offered for what the cart does not reach, or the checkout cannot take', () => {
    const rewards = [
      aReward('far', { minimumSubtotal: EUR(5201) }),
      aReward('near', { minimumSubtotal: EUR(5200) }),
      aReward('product', { kind: 'free-product' }),
      aReward('credit', { kind: 'store-credit' }),
      aReward('limit', { isWithinReach: false, hindrance: 'limit-reached' }),
    ];
    const view = viewCheckout(someLoyalty({ rewards, redemptions: [] }), CART, english);
    expect(view?.offers.map(({ rewardId }) => rewardId)).toEqual(['near']);
    const dollars = { ...CART, subtotal: { amount: 1, currencyCode: 'USD' } };
    expect(viewCheckout(someLoyalty({ rewards, redemptions: [] }), dollars, english)?.offers).toHaveLength(2);
  });

  it('have their waiting codes used first, and cost nothing again', () => {
    const view = viewCheckout(someLoyalty(), CART, english);
    expect(view?.waiting).toEqual([{ redemptionId: 'r1', code: 'PTS-7KQ2M9XH', label: 'Use the code you have: €5 off' }]);
    expect(viewCheckout(someLoyalty(), { ...CART, refusedCode: 'PTS-7KQ2M9XH' }, english)?.waiting).toEqual([]);
  });

  it('say which code is on the order, whatever its letters, and offer no second', () => {
    expect(viewCheckout(someLoyalty(), { ...CART, codes: ['pts-7kq2m9xh'] }, english)).toMatchObject({
      applied: { redemptionId: 'r1', sentence: '€5 off, with the code PTS-7KQ2M9XH.' },
      waiting: [],
      offers: [],
      next: null,
    });
  });

  it('say that codes cannot be changed where that is so', () => {
    expect(viewCheckout(someLoyalty(), { ...CART, canUpdateDiscountCodes: false }, english)).toMatchObject({
      waiting: [],
      offers: [],
      hindrance: 'Codes cannot be changed in this checkout. Your points stay in your account.',
    });
  });

  it.each([
    ['no points', someLoyalty({ balance: NO_POINTS, redemptions: [] })],
    ['a debt', someLoyalty({ balance: { ...NO_POINTS, points: -5 }, redemptions: [] })],
    ['points that nothing can be had for', someLoyalty({ rewards: [], redemptions: [] })],
    ['only codes that are over', someLoyalty({ balance: NO_POINTS, redemptions: [aRedemption('r', { state: 'used', code: null })] })],
  ])('are not spoken of with %s', (_name, loyalty) => {
    expect(viewCheckout(loyalty, CART, english)).toBeNull();
  });

  it('are spoken of with no points but a code that waits', () => {
    expect(viewCheckout(someLoyalty({ balance: NO_POINTS }), CART, english)).toMatchObject({ heading: 'You have 0 points', waiting: [{}] });
  });
});

describe('points of a reward of any amount', () => {
  const any = aReward('any', { kind: 'any-amount', leastPoints: 100, mostPoints: 1250, stepPoints: 100, worth: EUR(100) });

  it.each([
    [52, 'EUR', 1200],
    [7.99, 'EUR', 700],
    [0.5, 'EUR', 100],
    [52, 'USD', 1200],
  ])('are no more than goods of %d %s are worth', (amount, currencyCode, points) => {
    expect(choosePoints(any, { ...CART, subtotal: { amount, currencyCode } })).toBe(points);
  });

  it('are the price where that is fixed', () => {
    expect(choosePoints(aReward('five'), CART)).toBe(500);
  });
});
