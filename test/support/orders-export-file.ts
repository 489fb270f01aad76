import { Readable } from 'node:stream';

/** The columns of Shopify's export that its manual lists first; an order's fields are on its first row alone. */
export const EXPORT_HEADER = [
  'Name', 'Email', 'Financial Status', 'Paid at', 'Fulfillment Status', 'Currency', 'Subtotal', 'Shipping', 'Taxes', 'Total',
  'Discount Code', 'Discount Amount', 'Created at', 'Lineitem quantity', 'Lineitem name', 'Lineitem price', 'Lineitem sku',
  'Billing Country', 'Shipping Country', 'Cancelled at', 'Refunded Amount', 'Id', 'Tags', 'Source',
];

export type ExportRow = Readonly<Record<string, string>>;

interface ExportShape {
  columns?: readonly string[];
  delimiter?: string;
  lineEnd?: string;
}

/** Rows as a file; a column that a row does not have is an empty cell. */
export function exportFile(rows: readonly ExportRow[], shape: ExportShape = {}): string {
  const { columns = EXPORT_HEADER, delimiter = ',', lineEnd = '\n' } = shape;
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  return lines.map((cells) => cells.map((cell) => quoted(cell, delimiter)).join(delimiter) + lineEnd).join('');
}

/** A paid order of one tea at 10.00 EUR without tax or shipping; what is said otherwise replaces that. */
export function anOrderRow(name: string, changes: ExportRow = {}): ExportRow {
  const subtotal = changes['Subtotal'] ?? '10.00';
  return {
    Name: name,
    Email: 'ann@example.com',
    'Financial Status': 'paid',
    Currency: 'EUR',
    Subtotal: subtotal,
    Shipping: '0.00',
    Taxes: '0.00',
    Total: subtotal,
    'Created at': '2026-03-01 10:00:00 +0000',
    'Lineitem quantity': '1',
    'Lineitem name': 'Tea',
    'Lineitem price': '10.00',
    'Lineitem sku': 'TEA',
    ...changes,
  };
}

/** A further row of an order, as Shopify writes it: its name and e-mail again, and the line item. */
export function aLineRow(name: string, changes: ExportRow = {}): ExportRow {
  return { Name: name, Email: 'ann@example.com', 'Lineitem quantity': '1', 'Lineitem price': '5.00', ...changes };
}

function quoted(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The bytes in pieces of some length, so that anything can be cut in two. */
export function inPieces(content: string | Uint8Array, pieceBytes = 64 * 1024): AsyncIterable<Uint8Array> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  return Readable.from(pieces);
}
