import { describe, expect, it } from 'vitest';

import { decideOffer } from '#app/domain/offers/decide-offer.ts';
import type { CustomerHistory, OfferCase } from '#app/domain/offers/decide-offer.ts';
import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;

interface Changes {
  settings?: Partial<OfferCase['settings']>;
  order?: Partial<OfferCase['order']>;
  history?: CustomerHistory | null;
  isHeldOut?: boolean;
}

function decide({ settings, order, history = { countedOrders: 1, shopify: null }, isHeldOut = false }: Changes = {}): string {
  const decision = decideOffer(
    {
      settings: { ...DEFAULT_OFFER_SETTINGS, isEnabled: true, ...settings },
      order: {
        orderId: 7n,
        name: '#7',
        customerId: 100n,
        createdAtMs: NOW - MINUTE,
        isTest: false,
        isCancelled: false,
        ...order,
      },
      history,
      shop: { currency: 'EUR', timeZone: 'Europe/Berlin' },
      isHeldOut,
    },
    NOW,
  );
  return decision.ok ? 'granted' : decision.reason;
}

const shopify = (numberOfOrders: number, readAsOfMs = NOW) => ({ countedOrders: 1, shopify: { numberOfOrders, readAsOfMs } });

describe('an offer', () => {
  it('is off before the merchant switches it on', () => {
    expect(DEFAULT_OFFER_SETTINGS.isEnabled).toBe(false);
    expect(decide({ settings: { isEnabled: false } })).toBe('switched-off');
  });

  it('is granted for a first order, and to a guest', () => {
    expect(decide()).toBe('granted');
    expect(decide({ order: { customerId: null }, history: null })).toBe('granted');
  });

  it('is not for test orders, nor for cancelled ones', () => {
    expect(decide({ order: { isTest: true } })).toBe('test-order');
    expect(decide({ order: { isCancelled: true } })).toBe('cancelled-order');
  });

  it('is not for a customer whose data was deleted', () => {
    expect(decide({ order: { customerId: -100n } })).toBe('forgotten-customer');
  });

  it('is for the thank-you page, which is open minutes after an order, and not for old orders', () => {
    expect(decide({ order: { createdAtMs: NOW - 24 * 60 * MINUTE } })).toBe('granted');
    expect(decide({ order: { createdAtMs: NOW - 24 * 60 * MINUTE - 1 } })).toBe('old-order');
  });

  it('is granted for an order from a clock that is ahead of ours', () => {
    expect(decide({ order: { createdAtMs: NOW + 60 * MINUTE } })).toBe('granted');
  });

  describe('for first orders', () => {
    it('counts our own copy up to this order', () => {
      expect(decide({ history: { countedOrders: 2, shopify: null } })).toBe('not-a-first-order');
    });

    it('believes Shopify when it knows of more', () => {
      expect(decide({ history: shopify(1) })).toBe('granted');
      expect(decide({ history: shopify(2) })).toBe('not-a-first-order');
    });

    it('adds this order to a count from before it', () => {
      const before = NOW - 2 * MINUTE;
      expect(decide({ history: shopify(0, before) })).toBe('granted');
      expect(decide({ history: shopify(1, before) })).toBe('not-a-first-order');
    });
  });

  it('for every order does not ask how many came before', () => {
    expect(decide({ settings: { audience: 'every-order' }, history: { countedOrders: 9, ...{ shopify: null } } })).toBe('granted');
  });
});

it('holds out only who would have got one', () => {
  expect(decide({ isHeldOut: true })).toBe('held-out');
  expect(decide({ isHeldOut: true, order: { isTest: true } })).toBe('test-order');
  expect(decide({ isHeldOut: true, history: { countedOrders: 2, shopify: null } })).toBe('not-a-first-order');
});
