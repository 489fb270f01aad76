import { Readable } from 'node:stream';

import { stringify } from 'csv-stringify';

import { guardCell } from './guard-cell.ts';

/** Ids are texts: beyond 2^53 a number is another one. Null is an empty cell. */
export type CsvCell = string | number | bigint | null;

export interface CsvFormat {
  /** Excel needs it to read UTF-8; a program takes it for a part of the first column's name. */
  byteOrderMark?: boolean;
}

/**
 * A file after RFC 4180: CRLF, a byte order mark unless it is for programs, one header. Every text is quoted,
 * because where a comma is the decimal sign Excel parts cells at semicolons, and what follows one would be a cell of its
 * own; numbers are not, so that they stay numbers. Rows are written as they come.
 */
export function writeCsv(
  header: readonly string[],
  rows: Iterable<readonly CsvCell[]> | AsyncIterable<readonly CsvCell[]>,
  { byteOrderMark = true }: CsvFormat = {},
): Readable {
  const lines = stringify({ bom: byteOrderMark, record_delimiter: 'windows', quoted_string: true, escape_formulas: true });
  const cells = Readable.from(cellsOf(header, rows));
  // A source that fails must not look like a file that has ended.
  cells.on('error', (error) => lines.destroy(error));
  lines.on('close', () => cells.destroy());
  return cells.pipe(lines);
}

async function* cellsOf(
  header: readonly string[],
  rows: Iterable<readonly CsvCell[]> | AsyncIterable<readonly CsvCell[]>,
): AsyncGenerator<CsvCell[]> {
  yield header.map(guardCell);
  for await (const row of rows) yield row.map(cellOf);
}

function cellOf(cell: CsvCell): CsvCell {
  if (typeof cell === 'string') return guardCell(cell);
  if (typeof cell === 'number' && !Number.isFinite(cell)) return null;
  return cell;
}
