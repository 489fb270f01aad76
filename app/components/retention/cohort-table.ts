import { averageByOffset, customersAt, measuredAt } from '#app/domain/retention/metrics/cohort-averages.ts';
import type { AveragedCohort } from '#app/domain/retention/metrics/cohort-averages.ts';

export const COHORT_MEASURES = ['retention', 'customers', 'orders', 'revenue'] as const;

export type CohortMeasure = (typeof COHORT_MEASURES)[number];

/** What a table of cohorts needs of them. Lists that no measure on the page reads may be left out. */
export interface CohortsShown {
  /** Null where nothing is still running. */
  incompletePeriod?: string | null;
  rows: readonly CohortShown[];
  weightedCurve: readonly { offset: number; customers: number; active: number; retention: number }[];
}

export type CohortShown = AveragedCohort;

export interface CohortCell {
  /** A fraction, a count or minor units, as the measure has it. */
  value: number;
  /** What the shade stands for: the same cells are dark for customers as for percent. */
  weight: number;
  /** The period is still running: the number grows, and is in no average. */
  isRunning: boolean;
}

export interface CohortTableRow {
  cohort: string;
  size: number;
  /** Entry k is offset firstOffset + k. */
  cells: readonly CohortCell[];
}

export interface CohortTable {
  rows: readonly CohortTableRow[];
  /**
   * By offset, weighted by customers over the cohorts that have completed it; null where none has. Retention for the
   * measures retention and customers, else orders or minor units a customer.
   */
  averages: readonly (number | null)[];
  /** 1 for retention and customers, whose offset 0 is everybody by definition. */
  firstOffset: number;
  /** How many offsets have a column. */
  offsets: number;
  /** Whether all cohorts and all offsets are here. */
  isWhole: boolean;
  /** The largest weight of a completed cell; what the strongest colour stands for. */
  highest: number;
}

interface CohortTableOptions {
  measure: CohortMeasure;
  /** The last so many cohorts, and as many offsets: a cohort comes with every period since, and rows of them need not. */
  cohorts: number;
}

export function cohortTableOf(shown: CohortsShown, { measure, cohorts }: CohortTableOptions): CohortTable {
  const { rows, incompletePeriod = null } = shown;
  const firstOffset = measure === 'retention' || measure === 'customers' ? 1 : 0;
  const isRunning = ({ active }: CohortShown, offset: number) => incompletePeriod !== null && offset === active.length - 1;
  const last = rows.slice(-cohorts);
  const longest = Math.max(0, ...last.map(({ active }) => active.length - 1));
  const offsets = longest === 0 ? 0 : Math.min(longest + 1 - firstOffset, cohorts);
  const tableRows = last.map((row) => ({
    cohort: row.cohort,
    size: row.size,
    cells: row.active.slice(firstOffset, firstOffset + offsets).map((_, index) => ({
      ...measured(row, firstOffset + index, measure),
      isRunning: isRunning(row, firstOffset + index),
    })),
  }));
  const ofCustomers = measure === 'orders' || measure === 'revenue' ? averageByOffset(shown, measure) : null;
  const completed = tableRows.flatMap(({ cells }) => cells.filter((cell) => !cell.isRunning));
  return {
    rows: tableRows,
    averages: Array.from({ length: offsets }, (_, index) => {
      const offset = firstOffset + index;
      return (ofCustomers === null ? shown.weightedCurve[offset]?.retention : ofCustomers[offset]) ?? null;
    }),
    firstOffset,
    offsets,
    isWhole: last.length === rows.length && offsets >= longest + 1 - firstOffset,
    highest: completed.reduce((highest, { weight }) => Math.max(highest, weight), 0),
  };
}

function measured(row: CohortShown, offset: number, measure: CohortMeasure): { value: number; weight: number } {
  const customers = customersAt(row, offset);
  const retention = (row.active[offset] ?? NaN) / customers;
  if (measure === 'retention') return { value: retention, weight: retention };
  if (measure === 'customers') return { value: row.active[offset] ?? NaN, weight: retention };
  const value = measuredAt(row, offset, measure);
  return { value, weight: measure === 'orders' ? value / customers : value };
}

/** Shades from white to the strongest, by equal steps. */
export const SHADES = 8;

export function shadeOf(weight: number, highest: number): number {
  if (highest === 0) return 0;
  return Math.min(SHADES - 1, Math.max(0, Math.round((weight / highest) * (SHADES - 1))));
}
