import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { offerCodeOfHash } from '#app/domain/offers/offer-code.ts';

describe('the code of a hash', () => {
  it('has no character that looks like another', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 64 }), (hash) => {
        expect(offerCodeOfHash(hash)).toMatch(/^BACK-[A-HJ-NP-Z2-9]{8}$/);
      }),
    );
  });

  it('uses every character alike and every byte', () => {
    const characters = new Set(Array.from({ length: 256 }, (_, byte) => offerCodeOfHash(new Uint8Array(8).fill(byte)).at(-1)));
    expect(characters.size).toBe(32);
    const codes = Array.from({ length: 8 }, (_, at) => offerCodeOfHash(Uint8Array.from({ length: 8 }, (_byte, i) => (i === at ? 1 : 0))));
    expect(new Set(codes).size).toBe(8);
  });

  it('is not made of too few bytes', () => {
    expect(() => offerCodeOfHash(new Uint8Array(7))).toThrow(RangeError);
  });
});
