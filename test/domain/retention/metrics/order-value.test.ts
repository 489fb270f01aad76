import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessOrder, parseCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { CountingPreset, OrderFacts, OrderValueVariant } from '#app/domain/retention/metrics/order-value.ts';

/** Goods of 100.00 and shipping of 5.00, paid, no tax. */
function anOrderOf(facts: Partial<OrderFacts>): OrderFacts {
  return {
    test: false,
    deleted: false,
    cancelledAt: null,
    financialStatus: 'PAID',
    taxesIncluded: false,
    currentSubtotalMinor: 10_000,
    currentTaxMinor: 0,
    currentShippingTaxMinor: 0,
    currentShippingMinor: 500,
    tipMinor: 0,
    totalReceivedMinor: 10_500,
    totalRefundedMinor: 0,
    outstandingMinor: 0,
    ...facts,
  };
}

function valueOf(facts: Partial<OrderFacts>, preset: CountingPreset = 'perennial'): number | string {
  const verdict = assessOrder(anOrderOf(facts), preset);
  return verdict.counts ? verdict.valueMinor : verdict.reason;
}

describe('whether an order is a purchase', () => {
  it.each([
    ['a test', { test: true }, 'test'],
    ['deleted', { deleted: true }, 'deleted'],
    ['cancelled', { cancelledAt: 1_700_000_000_000 }, 'cancelled'],
    ['refunded by its status', { financialStatus: 'REFUNDED' }, 'refunded'],
    ['refunded to the last unit', { financialStatus: 'PARTIALLY_REFUNDED', totalRefundedMinor: 10_500 }, 'refunded'],
    ['in a state nobody knows', { financialStatus: 'ON_HOLD' }, 'unknownState'],
    ['in lower case, as no API says it', { financialStatus: 'paid' }, 'unknownState'],
    ['without a state', { financialStatus: null }, 'unknownState'],
  ])('does not count an order that is %s', (_what, facts, reason) => {
    expect(assessOrder(anOrderOf(facts), 'perennial')).toEqual({ counts: false, reason });
  });

  it.each(['PENDING', 'AUTHORIZED', 'PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'VOIDED', 'EXPIRED'])(
    'counts an order that is %s',
    (financialStatus) => {
      expect(assessOrder(anOrderOf({ financialStatus }), 'perennial').counts).toBe(true);
    },
  );

  it('counts a fully refunded order where Shopify does, and nothing else that is excluded', () => {
    expect(valueOf({ financialStatus: 'REFUNDED', totalRefundedMinor: 10_500 }, 'asShopifyCounts')).toBe(0);
    expect(valueOf({ test: true }, 'asShopifyCounts')).toBe('test');
    expect(valueOf({ cancelledAt: 0 }, 'asShopifyCounts')).toBe('cancelled');
    expect(valueOf({ financialStatus: null }, 'asShopifyCounts')).toBe('unknownState');
  });

  it('names the first reason where several apply', () => {
    const cancelled = { cancelledAt: 1, financialStatus: 'REFUNDED' };
    expect(valueOf(cancelled)).toBe('cancelled');
    expect(valueOf({ ...cancelled, test: true, deleted: true })).toBe('test');
  });

  it('counts an order that cost nothing', () => {
    const free = { currentSubtotalMinor: 0, currentShippingMinor: 0, totalReceivedMinor: 0 };
    expect(assessOrder(anOrderOf(free), 'perennial')).toEqual({ counts: true, valueMinor: 0 });
  });
});

describe('the value of an order', () => {
  const withTaxAdded = { currentTaxMinor: 2000, currentShippingTaxMinor: 100, totalReceivedMinor: 12_500 };
  const withTaxIncluded = {
    taxesIncluded: true,
    currentSubtotalMinor: 11_900,
    currentShippingMinor: 595,
    currentTaxMinor: 1995,
    currentShippingTaxMinor: 95,
    totalReceivedMinor: 12_495,
  };
  const cases: [string, Partial<OrderFacts>, number][] = [
    ['the goods, without shipping', {}, 10_000],
    ['the goods, without a tip', { tipMinor: 300, totalReceivedMinor: 10_800 }, 10_000],
    ['the goods, without added tax', withTaxAdded, 10_000],
    ['the goods, without included tax', withTaxIncluded, 10_000],
    ['what is left after a returned line', { currentSubtotalMinor: 4000, totalRefundedMinor: 6000 }, 4000],
    ['untouched by refunded shipping', { currentShippingMinor: 0, totalRefundedMinor: 500 }, 10_000],
    ['less a refund of a free amount', { totalRefundedMinor: 1500 }, 8500],
    ['less a free refund without its added tax', { ...withTaxAdded, totalRefundedMinor: 1190 }, 9000],
    ['less a free refund without its included tax', { ...withTaxIncluded, totalRefundedMinor: 1190 }, 9000],
    ['less a free refund, tip or no tip', { tipMinor: 400, totalReceivedMinor: 10_900, totalRefundedMinor: 1500 }, 8500],
    ['zero when a free refund takes more than the goods', { totalRefundedMinor: 10_300 }, 0],
    ['whole when money went back that was never seen to come in', { totalReceivedMinor: 0, totalRefundedMinor: 500 }, 10_000],
    ['both: a returned line and a free amount', { currentSubtotalMinor: 4000, totalRefundedMinor: 7000 }, 3000],
    ['whole while it is not paid', { financialStatus: 'PENDING', totalReceivedMinor: 0, outstandingMinor: 10_500 }, 10_000],
    ['whole when payment was written off', { financialStatus: 'VOIDED', totalReceivedMinor: 0 }, 10_000],
    ['whole when half is paid', { totalReceivedMinor: 5000, outstandingMinor: 5500 }, 10_000],
    ['whole when the rest was written off', { totalReceivedMinor: 5000, outstandingMinor: 0 }, 10_000],
    ['what is left when an edit is not paid back yet', { currentSubtotalMinor: 7000, outstandingMinor: -3000 }, 7000],
    ['rounded half up', { currentSubtotalMinor: 1, currentTaxMinor: 1, currentShippingMinor: 0, totalReceivedMinor: 2, totalRefundedMinor: 1 }, 0],
  ]; // prettier-ignore

  it.each(cases)('is %s', (_what, facts, valueMinor) => {
    expect(valueOf(facts)).toBe(valueMinor);
  });

  it('never falls below zero or above the goods, and never rises with a refund', () => {
    const amounts = fc.record({
      currentSubtotalMinor: fc.nat(100_000),
      currentTaxMinor: fc.nat(20_000),
      currentShippingTaxMinor: fc.nat(2000),
      currentShippingMinor: fc.nat(5000),
      tipMinor: fc.nat(1000),
      totalReceivedMinor: fc.nat(130_000),
      outstandingMinor: fc.integer({ min: -5000, max: 5000 }),
      taxesIncluded: fc.boolean(),
    });
    const valueWith = (facts: Partial<OrderFacts>): number => {
      const verdict = assessOrder(anOrderOf(facts), 'asShopifyCounts');
      return verdict.counts ? verdict.valueMinor : NaN;
    };
    fc.assert(
      fc.property(amounts, fc.nat(130_000), fc.nat(1000), (facts, totalRefundedMinor, moreMinor) => {
        const valueMinor = valueWith({ ...facts, totalRefundedMinor });
        expect(Number.isSafeInteger(valueMinor)).toBe(true);
        expect(valueMinor).toBeGreaterThanOrEqual(0);
        expect(valueMinor).toBeLessThanOrEqual(facts.currentSubtotalMinor);
        const after = valueWith({ ...facts, totalRefundedMinor: totalRefundedMinor + moreMinor });
        expect(after).toBeLessThanOrEqual(valueMinor);
      }),
    );
  });
});

describe('the value of an order in another variant', () => {
  const returned = { subtotalMinor: 10_000, currentSubtotalMinor: 6000, totalRefundedMinor: 4000 };
  const freely = { totalRefundedMinor: 1000 };
  const withTax = { currentTaxMinor: 2100, currentShippingTaxMinor: 100, totalReceivedMinor: 12_600 };
  const taxInside = { taxesIncluded: true, currentSubtotalMinor: 12_000, subtotalMinor: 12_000, currentTaxMinor: 2000, totalReceivedMinor: 12_500 };
  const cases: [string, Partial<OrderFacts>, Record<OrderValueVariant, number>][] = [
    ['that nothing happened to', {}, { goods: 10_000, goodsBeforeRefunds: 10_000, total: 10_500, totalBeforeRefunds: 10_500 }],
    ['of which lines came back', returned, { goods: 6000, goodsBeforeRefunds: 10_000, total: 6500, totalBeforeRefunds: 10_500 }],
    ['with a free refund', freely, { goods: 9000, goodsBeforeRefunds: 10_000, total: 9500, totalBeforeRefunds: 10_500 }],
    ['with tax on top', withTax, { goods: 10_000, goodsBeforeRefunds: 10_000, total: 12_600, totalBeforeRefunds: 12_600 }],
    ['with tax inside', taxInside, { goods: 10_000, goodsBeforeRefunds: 10_000, total: 12_500, totalBeforeRefunds: 12_500 }],
    [
      'with tax inside, of which half came back',
      { ...taxInside, currentSubtotalMinor: 6000, currentTaxMinor: 1000, totalRefundedMinor: 6000 },
      { goods: 5000, goodsBeforeRefunds: 10_000, total: 6500, totalBeforeRefunds: 12_500 },
    ],
    ['with a tip', { tipMinor: 300, totalReceivedMinor: 10_800 }, { goods: 10_000, goodsBeforeRefunds: 10_000, total: 10_500, totalBeforeRefunds: 10_500 }],
    [
      'that grew by an edit',
      { subtotalMinor: 8000, totalReceivedMinor: 10_500 },
      { goods: 10_000, goodsBeforeRefunds: 10_000, total: 10_500, totalBeforeRefunds: 10_500 },
    ],
    [
      'of which an edit took goods off before they were paid for',
      { subtotalMinor: 14_000, totalReceivedMinor: 10_500 },
      { goods: 10_000, goodsBeforeRefunds: 10_000, total: 10_500, totalBeforeRefunds: 10_500 },
    ],
    [
      'of which goods were edited off and others came back',
      { subtotalMinor: 14_000, currentSubtotalMinor: 7000, totalRefundedMinor: 3000 },
      { goods: 7000, goodsBeforeRefunds: 10_000, total: 7500, totalBeforeRefunds: 10_500 },
    ],
    [
      'that is not paid',
      { financialStatus: 'PENDING', totalReceivedMinor: 0, outstandingMinor: 10_500 },
      { goods: 10_000, goodsBeforeRefunds: 10_000, total: 10_500, totalBeforeRefunds: 10_500 },
    ],
  ]; // prettier-ignore

  it.each(cases)('is of an order %s with tax and shipping, and before refunds', (_what, facts, expected) => {
    const values = Object.keys(expected).map((variant) => {
      const verdict = assessOrder(anOrderOf(facts), 'asShopifyCounts', variant as OrderValueVariant);
      return [variant, verdict.counts ? verdict.valueMinor : verdict.reason];
    });
    expect(Object.fromEntries(values)).toEqual(expected);
  });
});

describe('a way of counting', () => {
  it('is read from its words, and none from any other', () => {
    expect(parseCounting('asShopifyCounts', 'totalBeforeRefunds')).toEqual({ preset: 'asShopifyCounts', value: 'totalBeforeRefunds' });
    expect(parseCounting('perennial', 'net')).toBeNull();
    expect(parseCounting('shopify', 'goods')).toBeNull();
    expect(parseCounting('', '')).toBeNull();
  });
});
