import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import type { LineColumns } from '#app/domain/retention/products/line-columns.ts';
import type { ExcludedCounts } from '#app/domain/retention/report/report.ts';
import type { LineRange } from './line-ranges.ts';

/** What a report is computed from, wherever it came from. */
export interface ReportSource {
  columns: OrderColumns;
  /** Null where the lines of orders are not known. */
  lines: LineColumns | null;
  excluded: ExcludedCounts;
  prospects: number;
  /** The day to speak of when nobody said one; null when no order counts. */
  asOfDay: number | null;
  inputs: SourceInputs;
  /** What the reader should know of the input, a sentence each. */
  notes: string[];
  /** Of the shop's customers by number, ascending, the groups that Shopify puts them into now; only of an installed shop. */
  shopifyGroups?: readonly { customerId: number; group: string }[];
}

/** Of the input and of nothing else, beside the report's own `inputs`. */
export interface SourceInputs {
  /** Counted orders left out because they are in another currency. */
  inOtherCurrency: number;
  /** Rows of the file, the header apart. */
  rows?: number;
  /** Rows or orders that could not be read. */
  unreadable?: number;
  /** Where they are in the file: the first thousand ranges of lines that follow each other. */
  unreadableLines?: LineRange[];
  /** Orders that came a second time. */
  repeatedOrders?: number;
  /** Lines that stood apart from their order, and were joined to it. */
  strayLines?: number;
}

export function lastOrderDayOf({ days, orderCount }: OrderColumns): number | null {
  let last = -Infinity;
  for (let i = 0; i < orderCount; i += 1) last = Math.max(last, days[i] ?? NaN);
  return orderCount === 0 ? null : last;
}

/** `1,204 orders`, for what is said of the input. */
export function countOf(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : several}`;
}
