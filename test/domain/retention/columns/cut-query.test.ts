import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cutFromQuery, cutToQuery } from '#app/domain/retention/columns/cut-query.ts';
import { ORDER_DIMENSIONS } from '#app/domain/retention/columns/order-columns.ts';

describe('a cut in an address', () => {
  it('reads as a person would write it', () => {
    expect(cutFromQuery('country:GB')).toEqual({ dimension: 'country', value: 'GB' });
    expect(cutFromQuery('discountCode:A:B')).toEqual({ dimension: 'discountCode', value: 'A:B' });
    expect(cutFromQuery('channel:~')).toEqual({ dimension: 'channel', value: null });
    expect(cutFromQuery('firstProduct:7')).toEqual({ dimension: 'firstProduct', value: '7' });
  });

  it('comes back the same, whatever the value holds', () => {
    const value = fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: null });
    fc.assert(
      fc.property(fc.constantFrom(...ORDER_DIMENSIONS), value, (dimension, of) => {
        expect(cutFromQuery(cutToQuery({ dimension, value: of }))).toEqual({ dimension, value: of });
      }),
    );
  });

  it('by product comes back the same, and so does the one that no product is named of', () => {
    for (const value of ['', '~', '~~', 'A:B']) {
      expect(cutFromQuery(cutToQuery({ dimension: 'firstProduct', value }))).toEqual({ dimension: 'firstProduct', value });
    }
  });

  it('by tier comes back the same, and so do the lowest and no member', () => {
    for (const value of ['', '~', 'silver', null]) expect(cutFromQuery(cutToQuery({ dimension: 'tier', value }))).toEqual({ dimension: 'tier', value });
  });

  it('is none when it cannot be read', () => {
    expect([null, '', 'GB', 'planet:Mars', 'country:'].map(cutFromQuery)).toEqual([null, null, null, null, null]);
  });
});
