import { execFile } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { EXPORT_HEADER } from '#test/support/orders-export-file.ts';
import { formatSeconds, timed } from './bench.ts';
import type { Bench, BenchOptions, BenchOutcome } from './bench.ts';
import { numberOf } from './retention/answers-of-sql.ts';
import { AS_OF, COUNTRIES, CURRENCY, generateOrders, orderIdAt, TIME_ZONE } from './retention/generate-orders.ts';
import type { GeneratedOrders } from './retention/generate-orders.ts';

const ORDERS = 200_000;
const LINES_AN_ORDER = 2;
const ORDERS_A_WRITE = 10_000;
const PRODUCTS = 300;

/**
 * The whole command, from its start to the JSON: it reads Shopify's export, and computes everything, fits, backtest and
 * products among it. DuckDB reads the same file into a table and computes four numbers, which have to be ours too.
 */
export const reportThroughput: Bench = {
  name: 'report',
  rival: "DuckDB's read_csv of the same file and the basics, which is a small part of the report",
  claim: 'no claim, for information: rows a second from an orders export to the whole report',
  run,
};

const basicsSchema = z.object({
  overall: z.object({ orders: z.number(), customers: z.number(), repeatCustomers: z.number(), revenueMinor: z.number() }),
});
type ReportBasics = z.infer<typeof basicsSchema>['overall'];

async function run({ orders, say }: BenchOptions): Promise<BenchOutcome> {
  const folder = join(PROJECT_DIR, '.perennial', 'bench');
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(folder, 'run-'));
  try {
    const file = join(dataDir, 'orders.csv');
    const generated = generateOrders(orders ?? ORDERS);
    writeExport(generated, file);
    const rows = generated.count * LINES_AN_ORDER;
    say(`${generated.count.toLocaleString('en')} orders in ${rows.toLocaleString('en')} rows, ${Math.round(statSync(file).size / 1e6)} MB`);
    const ours = await timed(() => reportOn(file));
    const theirs = await timed(() => basicsByDuckDb(file));
    if (JSON.stringify(ours.value) !== JSON.stringify(theirs.value)) {
      throw new Error(`The basics are not the same: ${JSON.stringify(ours.value)} against ${JSON.stringify(theirs.value)}`);
    }
    const perSecond = (seconds: number) => `${Math.round(rows / seconds).toLocaleString('en')} rows/s`;
    say(`npm run report, everything: ${formatSeconds(ours.seconds)}, ${perSecond(ours.seconds)}`);
    say(`DuckDB, read_csv and basics: ${formatSeconds(theirs.seconds)}, ${perSecond(theirs.seconds)}`);
    return { ratio: null, isKept: true };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function reportOn(file: string): Promise<ReportBasics> {
  const words = ['--orders', file, '--json', '--as-of', AS_OF, '--time-zone', TIME_ZONE];
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'app/commands/report.ts', ...words], {
    cwd: PROJECT_DIR,
    maxBuffer: 2 ** 28,
  });
  return basicsSchema.parse(JSON.parse(stdout)).overall;
}

async function basicsByDuckDb(file: string): Promise<ReportBasics> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE orders AS
    SELECT "Email" AS email, CAST(round("Subtotal" * 100) AS BIGINT) AS value_minor FROM read_csv('${file}', header = true)
    WHERE "Financial Status" IS NOT NULL
      AND strptime("Created at", '%Y-%m-%d %H:%M:%S %z') < timezone('${TIME_ZONE}', (date '${AS_OF}' + 1)::timestamp)`);
  const result = await connection.runAndReadAll(`SELECT sum(orders) AS orders, count(email) AS customers,
      count(*) FILTER (WHERE email IS NOT NULL AND orders > 1) AS repeats, sum(revenue) AS revenue
    FROM (SELECT email, count(*) AS orders, sum(value_minor) AS revenue FROM orders GROUP BY email) AS buyers`);
  const [row = {}] = result.getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  const [orders, customers] = [numberOf(row['orders']), numberOf(row['customers'])];
  return { orders, customers, repeatCustomers: numberOf(row['repeats']), revenueMinor: numberOf(row['revenue']) };
}

function writeExport(orders: GeneratedOrders, file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    let text = `${EXPORT_HEADER.join(',')}\n`;
    for (let order = 0; order < orders.count; order += 1) {
      text += rowsOf(orders, order);
      if (order % ORDERS_A_WRITE !== ORDERS_A_WRITE - 1 && order !== orders.count - 1) continue;
      writeSync(descriptor, text);
      text = '';
    }
  } finally {
    closeSync(descriptor);
  }
}

/** An order's own fields are on its first row alone. */
function rowsOf(orders: GeneratedOrders, order: number): string {
  const customer = orders.customers[order] ?? NaN;
  const email = customer === -1 ? '' : `buyer${customer}@example.com`;
  const price = ((orders.valuesMinor[order] ?? NaN) / 100).toFixed(2);
  const createdAt = new Date((orders.instantSeconds[order] ?? NaN) * 1000).toISOString().replace('T', ' ').replace('.000Z', ' +0000');
  const country = COUNTRIES[orders.countries[order] ?? NaN] ?? '';
  const fields: Readonly<Record<string, string>> = {
    ...{ Name: `#${order + 1}`, Email: email, 'Financial Status': 'paid', Currency: CURRENCY, Subtotal: price, Shipping: '0.00' },
    ...{ Taxes: '0.00', Total: price, 'Created at': createdAt, 'Shipping Country': country, Id: String(orderIdAt(order)), Source: 'web' },
    ...lineOf(order, 0),
  };
  const line: Readonly<Record<string, string>> = { Name: `#${order + 1}`, Email: email, 'Created at': createdAt, ...lineOf(order, 1) };
  return [fields, line].map((row) => `${EXPORT_HEADER.map((column) => row[column] ?? '').join(',')}\n`).join('');
}

function lineOf(order: number, line: number): Record<string, string> {
  const product = (order * 31 + line * 17) % PRODUCTS;
  return { 'Lineitem quantity': '1', 'Lineitem name': `Product ${product}`, 'Lineitem price': '10.00', 'Lineitem sku': `SKU-${product}` };
}
