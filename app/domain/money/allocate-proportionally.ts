import { proportionHalfUp } from './proportion-half-up.ts';

/**
 * A whole amount split in proportion to weights, so that the parts are whole and add up to it: by the divisor method of
 * Webster and Sainte-Laguë, the earlier first among equals.
 *
 * Not by largest remainder, which lets a part rise when the whole falls (Balinski and Young 1982, the Alabama paradox): a
 * refund of one line would then give points for another. Here no part rises when the whole falls, nor when a part leaves
 * and takes its share, or more, with it.
 *
 * @returns nothing but noughts when nothing has weight: the whole is then nobody's
 * @throws RangeError when an argument, or the sum of the weights, is not a safe integer or is below 0
 */
export function allocateProportionally(whole: number, weights: readonly number[]): number[] {
  const weightSum = weights.reduce((sum, weight) => sum + requireAmount(weight), 0);
  if (requireAmount(weightSum) === 0) return weights.map(() => 0);
  // As nearly all are: an order without a discount on the whole, in a shop whose prices are without tax.
  if (weightSum === whole) return [...weights];

  // Rounded each for itself the parts are those that the method gives to their own sum; from there it is few steps.
  const parts = weights.map((weight) => proportionHalfUp(whole, weight, weightSum));
  // Part by part, since the sum of parts that were rounded up may be past the largest safe integer.
  let missing = parts.reduce((rest, part) => rest - part, whole);
  for (; missing > 0; missing -= 1) step(parts, weights, 1);
  for (; missing < 0; missing += 1) step(parts, weights, -1);
  return parts;
}

/** Gives one to the part with the best claim to another, or takes one from that with the worst claim to its last. */
function step(parts: number[], weights: readonly number[], change: 1 | -1): void {
  let chosen = -1;
  let chosenWeight = 0;
  let chosenDivisor = 1;
  weights.forEach((weight, index) => {
    const divisor = 2 * (parts[index] ?? 0) + change;
    if (divisor < 0 || weight === 0) return;
    const order = chosen === -1 ? 0 : compareRatios(weight, divisor, chosenWeight, chosenDivisor);
    if (chosen !== -1 && (change === 1 ? order <= 0 : order > 0)) return;
    [chosen, chosenWeight, chosenDivisor] = [index, weight, divisor];
  });
  parts[chosen] = (parts[chosen] ?? 0) + change;
}

/** Of weightA / divisorA and weightB / divisorB, exact. */
function compareRatios(weightA: number, divisorA: number, weightB: number, divisorB: number): number {
  const [left, right] = [weightA * divisorB, weightB * divisorA];
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left - right;
  const difference = BigInt(weightA) * BigInt(divisorB) - BigInt(weightB) * BigInt(divisorA);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function requireAmount(amount: number): number {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError(`${amount} is not a whole amount`);
  return amount;
}
