/**
 * The value of a rank, in time linear in the number of values from `from` on (Hoare 1961, "Find"), where those before
 * `from` are the smallest already. It moves the values: afterwards this one stands where it would if all were sorted,
 * none before it is larger and none after it smaller.
 */
export function selectRank(values: Float64Array, rank: number, from: number): number {
  if (rank === from) return selectSmallest(values, from);
  let low = from;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values, low, high);
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] ?? NaN) < pivot) i += 1;
      while ((values[j] ?? NaN) > pivot) j -= 1;
      if (i > j) break;
      swap(values, i, j);
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

/** One look at each: quantiles ask for a rank and then for the next. */
function selectSmallest(values: Float64Array, from: number): number {
  let smallestAt = from;
  let smallest = values[from] ?? NaN;
  for (let i = from + 1; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if (value < smallest) {
      smallest = value;
      smallestAt = i;
    }
  }
  swap(values, from, smallestAt);
  return smallest;
}

function swap(values: Float64Array, i: number, j: number): void {
  const value = values[i] ?? NaN;
  values[i] = values[j] ?? NaN;
  values[j] = value;
}

function medianOfThree(values: Float64Array, low: number, high: number): number {
  const a = values[low] ?? NaN;
  const b = values[low + ((high - low) >> 1)] ?? NaN;
  const c = values[high] ?? NaN;
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
