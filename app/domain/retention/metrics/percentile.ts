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
  const position = (sorted.length - 1) * percent;
  const below = Math.floor(position / 100);
  const low = sorted[below];
  if (low === undefined) return null;
  const hundredths = position - below * 100;
  const high = sorted[below + 1];
  if (hundredths === 0 || high === undefined) return low;
  return low + ((high - low) * hundredths) / 100;
}
