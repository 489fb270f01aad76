// Who comes back, from a Shopify orders export or from the database: METRICS section 8 as JSON, as a table of customers,
// as one page with charts, or as text. `npm run --silent report -- --help` lists what it takes.
//
// Standard output holds the document alone; what was wrong with the input, and how far reading has come, is on standard
// error. With --orders it opens no database and needs no environment.
import { writeFile } from 'node:fs/promises';

import { UnusableExportError } from '#app/adapters/orders-export/unusable-export.ts';
import type { PredictionStep } from '#app/domain/retention/predictions/compute-predictions.ts';
import { predictionsInUse } from '#app/domain/retention/predictions/predictions-in-use.ts';
import { dayOfInstant } from '#app/domain/time/day-of-instant.ts';
import { folderOfCaller, readEnvFile } from '#app/env.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { computePrintedReport } from './report/compute-report.ts';
import { writeCustomersCsv } from './report/customers-csv.ts';
import { loadOrdersFile } from './report/load-orders-file.ts';
import { writeReportPage } from './report/page/report-page.tsx';
import { createProgress } from './report/progress.ts';
import type { Progress } from './report/progress.ts';
import { parseReportOptions, REPORT_HELP, ReportUsageError } from './report/report-options.ts';
import type { ReportOptions } from './report/report-options.ts';
import type { ReportSource } from './report/report-source.ts';
import { writeReportText } from './report/report-text.ts';
import { tellReport } from './report/sections/told-report.ts';

const [DONE, NOT_COMPUTED, WRONG_COMMAND] = [0, 1, 2];

/** Of fewer customers each part takes a second or two: a log needs no word of it. */
const LONG_FROM_CUSTOMERS = 50_000;
const STEPS: Readonly<Record<PredictionStep, string>> = {
  'MBG/NBD': 'Fitting MBG/NBD',
  backtest: 'Holding the predictions against the last third of the history',
  'BG/NBD': 'Fitting BG/NBD, to compare',
  'Pareto/NBD': 'Fitting Pareto/NBD, to compare',
};

// Whoever reads us may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? DONE : NOT_COMPUTED));

process.exitCode = await run(process.argv.slice(2));

async function run(words: readonly string[]): Promise<number> {
  try {
    const options = parseReportOptions(words, folderOfCaller());
    if (options === 'help') print(REPORT_HELP);
    else await report(options);
    return DONE;
  } catch (error) {
    if (error instanceof ReportUsageError) {
      say(error.message);
      say('npm run --silent report -- --help lists what it takes.');
      return WRONG_COMMAND;
    }
    // What is no fault of ours is said in its own sentence, and what is comes with its stack.
    say(error instanceof UnusableExportError || isWritingFailure(error) ? error.message : error);
    return NOT_COMPUTED;
  }
}

async function report(options: ReportOptions): Promise<void> {
  const { json, customersPath, htmlPath, language } = options;
  const progress = createProgress({
    write: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY,
    monotonicMs: systemRuntime.monotonicMs,
  });
  const source = await load(options, progress);
  for (const note of source.notes) say(note);
  const { columns } = source;
  const today = dayOfInstant(systemRuntime.now().getTime(), columns.timeZone);
  const isLong = columns.customerCount >= LONG_FROM_CUSTOMERS;
  const onStep = (step: PredictionStep): void => progress.begin({ name: STEPS[step], isLong });
  const { report: printed, customers, selection, asOf } = computePrintedReport(source, options, { today, onStep });
  progress.end();
  const pareto = printed.churn.alternatives['Pareto/NBD'];
  if (!pareto.ok && pareto.reason === 'too-many-customers') say(`Pareto/NBD is not compared: ${pareto.detail}.`);
  if (json) print(JSON.stringify(printed, null, 2));
  if (customersPath !== null) await writeCustomersCsv(customersPath, { columns, selection, asOf, predictions: predictionsInUse(customers, printed.predictions.inUse) });
  if (htmlPath !== null) await writeFile(htmlPath, writeReportPage(tellReport(printed, language)));
  for (const path of [customersPath, htmlPath]) if (path !== null) say(`Written: ${path}`);
  if (!json && customersPath === null && htmlPath === null) print(writeReportText(tellReport(printed, language)));
}

async function load(options: ReportOptions, progress: Progress): Promise<ReportSource> {
  const { source } = options;
  if (source.kind === 'shop') {
    readEnvFile();
    const { loadShopOrders } = await import('./report/load-shop-orders.server.ts');
    return loadShopOrders(source.domain, options);
  }
  return loadOrdersFile(options, { say, progress });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function say(message: unknown): void {
  console.error(message);
}

function isWritingFailure(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
