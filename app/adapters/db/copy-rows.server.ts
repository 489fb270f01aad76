import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

export type CopyValue = string | number | bigint | boolean | Date | readonly string[] | null;

const CHUNK_CHARACTERS = 131_072;

/** Appends rows by COPY in text format. `table` and `columns` are names of ours, never input. */
export async function copyRows(
  connection: pg.PoolClient,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<void> {
  await copyTexts(connection, table, columns, encodeRows(rows));
}

/** The same with rows that are in COPY's text format already, each with its newline; see `textOf`, `timeOf` and `listOf`. */
export async function copyTexts(
  connection: pg.PoolClient,
  table: string,
  columns: readonly string[],
  rows: Iterable<string>,
): Promise<void> {
  const target = connection.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  await pipeline(Readable.from(inChunks(rows)), target);
}

function* inChunks(rows: Iterable<string>): Generator<Buffer> {
  let buffered = '';
  for (const row of rows) {
    buffered += row;
    if (buffered.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(buffered);
    buffered = '';
  }
  if (buffered !== '') yield Buffer.from(buffered);
}

function* encodeRows(rows: Iterable<readonly CopyValue[]>): Generator<string> {
  for (const row of rows) yield `${row.map(encodeValue).join('\t')}\n`;
}

function encodeValue(value: CopyValue): string {
  if (typeof value === 'string') return textOf(value);
  if (value instanceof Date) return timeOf(value);
  return typeof value === 'object' && value !== null ? listOf(value) : numberOf(value);
}

const NULL = '\\N';

export function numberOf(value: number | bigint | boolean | string | null): string {
  return value === null ? NULL : String(value);
}

/** A text is one that is known to be a date. */
export function timeOf(value: Date | string | null): string {
  if (typeof value === 'string') return value;
  return value === null ? NULL : value.toISOString();
}

export function listOf(value: readonly string[]): string {
  return value.length === 0 ? '{}' : textOf(`{${value.map(quoteArrayItem).join(',')}}`);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const UNUSUAL = /[\\\t\n\r\0]/;

export function textOf(text: string | null): string {
  if (text === null) return NULL;
  if (!UNUSUAL.test(text)) return text;
  // PostgreSQL text cannot hold NUL, and no name needs one.
  return text.replaceAll('\0', '').replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

function quoteArrayItem(item: string): string {
  return `"${item.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}
