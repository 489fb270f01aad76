/** One record of a CSV text with the physical line that it starts on, counted from 1. */
export interface CsvRecord {
  line: number;
  fields: string[];
}

type Scan =
  | { kind: 'record'; fields: string[]; next: number; lineBreaks: number }
  | { kind: 'incomplete' }
  | { kind: 'broken'; message: string };

const QUOTE = 34;
const LF = 10;
const CR = 13;

/** A record longer than this has lost its closing quote; it also bounds what is held in memory. */
const LONGEST_RECORD_CHARS = 1_000_000;

function countLineBreaks(text: string): number {
  let breaks = 0;
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) breaks += 1;
  for (let index = text.indexOf('\r'); index !== -1; index = text.indexOf('\r', index + 1)) {
    if (text.charCodeAt(index + 1) !== LF) breaks += 1;
  }
  return breaks;
}

/** Reads the quoted field that opens at `open`; `next` is behind its closing quote. */
function scanQuoted(text: string, open: number, isLast: boolean): { value: string; next: number } | Scan {
  let value = '';
  let from = open + 1;
  for (;;) {
    const close = text.indexOf('"', from);
    if ((close === -1 ? text.length : close) - open > LONGEST_RECORD_CHARS)
      return { kind: 'broken', message: 'a quote never closes' };
    if (close === -1 || (close + 1 === text.length && !isLast)) {
      return isLast ? { kind: 'broken', message: 'a quote never closes' } : { kind: 'incomplete' };
    }
    value += text.slice(from, close);
    if (text.charCodeAt(close + 1) !== QUOTE) return { value, next: close + 1 };
    value += '"';
    from = close + 2;
  }
}

function scanRecord(text: string, start: number, delimiter: number, isLast: boolean): Scan {
  const fields: string[] = [];
  let position = start;
  let lineBreaks = 0;
  for (;;) {
    if (text.charCodeAt(position) === QUOTE) {
      const quoted = scanQuoted(text, position, isLast);
      if ('kind' in quoted) return quoted;
      fields.push(quoted.value);
      lineBreaks += countLineBreaks(quoted.value);
      position = quoted.next;
    } else {
      const from = position;
      for (; position < text.length; position += 1) {
        const code = text.charCodeAt(position);
        if (code === delimiter || code === LF || code === CR) break;
      }
      fields.push(text.slice(from, position));
    }
    if (position >= text.length)
      return isLast ? { kind: 'record', fields, next: position, lineBreaks } : { kind: 'incomplete' };
    const code = text.charCodeAt(position);
    if (code === delimiter) {
      position += 1;
      continue;
    }
    if (code !== LF && code !== CR) return { kind: 'broken', message: 'there is text behind a closing quote' };
    if (code === CR && position + 1 === text.length && !isLast) return { kind: 'incomplete' };
    const breakLength = code === CR && text.charCodeAt(position + 1) === LF ? 2 : 1;
    return { kind: 'record', fields, next: position + breakLength, lineBreaks: lineBreaks + 1 };
  }
}

/** Where the physical line that contains `start` ends, its break included; null while that is not known yet. */
function endOfLine(text: string, start: number): number {
  const match = /\r\n|\n|\r/g;
  match.lastIndex = start;
  const found = match.exec(text);
  return found === null ? text.length : found.index + found[0].length;
}

/** Comma, semicolon or tab, whichever the first line has most of: office programs write what their country uses. */
function detectDelimiter(text: string): number {
  const header = text.slice(0, endOfLine(text, 0));
  const counts = [',', ';', '\t'].map((candidate) => ({ candidate, count: header.split(candidate).length }));
  const best = counts.reduce((most, next) => (next.count > most.count ? next : most));
  return best.candidate.charCodeAt(0);
}

/**
 * Splits CSV text (RFC 4180, any line break) into records, a batch for each chunk, holding no more than a chunk and a
 * record. Empty lines are passed over. A record whose quotes are wrong is told to `onBroken` with its line, and reading
 * goes on with the next physical line, so that one stray quote costs one line and not the rest of the file. That and
 * true line numbers are why this is not csv-parse, which counts a CRLF inside quotes twice.
 */
export async function* readCsvRecords(
  chunks: AsyncIterable<string>,
  onBroken: (line: number, message: string) => void,
): AsyncGenerator<CsvRecord[]> {
  let text = '';
  let line = 1;
  let delimiter: number | null = null;

  const drain = (isLast: boolean): CsvRecord[] => {
    const records: CsvRecord[] = [];
    let position = 0;
    // Half a header line would name the wrong delimiter.
    if (delimiter === null && !isLast && !/[\r\n]/.test(text)) return records;
    delimiter ??= detectDelimiter(text);
    while (position < text.length) {
      const scan = scanRecord(text, position, delimiter, isLast);
      if (scan.kind === 'incomplete') break;
      if (scan.kind === 'broken') {
        onBroken(line, scan.message);
        position = endOfLine(text, position);
        line += 1;
        continue;
      }
      if (scan.fields.length > 1 || scan.fields[0] !== '') records.push({ line, fields: scan.fields });
      position = scan.next;
      line += scan.lineBreaks;
    }
    text = text.slice(position);
    return records;
  };

  for await (const chunk of chunks) {
    text += chunk;
    const records = drain(false);
    if (records.length > 0) yield records;
  }
  const rest = drain(true);
  if (rest.length > 0) yield rest;
}
