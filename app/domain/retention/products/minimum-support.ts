/** Below this many baskets a pair is an accident, however small the shop. */
export const LEAST_BASKETS = 5;

/**
 * max(5, ceil(minSupport x baskets)): a pair that is in exactly so many baskets is in. The share is taken for the decimal
 * that it is written as, and the product is exact: 0.07 x 100 is 7 baskets, where a float says 7.000000000000001 and its
 * ceiling 8.
 *
 * @param minSupport 0 to 1
 * @throws RangeError when it is not
 */
export function minimumSupportCount(minSupport: number, baskets: number): number {
  if (!(minSupport >= 0 && minSupport <= 1)) throw new RangeError(`a support of ${minSupport} is no share`);
  const [mantissa = '0', exponent = '0'] = minSupport.toExponential().split('e');
  const [whole = '0', decimals = ''] = mantissa.split('.');
  const scale = 10n ** BigInt(decimals.length - Number(exponent));
  const product = BigInt(whole + decimals) * BigInt(baskets);
  return Math.max(LEAST_BASKETS, Number((product + scale - 1n) / scale));
}
