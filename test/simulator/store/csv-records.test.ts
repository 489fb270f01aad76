import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsvRecords, type CsvRecord } from './csv-records.ts';

async function recordsOf(text: string, chunkLength = text.length || 1) {
  const chunks = async function* () {
    for (let index = 0; index < text.length; index += chunkLength) yield text.slice(index, index + chunkLength);
  };
  const broken: number[] = [];
  const records: CsvRecord[] = [];
  for await (const batch of readCsvRecords(chunks(), (line) => broken.push(line))) {
    for (const record of batch) records.push(record);
  }
  return { records, broken };
}

describe('CSV records', () => {
  it('are those of csv-parse for any fields, line break and chunk length', async () => {
    const field = fc
      .array(fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', 'é', '名'), { maxLength: 5 })
      .map((parts) => parts.join(''));
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        async (lines, lineBreak, chunkLength) => {
          // A header without odd characters, since the delimiter is told from it.
          const text = [
            'h1,h2',
            ...lines.map((line) => line.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')),
          ].join(lineBreak);
          const expected: unknown = parse(text, { relax_column_count: true, record_delimiter: [lineBreak] });
          const { records, broken } = await recordsOf(text, chunkLength);
          expect(records.map((record) => record.fields)).toEqual(expected);
          expect(broken).toEqual([]);
        },
      ),
      { seed: 20_260_101, numRuns: 300 },
    );
  });

  it('carry the physical line that they start on, over breaks in quotes and empty lines', async () => {
    for (const lineBreak of ['\n', '\r\n', '\r']) {
      const { records } = await recordsOf(['a,b', '1,"x', 'y', 'z"', '', '2,3', '4,5'].join(lineBreak), 3);
      expect(records.map((record) => record.line)).toEqual([1, 2, 6, 7]);
    }
  });

  it('lose one line to a wrong quote, wherever the next one is', async () => {
    const { records, broken } = await recordsOf('a,b\n1,"open\n2,3\n4,"x" y\n5,"6"\n7,"8\n');
    expect(records.map((record) => record.fields.join(' '))).toEqual(['a b', '2 3', '5 6']);
    expect(broken).toEqual([2, 4, 6]);
  });

  it('do not hold a whole file in memory for a quote that never closes', async () => {
    const text = `a,b\n1,"open\n${'2,3\n'.repeat(400_000)}`;
    const { records, broken } = await recordsOf(text, 65_536);
    expect(records).toHaveLength(400_001);
    expect(broken).toEqual([2]);
  });
});
