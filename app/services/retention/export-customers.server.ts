import type { CsvCell } from '#app/adapters/csv/write-csv.ts';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import { NO_ORDER_DAY } from '#app/domain/retention/predictions/customer-predictions.ts';
import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '#app/domain/retention/report/report.ts';
import type { SegmentScope } from '#app/domain/segments/segment-scope.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { selectMembers } from '#app/domain/segments/select-members.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { loadCustomers, needsLines } from '#app/services/retention/customer-scope.server.ts';
import { isForgotten } from '#app/services/retention/list-customers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface CustomersSheet {
  asOf: string;
  header: string[];
  rows: AsyncIterable<CsvCell[]>;
}

/** As the customers file of the report names them. Days are in shop time, and empty is what is not known. */
const HEADER = [
  'id', 'firstOrder', 'lastOrder', 'orders', 'revenueMinor', 'rDays', 'r', 'f', 'm', 'group', 'state', 'x', 't_x', 'T',
  'pAlive', 'expectedOrders365', 'predictedClv365Minor', 'stage', 'nextOrder', 'currency',
]; // prettier-ignore

/** So many rows take a few milliseconds, after which others have their turn. */
const ROWS_AT_ONCE = 1_000;

/** All customers of a segment in the order of their numbers; null while currency and time zone are not known. */
export async function exportCustomers(
  context: ShopContext,
  { asOf, segment }: { asOf: string | null; segment: Segment },
): Promise<CustomersSheet | null> {
  const loaded = await loadCustomers(context, { asOf, needsLines: needsLines(segment) });
  if (loaded === null) return null;
  const { scope } = loaded;
  const { isMember } = selectMembers(scope, segment);
  return { asOf: loaded.asOf, header: HEADER, rows: sheetRows(context, scope, isMember) };
}

async function* sheetRows({ wait }: ShopContext, scope: SegmentScope, isMember: Uint8Array): AsyncGenerator<CsvCell[]> {
  let written = 0;
  for (let row = 0; row < isMember.length; row += 1) {
    if (isMember[row] !== 1) continue;
    yield sheetRow(scope, row);
    written += 1;
    if (written % ROWS_AT_ONCE === 0) await wait(0);
  }
}

function sheetRow({ columns, rows, predictions }: SegmentScope, row: number): CsvCell[] {
  const key = String(customerKeyAt(columns, rows.customers[row] ?? NaN));
  const nextDay = predictions?.nextOrderDay?.[row] ?? NO_ORDER_DAY;
  return [
    isForgotten(key) ? null : key,
    formatDay(rows.firstDays[row] ?? NaN),
    formatDay(rows.lastDays[row] ?? NaN),
    rows.orders[row] ?? null,
    rows.revenueMinor[row] ?? null,
    rows.rDays[row] ?? null,
    rows.r[row] ?? null,
    rows.f[row] ?? null,
    rows.m[row] ?? null,
    RFM_GROUPS[rows.groups[row] ?? NaN] ?? null,
    LIFECYCLE_STATES[rows.states[row] ?? NaN] ?? null,
    predictions?.frequency[row] ?? null,
    predictions?.recency[row] ?? null,
    predictions?.age[row] ?? null,
    predictions?.pAlive?.[row] ?? null,
    predictions?.expectedOrders365[row] ?? null,
    predictions?.predictedClv365Minor?.[row] ?? null,
    LIFECYCLE_STAGES[rows.stages[row] ?? NaN] ?? null,
    nextDay === NO_ORDER_DAY ? null : formatDay(nextDay),
    columns.currency,
  ];
}
