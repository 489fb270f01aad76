import { describe, expect, it } from 'vitest';

import { decideOffer, mayWaitFor } from '#app/domain/offers/decide-offer.ts';
import type { CustomerHistory, OfferCase, OfferCustomer } from '#app/domain/offers/decide-offer.ts';
import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';
import { aRule, offering } from '#test/services/offers/offering.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const FIRST = aRule({ ruleId: 'first', conditions: { ...ANYBODY, orders: 'first' } });
const VIP = aRule({ ruleId: 'vip', conditions: { ...ANYBODY, segments: ['vip'] } });
const REST = aRule({ ruleId: 'rest' });
const CREDIT = aRule({ ruleId: 'credit', grant: { kind: 'store-credit', amountMinor: 1_000 } });

interface Changes {
  settings?: Partial<OfferCase['settings']>;
  order?: Partial<OfferCase['order']>;
  /** Null for a guest. */
  customer?: Partial<OfferCustomer> | null;
  segmentIds?: ReadonlySet<string> | null;
  mayWait?: boolean;
  restoredAtMs?: number | null;
}

/** The rule, or why there is none. */
function decide({ settings, order, customer = {}, segmentIds = new Set(), mayWait = true, restoredAtMs = null }: Changes = {}): string {
  const known = { history: { countedOrders: 1, shopify: null }, openCodes: 0, tierId: null, holdoutBasisPoints: 0, isHeldOut: false, ...customer };
  const decision = decideOffer(
    {
      settings: offering([REST], settings),
      order: {
        ...{ orderId: 7n, customerId: customer === null ? null : 100n, createdAtMs: NOW - MINUTE, isTest: false, isCancelled: false },
        ...{ subtotalMinor: 5_000, countryCode: 'DE', provinceCode: null, productIds: ['1'] },
        ...order,
      },
      customer: customer === null ? null : known,
      segmentIds,
      mayWait,
      restoredAtMs,
    },
    NOW,
  );
  return decision.ok ? decision.value.ruleId : decision.reason;
}

const historyOf = (countedOrders: number): CustomerHistory => ({ countedOrders, shopify: null });
const byShopify = (numberOfOrders: number, readAsOfMs = NOW): CustomerHistory => ({ countedOrders: 1, shopify: { numberOfOrders, readAsOfMs } });

describe('an offer', () => {
  it('is off before the merchant switches it on', () => {
    expect(DEFAULT_OFFER_SETTINGS.isEnabled).toBe(false);
    expect(decide({ settings: { isEnabled: false } })).toBe('switched-off');
  });

  it('is not for test orders, nor for cancelled ones, nor for a customer whose data was deleted', () => {
    expect(decide({ order: { isTest: true } })).toBe('test-order');
    expect(decide({ order: { isCancelled: true } })).toBe('cancelled-order');
    expect(decide({ order: { customerId: -100n } })).toBe('forgotten-customer');
  });

  it('is for no order of before a restore, which may have had one that nobody knows of any more', () => {
    const order = { createdAtMs: NOW - MINUTE };
    expect(decide({ order, restoredAtMs: NOW - MINUTE + 1 })).toBe('before-restore');
    expect(decide({ order, restoredAtMs: NOW - MINUTE })).toBe('rest');
  });

  it('is for the thank-you page, which is open minutes after an order, and not for old orders', () => {
    expect(decide({ order: { createdAtMs: NOW - 24 * 60 * MINUTE } })).toBe('rest');
    expect(decide({ order: { createdAtMs: NOW - 24 * 60 * MINUTE - 1 } })).toBe('old-order');
  });

  it('is granted for an order from a clock that is ahead of ours', () => {
    expect(decide({ order: { createdAtMs: NOW + 60 * MINUTE } })).toBe('rest');
  });

  it('is none where no rule fits, and where there is none', () => {
    expect(decide({ settings: { rules: [FIRST] }, customer: { history: historyOf(2) } })).toBe('no-rule-fits');
    expect(decide({ settings: { rules: [] } })).toBe('no-rule-fits');
  });
});

describe('of several rules', () => {
  it('the first that fits counts, and one that is off does not', () => {
    expect(decide({ settings: { rules: [FIRST, REST] } })).toBe('first');
    expect(decide({ settings: { rules: [REST, FIRST] } })).toBe('rest');
    expect(decide({ settings: { rules: [{ ...FIRST, isEnabled: false }, REST] } })).toBe('rest');
  });

  it('one that is not known to fit yet is waited for, but not behind one that fits', () => {
    expect(decide({ settings: { rules: [VIP, REST] }, segmentIds: null })).toBe('not-known-yet');
    expect(decide({ settings: { rules: [REST, VIP] }, segmentIds: null })).toBe('rest');
    expect(decide({ settings: { rules: [VIP, REST] }, segmentIds: new Set(['vip']) })).toBe('vip');
  });

  it('one that stays unknown is passed over once the page cannot wait', () => {
    expect(decide({ settings: { rules: [VIP, REST] }, segmentIds: null, mayWait: false })).toBe('rest');
    expect(mayWaitFor({ createdAtMs: NOW - 7_999 }, NOW)).toBe(true);
    expect(mayWaitFor({ createdAtMs: NOW - 8_000 }, NOW)).toBe(false);
  });

  it('store credit is for customers, and no more of their order than the cap lets it be; else the next rule is tried', () => {
    const rules = [CREDIT, REST];
    expect(decide({ settings: { rules } })).toBe('credit');
    expect(decide({ settings: { rules }, customer: null })).toBe('rest');
    expect(decide({ settings: { rules, mostDepthBasisPoints: 2_000 } })).toBe('credit');
    expect(decide({ settings: { rules, mostDepthBasisPoints: 1_999 } })).toBe('rest');
  });
});

describe('a first order', () => {
  const rules = [FIRST];

  it('is one up to which our own copy knows no other, and every order of a guest', () => {
    expect(decide({ settings: { rules } })).toBe('first');
    expect(decide({ settings: { rules }, customer: { history: historyOf(2) } })).toBe('no-rule-fits');
    expect(decide({ settings: { rules }, customer: null })).toBe('first');
  });

  it('is none where Shopify knows of more', () => {
    expect(decide({ settings: { rules }, customer: { history: byShopify(1) } })).toBe('first');
    expect(decide({ settings: { rules }, customer: { history: byShopify(2) } })).toBe('no-rule-fits');
  });

  it('is added to a count from before it', () => {
    const before = NOW - 2 * MINUTE;
    expect(decide({ settings: { rules }, customer: { history: byShopify(0, before) } })).toBe('first');
    expect(decide({ settings: { rules }, customer: { history: byShopify(1, before) } })).toBe('no-rule-fits');
  });

  it('believes a count of the very instant of the order to have it in', () => {
    expect(decide({ settings: { rules: [FIRST] }, customer: { history: byShopify(1, NOW - MINUTE) } })).toBe('first');
  });
});

describe('caps', () => {
  it('give no code to who holds so many that still work', () => {
    expect(decide({ settings: { mostOpenCodes: 2 }, customer: { openCodes: 1 } })).toBe('rest');
    expect(decide({ settings: { mostOpenCodes: 2 }, customer: { openCodes: 2 } })).toBe('too-many-open-codes');
  });

  it('say nothing of store credit, which is no code', () => {
    expect(decide({ settings: { rules: [CREDIT], mostOpenCodes: 1 }, customer: { openCodes: 1 } })).toBe('credit');
  });
});

it('holds out only who would have got one', () => {
  const customer = { isHeldOut: true };
  expect(decide({ customer })).toBe('held-out');
  expect(decide({ customer, order: { isTest: true } })).toBe('test-order');
  expect(decide({ customer: { ...customer, history: historyOf(2) }, settings: { rules: [FIRST] } })).toBe('no-rule-fits');
  expect(decide({ customer: { ...customer, openCodes: 1 }, settings: { mostOpenCodes: 1 } })).toBe('too-many-open-codes');
});
