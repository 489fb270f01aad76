import { describe, expect, it } from 'vitest';

import type { SimCodeDiscount } from '../state.ts';
import { findDiscountRefusal } from './check-discount.ts';
import type { DiscountCheck } from './check-discount.ts';

const ANNA = 7;

function aCheck(discount: Partial<SimCodeDiscount> = {}, rest: Partial<DiscountCheck> = {}): DiscountCheck {
  return {
    discount: {
      id: 1,
      title: 'Next order',
      createdAt: '2026-01-01T00:00:00.000Z',
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: null,
      usageLimit: null,
      appliesOncePerCustomer: false,
      percentage: 0.15,
      amount: null,
      minimumSubtotal: null,
      customerIds: [],
      combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
      codes: [
        { id: 11, code: 'ONE', asyncUsageCount: 1 },
        { id: 12, code: 'TWO', asyncUsageCount: 0 },
      ],
      status: 'ACTIVE',
      ...discount,
    },
    codeId: 12,
    subtotal: { amountMinor: 50_00, currency: 'EUR' },
    customerId: ANNA,
    hasUsedBefore: false,
    now: new Date('2026-06-01T00:00:00.000Z'),
    ...rest,
  };
}

describe('a discount code', () => {
  it.each<[string, Partial<SimCodeDiscount>, Partial<DiscountCheck>, string | undefined]>([
    ['applies without conditions', {}, {}, undefined],
    ['applies until its last moment', { endsAt: '2026-06-01T00:00:00.001Z' }, {}, undefined],
    ['does not apply from its end on', { endsAt: '2026-06-01T00:00:00.000Z' }, {}, 'expired'],
    ['does not apply once deactivated', { status: 'EXPIRED' }, {}, 'expired'],
    ['does not apply before it starts', { startsAt: '2026-06-01T00:00:00.001Z' }, {}, 'not-started'],
    ['does not apply once used up', { usageLimit: 1 }, { codeId: 11 }, 'used-up'],
    ['applies while a sister code is used up', { usageLimit: 1 }, { codeId: 12 }, undefined],
    ['applies to its own customer', { customerIds: [3, ANNA] }, {}, undefined],
    ['does not apply to another customer', { customerIds: [3] }, {}, 'other-customer'],
    ['does not apply to an unknown person', { customerIds: [3] }, { customerId: null }, 'other-customer'],
    ['waits for the buyer to say who they are', { customerIds: [3] }, { customerId: undefined }, undefined],
    ['does not apply twice', { appliesOncePerCustomer: true }, { hasUsedBefore: true }, 'once-per-customer'],
    ['applies again where that is allowed', {}, { hasUsedBefore: true }, undefined],
    ['applies at its minimum', { minimumSubtotal: { amountMinor: 50_00, currency: 'EUR' } }, {}, undefined],
    ['needs its minimum', { minimumSubtotal: { amountMinor: 50_01, currency: 'EUR' } }, {}, 'minimum-not-reached'],
  ])('%s', (_, discount, rest, reason) => {
    expect(findDiscountRefusal(aCheck(discount, rest))?.reason).toBe(reason);
  });

  it('states a minimum in the currency of the buyer', () => {
    const minimumSubtotal = { amountMinor: 60_00, currency: 'EUR' };
    const refusal = findDiscountRefusal(
      aCheck({ minimumSubtotal }, { subtotal: { amountMinor: 1_000, currency: 'JPY' } }),
    );
    expect(refusal).toEqual({ reason: 'minimum-not-reached', minimum: { amountMinor: 9783, currency: 'JPY' } });
  });
});
