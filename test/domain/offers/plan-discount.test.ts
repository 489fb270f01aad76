import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { OfferValidity } from '#app/domain/offers/offer-rule.ts';
import { isFlashEnd, planDiscount, planDiscountsAhead, planValidity } from '#app/domain/offers/plan-discount.ts';
import type { CodeRule } from '#app/domain/offers/plan-discount.ts';
import { aRule } from '#test/services/offers/offering.ts';

const HOUR = 3_600_000;
const RULE: CodeRule = { ...aRule(), grant: { kind: 'percent', basisPoints: 1_500 } };
const FLASH: CodeRule = { ...RULE, validity: { kind: 'hours', hours: 48 } };
const days = (count: number): OfferValidity => ({ kind: 'days', days: count });

interface Changes {
  at?: string;
  timeZone?: string;
  rule?: Partial<CodeRule>;
}

function plan({ at = '2026-11-21T12:00:00Z', timeZone = 'UTC', rule = {} }: Changes = {}) {
  return planDiscount({ ...RULE, ...rule }, Date.parse(at), { currency: 'EUR', timeZone });
}

const endOf = (changes: Changes) => new Date(plan(changes).endsAtMs).toISOString();

describe('the end of an offer for days', () => {
  it.each([
    ['a plain zone', { timeZone: 'UTC', rule: { validity: days(30) } }, '2026-12-21T23:59:59.000Z'],
    ['a zone that is a day ahead', { at: '2026-11-21T20:00:00Z', timeZone: 'Asia/Shanghai', rule: { validity: days(1) } }, '2026-11-23T15:59:59.000Z'],
    ['a zone that is a day behind', { at: '2026-11-21T03:00:00Z', timeZone: 'America/Los_Angeles', rule: { validity: days(1) } }, '2026-11-22T07:59:59.000Z'],
    ['a day of 23 hours', { at: '2027-03-27T12:00:00Z', timeZone: 'Europe/Berlin', rule: { validity: days(1) } }, '2027-03-28T21:59:59.000Z'],
    ['a day of 25 hours', { at: '2026-10-24T12:00:00Z', timeZone: 'Europe/Berlin', rule: { validity: days(1) } }, '2026-10-25T22:59:59.000Z'],
    ['29 February', { at: '2028-02-28T12:00:00Z', timeZone: 'UTC', rule: { validity: days(1) } }, '2028-02-29T23:59:59.000Z'],
    ['a zone without a midnight that day', { at: '2026-09-04T12:00:00Z', timeZone: 'America/Santiago', rule: { validity: days(1) } }, '2026-09-06T03:59:59.000Z'],
  ])('is the last second of the day in %s', (_name, changes, expected) => {
    expect(endOf(changes)).toBe(expected);
    expect(isFlashEnd(plan(changes).endsAtMs)).toBe(false);
  });
});

describe('the end of a flash offer', () => {
  it.each([
    ['2026-11-21T12:00:00Z', '2026-11-23T12:00:00.000Z'],
    ['2026-11-21T12:00:01Z', '2026-11-23T18:00:00.000Z'],
    ['2026-11-21T17:59:59Z', '2026-11-23T18:00:00.000Z'],
    ['2026-11-21T23:30:00Z', '2026-11-24T00:00:00.000Z'],
  ])('of an order at %s is %s', (at, expected) => {
    expect(endOf({ at, rule: { validity: { kind: 'hours', hours: 48 } } })).toBe(expected);
  });

  it('is never sooner than promised, less than six hours later, and known as what it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 168 }), (at, hours) => {
        const { startsAtMs, endsAtMs } = planValidity({ kind: 'hours', hours }, at, 'Europe/Berlin');
        expect(endsAtMs - at).toBeGreaterThanOrEqual(hours * HOUR);
        expect(endsAtMs - at).toBeLessThan((hours + 6) * HOUR);
        expect(startsAtMs).toBeLessThan(at);
        expect(isFlashEnd(endsAtMs)).toBe(true);
      }),
    );
  });
});

describe('which discount a code hangs on', () => {
  it('is shared by all orders of a rule on one day, whoever placed them', () => {
    expect(plan({ at: '2026-11-21T00:00:00Z' })).toEqual(plan({ at: '2026-11-21T23:59:59Z' }));
    expect(plan()).toMatchObject({ customerId: null, ruleId: RULE.ruleId, grant: RULE.grant });
  });

  it('is another for other terms, another rule and another day, and each has a title of its own', () => {
    const others: Changes[] = [
      { at: '2026-11-22T00:00:00Z' },
      { rule: { ruleId: '22222222-2222-4222-8222-222222222222' } },
      { rule: { grant: { kind: 'percent', basisPoints: 1_600 } } },
      { rule: { grant: { kind: 'amount', amountMinor: 1_500 } } },
      { rule: { grant: { kind: 'free-shipping' } } },
      { rule: { minimumSubtotalMinor: 1 } },
      { rule: { validity: days(40) } },
      { rule: { validity: { kind: 'hours', hours: 48 } } },
    ];
    const plans = [plan(), ...others.map(plan)];
    expect(new Set(plans.map(({ discountKey }) => discountKey)).size).toBe(plans.length);
    expect(new Set(plans.map(({ title }) => title)).size).toBe(plans.length);
    expect(Math.max(...plans.map(({ title }) => title.length))).toBeLessThan(256);
  });

  it('is not another for who gets it, or for what the rule is called', () => {
    expect(plan({ rule: { name: 'Autumn', conditions: { ...RULE.conditions, orders: 'first' } } })).toEqual(plan());
  });

  it('has begun when its first order comes, by the zone of the shop', () => {
    expect(new Date(plan({ at: '2026-11-21T20:00:00Z', timeZone: 'Asia/Shanghai' }).startsAtMs).toISOString()).toBe('2026-11-21T16:00:00.000Z');
  });

  it('says in its title what it gives, in words of the shop’s currency', () => {
    expect(plan({ rule: { grant: { kind: 'amount', amountMinor: 1_050 }, minimumSubtotalMinor: 5_000 } }).title).toContain('10.50 EUR from 50.00 EUR');
  });
});

describe('what is made ahead', () => {
  const ahead = (rule: CodeRule, at: string) => planDiscountsAhead(rule, Date.parse(at), { currency: 'EUR', timeZone: 'UTC' }).length;

  it('is the discount of now, and from two hours before that of the time after', () => {
    expect(ahead(RULE, '2026-11-21T21:59:59Z')).toBe(1);
    expect(ahead(RULE, '2026-11-21T22:00:00Z')).toBe(2);
    expect(ahead(FLASH, '2026-11-21T16:00:00Z')).toBe(1);
    expect(ahead(FLASH, '2026-11-21T16:00:01Z')).toBe(2);
  });
});
