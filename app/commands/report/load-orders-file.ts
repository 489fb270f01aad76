import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import { readOrdersExport } from '#app/adapters/orders-export/read-orders-export.ts';
import type { ReadOrdersExport } from '#app/adapters/orders-export/read-orders-export.ts';
import { UnusableExportError } from '#app/adapters/orders-export/unusable-export.ts';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import type { ReportOptions } from './report-options.ts';
import { LineRanges } from './line-ranges.ts';
import type { Progress } from './progress.ts';
import { countOf, lastOrderDayOf } from './report-source.ts';
import type { ReportSource } from './report-source.ts';

const PIECE_BYTES = 256 * 1024;
const MOST_PROBLEMS_SHOWN = 20;
const DEFAULT_TIME_ZONE = 'UTC';

/** @throws UnusableExportError when there is no such file, or no orders in it */
export async function loadOrdersFile(options: ReportOptions, { say, progress }: FileListeners): Promise<ReportSource> {
  const { source, timeZone, currency } = options;
  const path = source.kind === 'file' ? source.path : null;
  let problems = 0;
  const [all, unsaid] = [new LineRanges(), new LineRanges()];
  const onProblem = (line: number, reason: string): void => {
    problems += 1;
    all.add(line);
    if (problems <= MOST_PROBLEMS_SHOWN) say(`Line ${line}: ${reason}.`);
    else unsaid.add(line);
  };
  const size = path === null ? null : await sizeOf(path);
  const bytes = counted(path === null ? process.stdin : createReadStream(path, { highWaterMark: PIECE_BYTES }));
  const onProgress = (rows: number): void => progress.note({ rows, share: size === null ? null : bytes.read() / size });
  try {
    const read = await readOrdersExport(bytes.chunks, {
      timeZone: timeZone ?? DEFAULT_TIME_ZONE,
      currency,
      counting: { preset: options.preset ?? DEFAULT_COUNTING.preset, value: options.value ?? DEFAULT_COUNTING.value },
      onProblem,
      onProgress,
    });
    return sourceOf(read, options, all);
  } catch (error) {
    if (!isFileFailure(error)) throw error;
    throw new UnusableExportError(describeFileFailure(error), { cause: error });
  } finally {
    progress.end();
    if (problems > MOST_PROBLEMS_SHOWN) say(`… and ${countOf(problems - MOST_PROBLEMS_SHOWN, 'more line')}: ${unsaid}.`);
  }
}

interface FileListeners {
  say: (sentence: string) => void;
  progress: Progress;
}

function sourceOf(read: ReadOrdersExport, options: ReportOptions, badLines: LineRanges): ReportSource {
  const { columns, lines, excluded, rows, problems, inOtherCurrency, repeatedOrders, strayLines, withoutOffset } = read;
  const { timeZone, currency } = columns;
  const notes = [
    options.timeZone === null ? `Days are days in ${timeZone}. Give the shop's own with --time-zone.` : null,
    problems > 0 ? `${countOf(problems, 'line')} could not be read and ${problems === 1 ? 'is' : 'are'} left out.` : null,
    inOtherCurrency > 0 ? `${countOf(inOtherCurrency, 'order')} not in ${currency} left out: no rate is known.` : null,
    repeatedOrders > 0 ? `${countOf(repeatedOrders, 'order')} came a second time and counted once, as first read.` : null,
    strayLines > 0
      ? `${countOf(strayLines, 'line')} away from the other lines of an order, and joined to it.`
      : null,
    withoutOffset > 0 ? `${countOf(withoutOffset, 'order')} with a time without offset: read as time in ${timeZone}.` : null,
    excluded.unknownState > 0
      ? `${countOf(excluded.unknownState, 'order')} in a payment state that is not known: left out.`
      : null,
  ].filter((note) => note !== null);
  return {
    columns,
    lines,
    excluded,
    prospects: 0,
    asOfDay: lastOrderDayOf(columns),
    inputs: { inOtherCurrency, rows, unreadable: problems, unreadableLines: badLines.merged(), repeatedOrders, strayLines },
    notes,
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    const { size } = await stat(path);
    return size;
  } catch (error) {
    if (!isFileFailure(error)) throw error;
    throw new UnusableExportError(describeFileFailure(error), { cause: error });
  }
}

function counted(stream: AsyncIterable<Uint8Array>): { chunks: AsyncIterable<Uint8Array>; read: () => number } {
  let bytes = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  return { chunks: chunks(), read: () => bytes };
}

type FileFailure = Error & { code: string; path?: string };

const FILE_FAILURES: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
};

function isFileFailure(error: unknown): error is FileFailure {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in FILE_FAILURES;
}

function describeFileFailure(error: FileFailure): string {
  return `${error.path ?? 'The file'} ${FILE_FAILURES[error.code] ?? 'cannot be read'}.`;
}
