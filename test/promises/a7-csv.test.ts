import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import { writeCsv } from '#app/adapters/csv/write-csv.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { plantHostileTexts, PRODUCT_IDS_FROM, textsAt, type HostileTexts, type Place } from '#test/support/hostile-downloads.ts';
import { findLibreOffice, openInLibreOffice } from '#test/support/libre-office.ts';
import { HOSTILE_NAMES } from '#test/support/hostile-names.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { routeFiles } from '#test/support/route-manifest.ts';
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

/** Cells as whoever opens the file parts them, quotation marks kept away: at commas, at semicolons as Excel does in half of Europe, or at tabs. */
const cellsOf = (text: string, delimiter: string): string[][] =>
  parse(text, { bom: true, delimiter, relax_quotes: true, relax_column_count: true });

/** One apostrophe taken away from each part that begins with one, as `guardCell` says. */
const withoutGuard = (cell: string) => cell.split(/(?<=[;\t\n]|\r(?!\n))/).map((part) => (part.startsWith("'") ? part.slice(1) : part)).join('');

const libreOffice = findLibreOffice();

interface Asked {
  formulas: string[];
  /** Of the last file, its cells parted by commas. */
  numbers: number[];
  said: string;
}

/** What LibreOffice takes for formulas, however it is told to part cells; it has to find one where there is one. */
function askLibreOffice(program: string, texts: readonly string[]): Asked {
  const [byComma, ...byOthers] = [',', ';', '\t'].map((separator) => openInLibreOffice(program, ['"=1+1"', ...texts], separator));
  if (byComma?.[0]?.formulas.length !== 1) throw new Error('LibreOffice takes =1+1 for no formula: it was asked in a wrong way');
  const formulas = [byComma, ...byOthers].flatMap((sheets) => sheets.slice(1).flatMap((sheet) => sheet.formulas));
  return { formulas, numbers: byComma.at(-1)?.numbers ?? [], said: `LibreOffice takes ${formulas.length} cells for formulas` };
}

promiseOf('A7', 'cells that no program takes for a formula', async ({ seed, pick }) => {
  const chance = fc.sample(fc.string({ unit: 'binary', maxLength: 12 }), { seed, numRuns: pick(500, 50_000) });
  const texts = [...PAYLOADS, ...chance];
  const text = await textOf(['=header', 'Text;=2', 'Text\t=2'], texts.map((payload, index) => [payload, index % 2 === 0 ? 'next' : '=next', payload, 'last']));
  const rows = cellsOf(text, ',');
  const formulas = [',', ';', '\t'].flatMap((delimiter) => cellsOf(text, delimiter).flat()).filter(opensFormula);
  // Half a pair of surrogates is no text in UTF-8, and becomes the character that says so.
  const lost = texts.filter((payload, index) => [0, 2].some((column) => withoutGuard(rows[index + 1]?.[column] ?? 'missing') !== Buffer.from(payload).toString()));
  const numbers = [-1.5, -7, 0, 12.25, -9_007_199_254_740_991n, null, NaN];
  const ofNumbers = await textOf(['n'], numbers.map((number) => [number, 'x']));
  const asked = libreOffice === undefined ? null : askLibreOffice(libreOffice, [text, ofNumbers]);
  const isRead = asked === null || (asked.formulas.length === 0 && asked.numbers.join() === '-1.5,-7,0,12.25,-9007199254740991');
  const areNumbers = ofNumbers === '\ufeff"n"\r\n-1.5,"x"\r\n-7,"x"\r\n0,"x"\r\n12.25,"x"\r\n-9007199254740991,"x"\r\n,"x"\r\n,"x"\r\n';
  const isCrlf = text.startsWith('\ufeff') && text.endsWith('"\r\n');
  return {
    tried: `${texts.length} texts in the first and two middle cells, read back at commas, semicolons and tabs; ${numbers.length} numbers${asked === null ? ' (LibreOffice is not here: a detector stands for it)' : ''}`,
    measured: `${asked === null ? '' : `${asked.said}, and for numbers ${asked.numbers.join(' ')}; `}${formulas.length} formula cells${formulas.length > 0 ? ` such as ${JSON.stringify(formulas.slice(0, 3))}` : ''}, ${lost.length} texts changed beyond the apostrophe, negatives ${areNumbers ? 'are numbers' : `are not: ${JSON.stringify(ofNumbers)}`}, CRLF and BOM ${isCrlf ? 'yes' : 'no'}`,
    isKept: formulas.length === 0 && isRead && lost.length === 0 && areNumbers && isCrlf,
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

type Loader = (args: { request: Request; params: Record<string, string>; context: Record<string, unknown> }) => Promise<Response>;

interface Download {
  load: () => Promise<{ loader: Loader }>;
  /** What stands behind the `?`, of each file that the route can be asked for. */
  queries: readonly string[];
  /** Where the texts stand that the files have to bring, all of them as they were written; none: it tells numbers and ids. */
  tells: readonly Place[];
  /** Whether a row is of a customer, so that whoever takes the file is noted; and how many rows there are. */
  noted: number | null;
  /** Of a route that has no file for this shop: too few customers for a model, of whom it would tell numbers alone. */
  status?: number;
}

/** PostgreSQL holds no NUL, which the cells above have, and a note is no novel. */
const IN_DATABASE = [...new Set(PAYLOADS.filter((text) => !text.includes('\0') && text.length < 400 && Buffer.from(text).toString() === text))];
// Small, every fifth: each opener and each beginning is among them.
const PLANTED = process.env['PROMISE_SIZE'] === 'long' ? IN_DATABASE : IN_DATABASE.filter((_text, index) => index % 5 === 0);
const TEXTS: HostileTexts = { payloads: PLANTED, ofProducts: OPENERS.filter((opener) => opener !== '\0').map((opener) => `${opener}SUM(1,2)`) };
const COUNT = PLANTED.length;

/** Every route that answers with CSV. One that is missing here fails. */
const DOWNLOADS: Record<string, Download> = {
  'app.export.cohorts[.]csv': { load: () => import('#app/routes/app.export.cohorts[.]csv.ts'), queries: ['', 'period=week', 'locale=zh-CN'], tells: [], noted: null },
  'app.export.customers[.]csv': { load: () => import('#app/routes/app.export.customers[.]csv.ts'), queries: ['orders=3..&asOf=2026-11-01'], tells: [], noted: -1 },
  'app.export.due-customers[.]csv': {
    load: () => import('#app/routes/app.export.due-customers[.]csv.ts'),
    queries: TEXTS.ofProducts.map((_title, index) => `product=${PRODUCT_IDS_FROM + index + 1}&asOf=2026-11-01`),
    tells: ['title'],
    noted: 25 * TEXTS.ofProducts.length,
  },
  'app.export.loyalty-exclusions[.]csv': { load: () => import('#app/routes/app.export.loyalty-exclusions[.]csv.ts'), queries: [''], tells: ['excluder'], noted: COUNT },
  'app.export.loyalty-ledger[.]csv': { load: () => import('#app/routes/app.export.loyalty-ledger[.]csv.ts'), queries: [''], tells: ['note', 'staff', 'key', 'order'], noted: COUNT },
  'app.export.loyalty-liability[.]csv': { load: () => import('#app/routes/app.export.loyalty-liability[.]csv.ts'), queries: [''], tells: [], noted: null },
  'app.export.loyalty-members[.]csv': { load: () => import('#app/routes/app.export.loyalty-members[.]csv.ts'), queries: [''], tells: ['level'], noted: COUNT },
  'app.export.loyalty-program[.]csv': { load: () => import('#app/routes/app.export.loyalty-program[.]csv.ts'), queries: [''], tells: ['saver'], noted: null },
  'app.export.loyalty-redemptions[.]csv': { load: () => import('#app/routes/app.export.loyalty-redemptions[.]csv.ts'), queries: [''], tells: ['code', 'reward', 'order'], noted: COUNT },
  'app.export.loyalty-tiers[.]csv': { load: () => import('#app/routes/app.export.loyalty-tiers[.]csv.ts'), queries: [''], tells: ['level'], noted: COUNT },
  'app.export.predictions[.]csv': { load: () => import('#app/routes/app.export.predictions[.]csv.ts'), queries: ['list=weeks', 'list=calibration'], tells: [], noted: null, status: 404 },
  'app.export.products[.]csv': { load: () => import('#app/routes/app.export.products[.]csv.ts'), queries: ['list=first-products', 'list=pairs'], tells: ['title', 'sku'], noted: null },
};

/** As routes are found by Remix: whatever of them writes CSV. */
const routesWithCsv = (): string[] =>
  routeFiles()
    .filter(({ file }) => /text\/csv|writeCsv/.test(readFileSync(join(PROJECT_DIR, 'app', file), 'utf8')))
    .map(({ id }) => id.replace('routes/', ''))
    .sort();

async function filesOf(route: string, { load, queries, status = 200 }: Download): Promise<string[]> {
  const { loader } = await load();
  const files: string[] = [];
  for (const query of queries) {
    const { url, headers } = app.openRequest(STORE.shop.domain, `/app/export/${route.replace('app.export.', '').replace('[.]', '.')}`);
    const answer = await loader({ request: new Request(`${url}&${query}`, { headers }), params: {}, context: {} });
    if (answer.status !== status) throw new Error(`${route}?${query} answered ${answer.status}`);
    files.push(await answer.text());
  }
  return files;
}

promiseOf('A7', 'every download of the app', async () => {
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  try {
    const { shop } = await app.install(STORE.shop.domain);
    await plantHostileTexts(owner, shop.shopId, TEXTS);
    const problems: string[] = [];
    const missing = routesWithCsv().filter((route) => !(route in DOWNLOADS));
    const all: string[] = [];
    let cells = 0;
    for (const [route, download] of Object.entries(DOWNLOADS)) {
      await owner.query('DELETE FROM personal_data_accesses');
      const texts = await filesOf(route, download);
      const rows = texts.flatMap((text) => cellsOf(text, ','));
      const found = new Set(rows.flat().map(withoutGuard));
      const formulas = rows.flat().filter((cell) => opensFormula(cell) && !/^-\d+(\.\d+)?$/.test(cell));
      const lost = textsAt(TEXTS, ...download.tells).filter((text) => !found.has(text));
      const { rows: noted } = await owner.query<{ actor: string; action: string; records: number }>('SELECT actor, action, records FROM personal_data_accesses');
      const records = noted.reduce((sum, row) => sum + row.records, 0);
      const wanted = download.noted === -1 ? rows.length - download.queries.length : (download.noted ?? 0);
      const action = route.replace(/^app\.export\.(loyalty-)?(.+)\[\.\]csv$/, 'file-$2');
      if (noted.some((row) => row.action !== action)) problems.push(`${route}: noted as ${noted.map((row) => row.action).join(' ')}`);
      if (formulas.length > 0) problems.push(`${route}: ${formulas.length} formulas such as ${JSON.stringify(formulas.slice(0, 2))}`);
      if (lost.length > 0) problems.push(`${route}: ${lost.length} texts lost such as ${JSON.stringify(lost.slice(0, 2))}`);
      if (records !== wanted || noted.length !== (download.noted === null ? 0 : texts.length) || noted.some(({ actor }) => actor !== 'staff:1')) problems.push(`${route}: noted ${JSON.stringify(noted.slice(0, 2))} for ${wanted} rows`);
      all.push(...texts);
      cells += rows.flat().length;
    }
    const asked = libreOffice === undefined ? null : askLibreOffice(libreOffice, all);
    if (asked !== null && asked.formulas.length > 0) problems.push(`${asked.said}, such as ${asked.formulas.slice(0, 3).join(' ')}`);
    return {
      tried: `${all.length} files of ${Object.keys(DOWNLOADS).length} routes, ${cells} cells read back at commas, ${COUNT} texts in each place that others write to and ${TEXTS.ofProducts.length} products`,
      measured: problems.length + missing.length === 0 ? `${asked === null ? '' : `${asked.said}; `}no formula, every text as it was but for the apostrophe, whoever took rows of customers is noted` : [...missing.map((route) => `no case for ${route}`), ...problems].join('; '),
      isKept: problems.length === 0 && missing.length === 0,
    };
  } finally {
    await owner.end();
  }
});

promiseOf('A7', 'customers of a file, by the command', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-csv-'));
  try {
    const emails = OPENERS.filter((opener) => !/[\s\0]/.test(opener)).map((opener) => `${opener}sum(1,2)@example.com`);
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const lines = emails.map((email, index) => [`#${index}`, email, 'paid', 'EUR', '10.00', '0.00', '0.00', '10.00', '2026-05-01 10:00:00 +0000', '1', email, '10.00'].map(quoted).join(','));
    const header = 'Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price';
    writeFileSync(join(folder, 'orders.csv'), [header, ...lines, ''].join('\n'));
    const words = ['--orders', join(folder, 'orders.csv'), '--time-zone', 'UTC', '--customers', join(folder, 'customers.csv')];
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'app/commands/report.ts', ...words], { cwd: PROJECT_DIR, encoding: 'utf8' });
    if (status !== 0) throw new Error(`The report ended with ${status}: ${stderr}`);
    const text = readFileSync(join(folder, 'customers.csv'), 'utf8');
    const rows = cellsOf(text, ',');
    const formulas = [...rows.flat(), ...cellsOf(text, ';').flat()].filter((cell) => opensFormula(cell) && !/^-\d+(\.\d+)?$/.test(cell));
    const found = new Set(rows.map(([customer = '']) => withoutGuard(customer)));
    const lost = emails.filter((email) => !found.has(email));
    return {
      tried: `${emails.length} e-mails that begin like formulas`,
      measured: `${formulas.length} formulas, ${lost.length} lost${lost.length > 0 ? ` such as ${JSON.stringify(lost.slice(0, 2))} of ${JSON.stringify([...found].slice(0, 3))}` : ''}`,
      isKept: formulas.length === 0 && lost.length === 0,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
