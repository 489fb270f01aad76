import { describe, expect, it } from 'vitest';
import { deriveEarningMoney } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningFacts } from '#app/domain/loyalty/accrual/earning-order.ts';
import { deedsOf, withEarlier } from '#app/domain/loyalty/accrual/past-order.ts';
import type { PastOrder, PastRefund } from '#app/domain/loyalty/accrual/past-order.ts';
import { aLine, anOrder, NOON_MS } from '#test/domain/loyalty/accrual/an-earning-order.ts';

const DAY_MS = 86_400_000;

/** 100.00 of goods, all paid. */
const SOLD: EarningFacts = {
  ...{ test: false, deleted: false, cancelledAt: null, financialStatus: 'PAID', taxesIncluded: false, currency: 'USD', presentmentCurrency: 'USD' },
  ...{ presentmentSubtotalMinor: null, subtotalMinor: 100_00, currentSubtotalMinor: 100_00, currentTaxMinor: 0, currentShippingTaxMinor: 0 },
  ...{ currentShippingMinor: 0, tipMinor: 0, totalReceivedMinor: 100_00, totalRefundedMinor: 0, outstandingMinor: 0 },
};

const BOUGHT = [aLine({ remainingMinor: 100_00 })];

function refunded(facts: Partial<EarningFacts>, refunds: readonly PastRefund[]): PastOrder {
  const now = { ...SOLD, ...facts };
  const order = anOrder({ lines: [aLine({ remainingMinor: now.currentSubtotalMinor })], financialStatus: now.financialStatus, ...deriveEarningMoney(now) });
  return withEarlier(order, { facts: now, linesAsBought: BOUGHT, refunds });
}

const valuesOf = (order: PastOrder) => [...(order.earlier ?? []).map(({ order: before }) => before.shopValue.amountMinor), order.shopValue.amountMinor];

describe('an order that was refunded', () => {
  it('was worth before each refund what it had not taken yet, goods and free amounts alike', () => {
    const refunds = [{ atMs: NOON_MS + DAY_MS, amountMinor: 30_00 }, { atMs: NOON_MS + 2 * DAY_MS, amountMinor: 12_34 }];
    const order = refunded({ financialStatus: 'PARTIALLY_REFUNDED', currentSubtotalMinor: 70_00, totalRefundedMinor: 42_34 }, refunds);
    expect(valuesOf(order)).toEqual([100_00, 70_00, 57_66]);
    expect(order.earlier?.map(({ untilMs }) => untilMs)).toEqual(refunds.map(({ atMs }) => atMs));
    expect(order.earlier?.[0]?.order.lines).toBe(BOUGHT);
  });

  it('counted until the last refund of all of it', () => {
    const order = refunded({ financialStatus: 'REFUNDED', currentSubtotalMinor: 0, totalRefundedMinor: 100_00 }, [{ atMs: NOON_MS + DAY_MS, amountMinor: 100_00 }]);
    expect(order).toMatchObject({ exclusion: 'refunded', earlier: [{ order: { exclusion: null, financialStatus: 'PAID', shopValue: { amountMinor: 100_00 } } }] });
  });

  it('was always without a refund whose time nobody knows', () => {
    const order = refunded({ financialStatus: 'PARTIALLY_REFUNDED', currentSubtotalMinor: 40_00, totalRefundedMinor: 60_00 }, [{ atMs: NOON_MS + DAY_MS, amountMinor: 20_00 }]);
    expect(valuesOf(order)).toEqual([60_00, 40_00]);
  });

  it('has no earlier where it was cancelled, or was never paid in full', () => {
    const refunds = [{ atMs: NOON_MS + DAY_MS, amountMinor: 10_00 }];
    expect(refunded({ cancelledAt: 1, totalRefundedMinor: 100_00 }, refunds).earlier).toBeUndefined();
    expect(refunded({ financialStatus: 'PARTIALLY_PAID', totalReceivedMinor: 50_00, totalRefundedMinor: 10_00, outstandingMinor: 60_00 }, refunds).earlier).toBeUndefined();
    expect(refunded({}, []).earlier).toBeUndefined();
  });
});

it('what happened to a customer’s orders comes in the order of its time', () => {
  const early = { ...refunded({ financialStatus: 'REFUNDED', currentSubtotalMinor: 0, totalRefundedMinor: 100_00 }, [{ atMs: NOON_MS + 2 * DAY_MS, amountMinor: 100_00 }]), orderId: 1n };
  const late = anOrder({ orderId: 2n, processedAtMs: NOON_MS + DAY_MS });
  const deeds = deedsOf([late, early]).map(({ atMs, kind, order }) => [(atMs - NOON_MS) / DAY_MS, kind, order.shopValue.amountMinor]);
  expect(deeds).toEqual([[0, 'placed', 100_00], [1, 'placed', 10_00], [2, 'refunded', 0]]);
});
