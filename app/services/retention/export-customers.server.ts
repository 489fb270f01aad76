import type { CsvCell } from '#app/adapters/csv/write-csv.ts';
import type { Silence } from '#app/adapters/shopify/customer-names.server.ts';
import { firstWhere } from '#app/domain/retention/columns/find-first.ts';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { CustomerKey } from '#app/domain/retention/columns/order-columns.ts';
import { customerOfRow } from '#app/domain/retention/metrics/customer-rows.ts';
import { CUSTOMERS_FILE_HEADER, cellsOfCustomer } from '#app/domain/retention/predictions/customers-file.ts';
import type { Result } from '#app/domain/result.ts';
import { lowerBound } from '#app/domain/retention/columns/customer-keys.ts';
import type { SegmentScope } from '#app/domain/segments/segment-scope.ts';
import type { Segment } from '#app/domain/segments/segment.ts';
import { selectMembers } from '#app/domain/segments/select-members.ts';
import { noteAccess } from '#app/services/privacy/note-access.server.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadCustomers, needsOf } from '#app/services/retention/customer-scope.server.ts';
import { isForgotten, keepFound } from '#app/services/retention/list-customers.server.ts';
import { searchCustomers } from '#app/services/retention/search-customers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface CustomersSheet {
  asOf: string;
  header: string[];
  rows: AsyncIterable<CsvCell[]>;
}

/** So many rows take some milliseconds, after which others have their turn. */
const ROWS_AT_ONCE = 2_000;

export interface SheetQuestion {
  asOf: string | null;
  segment: Segment;
  /** As the list is searched; null for everybody. */
  search: string | null;
  /** Who takes the file, for the log of who opened personal data. */
  actor: string;
}

interface SheetPartQuestion extends Omit<SheetQuestion, 'search' | 'actor'> {
  /** Whom the search found; null without one. */
  customerIds: readonly bigint[] | null;
}

export interface SheetPart {
  asOf: string;
  rows: CsvCell[][];
  /** In all parts; counted with the first. */
  customers: number;
  /** Of the last customer here; null when there are no more. */
  after: CustomerKey | null;
}

/** Currency and time zone are not known yet; or Shopify, which alone knows names and e-mails, could not be asked. */
export type SheetRefusal = { reason: 'not-known' } | { reason: Silence };

/**
 * All customers whom the list shows, of all its pages, in the order of their numbers. Where nobody can say whom a search
 * means there is no file: an empty one would say that there is no such customer.
 */
export async function exportCustomers(context: ShopContext, { search, actor, ...rest }: SheetQuestion): Promise<Result<CustomersSheet, SheetRefusal>> {
  const searched = search === null ? null : await searchCustomers(context, search);
  if (searched !== null && searched.silence !== null) return { ok: false, reason: searched.silence };
  const question: SheetPartQuestion = { ...rest, customerIds: searched?.customerIds ?? null };
  const first = await loadSheetPart(context, { ...question, after: null });
  if (first === null) return { ok: false, reason: 'not-known' };
  await context.inShop((db) => noteAccess(context, db, { actor, action: 'file-customers', records: first.customers }));
  return { ok: true, value: { asOf: first.asOf, header: CUSTOMERS_FILE_HEADER, rows: sheetRows(context, question, first) } };
}

/** Each part begins after a customer, so that it does not matter when others come or go meanwhile. */
async function* sheetRows(context: ShopContext, question: SheetPartQuestion, first: SheetPart): AsyncGenerator<CsvCell[]> {
  for (let part = first; ; ) {
    yield* part.rows;
    if (part.after === null) return;
    await context.wait(0);
    const next = await loadSheetPart(context, { ...question, asOf: first.asOf, after: part.after });
    // A file that is cut short must not look like one that has ended.
    if (next === null) throw new Error('The shop left while its customers were written to a file');
    part = next;
  }
}

export const loadSheetPart = computedApart('customers-sheet', computeSheetPart, { fromOrders: 20_000 });

async function computeSheetPart(
  context: ShopContext,
  { asOf, segment, customerIds, after }: SheetPartQuestion & { after: CustomerKey | null },
): Promise<SheetPart | null> {
  const loaded = await loadCustomers(context, { asOf, needs: { ...needsOf(segment, null), predictions: true } });
  if (loaded === null) return null;
  const { scope } = loaded;
  const { isMember } = selectMembers(scope, segment);
  if (customerIds !== null) keepFound(scope, isMember, customerIds);
  const customers = after === null ? isMember.reduce((sum, one) => sum + one, 0) : 0;
  const rows: CsvCell[][] = [];
  let last = -1;
  for (let row = after === null ? 0 : firstRowAfter(scope, after); row < isMember.length && rows.length < ROWS_AT_ONCE; row += 1) {
    if (isMember[row] !== 1) continue;
    rows.push(sheetRow(scope, row));
    last = row;
  }
  const isWhole = rows.length < ROWS_AT_ONCE;
  return { asOf: loaded.asOf, rows, customers, after: isWhole ? null : customerKeyAt(scope.columns, customerOfRow(scope.rows, last)) };
}

function firstRowAfter({ columns, rows }: SegmentScope, after: CustomerKey): number {
  const at = lowerBound(columns.customerKeys, after);
  const customer = columns.customerKeys[at] === after ? at + 1 : at;
  return firstWhere(0, rows.count, (row) => customerOfRow(rows, row) >= customer);
}

function sheetRow({ columns, rows, predictions }: SegmentScope, row: number): CsvCell[] {
  const key = String(customerKeyAt(columns, customerOfRow(rows, row)));
  return [isForgotten(key) ? null : key, ...cellsOfCustomer({ columns, rows, row, predictions, place: row })];
}
