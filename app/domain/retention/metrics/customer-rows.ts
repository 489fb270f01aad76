import { summarizeCustomers } from '../columns/customer-summaries.ts';
import type { CustomerSummaries } from '../columns/customer-summaries.ts';
import { codeColumn, narrowedTo16, narrowedTo32, numberAt } from '../columns/number-column.ts';
import type { CodeColumn } from '../columns/number-column.ts';
import type { OrderColumns } from '../columns/order-columns.ts';
import type { Selection } from '../columns/selection.ts';
import type { AsOf } from '../columns/time-window.ts';
import { orderGapsOf } from './days-between-orders.ts';
import { deriveRhythm, lifecycleStageCodes, lifecycleStateCodes } from './lifecycle.ts';
import type { Rhythm } from './lifecycle.ts';
import { rfmGroupCodes, scoreRecencyAndFrequency, scoreRfm } from './rfm.ts';
import type { RfmScoring } from './rfm.ts';

/**
 * A row for each selected customer who has ordered by the as-of day, as columns, so that a million of them are filtered
 * and paged without an object each, each column of the narrowest kind that holds it. Ascending by customer: see `customerOfRow`.
 */
export interface CustomerRows extends Pick<CustomerSummaries, 'count'>, Pick<RfmScoring, 'breaks' | 'm'> {
  /** Index of each row's customer in the order columns; null where row i is customer i, as where all have ordered. */
  readonly customers: Uint32Array | null;
  readonly asOfDay: number;
  readonly orders: CodeColumn;
  readonly revenueMinor: Uint32Array | Float64Array;
  readonly firstDays: Uint16Array | Int32Array;
  readonly lastDays: Uint16Array | Int32Array;
  /** Place in RFM_GROUPS. */
  readonly groups: Uint8Array;
  /** Place in LIFECYCLE_STATES. */
  readonly states: Uint8Array;
  /** Place in LIFECYCLE_STAGES. */
  readonly stages: Uint8Array;
  readonly rhythm: Rhythm;
}

/**
 * Scores and states are those among the selected customers, as in the report of the selection. A list that is filtered
 * takes the rows of everybody once and chooses among them: a customer does not change group because of a filter.
 */
export function computeCustomerRows(columns: OrderColumns, selection: Selection, asOf: AsOf): CustomerRows {
  const summaries = summarizeCustomers(columns, selection, asOf);
  const scoring = scoreRfm(summaries, asOf);
  const rhythm = deriveRhythm(orderGapsOf(summaries));
  const { count, customers, orders, revenueMinor, firstDays, lastDays } = summaries;
  const { breaks, m } = scoring;
  return {
    ...{ count, breaks, m, rhythm, asOfDay: asOf.day },
    customers: count === columns.customerCount ? null : customers.slice(),
    orders: narrowed(orders),
    revenueMinor: narrowedTo32(revenueMinor),
    firstDays: narrowedTo16(firstDays),
    lastDays: narrowedTo16(lastDays),
    groups: rfmGroupCodes(scoring),
    states: lifecycleStateCodes(summaries, rhythm, asOf),
    stages: lifecycleStageCodes(summaries, asOf),
  };
}

function narrowed(orders: Uint32Array): CodeColumn {
  let most = 0;
  for (let i = 0; i < orders.length; i += 1) most = Math.max(most, orders[i] ?? NaN);
  const column = codeColumn(orders.length, most + 1);
  column.set(orders);
  return column;
}

/** Index in the order columns, for `customerKeyAt`; NaN of a row that is not there. */
export function customerOfRow({ customers }: Pick<CustomerRows, 'customers'>, row: number): number {
  return customers === null ? row : (customers[row] ?? NaN);
}

export interface RowScores {
  /** Calendar days from the customer's last order to the as-of day. */
  readonly rDays: number;
  readonly r: number;
  readonly f: number;
  readonly m: number;
}

/** What one customer is shown with, and what is not kept of a million. */
export function scoresOfRow({ asOfDay, breaks, lastDays, orders, m }: CustomerRows, row: number): RowScores {
  const rDays = asOfDay - numberAt(lastDays, row);
  return { rDays, ...scoreRecencyAndFrequency(breaks, { rDays, orders: numberAt(orders, row) }), m: numberAt(m, row) };
}

/** What the rows hold in memory, beside the columns that they are of. */
export function byteSizeOfRows({ customers, orders, revenueMinor, firstDays, lastDays, m, groups, states, stages }: CustomerRows): number {
  const all = [orders, revenueMinor, firstDays, lastDays, m, groups, states, stages];
  return all.reduce((bytes, { buffer }) => bytes + buffer.byteLength, customers?.buffer.byteLength ?? 0);
}
