import type { Readable } from 'node:stream';
import { Temporal } from 'temporal-polyfill';
import type { Currency, SimCustomer, SimOrder, SimShop, SimStore } from '../state.ts';
import { readTextChunks } from './byte-chunks.ts';
import { readCsvRecords, type CsvRecord } from './csv-records.ts';
import { describeShop } from './default-shop.ts';
import { exportCatalogue } from './orders-export/catalogue.ts';
import { exportCustomers } from './orders-export/customers.ts';
import { ExportHeader, ExportRow, type RowContext } from './orders-export/fields.ts';
import { finishOrder } from './orders-export/finish-order.ts';
import type { OrderDraft } from './orders-export/order-draft.ts';
import { OrderGrouping } from './orders-export/order-grouping.ts';
import { ExportProblems, type ExportProblem } from './orders-export/problems.ts';
import { sharedMoney } from './money-arithmetic.ts';
import { stableIds, type StableIds } from './stable-ids.ts';

export interface OrdersExportOptions {
  /** IANA name: the shop's zone, and the clock of dates that carry no offset. RangeError when no such zone exists. */
  timeZone: string;
  /** The shop's; without it, the one that most orders of the file have. */
  currency?: Currency;
  shop?: Partial<SimShop>;
}

export interface OrdersExportReport {
  orders: number;
  /** Line items of those orders, adjustments among them. */
  lines: number;
  customers: number;
  /** Orders without an e-mail address. */
  guestOrders: number;
  products: number;
  refunds: number;
  /** Orders whose Subtotal is above the sum of their lines, which then have a line named Adjustment. */
  adjustments: number;
  ordersLeftOut: number;
  /** Rows whose line item could not be read, and all rows of orders left out. */
  linesLeftOut: number;
  firstOrderAt: string | null;
  lastOrderAt: string | null;
  /** Everything that was wrong, by line; the first 10,000 found. */
  problems: ExportProblem[];
  problemCount: number;
}

/** Equal texts become one, and none keeps the chunk of the file that it was cut from alive. */
function textKeeper(): (text: string) => string {
  const kept = new Map<string, string>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const own = Buffer.from(text, 'utf8').toString('utf8');
    kept.set(own, own);
    return own;
  };
}

/** Takes the first record for the header and hands the others to the grouping; none when columns are missing. */
class ExportReader {
  readonly #grouping: OrderGrouping;
  readonly #problems: ExportProblems;
  readonly #options: OrdersExportOptions;
  #row: RowContext | null = null;
  #isReadable = true;

  constructor(grouping: OrderGrouping, problems: ExportProblems, options: OrdersExportOptions) {
    this.#grouping = grouping;
    this.#problems = problems;
    this.#options = options;
  }

  read(record: CsvRecord): void {
    if (!this.#isReadable) return;
    if (this.#row === null) {
      this.#readHeader(record);
      return;
    }
    const excess = record.fields.length - this.#row.header.width;
    if (excess > 0 && record.fields.slice(-excess).some((field) => field.trim() !== '')) {
      this.#problems.add(
        record.line,
        `The row has ${record.fields.length} columns, the header ${this.#row.header.width}; it is left out.`,
      );
      this.#grouping.linesLeftOut += 1;
      return;
    }
    this.#grouping.add(new ExportRow(record, this.#row));
  }

  finish(): void {
    if (this.#row === null && this.#isReadable) this.#problems.add(1, 'The file is empty.');
  }

  #readHeader(record: CsvRecord): void {
    const header = new ExportHeader(record.fields);
    const missing = header.missing(this.#options.currency !== undefined);
    for (const column of missing) this.#problems.add(record.line, `The column ${column} is missing; nothing is read.`);
    this.#isReadable = missing.length === 0;
    this.#row = { header, problems: this.#problems, timeZone: this.#options.timeZone };
  }
}

function mostCommonCurrency(drafts: readonly OrderDraft[]): Currency {
  const counts = new Map<Currency, number>();
  for (const { currency } of drafts) counts.set(currency, (counts.get(currency) ?? 0) + 1);
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most), ['USD', 0])[0];
}

function keepCurrency(grouping: OrderGrouping, currency: Currency, problems: ExportProblems): OrderDraft[] {
  return grouping.drafts.filter((draft) => {
    if (draft.currency === currency) return true;
    problems.add(
      draft.line,
      `Currency: order ${draft.name} is in ${draft.currency}, the shop in ${currency}; it is left out.`,
    );
    grouping.ordersLeftOut += 1;
    grouping.linesLeftOut += draft.lines.length;
    return false;
  });
}

/** The file's own ids first, so that none that is made up can take one of them. */
function orderIds(drafts: readonly OrderDraft[], ids: StableIds, problems: ExportProblems): Map<OrderDraft, number> {
  const result = new Map<OrderDraft, number>();
  for (const draft of drafts) {
    if (draft.idText === '') continue;
    const id = /^\d{1,16}$/.test(draft.idText) ? Number(draft.idText) : Number.NaN;
    if (Number.isSafeInteger(id) && ids.claim(id)) result.set(draft, id);
    else
      problems.add(draft.line, `Id: “${draft.idText}” is not a number of its own; one made from the name stands in.`);
  }
  for (const draft of drafts) if (!result.has(draft)) result.set(draft, ids.fromName(draft.name));
  return result;
}

interface Assembly {
  currency: Currency;
  locale: string;
  ids: StableIds;
  problems: ExportProblems;
}

function assembleOrders(
  drafts: readonly OrderDraft[],
  customers: ReadonlyMap<string, SimCustomer>,
  assembly: Assembly,
) {
  const { ids, problems, locale } = assembly;
  const idOf = orderIds(drafts, ids, problems);
  const money = sharedMoney(assembly.currency);
  let lastId = 9_000_000_000_000;
  const nextId = () => (lastId += 1);
  let adjustments = 0;
  const orders = drafts.map((draft): SimOrder => {
    const customerId = draft.email === null ? null : customers.get(draft.email)?.id ?? null;
    const identity = { id: idOf.get(draft) ?? 0, customerId, locale, nextId };
    const { order, hasAdjustment } = finishOrder(draft, identity, money, (message) =>
      problems.add(draft.line, message),
    );
    if (hasAdjustment) adjustments += 1;
    draft.lines = [];
    return order;
  });
  return { orders, adjustments };
}

/** More orders with taxes inside than on top make a shop whose prices include them. */
function includesTaxes(orders: readonly SimOrder[]): boolean {
  const taxed = orders.filter((order) => order.lines.some((line) => line.tax.shop.amountMinor > 0));
  return taxed.filter((order) => order.taxesIncluded).length * 2 > taxed.length;
}

/**
 * Reads a Shopify orders export (admin, Orders, Export; `.csv` or gzipped) into a store. Bad lines are reported and
 * the rest is read; only a source that cannot be read at all rejects. Where a file says too little:
 * - `processedAt` is Created at, as Shopify itself sets it for online orders; Paid at may be weeks later.
 * - Refunded Amount is one refund of money without lines, at Cancelled at or else Created at: the file has no date.
 * - Customers are the e-mail addresses; orders, customers and products get ids made from their names.
 */
export async function readOrdersExport(
  source: string | Readable,
  options: OrdersExportOptions,
): Promise<{ store: SimStore; report: OrdersExportReport }> {
  Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(options.timeZone);
  const problems = new ExportProblems();
  const ids = stableIds();
  const keep = textKeeper();
  const catalogue = exportCatalogue(ids, keep);
  const grouping = new OrderGrouping({ fallbackCurrency: options.currency ?? null, catalogue, keep });
  const reader = new ExportReader(grouping, problems, options);
  const records = readCsvRecords(readTextChunks(source), (line, message) => {
    problems.add(line, `The line is left out: ${message}.`);
    grouping.linesLeftOut += 1;
  });
  for await (const batch of records) for (const record of batch) reader.read(record);
  reader.finish();

  const currency = options.currency ?? mostCommonCurrency(grouping.drafts);
  const drafts = keepCurrency(grouping, currency, problems).sort((a, b) => a.createdMs - b.createdMs);
  const locale = options.shop?.primaryLocale ?? 'en';
  const customers = exportCustomers(drafts, ids, locale);
  const { orders, adjustments } = assembleOrders(drafts, customers, { currency, locale, ids, problems });
  const firstOrderAt = orders[0]?.createdAt ?? null;
  const shop = describeShop(
    {
      name: 'Imported store',
      ianaTimezone: options.timeZone,
      primaryLocale: locale,
      locales: [locale],
      taxesIncluded: includesTaxes(orders),
      ...options.shop,
      currency,
    },
    firstOrderAt ?? '2020-01-01T00:00:00.000Z',
  );
  const products = catalogue.products(shop.createdAt, shop.name);
  const report: OrdersExportReport = {
    orders: orders.length,
    lines: orders.reduce((sum, order) => sum + order.lines.length, 0),
    customers: customers.size,
    guestOrders: orders.filter((order) => order.customerId === null).length,
    products: products.length,
    refunds: orders.reduce((sum, order) => sum + order.refunds.length, 0),
    adjustments,
    ordersLeftOut: grouping.ordersLeftOut,
    linesLeftOut: grouping.linesLeftOut,
    firstOrderAt,
    lastOrderAt: orders.at(-1)?.createdAt ?? null,
    problems: problems.listed.sort((a, b) => a.line - b.line),
    problemCount: problems.count,
  };
  return { store: { shop, products, customers: [...customers.values()], orders }, report };
}
