import { expect, it } from 'vitest';

import { computeOrderAward } from '#app/domain/loyalty/accrual/compute-order-award.ts';
import { deriveEarningMoney, occasionMsOf } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningFacts } from '#app/domain/loyalty/accrual/earning-order.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
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
  ['in proportion where goods went back for store credit, which Shopify counts as a refund', { currentSubtotalMinor: 50_00, totalRefundedMinor: 50_00 }, 45_00],
  ['in proportion where goods went back and the money has not yet, or in a way that is no refund', { currentSubtotalMinor: 50_00, outstandingMinor: -50_00 }, 45_00],
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

/** Placed on 1 March at noon in New York, whose clocks go forward on the 8th; points are pending for 14 days. */
it.each<[string, 'paid' | 'fulfilled', string | null, string | null, string]>([
  ['of nothing but the order itself', 'paid', null, null, '2026-03-16T04:00:00Z'],
  ['of a card, which is charged before there is an order', 'paid', '2026-02-28T23:00:00Z', null, '2026-03-16T04:00:00Z'],
  ['of a transfer twenty days later', 'paid', '2026-03-21T15:00:00Z', null, '2026-04-05T04:00:00Z'],
  ['of a transfer in the last second of a day', 'paid', '2026-03-08T03:59:59Z', null, '2026-03-22T04:00:00Z'],
  ['of a transfer in the first second of a day', 'paid', '2026-03-08T05:00:00Z', null, '2026-03-23T04:00:00Z'],
  ['of the payment, whenever it was sent', 'paid', '2026-03-02T15:00:00Z', '2026-03-21T15:00:00Z', '2026-03-17T04:00:00Z'],
  ['of the last parcel', 'fulfilled', '2026-03-01T17:00:00Z', '2026-03-21T15:00:00Z', '2026-04-05T04:00:00Z'],
  ['of the money on delivery', 'fulfilled', '2026-03-21T15:00:00Z', '2026-03-18T15:00:00Z', '2026-04-05T04:00:00Z'],
  ['of the payment, while no parcel is known', 'fulfilled', '2026-03-21T15:00:00Z', null, '2026-04-05T04:00:00Z'],
])('the return window is counted from the day %s', (_, occasion, paidAt, fulfilledAt, maturesAt) => {
  const msOf = (at: string | null) => (at === null ? null : Date.parse(at));
  const order = anOrder({ processedAtMs: Date.parse('2026-03-01T17:00:00Z'), paidAtMs: msOf(paidAt), fulfilledAtMs: msOf(fulfilledAt) });
  const program = aProgram({ occasion, pendingDays: 14 });
  const terms = lotTermsOf({ program, occasionMs: occasionMsOf(order, program.earning), orderId: order.orderId, timeZone: 'America/New_York' });
  expect(new Date(terms.maturesAtMs)).toEqual(new Date(maturesAt));
});
