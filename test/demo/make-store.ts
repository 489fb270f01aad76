import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { SimStore } from '#test/simulator/state.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { readOrdersExport } from '#test/simulator/store/orders-export.ts';
import type { OrdersExportReport } from '#test/simulator/store/orders-export.ts';
import type { StoreSource } from './data-directory.ts';
import type { Progress } from './progress.ts';
import { UsageError } from './usage-error.ts';

const SEED = 20_260_101;
/** An export names no time zone, only offsets. */
const DEFAULT_EXPORT_TIME_ZONE = 'UTC';
const PROBLEMS_SHOWN = 10;

/** The same seed every time: two people who compare notes see the same store. */
export function makeGeneratedStore(source: Extract<StoreSource, { kind: 'generated' }>): SimStore {
  try {
    return generateStore({
      seed: SEED,
      orders: source.orders,
      asOf: source.asOf,
      shop: {
        ...(source.timeZone === undefined ? {} : { ianaTimezone: source.timeZone }),
        ...(source.currency === undefined ? {} : { currency: source.currency }),
      },
    });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(`--currency: the made-up store knows no prices in ${source.currency ?? 'it'} (${cause.message}).`, { cause });
  }
}

type ProblemReport = Pick<OrdersExportReport, 'problems' | 'problemCount' | 'ordersLeftOut' | 'linesLeftOut'>;

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

export interface ExportReporting {
  progress: Pick<Progress, 'say' | 'warn'>;
  /** Where all problems are listed when they are more than are said. */
  logsDir: string;
}

/** Reads the export and says what became of it: how much was read, and what was wrong where. */
export async function makeExportedStore(
  file: string,
  source: Extract<StoreSource, { kind: 'orders-export' }>,
  { progress, logsDir }: ExportReporting,
): Promise<SimStore> {
  const timeZone = source.timeZone ?? DEFAULT_EXPORT_TIME_ZONE;
  const currency = source.currency === undefined ? {} : { currency: source.currency };
  const { store, report } = await readOrdersExport(file, { timeZone, ...currency }).catch((cause: unknown) => {
    throw new UsageError(`--orders: ${file} cannot be read (${cause instanceof Error ? cause.message : String(cause)}).`, { cause });
  });
  const listFile = listProblems(report, logsDir);
  for (const line of describeProblems(source.fileName, report, listFile)) progress.warn(line);
  if (report.orders === 0) throw new UsageError(`--orders: no order could be read from ${file}.`);
  for (const line of describeReport(source, report, store.shop.currency)) progress.say(line);
  return store;
}

function describeReport(
  source: Extract<StoreSource, { kind: 'orders-export' }>,
  report: OrdersExportReport,
  currency: string,
): string[] {
  const timeZone = source.timeZone ?? DEFAULT_EXPORT_TIME_ZONE;
  const dayOf = (instant: string | null) =>
    instant === null ? '?' : Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  const days = `${dayOf(report.firstOrderAt)} to ${dayOf(report.lastOrderAt)}`;
  const zone = source.timeZone === undefined ? `times in ${DEFAULT_EXPORT_TIME_ZONE}, as no --time-zone was given` : `times in ${source.timeZone}`;
  return [
    `  ${source.fileName}: ${count(report.orders, 'order')} of ${count(report.customers, 'customer')}, ` +
      `${count(report.lines, 'line')}, ${count(report.refunds, 'refund')}, ` +
      `${count(report.guestOrders, 'order')} by guests`,
    `  ${days}, in ${currency}, ${zone}`,
  ];
}

/** Writes the problems that are too many to be said into a file of their own, and answers where; null when none are. */
function listProblems({ problems }: ProblemReport, logsDir: string): string | null {
  if (problems.length <= PROBLEMS_SHOWN) return null;
  const file = join(logsDir, 'orders-export-problems.log');
  mkdirSync(logsDir, { recursive: true });
  writeFileSync(file, problems.map(({ line, message }) => `line ${line}: ${message}\n`).join(''));
  return file;
}

export function describeProblems(fileName: string, report: ProblemReport, listFile: string | null): string[] {
  if (report.problemCount === 0) return [];
  const shown = report.problems.slice(0, PROBLEMS_SHOWN).map((problem) => `    line ${problem.line}: ${problem.message}`);
  const more = report.problemCount - shown.length;
  return [
    `  ${fileName}: ${count(report.problemCount, 'problem')}; left out: ` +
      `${count(report.ordersLeftOut, 'order')} and ${count(report.linesLeftOut, 'line')}`,
    ...shown,
    ...(more > 0 ? [`    … and ${more.toLocaleString('en')} more${listFile === null ? '' : `, listed in ${listFile}`}`] : []),
  ];
}
