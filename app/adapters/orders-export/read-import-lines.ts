import { IMPORT_COLUMNS, readImportHeader, readImportLine, SHOWN_LINES } from '#app/domain/loyalty/members/import-lines.ts';
import type { BadLine, HeaderProblem, ImportColumn, WrittenLine } from '#app/domain/loyalty/members/import-lines.ts';
import { CsvScanner } from './csv-scanner.ts';

export interface ReadLines {
  lines: WrittenLine[];
  badLines: number;
  /** The first ones. */
  bad: BadLine[];
}

/**
 * Lines of a file of balances, of a piece of it with its header.
 *
 * @param firstLine of the file, where the piece begins behind the header
 */
export function readImportLines(
  { header, text, firstLine }: { header: string; text: string; firstLine: number },
  at: { today: number; nowMs: number; timeZone: string },
): { ok: true; value: ReadLines } | { ok: false; problem: HeaderProblem } {
  const read: ReadLines = { lines: [], badLines: 0, bad: [] };
  let problem: HeaderProblem | null = null;
  let places: Partial<Record<ImportColumn, number>> = {};
  const noteBad = (bad: BadLine) => {
    read.badLines += 1;
    if (read.bad.length < SHOWN_LINES) read.bad.push(bad);
  };
  // The header may have been longer than a line; what is counted here begins behind it.
  const before = (header.match(/\r\n|\n|\r/g)?.length ?? 0) + 1;
  const lineOf = (line: number) => firstLine + line - 1 - before;
  const scanner = new CsvScanner({
    onHeader: (cells) => {
      const known = readImportHeader(cells);
      if (known.ok) ({ places } = known);
      else ({ problem } = known);
      return Int16Array.from(cells, (_cell, index) => IMPORT_COLUMNS.findIndex((column) => places[column] === index));
    },
    onRecord: ({ line, cells }) => {
      const fields = Object.fromEntries(IMPORT_COLUMNS.map((column, index) => [column, cells[index] ?? '']));
      const one = readImportLine(fields, { line: lineOf(line), ...at });
      if (one.kind === 'line') read.lines.push(one.value);
      else if (one.kind === 'bad') noteBad(one.value);
    },
    onBroken: (line) => noteBad({ line: lineOf(line), field: null, problem: 'broken' }),
  });
  scanner.push(`${header}\n`);
  scanner.push(text);
  scanner.end();
  return problem === null ? { ok: true, value: read } : { ok: false, problem };
}
