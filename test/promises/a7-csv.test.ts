import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll } from 'vitest';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { HOSTILE_NAMES } from '#test/support/hostile-names.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { promiseOf } from './promise.ts';

const STORE = syntheticStore(90, { endsAt: '2026-11-01T00:00:00.000Z' });
let app: AppUnderTest;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  await pullHistory(await app.install(STORE.shop.domain));
});

afterAll(() => app.stop());

const OPENERS = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−', '|', '%'];
const BEFORE = ['', ' ', '\u00a0', '\u3000', '\0', '\ufeff', '\u200b', '\u202e', '\n', '\r\n', '\t', '\u0300', '\u2028', "'", "''"];
const AFTER = ['cmd|\' /C calc\'!A0', 'SUM(1,2)', '1;=2', '1,"=3"', '\n=4', 'HYPERLINK("http://evil.example";"x")', ''];
const PAYLOADS = [...BEFORE.flatMap((before) => OPENERS.flatMap((opener) => AFTER.map((after) => before + opener + after))), 'a;=1+1', 'a\t=1+1', 'a\r\n=1+1', '"=1+1"', '";=1', ...HOSTILE_NAMES];

/** What opens a formula in Excel, LibreOffice, Numbers or Sheets, each dropping what it drops before it looks. */
function opensFormula(cell: string): boolean {
  const readings = [cell, cell.trim(), cell.replaceAll('\0', ''), cell.replace(/^[^\p{L}\p{N}\p{P}\p{S}]+/u, ''), cell.normalize('NFKC').trim()];
  return /^[\t\r\n]/.test(cell) || readings.some((reading) => /^[=+\-@\u2212]/.test(reading));
}

async function textOf(header: string[], rows: (string | number | bigint | null)[][]): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of writeCsv(header, rows)) chunks.push(String(chunk));
  return chunks.join('');
}

/** Cells as whoever opens the file parts them, quotation marks kept away: at commas, and at semicolons as Excel does in half of Europe. */
const cellsOf = (text: string, delimiter: string): string[][] =>
  parse(text, { bom: true, delimiter, relax_quotes: true, relax_column_count: true });

const withoutGuard = (cell: string) => (cell.startsWith("'") ? cell.slice(1) : cell);

promiseOf('A7', 'cells that no program takes for a formula', async ({ seed, pick }) => {
  const chance = fc.sample(fc.string({ unit: 'binary', maxLength: 12 }), { seed, numRuns: pick(500, 50_000) });
  const texts = [...PAYLOADS, ...chance];
  const text = await textOf(['=header', 'Text'], texts.map((payload, index) => [payload, index % 2 === 0 ? 'next' : '=next']));
  const rows = cellsOf(text, ',');
  const formulas = [...rows.flat(), ...cellsOf(text, ';').flat()].filter(opensFormula);
  // Half a pair of surrogates is no text in UTF-8, and becomes the character that says so.
  const lost = texts.filter((payload, index) => withoutGuard(rows[index + 1]?.[0] ?? 'missing') !== Buffer.from(payload).toString());
  const numbers = [-1.5, -7, 0, 12.25, -9_007_199_254_740_991n, null, NaN];
  const ofNumbers = await textOf(['n'], numbers.map((number) => [number, 'x']));
  const areNumbers = ofNumbers === '\ufeff"n"\r\n-1.5,"x"\r\n-7,"x"\r\n0,"x"\r\n12.25,"x"\r\n-9007199254740991,"x"\r\n,"x"\r\n,"x"\r\n';
  const isCrlf = text.startsWith('\ufeff') && text.endsWith('"\r\n');
  return {
    tried: `${texts.length} texts in the first and a middle cell, read back at commas and at semicolons; ${numbers.length} numbers (LibreOffice is not asked: a detector stands for it)`,
    measured: `${formulas.length} formula cells${formulas.length > 0 ? ` such as ${JSON.stringify(formulas.slice(0, 3))}` : ''}, ${lost.length} texts changed beyond the apostrophe, negatives ${areNumbers ? 'are numbers' : `are not: ${JSON.stringify(ofNumbers)}`}, CRLF and BOM ${isCrlf ? 'yes' : 'no'}`,
    isKept: formulas.length === 0 && lost.length === 0 && areNumbers && isCrlf,
  };
});

promiseOf('A7', 'download of the dashboard', async () => {
  const { loader } = await import('#app/routes/app.export.cohorts[.]csv.ts');
  const findings: string[] = [];
  let cells = 0;
  for (const locale of ['en', 'zh-CN']) {
    const { url, headers } = app.openRequest(STORE.shop.domain, '/app/export/cohorts.csv');
    const answer = await loader({ request: new Request(`${url}&asOf=2026-10-31&locale=${locale}`, { headers }), params: {}, context: {} });
    const rows = cellsOf(await answer.text(), ',');
    cells += rows.flat().length;
    if (rows.flat().some(opensFormula)) findings.push('a formula');
    if (rows.some((row) => row.length !== rows[0]?.length)) findings.push('rows of different lengths');
    if (!answer.headers.get('Content-Disposition')?.includes('filename="cohorts-2026-10-31.csv"')) findings.push('another name');
    const size = rows.slice(1).filter(([cohort]) => /^\d{4}-\d\d$/.test(cohort ?? '')).reduce((sum, [, customers]) => sum + Number(customers), 0);
    const customers = rows.at(-1)?.[2];
    if (size === 0 || size !== Number(customers)) findings.push(`cohorts of ${size} customers, all in all ${customers}`);
  }
  return {
    tried: `the file in 2 languages, ${cells} cells`,
    measured: findings.length === 0 ? 'no formula, every line as wide as the first, the cohorts add up to all customers' : findings.join('; '),
    isKept: findings.length === 0,
  };
});
