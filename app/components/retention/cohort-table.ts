import type { MonthlyCohorts } from '#app/domain/retention/report/report.ts';

/** What the heat map needs of the cohorts. */
export interface CohortsShown {
  incompletePeriod: MonthlyCohorts['incompletePeriod'];
  rows: readonly { cohort: string; size: number; active: readonly number[] }[];
  weightedCurve: readonly { offset: number; customers: number; active: number; retention: number }[];
}

export interface CohortCell {
  active: number;
  /** active / size of the cohort. */
  retention: number;
  /** The month is still running: the number grows, and is in no average. */
  isRunning: boolean;
}

export interface CohortTableRow {
  cohort: string;
  size: number;
  /** Entry k is offset k + 1: offset 0 is everybody by definition. */
  cells: readonly CohortCell[];
}

export interface CohortTable {
  rows: readonly CohortTableRow[];
  /** The weighted average of offset k + 1, or null where no cohort is old enough. */
  averages: readonly (number | null)[];
  /** Offsets 1 to this one have a column. */
  offsets: number;
  /** The largest retention of a completed cell; what the strongest colour stands for. */
  highest: number;
}

/** The last `months` cohorts and as many offsets. */
export function cohortTableOf({ rows, weightedCurve, incompletePeriod }: CohortsShown, months: number): CohortTable {
  const shown = rows.slice(-months);
  const longest = Math.max(0, ...shown.map(({ active }) => active.length - 1));
  const offsets = Math.min(longest, months);
  const tableRows = shown.map(({ cohort, size, active }) => ({
    cohort,
    size,
    cells: active.slice(1, offsets + 1).map((customers, index) => ({
      active: customers,
      retention: customers / size,
      isRunning: incompletePeriod !== null && index === active.length - 2,
    })),
  }));
  const completed = tableRows.flatMap(({ cells }) => cells.filter(({ isRunning }) => !isRunning));
  return {
    rows: tableRows,
    averages: Array.from({ length: offsets }, (_, index) => {
      const point = weightedCurve.find(({ offset }) => offset === index + 1);
      return point === undefined ? null : point.retention;
    }),
    offsets,
    highest: completed.reduce((highest, { retention }) => Math.max(highest, retention), 0),
  };
}

/** Shades from white to the strongest, by equal steps of retention. */
export const SHADES = 8;

export function shadeOf(retention: number, highest: number): number {
  if (highest === 0) return 0;
  return Math.min(SHADES - 1, Math.round((retention / highest) * (SHADES - 1)));
}
