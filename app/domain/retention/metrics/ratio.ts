/** A ratio, or null where there is nothing to divide by: "no customers yet" is not a rate of zero. */
export function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
