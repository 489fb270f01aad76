import { describe, expect, it } from 'vitest';

import { allocate, priceCart } from './price-cart.ts';
import type { CartInput } from './price-cart.ts';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

function aCart(changes: Partial<CartInput> = {}): CartInput {
  return {
    lines: [{ unitPrice: eur(10_00), quantity: 1 }],
    shipping: eur(0),
    discount: undefined,
    currency: 'EUR',
    taxBasisPoints: 0,
    taxesIncluded: false,
    ...changes,
  };
}

describe('the price of a cart', () => {
  it('rounds a percentage half up on each line, not on the sum', () => {
    const priced = priceCart(
      aCart({
        lines: [
          { unitPrice: eur(3_33), quantity: 1 },
          { unitPrice: eur(3_33), quantity: 1 },
          { unitPrice: eur(10), quantity: 1 },
        ],
        discount: { percentage: 0.15, amount: null },
      }),
    );
    // 15 % of 3.33 is 0.4995 and of 0.10 is 0.015: 0.50 + 0.50 + 0.02, where 15 % of the sum would be 1.01.
    expect(priced.lines.map((line) => line.discount.shop.amountMinor)).toEqual([50, 50, 2]);
    expect(priced.discount.shop).toEqual(eur(1_02));
    expect(priced.total.shop).toEqual(eur(5_74));
  });

  it('says what a discount took off the shipping, of which the shipping as charged knows no more', () => {
    const cart = aCart({ shipping: eur(5_00), taxBasisPoints: 2_000, isShippingFree: true });
    const { shipping, shippingDiscount, shippingTax, total } = priceCart(cart);
    expect([shipping.shop, shippingDiscount.shop, shippingTax.shop, total.shop]).toEqual([eur(0), eur(5_00), eur(0), eur(12_00)]);
    expect(priceCart({ ...cart, isShippingFree: false }).shippingDiscount.shop).toEqual(eur(0));
  });

  it('shares a fixed amount out so that the shares add up to it', () => {
    const priced = priceCart(
      aCart({
        lines: [
          { unitPrice: eur(10_00), quantity: 1 },
          { unitPrice: eur(5_00), quantity: 2 },
          { unitPrice: eur(10_00), quantity: 1 },
        ],
        discount: { percentage: null, amount: eur(10_00) },
      }),
    );
    expect(priced.lines.map((line) => line.discount.shop.amountMinor)).toEqual([334, 333, 333]);
    expect(priced.discount.shop).toEqual(eur(10_00));
  });

  it('never takes more off than the goods cost', () => {
    const priced = priceCart(aCart({ discount: { percentage: null, amount: eur(99_00) }, shipping: eur(4_90) }));
    expect(priced.discount.shop).toEqual(eur(10_00));
    expect(priced.total.shop).toEqual(eur(4_90));
  });

  it('finds the tax inside prices that include it, after the discount, for goods and shipping', () => {
    const priced = priceCart(
      aCart({
        lines: [{ unitPrice: eur(119_00), quantity: 1 }],
        shipping: eur(11_90),
        discount: { percentage: 0.5, amount: null },
        taxBasisPoints: 1900,
        taxesIncluded: true,
      }),
    );
    expect(priced.lines[0]?.tax.shop).toEqual(eur(9_50));
    expect(priced.shippingTax.shop).toEqual(eur(1_90));
    expect(priced.total.shop).toEqual(eur(71_40));
  });

  it('adds the tax to prices that do not include it', () => {
    const priced = priceCart(aCart({ shipping: eur(5_00), taxBasisPoints: 500 }));
    expect(priced.tax.shop).toEqual(eur(75));
    expect(priced.total.shop).toEqual(eur(15_75));
  });

  it('prices in a currency without decimals and keeps each sum of its own currency', () => {
    const priced = priceCart(
      aCart({
        lines: [{ unitPrice: eur(10_00), quantity: 3 }],
        currency: 'JPY',
        discount: { percentage: 0.15, amount: null },
      }),
    );
    expect(priced.lines[0]?.unitPrice.presentment).toEqual({ amountMinor: 1630, currency: 'JPY' });
    expect(priced.discount.presentment).toEqual({ amountMinor: 734, currency: 'JPY' });
    expect(priced.total.presentment).toEqual({ amountMinor: 4156, currency: 'JPY' });
    expect(priced.total.shop.amountMinor).toBe(
      3 * (priced.lines[0]?.unitPrice.shop.amountMinor ?? 0) - priced.discount.shop.amountMinor,
    );
  });

  it('costs nothing when the cart is empty', () => {
    expect(priceCart(aCart({ lines: [], discount: { percentage: null, amount: eur(5_00) } })).total.shop).toEqual(
      eur(0),
    );
  });
});

describe('sharing out an amount', () => {
  it('gives what is left over to the largest remainders, the earlier first', () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(allocate(5, [3, 3, 4])).toEqual([2, 1, 2]);
  });

  it('gives nothing to lines that cost nothing', () => {
    expect(allocate(100, [0, 5, 0])).toEqual([0, 100, 0]);
    expect(allocate(100, [0, 0])).toEqual([0, 0]);
  });
});
