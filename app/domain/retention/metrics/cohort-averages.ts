/** What an average over cohorts is taken of: orders of a period, or revenue up to its end. */
export type AveragedMeasure = 'orders' | 'revenue';

/** A cohort, or as much of one as a page has of it. */
export interface AveragedCohort {
  readonly cohort: string;
  readonly size: number;
  readonly active: readonly number[];
  /** Where periods are the customers' own: those whose period has ended. */
  readonly eligible?: readonly number[];
  readonly orders?: readonly number[];
  readonly cumulativeRevenuePerCustomerMinor?: readonly number[];
}

export interface AveragedCohorts {
  /** Null where nothing is still running. */
  readonly incompletePeriod?: string | null;
  readonly rows: readonly AveragedCohort[];
}

/**
 * By offset, orders or minor units a customer, weighted by customers over the cohorts that have completed it, as the
 * curve of retention is; null where none has.
 */
export function averageByOffset({ rows, incompletePeriod = null }: AveragedCohorts, measure: AveragedMeasure): (number | null)[] {
  const longest = rows.reduce((most, { active }) => Math.max(most, active.length), 0);
  // The period that is still running is the last of every row.
  const isCompleted = ({ active }: AveragedCohort, offset: number) => offset < active.length - (incompletePeriod === null ? 0 : 1);
  return Array.from({ length: longest }, (_, offset) => {
    let [sum, customers] = [0, 0];
    for (const row of rows) {
      if (!isCompleted(row, offset)) continue;
      sum += sumAt(row, offset, measure);
      customers += customersAt(row, offset);
    }
    return customers === 0 ? null : sum / customers;
  });
}

function sumAt(row: AveragedCohort, offset: number, measure: AveragedMeasure): number {
  const value = measuredAt(row, offset, measure);
  if (measure === 'orders') return value;
  const customers = customersAt(row, offset);
  return customers === 0 ? 0 : value * customers;
}

/** The cohort's orders of the period, or its revenue per customer up to the end of it. */
export function measuredAt(row: AveragedCohort, offset: number, measure: AveragedMeasure): number {
  const value = measure === 'orders' ? row.orders?.[offset] : row.cumulativeRevenuePerCustomerMinor?.[offset];
  if (value === undefined) throw new RangeError(`cohort ${row.cohort} came without its ${measure}`);
  return value;
}

export function customersAt({ size, eligible }: AveragedCohort, offset: number): number {
  return eligible?.[offset] ?? size;
}
