/**
 * Type-7 quantile (Hyndman and Fan 1996; SQL `percentile_cont`, R and NumPy by default): linear between the two values
 * around position (n - 1) x percent / 100.
 *
 * The percentage is a whole number, so the position is computed in integers and a quantile that falls on a value is
 * that value to the last bit: RFM scores compare with it strictly.
 *
 * @param sorted ascending
 * @returns null when there are no values
 */
export function percentile(sorted: Int32Array | Float64Array, percent: number): number | null {
  return percentileOfRanks(sorted.length, percent, (rank) => sorted[rank] ?? NaN);
}

/**
 * The same of values that are not sorted but can be told by rank.
 *
 * @param valueAtRank the value that `rank` others would come before if all `count` were sorted
 */
export function percentileOfRanks(
  count: number,
  percent: number,
  valueAtRank: (rank: number) => number,
): number | null {
  if (count === 0) return null;
  const position = (count - 1) * percent;
  const below = Math.floor(position / 100);
  const hundredths = position - below * 100;
  const low = valueAtRank(below);
  if (hundredths === 0 || below + 1 === count) return low;
  return low + ((valueAtRank(below + 1) - low) * hundredths) / 100;
}
