import { expect, it } from 'vitest';

import { findOfferProblems } from '#app/domain/offers/find-offer-problems.ts';
import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import { aRule, offering } from '#test/services/offers/offering.ts';

it('no amount is judged good before it is known in which currency it is', () => {
  const conditions = { ...ANYBODY, leastSubtotalMinor: 1_000, mostSubtotalMinor: 9_000 };
  const amount = aRule({ grant: { kind: 'amount', amountMinor: 500 }, minimumSubtotalMinor: 2_000, conditions });
  const credit = aRule({ grant: { kind: 'store-credit', amountMinor: 300 } });
  const settings = offering([amount, credit, aRule()]);
  expect(findOfferProblems(settings, null)).toEqual({
    'rules[0].amount': 'no-currency',
    'rules[0].minimum': 'no-currency',
    'rules[0].leastSubtotal': 'no-currency',
    'rules[0].mostSubtotal': 'no-currency',
    'rules[1].amount': 'no-currency',
  });
  expect(findOfferProblems(settings, 'EUR')).toEqual({});
});
