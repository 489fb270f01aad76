/** By halving: the first index with a property that all after it have as well; `to` when none has. */
export function firstWhere(from: number, to: number, has: (index: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = low + ((high - low) >> 1);
    if (has(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/*
 * The same for what a refresh asks thousands of times: a call for each step took longer than the look at the array, and
 * one function that all ask by is never compiled for any of them.
 */

/** The first place from `from` on of a value that is not below; the values rise. */
export function firstNotBelow(values: Float64Array, value: number, from: number): number {
  let [low, high] = [from, values.length];
  while (low < high) {
    const middle = low + ((high - low) >> 1);
    if ((values[middle] ?? NaN) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The customer whose order stands at a place; the number of customers for one of a guest. */
export function customerOfOrder(customerOffsets: Uint32Array, order: number): number {
  let [low, high] = [0, customerOffsets.length - 1];
  while (low < high) {
    const middle = low + ((high - low) >> 1);
    if ((customerOffsets[middle + 1] ?? NaN) > order) high = middle;
    else low = middle + 1;
  }
  return low;
}
