import { describe, expect, it } from 'vitest';

import { OfferResultSums } from '#app/domain/offers/results/sum-results.ts';
import type { OffersGiven, OfferUse } from '#app/domain/offers/results/sum-results.ts';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import type { OrderFacts } from '#app/domain/retention/metrics/order-value.ts';

/** Goods of 100.00, of which 15 % came off. */
const FACTS: OrderFacts = {
  ...{ test: false, deleted: false, cancelledAt: null, financialStatus: 'PAID', taxesIncluded: false },
  ...{ subtotalMinor: 8_500, currentSubtotalMinor: 8_500, currentTaxMinor: 0, currentShippingTaxMinor: 0, currentShippingMinor: 500 },
  ...{ tipMinor: 0, totalReceivedMinor: 9_000, totalRefundedMinor: 0, outstandingMinor: 0 },
};

function use({ facts, ...changes }: Partial<Omit<OfferUse, 'facts'>> & { facts?: Partial<OrderFacts> } = {}): OfferUse {
  return { ruleId: 'a', grantKind: 'percent', currency: 'EUR', originalMinor: 10_000, facts: { ...FACTS, ...facts }, ...changes };
}

const given = (changes: Partial<OffersGiven> = {}): OffersGiven => ({ ruleId: 'a', codes: 10, credits: 0, creditMinor: 0, ...changes });

function resultOf(uses: readonly OfferUse[], of: OffersGiven = given(), grossMarginBasisPoints: number | null = 6_000) {
  const sums = new OfferResultSums({ currency: 'EUR', counting: DEFAULT_COUNTING });
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

  it.each([
    ['a test', { test: true }],
    ['cancelled', { cancelledAt: 0 }],
    ['deleted', { deleted: true }],
    ['refunded whole', { financialStatus: 'REFUNDED' }],
  ])('leaves out an order that is %s', (_name, facts) => {
    expect(resultOf([use({ facts })])).toMatchObject({ used: 0, revenueMinor: 0, costMinor: 0 });
  });

  it('does not know what free shipping cost, nor the margin', () => {
    expect(resultOf([use(), use({ grantKind: 'free-shipping', originalMinor: 8_500 })])).toMatchObject({ used: 2, revenueMinor: 17_000, costMinor: null, marginMinor: null });
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
