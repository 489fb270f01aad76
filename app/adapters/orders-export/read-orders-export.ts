import { OrderColumnsBuilder } from '#app/domain/retention/columns/order-columns-builder.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { assessOrder } from '#app/domain/retention/metrics/order-value.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { LineColumnsBuilder } from '#app/domain/retention/products/line-columns-builder.ts';
import type { LineColumns } from '#app/domain/retention/products/line-columns.ts';
import type { ExcludedCounts } from '#app/domain/retention/report/report.ts';
import { CsvScanner } from './csv-scanner.ts';
import type { CsvRecord } from './csv-scanner.ts';
import { EXPORT_COLUMNS, readExportHeader } from './export-header.ts';
import { KnownOrders } from './known-orders.ts';
import { OrderDraft } from './order-draft.ts';
import { readExportOrder } from './read-export-order.ts';
import type { ExportOrder } from './read-export-order.ts';
import { readTextChunks } from './text-chunks.ts';
import { copyOf, TextKeeper } from './text-keeper.ts';
import { UnusableExportError } from './unusable-export.ts';

export interface OrdersExportOptions {
  /** IANA name. */
  timeZone: string;
  /** Only orders in it are read; null for the one that most orders have. */
  currency: string | null;
  counting: OrderCounting;
  /** Something on this line could not be read; the rest is. */
  onProblem: (line: number, reason: string) => void;
  /** After each piece of the file. */
  onProgress?: (linesRead: number) => void;
}

export interface ReadOrdersExport {
  columns: OrderColumns;
  lines: LineColumns;
  excluded: ExcludedCounts;
  /** Rows that hold something, the header apart. */
  rows: number;
  /** Orders that could not be read, or lines of which no order could be made. */
  problems: number;
  /** Counted orders in another currency: no rate is known, so they are in no sum and no count. */
  inOtherCurrency: number;
  /** Orders whose fields came a second time; as they came first, they count. */
  repeatedOrders: number;
  /** Lines that stand apart from the row with their order's fields, and were joined to it. */
  strayLines: number;
  /** Orders whose time says no offset, so that it was read on the clock of `timeZone`. */
  withoutOffset: number;
}

const PLACE_OF_NAME = EXPORT_COLUMNS.indexOf('Name');
const PLACE_OF_CREATED_AT = EXPORT_COLUMNS.indexOf('Created at');

/**
 * Reads a Shopify orders export as it streams by: what is kept grows with the orders, not with the rows of the file.
 *
 * Rows of one order follow each other as Shopify writes them, and need not: a row that names its order is joined to it
 * wherever it stands, so that a file which was sorted or shuffled gives the same numbers. The order's money is read of the
 * first row that has its fields, and only a sum of lines, where the Subtotal is missing, is of those that stand there.
 *
 * @throws UnusableExportError when no order can be read from it at all, saying why in a sentence
 * @throws UnknownTimeZoneError
 */
export async function readOrdersExport(
  source: AsyncIterable<Uint8Array>,
  options: OrdersExportOptions,
): Promise<ReadOrdersExport> {
  const reader = new OrdersExportReader(options);
  const scanner: CsvScanner = new CsvScanner({
    onHeader: (titles) => reader.readHeader(titles, scanner.delimiter),
    onRecord: (record) => reader.readRow(record),
    onBroken: (line, reason) => reader.skip(line, reason),
  });
  for await (const chunk of readTextChunks(source)) {
    scanner.push(chunk);
    options.onProgress?.(reader.rows);
  }
  scanner.end();
  return reader.finish();
}

class OrdersExportReader {
  readonly #options: OrdersExportOptions;
  /** By currency: which of them the report is in is known at the end. */
  readonly #builders = new Map<string, { builder: OrderColumnsBuilder; orders: number; counted: number }>();
  readonly #lines = new LineColumnsBuilder();
  readonly #excluded: ExcludedCounts = { test: 0, deleted: 0, cancelled: 0, refunded: 0, unknownState: 0 };
  readonly #known = new KnownOrders();
  readonly #texts = new TextKeeper();
  readonly #counts = { problems: 0, repeatedOrders: 0, strayLines: 0, withoutOffset: 0 };
  #decimalSign: '.' | ',' = '.';
  #width = -1;
  #draft: OrderDraft | null = null;
  rows = 0;

  constructor(options: OrdersExportOptions) {
    this.#options = options;
  }

  readHeader(titles: readonly string[], delimiter: string): Int16Array {
    const header = readExportHeader(titles, { hasCurrency: this.#options.currency !== null });
    this.#decimalSign = delimiter === ',' ? '.' : ',';
    this.#width = titles.length;
    return header.wanted;
  }

  skip(line: number, reason: string): void {
    if (this.#width === -1) throw new UnusableExportError(`The first line is not the header of a Shopify orders export: ${reason}.`);
    this.rows += 1;
    this.#report(line, reason);
  }

  readRow({ line, width, cells, hasExcess }: CsvRecord): void {
    this.rows += 1;
    if (hasExcess) {
      this.#report(line, `it has ${width} columns, and the header ${this.#width}`);
      return;
    }
    if (cells[PLACE_OF_NAME] === 'Name' && cells[PLACE_OF_CREATED_AT] === 'Created at') {
      // Two exports that were put together bring the header again: an order does not go on behind it.
      this.#close();
      return;
    }
    if (this.#draft?.isContinuedBy(cells) === true) {
      this.#draft.addRow(line, cells);
      return;
    }
    this.#close();
    this.#draft = new OrderDraft(line, cells);
  }

  finish(): ReadOrdersExport {
    this.#close();
    for (const { name, line, lines } of this.#known.waiting()) {
      this.#counts.strayLines -= lines;
      this.#report(line, `line items of order ${name.slice(0, 40)}, and no line with the order's own fields could be read`);
    }
    if (this.#width === -1) throw new UnusableExportError('The file is empty.');
    if (this.rows === 0) throw new UnusableExportError('The file has a header and no orders.');
    const chosen = this.#options.currency ?? this.#mostCommonCurrency();
    if (chosen === null) throw new UnusableExportError('No line of the file could be read as an order.');
    const counted = [...this.#builders.values()].reduce((sum, entry) => sum + entry.counted, 0);
    const entry = this.#builders.get(chosen) ?? this.#addCurrency(chosen);
    const columns = entry.builder.build();
    return {
      columns,
      lines: this.#lines.build(columns, this.#known.orderOfLines),
      excluded: this.#excluded,
      rows: this.rows,
      inOtherCurrency: counted - entry.counted,
      ...this.#counts,
    };
  }

  #report(line: number, reason: string): void {
    this.#counts.problems += 1;
    this.#options.onProblem(line, reason);
  }

  #close(): void {
    const draft = this.#draft;
    this.#draft = null;
    if (draft === null) return;
    const [name, id] = [draft.field('Name'), draft.field('Id')];
    if (!draft.hasOrderFields && name !== '') {
      this.#counts.strayLines += draft.lines.length;
      this.#addLines(draft, this.#known.numberOfLines({ name, id, line: draft.line, lines: draft.lines.length }));
      return;
    }
    if (this.#known.has(name, id)) {
      this.#counts.repeatedOrders += 1;
      // Where each row has the order's fields, these are further lines of it; of the same ones its products stay the same.
      this.#addLines(draft, this.#known.numberOfLines({ name, id, line: draft.line, lines: 0 }));
      return;
    }
    const { timeZone, currency } = this.#options;
    const read = readExportOrder(draft, { timeZone, currency, decimalSign: this.#decimalSign });
    if (read.ok) this.#add(draft, read.order);
    else this.#report(draft.line, read.reason);
  }

  #add(draft: OrderDraft, order: ExportOrder): void {
    const orderId = this.#known.add(draft.field('Name'), draft.field('Id'));
    if (!order.hasOffset) this.#counts.withoutOffset += 1;
    const entry = this.#builders.get(order.currency) ?? this.#addCurrency(order.currency);
    entry.orders += 1;
    const { preset, value } = this.#options.counting;
    const verdict = assessOrder(order.facts, preset, value);
    if (!verdict.counts) {
      this.#excluded[verdict.reason] += 1;
      return;
    }
    entry.counted += 1;
    entry.builder.append({
      orderId,
      customerKey: order.email === null ? null : copyOf(order.email),
      processedAtMs: order.createdAtMs,
      valueMinor: verdict.valueMinor,
      country: this.#texts.keep(order.country),
      region: this.#texts.keep(order.region),
      channel: this.#texts.keep(draft.field('Source')),
      discountCode: this.#texts.keep(order.discountCode),
      presentmentCurrency: this.#texts.keep(order.currency),
    });
    this.#addLines(draft, orderId);
  }

  #addLines(draft: OrderDraft, orderId: number): void {
    for (const { line, quantity, title, sku } of draft.lines) {
      const pieces = quantity === '' ? 1 : Number(quantity);
      if (!Number.isSafeInteger(pieces)) {
        this.#report(line, `Lineitem quantity: “${quantity.slice(0, 40)}” is not a number; order ${draft.field('Name')} is read without it`);
        continue;
      }
      const [ownTitle, ownSku] = [this.#texts.keep(title), this.#texts.keep(sku)];
      if (ownTitle === null && ownSku === null) continue;
      this.#lines.append({ orderId, productId: null, title: ownTitle ?? ownSku ?? '', sku: ownSku, quantity: pieces });
    }
  }

  #addCurrency(currency: string) {
    const { timeZone, counting } = this.#options;
    const builder = new OrderColumnsBuilder({ timeZone, currency, counting });
    const entry = { builder, orders: 0, counted: 0 };
    this.#builders.set(currency, entry);
    return entry;
  }

  /** Of two that are as common, the one that came first. */
  #mostCommonCurrency(): string | null {
    let most: string | null = null;
    let orders = 0;
    for (const [currency, entry] of this.#builders) {
      if (entry.orders > orders) [most, orders] = [currency, entry.orders];
    }
    return most;
  }
}
