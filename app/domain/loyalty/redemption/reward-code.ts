import { readableCharacters } from '../../offers/offer-code.ts';

const CODE_LENGTH = 10;

/**
 * `GIFT-` and ten characters of a keyed hash: the same redemption gives the same code again, and nobody without the key can
 * guess one (50 bits).
 *
 * @throws RangeError when there are fewer than ten bytes
 */
export function rewardCodeOfHash(hash: Uint8Array): string {
  return `GIFT-${readableCharacters(hash, CODE_LENGTH)}`;
}
