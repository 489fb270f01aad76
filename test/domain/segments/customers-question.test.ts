import { describe, expect, it } from 'vitest';
import { customersQuestionOf } from '#app/domain/segments/customers-question.ts';
import { pageKeyFromQuery, pageKeyToQuery } from '#app/domain/segments/page-key-query.ts';

describe('the address of the list of customers', () => {
  it('says whom, in which order, from where on', () => {
    const query = new URLSearchParams('orders=2..&sort=pAlive-asc&after=0.25~7000000001&q= Anna &asOf=2026-06-30');
    expect(customersQuestionOf(query)).toEqual({
      segment: { match: 'all', conditions: [{ kind: 'range', field: 'orders', from: 2, to: null }] },
      unread: [],
      asOf: '2026-06-30',
      sort: { by: 'pAlive', isDescending: false },
      sortName: 'pAlive-asc',
      after: { value: 0.25, customer: 7000000001 },
      before: null,
      search: 'Anna',
    });
  });

  it('asks for those who spent most, where it says nothing that can be read', () => {
    const { sort, after, search, segment, unread } = customersQuestionOf(new URLSearchParams('sort=shoe&after=x&q=&orders=many'));
    expect({ sort, after, search, unread }).toEqual({ sort: { by: 'spent', isDescending: true }, after: null, search: null, unread: ['orders'] });
    expect(segment.conditions).toEqual([]);
  });
});

describe('a place in the list', () => {
  it.each([
    { value: 129900, customer: 7000000001 },
    { value: -1, customer: -8123456789012345 },
    { value: 1e-9, customer: '9223372036854775807' },
    { value: 0.1 + 0.2, customer: 'anna~b@example.com' },
  ])('is itself when it is read again: %j', (key) => {
    expect(pageKeyFromQuery(pageKeyToQuery(key))).toEqual(key);
  });

  it.each(['', '12', '~7', 'NaN~7', '1~', null])('is not %j', (text) => {
    expect(pageKeyFromQuery(text)).toBeNull();
  });
});
