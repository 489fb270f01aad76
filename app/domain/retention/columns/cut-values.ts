import type { OrderColumns, OrderDimension } from './order-columns.ts';

export interface CutValue {
  /** Null: not known. */
  readonly value: string | null;
  /** Customers whose first counted order has it. */
  readonly customers: number;
}

/** What a shop's customers can be cut by in one dimension, the values with most customers first. */
export function countCutValues(
  { customerCount, customerOffsets, dimensions }: OrderColumns,
  dimension: OrderDimension,
): CutValue[] {
  const { values, codes } = dimensions[dimension];
  const counts = new Uint32Array(values.length);
  for (let customer = 0; customer < customerCount; customer += 1) {
    const code = codes[customerOffsets[customer] ?? NaN] ?? NaN;
    counts[code] = (counts[code] ?? NaN) + 1;
  }
  return values
    .map((value, code) => ({ value, customers: counts[code] ?? NaN }))
    .filter(({ customers }) => customers > 0)
    .sort((a, b) => b.customers - a.customers);
}
