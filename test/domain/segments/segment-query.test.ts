import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { segmentFromQuery, segmentToQuery } from '#app/domain/segments/segment-query.ts';
import { CHOICE_FIELDS, RANGE_FIELDS } from '#app/domain/segments/segment.ts';
import type { Condition } from '#app/domain/segments/segment.ts';
import { readUrgencyChoice, writeUrgencyChoice } from '#app/domain/segments/urgency-choice.ts';

const bound = fc.option(fc.integer({ min: -5, max: 1_000_000 }), { nil: null });
const range: fc.Arbitrary<Condition> = fc
  .record({ kind: fc.constant('range' as const), field: fc.constantFrom(...RANGE_FIELDS), from: bound, to: bound })
  .filter(({ from, to }) => from !== null || to !== null);
const choice: fc.Arbitrary<Condition> = fc.record({
  kind: fc.constant('choice' as const),
  field: fc.constantFrom(...CHOICE_FIELDS),
  anyOf: fc.array(fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: null }), { minLength: 1, maxLength: 4 }),
});

describe('a segment as the query of an address', () => {
  it('reads as a person would write it', () => {
    const { segment, unread } = segmentFromQuery(new URLSearchParams('orders=2..3&state=atRisk,lapsed&daysSinceLastOrder=90..&country=GB,~'));
    expect(unread).toEqual([]);
    expect(segment).toEqual({
      match: 'all',
      conditions: [
        { kind: 'range', field: 'orders', from: 2, to: 3 },
        { kind: 'choice', field: 'state', anyOf: ['atRisk', 'lapsed'] },
        { kind: 'range', field: 'daysSinceLastOrder', from: 90, to: null },
        { kind: 'choice', field: 'country', anyOf: ['GB', null] },
      ],
    });
  });

  it('comes back the same where a value looks as if it were encoded', () => {
    const conditions: Condition[] = [{ kind: 'choice', field: 'discountCode', anyOf: ['SAVE%2C5', '%25', '~'] }];
    expect(segmentFromQuery(segmentToQuery({ match: 'all', conditions })).segment.conditions).toEqual(conditions);
  });

  it('asks who is due for one product where it names one, whatever its key holds', () => {
    expect(readUrgencyChoice('late:8001')).toEqual({ urgency: 'late', product: '8001' });
    expect(readUrgencyChoice(writeUrgencyChoice({ urgency: 'due', product: 'tea:green' }))).toEqual({ urgency: 'due', product: 'tea:green' });
    expect(readUrgencyChoice('due')).toEqual({ urgency: 'due', product: null });
  });

  it('comes back the same from an address, whatever the values hold', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(range, choice), { maxLength: 6 }), fc.constantFrom('all' as const, 'any' as const), (conditions, match) => {
        const address = new URLSearchParams(segmentToQuery({ match, conditions })).toString();
        const { segment, unread } = segmentFromQuery(new URLSearchParams(address));
        expect(unread).toEqual([]);
        expect(segment).toEqual({ match: conditions.length > 1 ? match : 'all', conditions });
      }),
    );
  });

  it('names what it cannot read and leaves what is not its own', () => {
    const { segment, unread } = segmentFromQuery(new URLSearchParams('orders=many&spentMinor=..&country=&asOf=2026-11-22&sort=orders'));
    expect(segment).toEqual({ match: 'all', conditions: [] });
    expect(unread).toEqual(['orders', 'spentMinor', 'country']);
  });
});
