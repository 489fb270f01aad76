import { proportionHalfUp } from '../../money/proportion-half-up.ts';

/** A checkout in minor units of what the shopper pays in. */
export interface CheckoutMoney {
  /** Each after discounts of its own. */
  readonly linesMinor: readonly number[];
  /** Off the order as a whole; some of them may be off its shipping, which nobody says. */
  readonly discountsMinor: readonly number[];
  /** Null while it is not known. */
  readonly shippingMinor: number | null;
  /** Of goods and shipping together; null while it is not known. */
  readonly taxMinor: number | null;
  /** Goods, shipping and added tax after discounts, as far as they are known. */
  readonly totalMinor: number;
  /** Whether the shop's orders have prices with tax; null before there are any. */
  readonly usuallyContainsTax: boolean | null;
}

/** A checkout as its page tells it. Nothing of it is believed beyond an estimate. */
export interface AskedCheckout extends Omit<CheckoutMoney, 'linesMinor' | 'usuallyContainsTax'> {
  readonly currency: string;
  /** `isSent`: no gift card. */
  readonly lines: readonly { readonly productId: number | null; readonly amountMinor: number; readonly isSent: boolean }[];
}

interface Goods {
  readonly minor: number;
  readonly containsTax: boolean;
}

/**
 * What the order's value will be: goods after discounts, without tax and shipping. Shopify tells an extension neither
 * whether prices contain the tax nor which discounts are off the shipping; the total does, since only one reading adds up
 * to it. Where none does, as with duties or a tip, the shop's other orders say it.
 *
 * Nor does it tell the tax on shipping, which is taken in proportion, as with one rate for both.
 *
 * @returns null where the prices contain a tax that is not known yet
 */
export function deriveCheckoutGoods(money: CheckoutMoney): number | null {
  const { shippingMinor, taxMinor, usuallyContainsTax } = money;
  const goods = readByTotal(money) ?? { minor: goodsAfter(money, sum(money.discountsMinor)), containsTax: usuallyContainsTax === true };
  if (taxMinor === null) return usuallyContainsTax === true ? null : goods.minor;
  if (!goods.containsTax) return goods.minor;
  const taxedMinor = goods.minor + (shippingMinor ?? 0);
  return taxedMinor === 0 ? 0 : Math.max(0, goods.minor - proportionHalfUp(taxMinor, goods.minor, taxedMinor));
}

function readByTotal(money: CheckoutMoney): Goods | null {
  const { discountsMinor, shippingMinor, taxMinor, totalMinor } = money;
  const paidMinor = totalMinor - (shippingMinor ?? 0);
  const allMinor = sum(discountsMinor);
  // All of them are off the goods, or one is off the shipping, or all are.
  for (const reductionMinor of [allMinor, ...discountsMinor.map((minor) => allMinor - minor), 0]) {
    const minor = goodsAfter(money, reductionMinor);
    if (paidMinor === minor) return { minor, containsTax: true };
    if (paidMinor === minor + (taxMinor ?? 0)) return { minor, containsTax: false };
  }
  return null;
}

function goodsAfter({ linesMinor }: CheckoutMoney, reductionMinor: number): number {
  return Math.max(0, sum(linesMinor) - reductionMinor);
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
