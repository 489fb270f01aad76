const BASIS_POINTS = 10_000;

/**
 * Whether somebody is among those who get no offer, so that it can be told what offers add. The same person is always on
 * the same side, as long as the share is the same; a larger share takes others in and lets nobody out.
 *
 * @param hash at least four bytes of a keyed hash of the person, so that nobody can choose a side
 * @throws RangeError when there are fewer
 */
export function isHeldOut(hash: Uint8Array, shareBasisPoints: number): boolean {
  if (hash.length < 4) throw new RangeError(`a side needs 4 bytes of hash, not ${hash.length}`);
  const drawn = new DataView(hash.buffer, hash.byteOffset, 4).getUint32(0);
  return drawn * BASIS_POINTS < shareBasisPoints * 2 ** 32;
}
