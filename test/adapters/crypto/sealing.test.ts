import { randomBytes } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { systemRuntime } from '#app/runtime.server.ts';
import { SealedBox, UnsealError, type SealedPlace } from '#app/adapters/crypto/sealed-box.server.ts';

const FIRST = { id: '1', key: randomBytes(32) };
const SECOND = { id: 'k2', key: randomBytes(32) };
const PLACE: SealedPlace = { shopId: 7, table: 'sessions', column: 'access_token', row: 'offline_a.myshopify.com' };

describe('a sealed value', () => {
  const box = new SealedBox([FIRST], systemRuntime.randomBytes);

  it('opens to what was sealed, whatever that was', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (plain) => box.open(box.seal(plain, PLACE), PLACE) === plain));
  });

  it('differs each time and shows nothing of what it holds', () => {
    const [one, other] = [box.seal('shpat_secret', PLACE), box.seal('shpat_secret', PLACE)];
    expect(one).not.toEqual(other);
    expect(Buffer.from(one).toString('latin1')).not.toContain('shpat');
  });

  it('is under a key of its shop, so that chance which repeats tells nothing of two shops', () => {
    const repeating = new SealedBox([FIRST], (length) => new Uint8Array(length));
    const bodyIn = (shopId: number) => Buffer.from(repeating.seal('shpat_secret', { ...PLACE, shopId })).subarray(-'shpat_secret'.length);
    expect(bodyIn(7)).toEqual(bodyIn(7));
    expect(bodyIn(7)).not.toEqual(bodyIn(8));
  });

  it.each<[string, Partial<SealedPlace>]>([
    ['another shop', { shopId: 8 }],
    ['another table', { table: 'webhook_inbox' }],
    ['another column', { column: 'refresh_token' }],
    ['another row', { row: 'offline_b.myshopify.com' }],
    ['a row and column that read the same one after the other', { column: 'access_', row: `token${PLACE.row}` }],
  ])('does not open in %s', (_where, change) => {
    expect(() => box.open(box.seal('shpat_secret', PLACE), { ...PLACE, ...change })).toThrow(UnsealError);
  });

  it('does not open once any bit of it was changed', () => {
    const sealed = box.seal('shpat_secret', PLACE);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => box.open(changed, PLACE), `bit ${bit}`).toThrow(UnsealError);
    }
  });

  it('does not open when it was cut, lengthened or never sealed', () => {
    const sealed = box.seal('shpat_secret', PLACE);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => box.open(sealed.subarray(0, length), PLACE), `${length} bytes`).toThrow(UnsealError);
    }
    expect(() => box.open(Uint8Array.of(...sealed, 0), PLACE)).toThrow(UnsealError);
    expect(() => box.open(Buffer.from('shpat_in_plain'), PLACE)).toThrow(UnsealError);
  });

  it('says nothing of itself when it does not open', () => {
    const error = new SealedBox([SECOND], systemRuntime.randomBytes);
    expect(() => error.open(box.seal('shpat_secret', PLACE), PLACE)).toThrow(/^No encryption key has the id of this value \(sessions\.access_token\)\.$/);
  });
});

describe('changing keys', () => {
  const before = new SealedBox([FIRST], systemRuntime.randomBytes);
  const during = new SealedBox([SECOND, FIRST], systemRuntime.randomBytes);
  const after = new SealedBox([SECOND], systemRuntime.randomBytes);

  it('opens what the old key sealed and seals with the new one', () => {
    const old = before.seal('shpat_secret', PLACE);
    expect(during.open(old, PLACE)).toBe('shpat_secret');
    expect(after.open(during.seal('shpat_secret', PLACE), PLACE)).toBe('shpat_secret');
    expect(() => after.open(old, PLACE)).toThrow(UnsealError);
  });

  it('takes a key for another when only the id is the same, and refuses', () => {
    const impostor = new SealedBox([{ ...FIRST, key: SECOND.key }], systemRuntime.randomBytes);
    expect(() => impostor.open(before.seal('shpat_secret', PLACE), PLACE)).toThrow(UnsealError);
  });

  it('keeps keyed hashes, which differ between shops and purposes', () => {
    expect(during.keyedHash(7, 'tombstone:order', '1')).toEqual(before.keyedHash(7, 'tombstone:order', '1'));
    expect(before.keyedHash(8, 'tombstone:order', '1')).not.toEqual(before.keyedHash(7, 'tombstone:order', '1'));
    expect(before.keyedHash(7, 'tombstone:customer', '1')).not.toEqual(before.keyedHash(7, 'tombstone:order', '1'));
  });

  it('hashes by a key of its own where there is one, which no key that seals has a say in', () => {
    const own = randomBytes(32);
    const [one, other] = [FIRST, SECOND].map((key) => new SealedBox([key], systemRuntime.randomBytes, own));
    expect(one?.keyedHash(7, 'tombstone:order', '1')).toEqual(other?.keyedHash(7, 'tombstone:order', '1'));
    expect(one?.keyedHash(7, 'tombstone:order', '1')).not.toEqual(before.keyedHash(7, 'tombstone:order', '1'));
    expect(one?.keyedHash(7, 'tombstone:order', '1')).toHaveLength(32);
  });

  it('says under which key a value is sealed, in the value too', () => {
    expect([before.activeKeyId, during.activeKeyId]).toEqual(['1', 'k2']);
    expect(Buffer.from(during.seal('x', PLACE)).subarray(0, 3).toString('latin1')).toBe('\u0002k2');
  });

  it('needs a key', () => {
    expect(() => new SealedBox([], systemRuntime.randomBytes)).toThrow('At least one encryption key is needed.');
  });

  it('goes on for more shops than it remembers keys of', () => {
    const sealed = before.seal('first', { ...PLACE, shopId: 1 });
    for (let shopId = 2; shopId < 1_100; shopId += 1) before.keyedHash(shopId, 'any', '1');
    expect(before.open(sealed, { ...PLACE, shopId: 1 })).toBe('first');
  });
});
