import { describe, expect, it } from 'vitest';

import { deriveCheckoutGoods } from '#app/domain/loyalty/accrual/checkout-goods.ts';
import type { CheckoutMoney } from '#app/domain/loyalty/accrual/checkout-goods.ts';

/** 100.00 of goods and 10.00 of shipping, without tax. */
const goods = (money: Partial<CheckoutMoney>) =>
  deriveCheckoutGoods({ linesMinor: [60_00, 40_00], discountsMinor: [], shippingMinor: 10_00, taxMinor: 0, totalMinor: 110_00, usuallyContainsTax: null, ...money });

describe('the goods of a checkout', () => {
  it.each<[string, Partial<CheckoutMoney>, number | null]>([
    ['without tax', {}, 100_00],
    ['with tax that is added', { taxMinor: 22_00, totalMinor: 132_00 }, 100_00],
    ['with tax in the prices, as much of it as of the goods', { taxMinor: 11_00 }, 90_00],
    ['before shipping is known', { shippingMinor: null, taxMinor: 10_00, totalMinor: 100_00 }, 90_00],
    ['after a discount of the order', { discountsMinor: [30_00], totalMinor: 80_00 }, 70_00],
    ['after one of the shipping', { discountsMinor: [10_00], shippingMinor: 0, totalMinor: 100_00 }, 100_00],
    ['after one of each, with added tax', { discountsMinor: [30_00, 10_00], shippingMinor: 0, taxMinor: 7_00, totalMinor: 77_00 }, 70_00],
    ['that cost nothing', { linesMinor: [0], shippingMinor: null, totalMinor: 0 }, 0],
    ['that a discount pays for', { discountsMinor: [120_00], totalMinor: 10_00 }, 0],
    ['with duties, where the shop adds tax', { taxMinor: 22_00, totalMinor: 150_00, usuallyContainsTax: false }, 100_00],
    ['with duties, where its prices contain it', { taxMinor: 11_00, totalMinor: 150_00, usuallyContainsTax: true }, 90_00],
    ['whose tax is not known, where the shop adds it', { taxMinor: null, usuallyContainsTax: false }, 100_00],
    ['whose tax is not known, in a shop without orders', { taxMinor: null }, 100_00],
    ['whose tax is not known, where prices contain it', { taxMinor: null, usuallyContainsTax: true }, null],
    ['with more tax than they cost', { taxMinor: 500_00 }, 0],
  ])('%s', (_name, money, expected) => {
    expect(goods(money)).toBe(expected);
  });
});
