/**
 * factorA x factorB / divisor, exact, rounded half up to a whole number: proportions of money without floats, whatever
 * the size of the product.
 *
 * @param divisor above zero
 * @throws RangeError when an argument is not a safe integer, is negative, or the divisor is zero
 */
export function proportionHalfUp(factorA: number, factorB: number, divisor: number): number {
  for (const value of [factorA, factorB, divisor]) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a whole amount`);
  }
  if (divisor === 0) throw new RangeError('a proportion of nothing');
  const product = BigInt(factorA) * BigInt(factorB);
  return Number((2n * product + BigInt(divisor)) / (2n * BigInt(divisor)));
}
