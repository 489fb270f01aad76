import { percentileOfRanks } from './percentile.ts';

/**
 * How often each whole number from 0 on occurs. Quantiles of many small numbers are then a walk over the counts, and
 * nothing is sorted: days and orders a customer are such numbers.
 */
export interface ValueCounts {
  /** Entry v is how many values are v. */
  readonly counts: Uint32Array;
  readonly total: number;
  readonly sum: number;
}

export function countValues(values: Uint32Array): ValueCounts {
  let largest = 0;
  for (let i = 0; i < values.length; i += 1) largest = Math.max(largest, values[i] ?? NaN);
  const counts = new Uint32Array(largest + 1);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    counts[value] = (counts[value] ?? NaN) + 1;
    sum += value;
  }
  return { counts, total: values.length, sum };
}

export function valueCountsOf(counts: Uint32Array): ValueCounts {
  let total = 0;
  let sum = 0;
  for (let value = 0; value < counts.length; value += 1) {
    const count = counts[value] ?? NaN;
    total += count;
    sum += count * value;
  }
  return { counts, total, sum };
}

/** Type 7, as `percentile`. */
export function percentileOfCounts({ counts, total }: ValueCounts, percent: number): number | null {
  return percentileOfRanks(total, percent, (rank) => {
    let notAbove = 0;
    for (let value = 0; value < counts.length; value += 1) {
      notAbove += counts[value] ?? NaN;
      if (notAbove > rank) return value;
    }
    return NaN;
  });
}
