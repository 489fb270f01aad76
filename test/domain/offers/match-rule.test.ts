import { describe, expect, it } from 'vitest';

import { findCovering } from '#app/domain/offers/find-covering.ts';
import { withoutAmounts } from '#app/domain/offers/in-currency.ts';
import { matchRule } from '#app/domain/offers/match-rule.ts';
import type { OrderToMatch } from '#app/domain/offers/match-rule.ts';
import { ANYBODY } from '#app/domain/offers/offer-rule.ts';
import type { OfferConditions, OfferRule } from '#app/domain/offers/offer-rule.ts';
import { aRule } from '#test/services/offers/offering.ts';

const ORDER: OrderToMatch = {
  ...{ isFirst: false, isGuest: false, subtotalMinor: 5_000, countryCode: 'DE', provinceCode: null },
  ...{ productIds: ['1', '2'], tierId: 'gold', segmentIds: new Set(['vip']) },
};

function match(conditions: Partial<OfferConditions>, order: Partial<OrderToMatch> = {}) {
  return matchRule({ ...ANYBODY, ...conditions }, { ...ORDER, ...order });
}

describe('a rule', () => {
  it('without conditions fits every order', () => {
    expect(match({})).toBe('fits');
    expect(match({}, { isGuest: true, countryCode: null, productIds: [], tierId: null, segmentIds: null })).toBe('fits');
  });

  it.each<[string, Partial<OfferConditions>, Partial<OrderToMatch>]>([
    ['first orders', { orders: 'first' }, { isFirst: true }],
    ['returning customers', { orders: 'returning' }, {}],
    ['one of its countries', { countries: ['FR', 'DE'] }, {}],
    ['one of its provinces', { countries: ['FR', 'US-CA'] }, { countryCode: 'US', provinceCode: 'CA' }],
    ['a province that Shopify calls by its country already', { countries: ['JP-13'] }, { countryCode: 'JP', provinceCode: 'JP-13' }],
    ['a country, whatever the province', { countries: ['US'] }, { countryCode: 'US', provinceCode: 'CA' }],
    ['one of its products', { products: ['2', '9'] }, {}],
    ['one of its tiers', { tiers: ['silver', 'gold'] }, {}],
    ['one of its segments', { segments: ['other', 'vip'] }, {}],
    ['an order of just so much', { leastSubtotalMinor: 5_000, mostSubtotalMinor: 5_000 }, {}],
  ])('for %s fits those', (_name, conditions, order) => {
    expect(match(conditions, order)).toBe('fits');
  });

  it.each<[string, Partial<OfferConditions>, Partial<OrderToMatch>]>([
    ['another country', { countries: ['FR'] }, {}],
    ['an order without an address', { countries: ['DE'] }, { countryCode: null }],
    ['another province', { countries: ['US-CA'] }, { countryCode: 'US', provinceCode: 'NY' }],
    ['a province of that name elsewhere', { countries: ['US-CA'] }, { countryCode: 'IT', provinceCode: 'CA' }],
    ['an order whose province is not known', { countries: ['US-CA'] }, { countryCode: 'US' }],
    ['none of its products', { products: ['9'] }, {}],
    ['another tier', { tiers: ['silver'] }, {}],
    ['somebody in no tier', { tiers: ['gold'] }, { tierId: null }],
    ['a guest, whatever tier they are given', { tiers: ['gold'] }, { isGuest: true }],
    ['none of its segments', { segments: ['other'] }, {}],
    ['a guest, of whom nothing will be known', { segments: ['vip'] }, { isGuest: true, segmentIds: null }],
    ['less than it asks for', { leastSubtotalMinor: 5_001 }, {}],
    ['more than it asks for', { mostSubtotalMinor: 4_999 }, {}],
    ['a first order, where it is for returning customers', { orders: 'returning' }, { isFirst: true }],
    ['one condition of two', { countries: ['DE'], products: ['9'] }, {}],
  ])('does not fit %s', (_name, conditions, order) => {
    expect(match(conditions, order)).toBe('does-not-fit');
  });

  it('is not known to fit before the segments of its customer are, unless something else rules it out', () => {
    expect(match({ segments: ['vip'] }, { segmentIds: null })).toBe('not-known');
    expect(match({ segments: ['vip'], countries: ['FR'] }, { segmentIds: null })).toBe('does-not-fit');
  });
});

describe('a rule that is never reached', () => {
  const ruleOf = (ruleId: string, conditions: Partial<OfferConditions>, changes = {}) => aRule({ ruleId, conditions: { ...ANYBODY, ...conditions }, ...changes });
  const coveredBy = (...rules: ReturnType<typeof ruleOf>[]) => findCovering(rules, rules.length - 1)?.ruleId ?? null;

  it('stands below one that asks for less of the same', () => {
    expect(coveredBy(ruleOf('all', {}), ruleOf('first', { orders: 'first' }))).toBe('all');
    expect(coveredBy(ruleOf('two', { countries: ['DE', 'FR'] }), ruleOf('one', { countries: ['DE'], leastSubtotalMinor: 10 }))).toBe('two');
    expect(coveredBy(ruleOf('country', { countries: ['US'] }), ruleOf('province', { countries: ['US-CA', 'US-NY'] }))).toBe('country');
    expect(coveredBy(ruleOf('from 10', { leastSubtotalMinor: 10 }), ruleOf('10 to 20', { leastSubtotalMinor: 10, mostSubtotalMinor: 20 }))).toBe('from 10');
  });

  it('is none where the one above asks for more, is off, or gives what not everybody can have', () => {
    expect(coveredBy(ruleOf('first', { orders: 'first' }), ruleOf('all', {}))).toBeNull();
    expect(coveredBy(ruleOf('Germany', { countries: ['DE'] }), ruleOf('all', {}))).toBeNull();
    expect(coveredBy(ruleOf('province', { countries: ['US-CA'] }), ruleOf('country', { countries: ['US'] }))).toBeNull();
    expect(coveredBy(ruleOf('all', {}, { isEnabled: false }), ruleOf('first', { orders: 'first' }))).toBeNull();
    expect(coveredBy(ruleOf('credit', {}, { grant: { kind: 'store-credit', amountMinor: 1 } }), ruleOf('first', { orders: 'first' }))).toBeNull();
    expect(coveredBy(ruleOf('to 20', { mostSubtotalMinor: 20 }), ruleOf('from 10', { leastSubtotalMinor: 10 }))).toBeNull();
  });
});

describe('a rule whose amounts are of another currency', () => {
  it('is off where it asks for an amount, which nobody could hold an order against, or gives one', () => {
    const isOn = (rule: Partial<OfferRule>) => withoutAmounts(aRule(rule)).isEnabled;
    expect(isOn({ conditions: { ...ANYBODY, leastSubtotalMinor: 5_000 } })).toBe(false);
    expect(isOn({ conditions: { ...ANYBODY, mostSubtotalMinor: 5_000 } })).toBe(false);
    expect(isOn({ grant: { kind: 'amount', amountMinor: 500 } })).toBe(false);
    expect(isOn({ minimumSubtotalMinor: 5_000 })).toBe(true);
  });
});
