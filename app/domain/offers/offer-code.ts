// Neither 0 and O nor 1 and I: a code is read from a screen and typed again. 32 characters, so each is five bits.
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 8;

/** The first may be somebody else's already. Of 40 bits each, so many in a row never are. */
export const CODE_CHOICES = 8;

/**
 * `BACK-` and eight characters made of the first eight bytes of a keyed hash, so that the same order gives the same
 * code again and nobody without the key can guess one (40 bits).
 *
 * @throws RangeError when there are fewer than eight bytes
 */
export function offerCodeOfHash(hash: Uint8Array): string {
  return `BACK-${readableCharacters(hash, CODE_LENGTH)}`;
}

/** @throws RangeError when there are fewer bytes than characters are asked for */
export function readableCharacters(hash: Uint8Array, length: number): string {
  if (hash.length < length) throw new RangeError(`a code needs ${length} bytes of hash, not ${hash.length}`);
  return Array.from(hash.subarray(0, length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
