import { describe, expect, it } from 'vitest';

import { OfferResultSums } from '#app/domain/offers/results/sum-results.ts';
import type { OffersGiven, OfferUse } from '#app/domain/offers/results/sum-results.ts';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import type { OrderCounting, OrderFacts, OrderValueVariant } from '#app/domain/retention/metrics/order-value.ts';

/** Goods of 100.00, of which 15 % came off; none came back. */
const FACTS: OrderFacts = {
  ...{ test: false, deleted: false, cancelledAt: null, financialStatus: 'PAID', taxesIncluded: false },
  ...{ subtotalMinor: 8_500, currentSubtotalMinor: 8_500, currentTaxMinor: 0, currentShippingTaxMinor: 0, currentShippingMinor: 500 },
  ...{ tipMinor: 0, totalReceivedMinor: 9_000, totalRefundedMinor: 0, outstandingMinor: 0 },
};

function use({ facts, ...changes }: Partial<Omit<OfferUse, 'facts'>> & { facts?: Partial<OrderFacts> } = {}): OfferUse {
  return { ruleId: 'a', grantKind: 'percent', currency: 'EUR', originalMinor: 10_000, currentOriginalMinor: changes.originalMinor ?? 10_000, shippingCodeDiscountMinor: 0, facts: { ...FACTS, ...facts }, ...changes };
}

const given = (changes: Partial<OffersGiven> = {}): OffersGiven => ({ ruleId: 'a', codes: 10, credits: 0, creditMinor: 0, ...changes });

function resultOf(uses: readonly OfferUse[], of: OffersGiven = given(), grossMarginBasisPoints: number | null = 6_000, counting: OrderCounting = DEFAULT_COUNTING) {
  const sums = new OfferResultSums({ currency: 'EUR', counting });
  for (const one of uses) sums.add(one);
  const { rules, inOtherCurrency } = sums.result([of], grossMarginBasisPoints);
  return { ...rules[0], inOtherCurrency };
}

describe('what came of a rule', () => {
  it('is the orders with its codes, what they came to, and what came off them', () => {
    expect(resultOf([use(), use()])).toMatchObject({ given: 10, used: 2, revenueMinor: 17_000, costMinor: 3_000 });
  });

  it('has the margin of what the goods would have come to, less what came off: 100 at 60 % leave 45 of 85', () => {
    expect(resultOf([use()])).toMatchObject({ marginMinor: 4_500 });
    expect(resultOf([use()], given(), null)).toMatchObject({ marginMinor: null });
  });

  /** Goods of 119.00 with 19 % in them, of which 10 % came off: 100.00, 10.00 and 90.00 without tax. And shipping of 11.90. */
  const taxed = use({
    originalMinor: 11_900,
    facts: { taxesIncluded: true, subtotalMinor: 10_710, currentSubtotalMinor: 10_710, currentTaxMinor: 1_900, currentShippingTaxMinor: 190, currentShippingMinor: 1_190, totalReceivedMinor: 11_900 },
  });
  const valued = (value: OrderValueVariant): OrderCounting => ({ ...DEFAULT_COUNTING, value });

  it('has no tax in what came off, where prices contain it: 10.00 of 119.00, and 30.00 are left at 40 %', () => {
    expect(resultOf([taxed], given(), 4_000)).toMatchObject({ revenueMinor: 9_000, costMinor: 1_000, marginMinor: 3_000 });
  });

  it('has the same cost and margin where revenue is shown with tax and shipping, which are none of the goods', () => {
    expect(resultOf([taxed], given(), 4_000, valued('total'))).toMatchObject({ revenueMinor: 11_900, costMinor: 1_000, marginMinor: 3_000 });
  });

  const halfBack = { currentSubtotalMinor: 4_250, totalRefundedMinor: 4_250, financialStatus: 'PARTIALLY_REFUNDED' };

  it('is of the goods that stayed, where some came back: of 50 at 60 %, 7.50 came off and 22.50 are left', () => {
    expect(resultOf([use({ currentOriginalMinor: 5_000, facts: halfBack })])).toMatchObject({ revenueMinor: 4_250, costMinor: 750, marginMinor: 2_250 });
  });

  it('is of the goods that were bought, where revenue is counted before refunds', () => {
    expect(resultOf([use({ currentOriginalMinor: 5_000, facts: halfBack })], given(), 6_000, valued('goodsBeforeRefunds'))).toMatchObject({ revenueMinor: 8_500, costMinor: 1_500, marginMinor: 4_500 });
  });

  it('is of half of them, tax in prices and half of them back', () => {
    const facts = { ...taxed.facts, currentSubtotalMinor: 5_355, currentTaxMinor: 1_045, totalRefundedMinor: 5_355, financialStatus: 'PARTIALLY_REFUNDED' };
    expect(resultOf([{ ...taxed, currentOriginalMinor: 5_950, facts }], given(), 4_000)).toMatchObject({ revenueMinor: 4_500, costMinor: 500, marginMinor: 1_500 });
  });

  it('has money that went back without goods off the margin whole: the goods are gone all the same', () => {
    const facts = { totalRefundedMinor: 1_000, financialStatus: 'PARTIALLY_REFUNDED' };
    expect(resultOf([use({ facts })])).toMatchObject({ revenueMinor: 7_500, costMinor: 1_500, marginMinor: 3_500 });
  });

  it('has all of the goods in its cost, where a code took off everything', () => {
    const facts = { subtotalMinor: 0, currentSubtotalMinor: 0, totalReceivedMinor: 500 };
    expect(resultOf([use({ facts })])).toMatchObject({ revenueMinor: 0, costMinor: 10_000, marginMinor: -4_000 });
  });

  it.each([
    ['a test', { test: true }],
    ['cancelled', { cancelledAt: 0 }],
    ['deleted', { deleted: true }],
    ['refunded whole', { financialStatus: 'REFUNDED' }],
  ])('leaves out an order that is %s', (_name, facts) => {
    expect(resultOf([use({ facts })])).toMatchObject({ used: 0, revenueMinor: 0, costMinor: 0 });
  });

  const shipped = (shippingCodeDiscountMinor: number | null, changes: Parameters<typeof use>[0] = {}) => use({ grantKind: 'free-shipping', originalMinor: 8_500, shippingCodeDiscountMinor, ...changes });

  it('has what the code took off the shipping in the cost of free shipping, and off the margin: 51 of 85 less 6.90', () => {
    expect(resultOf([shipped(690)])).toMatchObject({ used: 1, revenueMinor: 8_500, costMinor: 690, marginMinor: 4_410, unknownCosts: 0 });
    expect(resultOf([shipped(0)])).toMatchObject({ costMinor: 0, marginMinor: 5_100, unknownCosts: 0 });
  });

  it('charges free shipping with nothing that others took off the goods, and a percentage with nothing that others took off the shipping', () => {
    expect(resultOf([shipped(690, { originalMinor: 10_000 })])).toMatchObject({ costMinor: 690 });
    expect(resultOf([use({ shippingCodeDiscountMinor: 690 })])).toMatchObject({ costMinor: 1_500 });
  });

  it('has no tax in what came off the shipping, at the rate of the goods: 11.90 with 19 % are 10.00', () => {
    expect(resultOf([{ ...taxed, grantKind: 'free-shipping', shippingCodeDiscountMinor: 1_190 }], given(), 4_000)).toMatchObject({ costMinor: 1_000 });
  });

  it('has sent a parcel for nothing also where goods came back', () => {
    expect(resultOf([shipped(690, { currentOriginalMinor: 4_250, facts: halfBack })])).toMatchObject({ revenueMinor: 4_250, costMinor: 690, marginMinor: 1_860 });
  });

  it('says of how many orders it does not know what free shipping cost, and leaves them out of cost and margin', () => {
    expect(resultOf([shipped(690), shipped(null), shipped(null)])).toMatchObject({ used: 3, revenueMinor: 25_500, costMinor: 690, marginMinor: 4_410, unknownCosts: 2 });
    expect(resultOf([use(), shipped(null)])).toMatchObject({ used: 2, costMinor: 1_500, marginMinor: 4_500, unknownCosts: 1 });
    expect(resultOf([shipped(null)])).toMatchObject({ used: 1, revenueMinor: 8_500, costMinor: null, marginMinor: null, unknownCosts: 1 });
  });

  it('has store credit in its cost also where nothing else of it is known', () => {
    expect(resultOf([shipped(null)], given({ credits: 2, creditMinor: 1_000 }))).toMatchObject({ costMinor: 1_000, unknownCosts: 1 });
  });

  it('counts uses in another currency, and adds them to no amount', () => {
    expect(resultOf([use(), use({ currency: 'USD' })])).toMatchObject({ used: 2, revenueMinor: 8_500, costMinor: 1_500, inOtherCurrency: 1 });
  });

  it('that gave codes, and later store credit, has the credit in its cost and in nothing else', () => {
    const both = resultOf([use()], given({ codes: 10, credits: 30, creditMinor: 1_000 }));
    expect(both).toMatchObject({ given: 40, codes: 10, used: 1, revenueMinor: 8_500, costMinor: 2_500, marginMinor: 3_500 });
  });

  it('of store credit is what was given: where it is spent nobody tells', () => {
    expect(resultOf([], given({ codes: 0, credits: 3, creditMinor: 1_500 }))).toMatchObject({ given: 3, used: null, revenueMinor: null, costMinor: 1_500, marginMinor: null });
  });
});
