/**
 * The value that would stand at a rank if all were sorted, in time linear in their number (Hoare 1961, "Find"). It moves
 * the values.
 */
export function selectRank(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values, low, high);
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] ?? NaN) < pivot) i += 1;
      while ((values[j] ?? NaN) > pivot) j -= 1;
      if (i > j) break;
      const value = values[i] ?? NaN;
      values[i] = values[j] ?? NaN;
      values[j] = value;
      i += 1;
      j -= 1;
    }
    // Now all up to j are at most the pivot, all from i on at least it, and what is between equals it.
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank] ?? NaN;
}

function medianOfThree(values: Float64Array, low: number, high: number): number {
  const a = values[low] ?? NaN;
  const b = values[low + ((high - low) >> 1)] ?? NaN;
  const c = values[high] ?? NaN;
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
