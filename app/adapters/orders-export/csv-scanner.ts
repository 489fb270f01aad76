const QUOTE = 34;
const LF = 10;
const CR = 13;

/** A record longer than this has lost its closing quote; it also bounds what is held in memory. */
export const LONGEST_RECORD_CHARS = 1_000_000;

export interface CsvRecord {
  /** Physical line that it starts on, from 1. */
  line: number;
  /** Number of cells in the file. */
  width: number;
  /** The cells wanted, or all; the array is used again for the next record. */
  cells: readonly string[];
  /** Whether a cell that is past the header holds something. */
  hasExcess: boolean;
}

export interface CsvReceiver {
  /** The first record is the header. Answers which of its cells are wanted: the place each is put in, or -1. */
  onHeader: (cells: readonly string[]) => Int16Array;
  onRecord: (record: CsvRecord) => void;
  onBroken: (line: number, reason: string) => void;
}

type Scan = 'record' | 'incomplete' | { broken: string };

/**
 * Cuts CSV text (RFC 4180; comma, semicolon or tab; any line break) into records as it comes, holding no more than a
 * chunk and a record. Empty lines are passed over.
 *
 * A record whose quotes are wrong is told to `onBroken`, and reading goes on with the next physical line, so that one
 * stray quote costs one line and not the rest of the file. That, true line numbers when a quoted cell has line breaks,
 * and cells cut out only where they are wanted (a row has some 80, of which a report needs 20) are why this is not
 * csv-parse.
 */
export class CsvScanner {
  readonly #receiver: CsvReceiver;
  #text = '';
  #line = 1;
  /** Known when the first line is. */
  #delimiter = 0;
  #wanted: Int16Array | null = null;
  #isSkippingLine = false;
  // Of the record at hand.
  #cells: string[] = [];
  #width = 0;
  #hasExcess = false;
  #next = 0;
  #lineBreaks = 0;

  constructor(receiver: CsvReceiver) {
    this.#receiver = receiver;
  }

  /** `,`, `;` or a tab. */
  get delimiter(): string {
    return String.fromCharCode(this.#delimiter);
  }

  push(chunk: string): void {
    this.#text += chunk;
    this.#drain(false);
  }

  end(): void {
    this.#drain(true);
  }

  #drain(isLast: boolean): void {
    if (this.#delimiter === 0) {
      // Half a header line would name the wrong delimiter.
      if (!isLast && this.#text.length < LONGEST_RECORD_CHARS && !/[\r\n]/.test(this.#text)) return;
      this.#delimiter = detectDelimiter(this.#text);
    }
    let position = this.#isSkippingLine ? this.#skipLine(0) : 0;
    while (position < this.#text.length) {
      const scan = this.#scan(position, isLast);
      if (scan === 'incomplete' && this.#text.length - position <= LONGEST_RECORD_CHARS) break;
      if (scan === 'record') {
        this.#deliver();
        position = this.#next;
        this.#line += this.#lineBreaks;
        continue;
      }
      this.#receiver.onBroken(this.#line, scan === 'incomplete' ? 'it is longer than a million characters' : scan.broken);
      position = this.#skipLine(position);
    }
    this.#text = this.#text.slice(position);
  }

  #deliver(): void {
    if (this.#width === 1 && this.#cells[0] === '') return;
    if (this.#wanted === null) {
      this.#wanted = this.#receiver.onHeader(this.#cells.slice(0, this.#width));
      this.#cells = Array.from({ length: Math.max(0, ...this.#wanted) + 1 }, () => '');
      return;
    }
    if (this.#width === 1 && this.#isBlankLine) return;
    this.#receiver.onRecord({ line: this.#line, width: this.#width, cells: this.#cells, hasExcess: this.#hasExcess });
  }

  #isBlankLine = false;

  /** To behind the line break; where that has not come yet, the rest of the line is passed over when it comes. */
  #skipLine(start: number): number {
    const end = endOfLine(this.#text, start);
    this.#isSkippingLine = end === null;
    if (end !== null) this.#line += 1;
    return end ?? this.#text.length;
  }

  #scan(start: number, isLast: boolean): Scan {
    const text = this.#text;
    const delimiter = this.#delimiter;
    const length = text.length;
    let position = start;
    this.#begin();
    for (;;) {
      const from = position;
      if (text.charCodeAt(position) === QUOTE) {
        const outcome = this.#scanQuoted(position, isLast);
        if (outcome !== 'record') return outcome;
        position = this.#next;
      } else {
        for (; position < length; position += 1) {
          const code = text.charCodeAt(position);
          if (code === delimiter || code === LF || code === CR) break;
        }
        this.#keep(from, position);
      }
      if (position >= length) {
        this.#next = position;
        return isLast ? 'record' : 'incomplete';
      }
      const code = text.charCodeAt(position);
      if (code === delimiter) {
        position += 1;
        continue;
      }
      if (code !== LF && code !== CR) return { broken: 'there is text behind a closing quote' };
      if (code === CR && position + 1 === length && !isLast) return 'incomplete';
      this.#next = position + (code === CR && text.charCodeAt(position + 1) === LF ? 2 : 1);
      this.#lineBreaks += 1;
      return 'record';
    }
  }

  #begin(): void {
    this.#width = 0;
    this.#lineBreaks = 0;
    this.#hasExcess = false;
    this.#isBlankLine = true;
    // A short row leaves its last cells empty, and not as the row before had them.
    if (this.#wanted !== null) this.#cells.fill('');
  }

  #keep(from: number, end: number): void {
    const index = this.#width;
    this.#width += 1;
    if (from !== end) this.#isBlankLine = false;
    if (this.#wanted === null) {
      this.#cells[index] = this.#text.slice(from, end);
      return;
    }
    const place = this.#wanted[index];
    if (place === undefined) this.#hasExcess ||= this.#text.slice(from, end).trim() !== '';
    else if (place >= 0 && from !== end) this.#cells[place] = this.#text.slice(from, end);
  }

  #keepText(value: string): void {
    const index = this.#width;
    this.#width += 1;
    if (value !== '') this.#isBlankLine = false;
    const place = this.#wanted === null ? index : this.#wanted[index];
    if (place === undefined) this.#hasExcess ||= value.trim() !== '';
    else if (place >= 0) this.#cells[place] = value;
  }

  /** The cell that opens at `open`; afterwards `#next` is behind its closing quote. */
  #scanQuoted(open: number, isLast: boolean): Scan {
    const text = this.#text;
    let value = '';
    let from = open + 1;
    for (;;) {
      const close = text.indexOf('"', from);
      if ((close === -1 ? text.length : close) - open > LONGEST_RECORD_CHARS) return { broken: 'a quote never closes' };
      if (close === -1) return isLast ? { broken: 'a quote never closes' } : 'incomplete';
      if (close + 1 === text.length && !isLast) return 'incomplete';
      value += text.slice(from, close);
      if (text.charCodeAt(close + 1) !== QUOTE) {
        this.#next = close + 1;
        this.#lineBreaks += countLineBreaks(value);
        this.#keepText(value);
        return 'record';
      }
      value += '"';
      from = close + 2;
    }
  }
}

/** Behind the line's break, which is part of it; null when it has not come. */
function endOfLine(text: string, start: number): number | null {
  const match = /\r\n|\n|\r/g;
  match.lastIndex = start;
  const found = match.exec(text);
  return found === null ? null : found.index + found[0].length;
}

function countLineBreaks(text: string): number {
  let breaks = 0;
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) breaks += 1;
  for (let index = text.indexOf('\r'); index !== -1; index = text.indexOf('\r', index + 1)) {
    if (text.charCodeAt(index + 1) !== LF) breaks += 1;
  }
  return breaks;
}

/** Whichever the first line has most of: office programs write what their country uses. */
function detectDelimiter(text: string): number {
  const header = text.slice(0, endOfLine(text, 0) ?? text.length);
  const counts = [',', ';', '\t'].map((candidate) => ({ candidate, count: header.split(candidate).length }));
  const best = counts.reduce((most, next) => (next.count > most.count ? next : most));
  return best.candidate.charCodeAt(0);
}
