import type { CustomerKey, CustomerKeys } from './order-columns.ts';

/** Numbers before texts, texts by code unit. */
export function compareKeys(a: CustomerKey, b: CustomerKey): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @param keys ascending */
export function keyColumn(keys: readonly CustomerKey[]): CustomerKeys {
  const numbers = new Float64Array(keys.length);
  for (const [index, key] of keys.entries()) {
    if (typeof key === 'string') return keys;
    numbers[index] = key;
  }
  return numbers;
}

/** The first index whose key is not below the one sought. */
export function lowerBound(keys: CustomerKeys, sought: CustomerKey): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle];
    if (key !== undefined && compareKeys(key, sought) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
