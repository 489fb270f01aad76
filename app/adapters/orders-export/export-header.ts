import { UnusableExportError } from './unusable-export.ts';

/** The columns that are read. Whatever else a file has is passed over. */
export const EXPORT_COLUMNS = [
  'Name', 'Id', 'Email', 'Financial Status', 'Created at', 'Paid at', 'Cancelled at', 'Currency', 'Subtotal', 'Shipping',
  'Taxes', 'Total', 'Discount Amount', 'Refunded Amount', 'Discount Code', 'Source', 'Shipping Country',
  'Shipping Province', 'Billing Country', 'Billing Province', 'Lineitem quantity', 'Lineitem name', 'Lineitem price',
  'Lineitem sku',
] as const;

export type ExportColumn = (typeof EXPORT_COLUMNS)[number];

/** Without these no order has a customer, a moment, a state or a value. */
const REQUIRED: readonly ExportColumn[] = ['Name', 'Email', 'Created at', 'Financial Status', 'Subtotal'];

/** Columns that only another of Shopify's exports has. */
const OTHER_EXPORTS: readonly (readonly [what: string, columns: readonly string[]])[] = [
  ['a customers export', ['first name', 'last name', 'total spent']],
  ['a products export', ['handle', 'title', 'variant price']],
  ['an inventory export', ['handle', 'title', 'location']],
  ['a discounts export', ['code', 'times used in total']],
];

export interface ExportHeader {
  /** For each cell of a row its place among `EXPORT_COLUMNS`, or -1. */
  wanted: Int16Array;
  has: (column: ExportColumn) => boolean;
}

/**
 * Titles are compared without case and outer blanks; of two columns with one title the first is read.
 *
 * @param hasCurrency the reader was told the currency, so that the file need not say it
 * @throws UnusableExportError naming every column that is missing
 */
export function readExportHeader(titles: readonly string[], { hasCurrency }: { hasCurrency: boolean }): ExportHeader {
  const known = titles.map((title) => title.trim().toLowerCase());
  const wanted = new Int16Array(titles.length).fill(-1);
  const found = new Set<ExportColumn>();
  EXPORT_COLUMNS.forEach((column, place) => {
    const index = known.indexOf(column.toLowerCase());
    if (index === -1) return;
    wanted[index] = place;
    found.add(column);
  });
  const required: readonly ExportColumn[] = hasCurrency ? REQUIRED : [...REQUIRED, 'Currency'];
  const missing = required.filter((column) => !found.has(column));
  if (missing.length > 0) throw new UnusableExportError(describeMissing(missing, known, found.size));
  return { wanted, has: (column) => found.has(column) };
}

function describeMissing(missing: readonly ExportColumn[], titles: readonly string[], foundCount: number): string {
  const names = missing.map((column) => `“${column}”`).join(', ');
  const columns = missing.length === 1 ? `The column ${names} is missing.` : `The columns ${names} are missing.`;
  const other = OTHER_EXPORTS.find(([, marks]) => marks.every((mark) => titles.includes(mark)));
  if (other !== undefined) return `The file is ${other[0]}, not an orders export. ${columns}`;
  if (foundCount === 0) return `The first line is not the header of a Shopify orders export. ${columns}`;
  if (missing.length === 1 && missing[0] === 'Currency') return `${columns} Say it with --currency, for example --currency EUR.`;
  return columns;
}
