/**
 * Splits an amount over parts in proportion to their weights so that the parts add up to the amount exactly: each part
 * gets its share rounded towards zero, and the units left over go to the largest remainders, the earlier part first
 * where they are equal. No part is a whole unit away from its exact share. (Hare quota, largest remainder.)
 *
 * When every weight is zero the parts weigh the same: money must go somewhere, and this keeps the sum.
 *
 * @param amountMinor safe integer; a negative amount is split like its opposite
 * @param weights at least one, safe integers, none negative
 * @throws RangeError when the input is not as above
 */
export function allocateByLargestRemainder(amountMinor: number, weights: readonly number[]): number[] {
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`${amountMinor} is not a whole number of minor units`);
  if (weights.length === 0) throw new RangeError('an amount cannot be split over no parts');
  for (const weight of weights) {
    if (!Number.isSafeInteger(weight) || weight < 0) throw new RangeError(`${weight} is not a weight`);
  }

  const parts = weights.some((weight) => weight > 0) ? weights.map(BigInt) : weights.map(() => 1n);
  const total = parts.reduce((sum, part) => sum + part, 0n);
  const amount = BigInt(Math.abs(amountMinor));
  const shares = parts.map((part, index) => ({
    index,
    floor: (amount * part) / total,
    remainder: (amount * part) % total,
  }));

  const leftOver = Number(amount - shares.reduce((sum, share) => sum + share.floor, 0n));
  const byRemainder = [...shares].sort((a, b) => compareBigInts(b.remainder, a.remainder) || a.index - b.index);
  const raised = new Set(byRemainder.slice(0, leftOver).map((share) => share.index));

  const isNegative = amountMinor < 0;
  return shares.map((share) => {
    const part = Number(share.floor) + (raised.has(share.index) ? 1 : 0);
    return isNegative && part !== 0 ? -part : part;
  });
}

function compareBigInts(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
