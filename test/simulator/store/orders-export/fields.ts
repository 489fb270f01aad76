import { Temporal } from 'temporal-polyfill';
import type { Currency } from '../../state.ts';
import type { CsvRecord } from '../csv-records.ts';
import type { ExportProblems } from './problems.ts';
import { parseAmountMinor } from '../money-arithmetic.ts';

/** Columns that are read; whatever else a file has is passed over. */
export const COLUMNS = [
  'Name', 'Id', 'Email', 'Financial Status', 'Paid at', 'Fulfillment Status', 'Fulfilled at',
  'Accepts Marketing', 'Currency', 'Subtotal', 'Shipping', 'Taxes', 'Total', 'Outstanding Balance',
  'Discount Code', 'Discount Amount', 'Created at',
  'Lineitem quantity', 'Lineitem name', 'Lineitem price', 'Lineitem sku', 'Billing Name', 'Billing City', 'Billing Zip',
  'Billing Province', 'Billing Country', 'Shipping Name', 'Shipping City', 'Shipping Zip', 'Shipping Province',
  'Shipping Country', 'Cancelled at', 'Refunded Amount', 'Tags', 'Source',
] as const;

export type Column = (typeof COLUMNS)[number];

const REQUIRED: readonly Column[] = ['Name', 'Created at', 'Financial Status', 'Lineitem quantity', 'Lineitem price'];

/** Positions of the known columns in one file's header. */
export class ExportHeader {
  readonly width: number;
  readonly #positions: ReadonlyMap<Column, number>;

  constructor(fields: readonly string[]) {
    this.width = fields.length;
    const byTitle = new Map(fields.map((field, index) => [field.trim().toLowerCase(), index]));
    const known = COLUMNS.map((column): [Column, number | undefined] => [column, byTitle.get(column.toLowerCase())]);
    this.#positions = new Map(known.flatMap(([column, index]) => (index === undefined ? [] : [[column, index]])));
  }

  positionOf(column: Column): number | undefined {
    return this.#positions.get(column);
  }

  missing(hasCurrency: boolean): Column[] {
    const required: readonly Column[] = hasCurrency ? REQUIRED : [...REQUIRED, 'Currency'];
    return required.filter((column) => !this.#positions.has(column));
  }
}

export interface RowContext {
  header: ExportHeader;
  problems: ExportProblems;
  timeZone: string;
}

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * `2011-01-04 10:00:00 +0000` and its ISO relatives as milliseconds since 1970; a time without an offset is on the
 * given zone's clock, a date alone is its midnight. Null for anything else, and for days that no calendar has.
 */
export function parseExportInstant(text: string, timeZone: string): number | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const parts = match.slice(1, 7).map((part) => Number(part ?? 0));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const millisecond = Number((match[7] ?? '').padEnd(3, '0'));
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  const wall = new Date(wallMs);
  if (wall.getUTCMonth() !== month - 1 || wall.getUTCDate() !== day) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const offset = match[8]?.toUpperCase();
  if (offset === 'Z' || offset === 'UTC') return wallMs;
  if (offset !== undefined) {
    const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
    return wallMs - (offset.startsWith('-') ? -minutes : minutes) * 60_000;
  }
  const local = Temporal.PlainDateTime.from({ year, month, day, hour, minute, second, millisecond });
  return local.toZonedDateTime(timeZone).epochMilliseconds;
}

/** One row with its cells by column name; what cannot be read is reported and answered as absent. */
export class ExportRow {
  readonly line: number;
  readonly #fields: readonly string[];
  readonly #context: RowContext;

  constructor(record: CsvRecord, context: RowContext) {
    this.line = record.line;
    this.#fields = record.fields;
    this.#context = context;
  }

  /** Trimmed; empty when the cell or the whole column is absent. */
  text(column: Column): string {
    const position = this.#context.header.positionOf(column);
    return position === undefined ? '' : (this.#fields[position] ?? '').trim();
  }

  report(message: string): void {
    this.#context.problems.add(this.line, message);
  }

  reportOnce(message: string): void {
    this.#context.problems.addOnce(this.line, message);
  }

  amountMinor(column: Column, currency: Currency): number | null {
    const text = this.text(column);
    if (text === '') return null;
    const amountMinor = parseAmountMinor(text, currency);
    if (amountMinor === null) this.report(`${column}: “${text}” is not an amount in ${currency}.`);
    return amountMinor;
  }

  instantMs(column: Column): number | null {
    const text = this.text(column);
    if (text === '') return null;
    const instantMs = parseExportInstant(text, this.#context.timeZone);
    if (instantMs === null) this.report(`${column}: “${text}” is not a date and time.`);
    return instantMs;
  }
}
