import type { Currency, SimMoney, SimMoneyBag } from '../state.ts';
import { bagOf, exchange } from './currencies.ts';

/** What a discount takes off the goods; at most one of the two is set. */
export interface AppliedDiscount {
  /** 0.15 for fifteen percent, as Shopify writes it. */
  percentage: number | null;
  amount: SimMoney | null;
}

export interface CartLineInput {
  /** In the currency of the shop. */
  unitPrice: SimMoney;
  quantity: number;
  /** Missing: a discount is off this line too. */
  isEntitled?: boolean;
}

export interface CartInput {
  lines: readonly CartLineInput[];
  /** In the currency of the shop; tax is handled as for the goods. */
  shipping: SimMoney;
  /** Whether a discount takes all of the shipping off. Missing: none does. */
  isShippingFree?: boolean;
  discount: AppliedDiscount | undefined;
  currency: Currency;
  taxBasisPoints: number;
  /** Whether prices already hold the tax. */
  taxesIncluded: boolean;
}

export interface PricedLine {
  unitPrice: SimMoneyBag;
  discount: SimMoneyBag;
  /** Of the whole line after its discount. */
  tax: SimMoneyBag;
}

/** Every sum is of the lines as rounded, in each of the two currencies on its own. */
export interface PricedCart {
  lines: PricedLine[];
  /** Before discounts. */
  subtotal: SimMoneyBag;
  discount: SimMoneyBag;
  /** As charged. */
  shipping: SimMoneyBag;
  /** What was taken off it. */
  shippingDiscount: SimMoneyBag;
  shippingTax: SimMoneyBag;
  /** Goods and shipping together. */
  tax: SimMoneyBag;
  total: SimMoneyBag;
}

/**
 * Prices a cart in the buyer's currency. A percentage is rounded half up on each line; a fixed amount is shared out in
 * proportion to the lines by largest remainder, so that the shares add up to it, and never exceeds the goods.
 */
export function priceCart(input: CartInput): PricedCart {
  const shopCurrency = input.shipping.currency;
  const bag = (amountMinor: number): SimMoneyBag => bagOf({ amountMinor, currency: input.currency }, shopCurrency);
  const unitsMinor = input.lines.map((line) => exchange(line.unitPrice, input.currency).amountMinor);
  const lineTotalsMinor = input.lines.map((line, index) => (unitsMinor[index] ?? 0) * line.quantity);
  const entitledMinor = lineTotalsMinor.map((totalMinor, index) => (input.lines[index]?.isEntitled === false ? 0 : totalMinor));
  const discountsMinor = allocateDiscount(input.discount, entitledMinor, input.currency);
  const lines = lineTotalsMinor.map((totalMinor, index) => ({
    unitPrice: bag(unitsMinor[index] ?? 0),
    discount: bag(discountsMinor[index] ?? 0),
    tax: bag(computeTaxMinor(totalMinor - (discountsMinor[index] ?? 0), input)),
  }));
  const listedShipping = bag(exchange(input.shipping, input.currency).amountMinor);
  const [shipping, shippingDiscount] = input.isShippingFree === true ? [bag(0), listedShipping] : [listedShipping, bag(0)];
  const shippingTax = bag(computeTaxMinor(shipping.presentment.amountMinor, input));

  const subtotal = addBags(
    bag(0),
    lines.map((line, index) => scaleBag(line.unitPrice, input.lines[index]?.quantity ?? 0)),
  );
  const discount = addBags(
    bag(0),
    lines.map((line) => line.discount),
  );
  const tax = addBags(shippingTax, [...lines.map((line) => line.tax)]);
  const beforeTax = addBags(subtotal, [scaleBag(discount, -1), shipping]);
  const total = input.taxesIncluded ? beforeTax : addBags(beforeTax, [tax]);
  return { lines, subtotal, discount, shipping, shippingDiscount, shippingTax, tax, total };
}

/** Shares of `totalMinor` in proportion to the weights, whole, and adding up to it exactly. */
export function allocate(totalMinor: number, weights: readonly number[]): number[] {
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  if (weightSum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (totalMinor * weight) / weightSum);
  const shares = exact.map(Math.floor);
  const missing = totalMinor - shares.reduce((sum, share) => sum + share, 0);
  exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((left, right) => right.remainder - left.remainder || left.index - right.index)
    .slice(0, missing)
    .forEach(({ index }) => (shares[index] = (shares[index] ?? 0) + 1));
  return shares;
}

function allocateDiscount(
  discount: AppliedDiscount | undefined,
  lineTotalsMinor: readonly number[],
  currency: Currency,
): number[] {
  const percentage = discount?.percentage ?? null;
  if (percentage !== null) {
    return lineTotalsMinor.map((totalMinor) => Math.min(totalMinor, Math.round(totalMinor * percentage)));
  }
  if (discount?.amount) {
    const goodsMinor = lineTotalsMinor.reduce((sum, totalMinor) => sum + totalMinor, 0);
    return allocate(Math.min(goodsMinor, exchange(discount.amount, currency).amountMinor), lineTotalsMinor);
  }
  return lineTotalsMinor.map(() => 0);
}

function computeTaxMinor(netMinor: number, input: CartInput): number {
  const { taxBasisPoints, taxesIncluded } = input;
  return Math.round((netMinor * taxBasisPoints) / (taxesIncluded ? 10_000 + taxBasisPoints : 10_000));
}

function addBags(first: SimMoneyBag, others: readonly SimMoneyBag[]): SimMoneyBag {
  return others.reduce(
    (sum, bag) => ({ shop: addMoney(sum.shop, bag.shop), presentment: addMoney(sum.presentment, bag.presentment) }),
    first,
  );
}

function scaleBag(bag: SimMoneyBag, factor: number): SimMoneyBag {
  return {
    shop: { ...bag.shop, amountMinor: bag.shop.amountMinor * factor },
    presentment: { ...bag.presentment, amountMinor: bag.presentment.amountMinor * factor },
  };
}

function addMoney(left: SimMoney, right: SimMoney): SimMoney {
  return { amountMinor: left.amountMinor + right.amountMinor, currency: left.currency };
}
