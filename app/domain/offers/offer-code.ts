// Neither 0 and O nor 1 and I: a code is read from a screen and typed again. 32 characters, so each is five bits.
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const CODE_LENGTH = 8;

/**
 * `BACK-` and eight characters made of the first eight bytes of a keyed hash, so that the same order gives the same
 * code again and nobody without the key can guess one (40 bits).
 *
 * @throws RangeError when there are fewer than eight bytes
 */
export function offerCodeOfHash(hash: Uint8Array): string {
  if (hash.length < CODE_LENGTH) throw new RangeError(`a code needs ${CODE_LENGTH} bytes of hash, not ${hash.length}`);
  const characters = Array.from(hash.subarray(0, CODE_LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return `BACK-${characters.join('')}`;
}
