import { describe, expect, it } from 'vitest';

import type { ShopperReward } from '#app/contracts/shopper-loyalty.ts';
import { aRedemption, aReward, someLoyalty } from '#test/e2e/support/shopper-answers.ts';
import { estimateRequestOf } from '../../../extensions/perennial-checkout/src/estimate-request.ts';
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
        { rewardId: 'any', points: 1200, isChosen: true, label: 'Use 1,200 points: €12 off', loss: null },
        { rewardId: 'ten-percent', points: 1000, isChosen: false, label: 'Use 1,000 points: 10% off', loss: null },
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
    expect(viewCheckout(someLoyalty({ rewards, redemptions: [] }), dollars, english)?.offers).toMatchObject([{ rewardId: 'far' }]);
  });

  it('have their waiting codes used first, and cost nothing again', () => {
    const view = viewCheckout(someLoyalty(), CART, english);
    expect(view?.waiting).toEqual([{ redemptionId: 'r1', code: 'PTS-7KQ2M9XH', label: 'Use the code you have: €5 off', loss: null }]);
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

describe('rewards for a cart that is worth less than some', () => {
  const fixed = [500, 1000, 1500, 2000].map((points) => aReward(`amount-${points}`, { leastPoints: points, mostPoints: points, worth: EUR(points) }));
  const any = aReward('any', { kind: 'any-amount', leastPoints: 100, mostPoints: 2100, stepPoints: 100, worth: EUR(100) });
  const shipping = aReward('shipping', { kind: 'free-shipping', worth: null, leastPoints: 300, mostPoints: 300 });
  const percent = aReward('percent', { kind: 'percent', percentBasisPoints: 1000, worth: null, leastPoints: 1000, mostPoints: 1000 });
  const of = (rewards: ShopperReward[], amount: number, currencyCode = 'EUR') => {
    const view = viewCheckout(someLoyalty({ rewards, redemptions: [] }), { ...CART, subtotal: { amount, currencyCode } }, english);
    return view?.offers.map(({ label, loss }) => [label, loss]);
  };

  it('are those that it can use whole, what takes the most off first', () => {
    expect(of([any, ...fixed], 6)).toEqual([
      ['Use 600 points: €6 off', null],
      ['Use 500 points: €5 off', null],
    ]);
    expect(of([percent, ...fixed], 6)).toEqual([
      ['Use 500 points: €5 off', null],
      ['Use 1,000 points: 10% off', null],
    ]);
  });

  it('are the one in money that fits best and free shipping, whose price nobody knows here', () => {
    expect(of([any, ...fixed, shipping], 6)).toEqual([
      ['Use 600 points: €6 off', null],
      ['Use 300 points: Free shipping', null],
    ]);
  });

  it('are the one that loses least where none fits, and it is said what is lost', () => {
    expect(of(fixed.slice(1), 6)).toEqual([['Use 1,000 points: €10 off', 'Your order is worth less than this reward: €4 would be lost.']]);
    expect(of([any], 0.4)).toEqual([['Use 100 points: €1 off', 'Your order is worth less than this reward: €0.60 would be lost.']]);
    expect(of([], 6)).toBeUndefined();
  });

  it('are the cheapest where the cart is in another money, and it is said that something may be lost', () => {
    const mayLose = 'If your order is worth less than this reward, the rest would be lost.';
    expect(of([...fixed, any], 8, 'USD')).toEqual([['Use 100 points: €1 off', mayLose]]);
    expect(of([...fixed, any, shipping], 8, 'USD')).toEqual([['Use 300 points: Free shipping', null]]);
  });

  it('are told of a code that waits, too', () => {
    const redemptions = [aRedemption('r1', { worth: EUR(2000) })];
    const waiting = (amount: number) => viewCheckout(someLoyalty({ redemptions }), { ...CART, subtotal: { amount, currencyCode: 'EUR' } }, english)?.waiting;
    expect(waiting(6)).toMatchObject([{ loss: 'Your order is worth less than this reward: €14 would be lost.' }]);
    expect(waiting(20)).toMatchObject([{ loss: null }]);
  });
});

describe('points of a reward of any amount', () => {
  const any = aReward('any', { kind: 'any-amount', leastPoints: 100, mostPoints: 1250, stepPoints: 100, worth: EUR(100) });

  it.each([
    [52, 'EUR', 1200],
    [7.99, 'EUR', 700],
    [0.5, 'EUR', 100],
    [8.2, 'EUR', 800],
    [52, 'USD', 100],
  ])('are no more than goods of %d %s are worth', (amount, currencyCode, points) => {
    expect(choosePoints(any, { ...CART, subtotal: { amount, currencyCode } })).toBe(points);
  });

  it('are the price where that is fixed', () => {
    expect(choosePoints(aReward('five'), CART)).toBe(500);
  });
});

describe('the question what a checkout earns', () => {
  const eur = (amount: number) => ({ amount, currencyCode: 'EUR' });
  const priced = (id: string | null, amount: number, requiresShipping = true) => ({
    cost: { totalAmount: eur(amount) },
    merchandise: { ...(id === null ? {} : { product: { id } }), requiresShipping },
  });

  it('has a bundle by its parts, amounts without the noise of fractions, and lines of no product', () => {
    const bundle = { ...priced('bundle', 30), lineComponents: [priced('cup', 10.1 + 0.2), priced('card', 19.7, false)] };
    const told = { lines: [bundle, { ...priced(null, 5), lineComponents: [] }], discountAllocations: [{ discountedAmount: eur(2.5) }] };
    expect(estimateRequestOf({ ...told, subtotal: eur(35), shipping: eur(4.9), tax: undefined, total: eur(37.4) })).toEqual({
      currency: 'EUR',
      lines: [
        { productId: 'cup', amount: '10.3000', isSent: true },
        { productId: 'card', amount: '19.7000', isSent: false },
        { productId: null, amount: '5.0000', isSent: true },
      ],
      ...{ discounts: ['2.5000'], shipping: '4.9000', tax: null, total: '37.4000' },
    });
  });
});
