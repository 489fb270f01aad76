import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type CopyValue = string | number | bigint | boolean | Date | readonly string[] | null;

const CHUNK_CHARACTERS = 65_536;

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

/** In a loop and not with map and join: an import spends a good part of its time here. */
function* encodeRows(rows: Iterable<readonly CopyValue[]>): Generator<string> {
  let buffered = '';
  for (const row of rows) {
    let separator = '';
    for (const value of row) {
      buffered += separator + encodeValue(value);
      separator = '\t';
    }
    buffered += '\n';
    if (buffered.length > CHUNK_CHARACTERS) {
      yield buffered;
      buffered = '';
    }
  }
  if (buffered !== '') yield buffered;
}

function encodeValue(value: CopyValue): string {
  if (typeof value === 'string') return escapeText(value);
  if (value === null) return '\\N';
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return value.toISOString();
  return value.length === 0 ? '{}' : escapeText(`{${value.map(quoteArrayItem).join(',')}}`);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const UNUSUAL = /[\\\t\n\r\0]/;

function escapeText(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  // PostgreSQL text cannot hold NUL, and no name needs one.
  return text.replaceAll('\0', '').replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

function quoteArrayItem(item: string): string {
  return `"${item.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}
