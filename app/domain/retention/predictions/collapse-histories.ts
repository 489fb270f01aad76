import type { PurchaseHistories } from '../models/purchase-histories.ts';

/** One entry a customer, in days. */
export interface CustomerHistories {
  /** x: purchase days after the first. */
  readonly frequency: Uint32Array;
  /** t_x: last purchase day minus first. */
  readonly recency: Uint32Array;
  /** T: end minus first. */
  readonly age: Uint32Array;
}

export interface CollapsedHistories {
  /** Each history once, by age, then recency, then frequency. */
  readonly histories: PurchaseHistories;
  /** For each customer the row of their history. */
  readonly rowOfCustomer: Uint32Array;
}

/**
 * Gathers customers who have the same history into one row. A history is sorted as one whole number, mixed from its
 * three; it is exact for 500 years of days, since x <= t_x <= T and (T + 1)^3 stays below 2^53.
 */
export function collapseHistories({ frequency, recency, age }: CustomerHistories): CollapsedHistories {
  const count = age.length;
  const base = 1 + age.reduce((max, days) => Math.max(max, days), 0);
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    keys[i] = ((age[i] ?? NaN) * base + (recency[i] ?? NaN)) * base + (frequency[i] ?? NaN);
  }
  const { distinct, customers } = countDistinct(keys.slice().sort());
  const rowOfCustomer = new Uint32Array(count);
  for (let i = 0; i < count; i += 1) rowOfCustomer[i] = placeOf(keys[i] ?? NaN, distinct);
  return {
    histories: {
      rowCount: distinct.length,
      frequency: distinct.map((key) => key % base),
      recency: distinct.map((key) => Math.floor(key / base) % base),
      age: distinct.map((key) => Math.floor(key / (base * base))),
      customers,
    },
    rowOfCustomer,
  };
}

function countDistinct(sorted: Float64Array): { distinct: Float64Array; customers: Float64Array } {
  const distinct = new Float64Array(sorted.length);
  const customers = new Float64Array(sorted.length);
  let rowCount = 0;
  let previous = NaN;
  for (const key of sorted) {
    if (key !== previous) {
      distinct[rowCount] = key;
      rowCount += 1;
      previous = key;
    }
    customers[rowCount - 1] = (customers[rowCount - 1] ?? NaN) + 1;
  }
  return { distinct: distinct.slice(0, rowCount), customers: customers.slice(0, rowCount) };
}

function placeOf(key: number, distinct: Float64Array): number {
  let low = 0;
  let high = distinct.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((distinct[middle] ?? NaN) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
