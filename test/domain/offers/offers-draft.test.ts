import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findTooDeep, isCreditTooDeep } from '#app/domain/offers/judge-depth.ts';
import { ANYBODY, OFFER_ORDERS } from '#app/domain/offers/offer-rule.ts';
import type { OfferRule } from '#app/domain/offers/offer-rule.ts';
import { DEFAULT_OFFER_SETTINGS } from '#app/domain/offers/offer-settings.ts';
import type { OfferSettings } from '#app/domain/offers/offer-settings.ts';
import { readOffersDraft, writeOffersDraft } from '#app/domain/offers/offers-draft.ts';
import type { OffersDraft, RuleDraft } from '#app/domain/offers/offers-draft.ts';
import { READY_MADE_RULES, readyMadeRule } from '#app/domain/offers/ready-made-rules.ts';
import { aRule, offering } from '#test/services/offers/offering.ts';

function problemsOf({ rule = {}, currency = 'EUR', ...draft }: { rule?: Partial<RuleDraft>; currency?: string | null } & Partial<OffersDraft>) {
  const written = writeOffersDraft(offering(), currency);
  return readOffersDraft({ ...written, rules: written.rules.map((one) => ({ ...one, ...rule })), ...draft }, currency).problems;
}

const limited = (least: number, most: number) => fc.integer({ min: least, max: most });
const idsArbitrary = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 3 });
const ruleArbitrary: fc.Arbitrary<OfferRule> = fc.record({
  ruleId: fc.uuid({ version: 4 }),
  name: fc.stringMatching(/^[A-Za-z]{0,20}$/),
  isEnabled: fc.boolean(),
  conditions: fc.record({
    orders: fc.constantFrom(...OFFER_ORDERS),
    segments: idsArbitrary,
    tiers: idsArbitrary,
    countries: idsArbitrary,
    products: idsArbitrary,
    leastSubtotalMinor: fc.option(limited(0, 1_000)),
    mostSubtotalMinor: fc.option(limited(1_000, 1_000_000)),
  }),
  grant: fc.oneof(
    fc.record({ kind: fc.constant('percent' as const), basisPoints: limited(100, 10_000) }),
    fc.record({ kind: fc.constant('amount' as const), amountMinor: limited(1, 1_000_000) }),
    fc.constant({ kind: 'free-shipping' as const }),
  ),
  minimumSubtotalMinor: limited(0, 1_000_000),
  validity: fc.oneof(fc.record({ kind: fc.constant('days' as const), days: limited(1, 365) }), fc.record({ kind: fc.constant('hours' as const), hours: limited(1, 168) })),
});
const settingsArbitrary: fc.Arbitrary<OfferSettings> = fc.record({
  isEnabled: fc.boolean(),
  holdoutBasisPoints: limited(0, 5_000),
  mostOpenCodes: limited(1, 20),
  mostDepthBasisPoints: fc.constant(10_000),
  grossMarginBasisPoints: fc.option(limited(0, 10_000)),
  rules: fc.array(ruleArbitrary, { maxLength: 4 }),
});

describe('offers as they are typed', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(settingsArbitrary, fc.constantFrom('EUR', 'JPY', 'KWD'), (settings, currency) => {
        expect(readOffersDraft(writeOffersDraft(settings, currency), currency)).toEqual({ settings, problems: {} });
      }),
    );
  });

  it('have provinces as they are typed, beside countries', () => {
    const read = (provinces: string) => {
      const written = writeOffersDraft(offering(), 'EUR');
      const { settings, problems } = readOffersDraft({ ...written, rules: written.rules.map((rule) => ({ ...rule, countries: ['FR'], provinces })) }, 'EUR');
      return Object.values(problems).length > 0 ? problems : settings.rules[0]?.conditions.countries;
    };
    expect(read(' us-ca， JP-13,US-CA, MX-Q ROO ,')).toEqual(['FR', 'US-CA', 'JP-13', 'MX-Q ROO']);
    for (const wrong of ['California', 'US', 'US-', 'XX-CA', 'US-CA NY-US-NY']) expect(read(wrong)).toEqual({ 'rules[0].provinces': 'unknown' });
    const rule = aRule({ conditions: { ...ANYBODY, countries: ['FR', 'US-CA', 'JP-13'] } });
    expect(writeOffersDraft(offering([rule]), 'EUR').rules[0]).toMatchObject({ countries: ['FR'], provinces: 'US-CA, JP-13' });
  });

  it('ask for nothing where nothing is typed', () => {
    const rule = { minimum: ' ', leastSubtotal: '', mostSubtotal: '' };
    expect(problemsOf({ rule, grossMargin: '' })).toEqual({});
  });

  it('ask for no minimum where store credit is given, whatever was typed for another kind', () => {
    const written = writeOffersDraft(offering(), 'EUR');
    const rules = written.rules.map((rule) => ({ ...rule, kind: 'store-credit' as const, amount: '5', minimum: '40' }));
    const { settings, problems } = readOffersDraft({ ...written, rules }, 'EUR');
    expect([settings.rules[0]?.minimumSubtotalMinor, problems]).toEqual([0, {}]);
  });

  it('are wrong field by field, all at once', () => {
    expect(problemsOf({ rule: { percent: '101', minimum: '1.999', days: 'ten' }, holdout: '51', mostOpenCodes: '0', grossMargin: '-1' })).toEqual({
      holdout: 'out-of-range',
      mostOpenCodes: 'out-of-range',
      grossMargin: 'not-a-number',
      'rules[0].percent': 'out-of-range',
      'rules[0].minimum': 'too-many-digits',
      'rules[0].days': 'not-a-number',
    });
  });

  it.each<[string, Partial<RuleDraft>, Record<string, string>]>([
    ['nothing off', { percent: '0.99' }, { 'rules[0].percent': 'out-of-range' }],
    ['an amount that is missing', { kind: 'amount', amount: '' }, { 'rules[0].amount': 'missing' }],
    ['an amount of nothing', { kind: 'store-credit', amount: '0' }, { 'rules[0].amount': 'out-of-range' }],
    ['a year and a day', { days: '366' }, { 'rules[0].days': 'out-of-range' }],
    ['a flash of eight days', { validity: 'hours', hours: '169' }, { 'rules[0].hours': 'out-of-range' }],
    ['bounds that cross', { leastSubtotal: '20', mostSubtotal: '10' }, { 'rules[0].mostSubtotal': 'not-rising' }],
    ['a long name', { name: 'x'.repeat(61) }, { 'rules[0].name': 'too-long' }],
    ['too many tiers', { tiers: Array.from({ length: 11 }, String) }, { 'rules[0].tiers': 'too-many' }],
  ])('are refused with %s', (_name, rule, expected) => {
    expect(problemsOf({ rule })).toEqual(expected);
  });

  it('may be for one amount alone, and have a name of sixty characters however many bytes those take', () => {
    expect(problemsOf({ rule: { leastSubtotal: '20', mostSubtotal: '20', name: '🎁'.repeat(60) } })).toEqual({});
  });

  it('have no amounts before the currency is known', () => {
    expect(problemsOf({ currency: null, rule: { minimum: '10' } })).toEqual({ 'rules[0].minimum': 'no-currency' });
    expect(problemsOf({ currency: null, rule: { kind: 'amount', amount: '' } })).toEqual({ 'rules[0].amount': 'no-currency' });
  });

  it('are twenty rules at most', () => {
    const [rule] = writeOffersDraft(offering(), 'EUR').rules;
    const rules = Array.from({ length: 21 }, () => rule ?? expect.fail());
    expect(problemsOf({ rules })).toEqual({ rules: 'too-many' });
  });

  it.each(READY_MADE_RULES)('can begin with “%s” as it is', (kind) => {
    for (const topTierId of [null, 'gold']) {
      const settings = { ...DEFAULT_OFFER_SETTINGS, rules: [aRule(readyMadeRule(kind, topTierId))] };
      expect(readOffersDraft(writeOffersDraft(settings, 'EUR'), 'EUR')).toEqual({ settings, problems: {} });
    }
  });
});

describe('the cap on depth', () => {
  it('is said next to the field that would have to change', () => {
    expect(problemsOf({ mostDepth: '10' })).toEqual({ 'rules[0].percent': 'too-deep' });
    expect(problemsOf({ mostDepth: '10', rule: { kind: 'amount', amount: '10' } })).toEqual({ 'rules[0].minimum': 'too-deep' });
    expect(problemsOf({ mostDepth: '10', rule: { kind: 'amount', amount: '10', minimum: '100' } })).toEqual({});
    expect(problemsOf({ mostDepth: '10', rule: { kind: 'free-shipping' } })).toEqual({});
  });

  it('knows what would do, to the minor unit', () => {
    expect(findTooDeep({ kind: 'percent', basisPoints: 1_500 }, 0, 1_499)).toEqual({ field: 'percent', mostBasisPoints: 1_499 });
    expect(findTooDeep({ kind: 'percent', basisPoints: 1_500 }, 0, 1_500)).toBeNull();
    expect(findTooDeep({ kind: 'amount', amountMinor: 1_000 }, 3_333, 3_000)).toEqual({ field: 'minimum', leastMinor: 3_334 });
    expect(findTooDeep({ kind: 'amount', amountMinor: 1_000 }, 3_334, 3_000)).toBeNull();
  });

  it('asks for no minimum where a discount may take all', () => {
    expect(findTooDeep({ kind: 'amount', amountMinor: 1_000 }, 0, 10_000)).toBeNull();
  });

  it('is held against the order that store credit is for', () => {
    expect(isCreditTooDeep(1_000, { subtotalMinor: 5_000, mostDepthBasisPoints: 2_000 })).toBe(false);
    expect(isCreditTooDeep(1_001, { subtotalMinor: 5_000, mostDepthBasisPoints: 2_000 })).toBe(true);
    expect(isCreditTooDeep(1, { subtotalMinor: 0, mostDepthBasisPoints: 10_000 })).toBe(true);
  });
});
