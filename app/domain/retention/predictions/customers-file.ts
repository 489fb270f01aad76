import type { OrderColumns } from '../columns/order-columns.ts';
import { scoresOfRow } from '../metrics/customer-rows.ts';
import type { CustomerRows } from '../metrics/customer-rows.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '../report/report.ts';
import { formatDay } from '../../time/calendar-day.ts';
import { NO_ORDER_DAY } from './customer-predictions.ts';
import type { PredictionsInUse } from './predictions-in-use.ts';

/**
 * As METRICS section 8 names them, for every file of customers; what was added since stands at the end. What is predicted
 * is by `predictedBy`: the model, or the simple rule where that is what everything goes by.
 */
export const CUSTOMERS_FILE_HEADER = [
  'id', 'firstOrder', 'lastOrder', 'orders', 'revenueMinor', 'rDays', 'r', 'f', 'm', 'group', 'state', 'x', 't_x', 'T',
  'pAlive', 'expectedOrders365', 'predictedClv365Minor', 'stage', 'nextOrder', 'currency', 'predictedBy',
]; // prettier-ignore

export interface CustomerInFile {
  readonly columns: OrderColumns;
  readonly rows: CustomerRows;
  readonly row: number;
  /** Null where nothing is known. */
  readonly predictions: PredictionsInUse | null;
  /** Of the row among the predictions. */
  readonly place: number;
}

/** The cells behind the id. Days are in shop time, and empty is what is not known. */
export function cellsOfCustomer({ columns, rows, row, predictions, place }: CustomerInFile): (string | number | null)[] {
  const nextDay = predictions?.nextOrderDay?.[place] ?? NO_ORDER_DAY;
  const isPredicted = predictions !== null && !Number.isNaN(predictions.expectedOrders365[place] ?? NaN);
  const { rDays, r, f, m } = scoresOfRow(rows, row);
  return [
    formatDay(rows.firstDays[row] ?? NaN),
    formatDay(rows.lastDays[row] ?? NaN),
    rows.orders[row] ?? null,
    rows.revenueMinor[row] ?? null,
    ...[rDays, r, f, m],
    RFM_GROUPS[rows.groups[row] ?? NaN] ?? null,
    LIFECYCLE_STATES[rows.states[row] ?? NaN] ?? null,
    predictions?.frequency[place] ?? null,
    predictions?.recency[place] ?? null,
    predictions?.age[place] ?? null,
    predictions?.pAlive?.[place] ?? null,
    predictions?.expectedOrders365[place] ?? null,
    predictions?.predictedClv365Minor?.[place] ?? null,
    LIFECYCLE_STAGES[rows.stages[row] ?? NaN] ?? null,
    nextDay === NO_ORDER_DAY ? null : formatDay(nextDay),
    columns.currency,
    isPredicted ? predictions.inUse : null,
  ];
}
