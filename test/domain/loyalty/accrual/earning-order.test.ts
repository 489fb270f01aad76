import { expect, it } from 'vitest';

import { computeOrderAward } from '#app/domain/loyalty/accrual/compute-order-award.ts';
import { deriveEarningMoney } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningFacts } from '#app/domain/loyalty/accrual/earning-order.ts';
import { aLine, anOrder, aProgram } from './an-earning-order.ts';

/** Paid in full, 100.00 in dollars, which the shopper saw as 90.00 in euro. */
const FACTS: EarningFacts = {
  test: false,
  deleted: false,
  cancelledAt: null,
  financialStatus: 'PAID',
  taxesIncluded: false,
  currency: 'USD',
  presentmentCurrency: 'EUR',
  presentmentSubtotalMinor: 90_00,
  subtotalMinor: 100_00,
  currentSubtotalMinor: 100_00,
  currentTaxMinor: 0,
  currentShippingTaxMinor: 0,
  currentShippingMinor: 0,
  tipMinor: 0,
  totalReceivedMinor: 100_00,
  totalRefundedMinor: 0,
  outstandingMinor: 0,
};

it.each<[string, Partial<EarningFacts>, number | null]>([
  ['at the order’s own rate', {}, 90_00],
  ['in proportion after a refund', { currentSubtotalMinor: 50_00, totalRefundedMinor: 50_00, financialStatus: 'PARTIALLY_REFUNDED' }, 45_00],
  ['as nothing where it was nothing to the shopper', { presentmentSubtotalMinor: 0 }, 0],
  ['as unknown where it is not told', { presentmentSubtotalMinor: null }, null],
  ['as unknown where it makes no sense', { presentmentSubtotalMinor: -1 }, null],
  ['as unknown where there is no rate to see', { subtotalMinor: 0 }, null],
])('what the shopper paid in is counted %s', (_, change, expected) => {
  expect(deriveEarningMoney({ ...FACTS, ...change }).presentmentValue).toEqual(expected === null ? null : { currency: 'EUR', amountMinor: expected });
});

it('an order whose lines are gone reaches no bonus, not even one from 0', () => {
  const program = aProgram({ thresholdBonuses: [{ id: 'any', currency: 'USD', minimumMinor: 0, points: 7 }] });
  const award = (remainingMinor: number) => computeOrderAward({ program, order: anOrder({ lines: [aLine({ remainingMinor })] }), tier: null, choices: null }).targetPoints;
  expect([award(0), award(10_00)]).toEqual([0, 57]);
});
