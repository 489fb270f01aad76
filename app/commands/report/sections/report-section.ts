/** A part of the report in words and numbers as they are shown, for a terminal and for a page alike. */
export interface ReportSection {
  /** Anchor on the page. */
  id: string;
  title: string;
  /** What is to be seen, in a sentence or two. */
  lead: string;
  figures: readonly Figure[];
  definitions: readonly Definition[];
}

/** A table, with its chart above it where one helps. */
export interface Figure {
  /** Null where the section's title says it. */
  title: string | null;
  chart: Chart | null;
  table: Table;
  note: string | null;
}

export interface Definition {
  term: string;
  words: string;
  formula: string;
}

export interface Table {
  caption: string;
  columns: readonly TableColumn[];
  rows: readonly (readonly Cell[])[];
  /** Columns of numbers as narrow as they can be: a matrix. */
  isMatrix?: boolean;
}

export interface TableColumn {
  label: string;
  isNumber: boolean;
}

export interface Cell {
  text: string;
  /** 0 to 7: how dark the cell is in a matrix. */
  shade?: number;
  /** Its period is still running. */
  isRunning?: boolean;
  isStrong?: boolean;
}

export type Chart = BarChart | ColumnChart | LineChart | RangeChart;

/** One horizontal bar a name. */
export interface BarChart {
  kind: 'bars';
  label: string;
  bars: readonly { name: string; value: number; text: string }[];
}

/** Columns side by side, each of one or two parts one above the other. */
export interface ColumnChart {
  kind: 'columns';
  label: string;
  parts: readonly string[];
  columns: readonly { name: string; values: readonly number[]; isRunning?: boolean }[];
  format: (value: number) => string;
}

export interface LineChart {
  kind: 'lines';
  label: string;
  /** What stands below the axis; null for none. */
  xTitle: string | null;
  xNames: readonly string[];
  lines: readonly { name: string; values: readonly (number | null)[]; isDashed?: boolean }[];
  /** From here on the background is shaded, and what that means. */
  markFrom?: { index: number; name: string };
  format: (value: number) => string;
}

/** Where most of the values lie: from p10 to p90, a box from p25 to p75, a line at the median. */
export interface RangeChart {
  kind: 'range';
  label: string;
  p10: number;
  p25: number;
  median: number;
  p75: number;
  p90: number;
  format: (value: number) => string;
}

export const text = (words: string): Cell => ({ text: words });
