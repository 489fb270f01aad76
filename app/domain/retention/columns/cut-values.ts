import type { CutDimension } from './cut-query.ts';
import { ORDER_DIMENSIONS } from './order-columns.ts';
import type { OrderColumns, OrderDimension } from './order-columns.ts';

/** More values than this nobody reads through in a menu; the rest are a long tail. */
export const VALUES_OFFERED = 50;

export interface CutValue {
  /** Null: not known. */
  readonly value: string | null;
  /** Customers whose first counted order has it. */
  readonly customers: number;
  /** What it is called, where the value is a key. */
  readonly name?: string;
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

/** The dimensions in which a shop's customers differ, with the values that most of them have. */
export interface OfferedCut {
  readonly dimension: CutDimension;
  /** Empty for products as long as nobody has asked for one: the lines of orders are read for those alone. */
  readonly values: readonly CutValue[];
}

export function offerCuts(columns: OrderColumns): OfferedCut[] {
  return ORDER_DIMENSIONS.map((dimension) => ({ dimension, values: countCutValues(columns, dimension).slice(0, VALUES_OFFERED) })).filter(
    ({ values }) => values.length > 1,
  );
}
