import { describe, expect, it } from 'vitest';

import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';
import { planDiscount } from '#app/domain/offers/plan-discount.ts';

interface Changes {
  at?: string;
  timeZone?: string;
  validDays?: number;
  customerId?: bigint | null;
  orderId?: bigint;
  percentBasisPoints?: number;
  minimumSubtotalMinor?: number;
}

function plan(changes: Changes = {}) {
  const { at = '2026-11-21T12:00:00Z', timeZone = 'UTC', customerId = null, orderId = 7n, ...terms } = changes;
  return planDiscount({
    settings: { ...DEFAULT_OFFER_SETTINGS, ...terms },
    order: { orderId, name: '#1007', customerId, createdAtMs: Date.parse(at) },
    shop: { currency: 'EUR', timeZone },
  });
}

const endOf = (changes: Changes) => new Date(plan(changes).endsAtMs).toISOString();

describe('the end of a code', () => {
  it.each([
    ['a plain zone', { timeZone: 'UTC', validDays: 30 }, '2026-12-21T23:59:59.000Z'],
    ['a zone that is a day ahead', { at: '2026-11-21T20:00:00Z', timeZone: 'Asia/Shanghai', validDays: 1 }, '2026-11-23T15:59:59.000Z'],
    ['a zone that is a day behind', { at: '2026-11-21T03:00:00Z', timeZone: 'America/Los_Angeles', validDays: 1 }, '2026-11-22T07:59:59.000Z'],
    ['a day of 23 hours', { at: '2027-03-27T12:00:00Z', timeZone: 'Europe/Berlin', validDays: 1 }, '2027-03-28T21:59:59.000Z'],
    ['a day of 25 hours', { at: '2026-10-24T12:00:00Z', timeZone: 'Europe/Berlin', validDays: 1 }, '2026-10-25T22:59:59.000Z'],
    ['29 February', { at: '2028-02-28T12:00:00Z', timeZone: 'UTC', validDays: 1 }, '2028-02-29T23:59:59.000Z'],
    ['a zone without a midnight that day', { at: '2026-09-04T12:00:00Z', timeZone: 'America/Santiago', validDays: 1 }, '2026-09-06T03:59:59.000Z'],
  ])('is the last second of the day in %s', (_name, changes, expected) => {
    expect(endOf(changes)).toBe(expected);
  });
});

describe('which discount a code hangs on', () => {
  it('is one of its own for a customer, named for the order', () => {
    const personal = plan({ customerId: 100n });
    expect(personal).toMatchObject({ customerId: 100n, discountKey: 'order:7' });
    expect(personal.title).toContain('#1007');
    expect(plan({ customerId: 100n, orderId: 8n }).discountKey).not.toBe(personal.discountKey);
  });

  it('is shared by guests with the same terms and the same last day', () => {
    const shared = plan();
    expect(plan({ orderId: 8n, at: '2026-11-21T23:00:00Z' })).toMatchObject({
      discountKey: shared.discountKey,
      title: shared.title,
    });
    const others = [{ at: '2026-11-22T00:00:00Z' }, { percentBasisPoints: 1600 }, { minimumSubtotalMinor: 1 }, { validDays: 40 }];
    const keys = others.map((changes) => plan(changes).discountKey);
    expect(new Set([shared.discountKey, ...keys]).size).toBe(5);
  });

  it('starts with its order, by the clock that the order was made by', () => {
    expect(plan().startsAtMs).toBe(Date.parse('2026-11-21T12:00:00Z'));
  });
});
