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

/** The customer whose order stands at a place; the number of customers for one of a guest. */
export function customerOfOrder(customerOffsets: Uint32Array, order: number): number {
  return firstWhere(0, customerOffsets.length - 1, (customer) => (customerOffsets[customer + 1] ?? NaN) > order);
}
