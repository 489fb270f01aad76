import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CsvScanner, LONGEST_RECORD_CHARS } from '#app/adapters/orders-export/csv-scanner.ts';

interface Scanned {
  header: string[];
  /** Cells and the line that the record began on. */
  records: { line: number; cells: string[] }[];
  broken: [line: number, reason: string][];
}

function scan(text: string, pieceLength = text.length + 1): Scanned {
  const scanned: Scanned = { header: [], records: [], broken: [] };
  const scanner = new CsvScanner({
    onHeader: (cells) => {
      scanned.header = [...cells];
      return Int16Array.from(cells, (_, index) => index);
    },
    onRecord: ({ line, cells }) => scanned.records.push({ line, cells: [...cells] }),
    onBroken: (line, reason) => scanned.broken.push([line, reason]),
  });
  for (let at = 0; at < text.length; at += pieceLength) scanner.push(text.slice(at, at + pieceLength));
  scanner.end();
  return scanned;
}

const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '中', ' ', '"', ',', ';', '\t', '\n', '\r\n', '1', '.'), maxLength: 6 });
const table = fc.integer({ min: 2, max: 5 }).chain((width) =>
  fc.record({
    header: fc.constant(Array.from({ length: width }, (_, index) => `column ${index}`)),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }),
  }),
);

describe('cutting a CSV file into records', () => {
  it('reads what csv-stringify writes as csv-parse does, in pieces of any length', () => {
    const delimiters = fc.constantFrom(',', ';', '\t');
    const lineEnds = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(table, delimiters, lineEnds, fc.boolean(), fc.integer({ min: 1, max: 9 }), (content, delimiter, lineEnd, quoted, length) => {
        // A record of empty cells alone is a blank line to one and a row to the other.
        const rows = content.rows.filter((row) => row.some((value) => value !== ''));
        const text = stringify([content.header, ...rows], { delimiter, record_delimiter: lineEnd, quoted, quoted_match: /[\r\n]/ });
        const [header, ...records] = parse(text, { delimiter, record_delimiter: lineEnd });
        const scanned = scan(text, length);
        expect([scanned.header, ...scanned.records.map(({ cells }) => cells)]).toEqual([header, ...records]);
        expect(scanned.broken).toEqual([]);
      }),
    );
  });

  it('numbers records by the physical line that they begin on, whatever is inside quotes', () => {
    const { records } = scan('a,b\r\n1,"two\r\nlines"\r\n\r\n2,"x\ny\nz"\n3,c\r4,d');
    expect(records.map(({ line, cells }) => [line, cells[0]])).toEqual([[2, '1'], [5, '2'], [8, '3'], [9, '4']]);
  });

  it('loses one line to a quote that should not be there, and reads the next', () => {
    const { broken, records } = scan('a,b\n1,"x" y\n2,"open\n3,c\n4,"d"\n');
    expect(broken).toEqual([
      [2, 'there is text behind a closing quote'],
      [3, 'there is text behind a closing quote'],
    ]);
    expect(records.map(({ cells }) => cells)).toEqual([['3', 'c'], ['4', 'd']]);
  });

  it('loses one line to a quote that never closes', () => {
    const { broken, records } = scan('a,b\n1,"open\n2,c\n3,d\n', 3);
    expect(broken).toEqual([[2, 'a quote never closes']]);
    expect(records.map(({ line }) => line)).toEqual([3, 4]);
  });

  it('holds no more of a line without end than a million characters, and goes on behind it', () => {
    const endless = 'x'.repeat(LONGEST_RECORD_CHARS + 100_000);
    const { broken, records } = scan(`a,b\n1,${endless}\n2,c\n`, 65_536);
    expect(broken).toEqual([[2, 'it is longer than a million characters']]);
    expect(records).toEqual([{ line: 3, cells: ['2', 'c'] }]);
  });

  it('leaves the cells of a short row empty', () => {
    expect(scan('a,b,c\n1,2,3\n4\n').records.at(-1)?.cells).toEqual(['4', '', '']);
  });
});
