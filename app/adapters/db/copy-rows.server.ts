import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type CopyValue = string | number | bigint | boolean | Date | readonly string[] | null;

/** Appends rows by COPY in text format. `table` and `columns` are names of ours, never input. */
export async function copyRows(
  connection: pg.PoolClient,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<void> {
  const target = connection.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  await pipeline(Readable.from(encodeRows(rows)), target);
}

function* encodeRows(rows: Iterable<readonly CopyValue[]>): Generator<string> {
  let buffered = '';
  for (const row of rows) {
    buffered += `${row.map(encodeValue).join('\t')}\n`;
    if (buffered.length > 65_536) {
      yield buffered;
      buffered = '';
    }
  }
  if (buffered !== '') yield buffered;
}

function encodeValue(value: CopyValue): string {
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'object') return escapeText(`{${value.map(quoteArrayItem).join(',')}}`);
  return String(value);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escapeText(text: string): string {
  // PostgreSQL text cannot hold NUL, and no name needs one.
  return text.replaceAll('\0', '').replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

function quoteArrayItem(item: string): string {
  return `"${item.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}
