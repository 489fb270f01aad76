import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { byteSizeOf } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { byteSizeOfRows, computeCustomerRows } from '#app/domain/retention/metrics/customer-rows.ts';
import { migrateDatabase } from '#test/support/migrate.ts';
import { startEmbeddedPostgres } from '#test/support/postgres.ts';
import type { PostgresServer } from '#test/support/postgres.ts';
import { createSupervisor } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { busyProcessors, formatSeconds, sayClaims, timed } from './bench.ts';
import type { Bench, BenchOptions, BenchOutcome } from './bench.ts';
import { DuckDbRival } from './retention/duckdb-rival.ts';
import { generateOrders } from './retention/generate-orders.ts';
import { AS_OF_DAY, measureSets } from './retention/measure-sets.ts';
import { measureRefresh } from './retention/measure-refresh.ts';
import { columnsOf } from './retention/our-columns.ts';
import { PostgresRival, RIVAL_SERVER_SETTINGS } from './retention/postgres-rival.ts';
import { claimsOf, sayLinearity, saySize } from './retention/say-results.ts';
import type { SizeResult } from './retention/say-results.ts';
import { fillShop } from './retention/shop-in-postgres.ts';
import { writeOrdersCsv } from './retention/write-orders-csv.ts';

const SIZES = [100_000, 1_000_000];
const FULL_SIZE = 10_000_000;
/** Above, PostgreSQL takes minutes a set: it is asked once. */
const LARGE = 2_000_000;

/**
 * The standard report set (basics, the trailing year, matured rates, gaps, monthly cohorts, RFM) and the same set for
 * the customers of one country, by our columns, by DuckDB and by PostgreSQL, over the same orders in the same run, each
 * in turn. Every answer of every turn is compared; one that differs ends the bench.
 *
 * Ours is the report that the app computes, with more in it than the set; its columns are read from PostgreSQL by the
 * app's own code, and refreshed by it after a thousand changes.
 */
export const retention: Bench = {
  name: 'retention',
  rival: 'DuckDB in memory and SQL in PostgreSQL, same orders, answers compared',
  claim: 'the standard report set warm, 10 times DuckDB and 100 times SQL; a drill-down; a refresh; memory',
  run,
};

async function run({ orders, isFull, isWithoutSql, say }: BenchOptions): Promise<BenchOutcome> {
  const sizes = orders === null ? [...SIZES, ...(isFull ? [FULL_SIZE] : [])] : [orders];
  const results: SizeResult[] = [];
  for (const size of sizes) {
    const result = await (isWithoutSql ? measureWithoutSql(size, say) : measureSize(size, say));
    saySize(result, say);
    results.push(result);
  }
  sayLinearity(results, say);
  const isKept = sayClaims(results.flatMap(claimsOf), say);
  const last = results.at(-1);
  return { ratio: last ? last.sets.duckDb.set / last.sets.ours.set : NaN, isKept };
}

/** Of the columns, and of the rows that a list of all customers is made of, as of the last order's day. */
function bytesOf(columns: OrderColumns): { columns: number; rows: number } {
  const rows = computeCustomerRows(columns, everyone(columns), asOfDayIn(columns.timeZone, columns.extremes?.lastDay ?? AS_OF_DAY));
  return { columns: byteSizeOf(columns), rows: byteSizeOfRows(rows) };
}

/** A folder of its own for the time of the work. */
async function inFolder<T>(work: (dataDir: string) => Promise<T>): Promise<T> {
  const folder = join(PROJECT_DIR, '.perennial', 'bench');
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(folder, 'run-'));
  try {
    return await work(dataDir);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function measureSize(size: number, say: (line: string) => void): Promise<SizeResult> {
  return inFolder(async (dataDir) => {
    const supervisor = createSupervisor(join(dataDir, 'processes.json'));
    try {
      const csvFile = join(dataDir, 'orders.csv');
      writeOrdersCsv(generateOrders(size), csvFile);
      const server = await startEmbeddedPostgres({
        ...{ dataDir: join(dataDir, 'postgres'), supervisor, durability: 'fast' as const },
        settings: RIVAL_SERVER_SETTINGS,
      });
      return await measureIn(server, { csvFile, size, say });
    } finally {
      await supervisor.stopAll();
    }
  });
}

function measureWithoutSql(size: number, say: (line: string) => void): Promise<SizeResult> {
  return inFolder(async (dataDir) => {
    const csvFile = join(dataDir, 'orders.csv');
    const orders = generateOrders(size);
    writeOrdersCsv(orders, csvFile);
    say(`${size.toLocaleString('en')} orders; others keep ${(await busyProcessors()).toFixed(1)} processors busy`);
    const { seconds, value: columns } = await timed(() => columnsOf(orders));
    const ourBytes = process.memoryUsage.rss();
    const duckDb = await DuckDbRival.start();
    try {
      say(await duckDb.describe());
      const duckDbLoad = await timed(() => duckDb.load(csvFile));
      const memory = { ...bytesOf(columns), process: ourBytes, duckDb: await duckDb.memoryBytes() };
      const sets = await measureSets({ columns, duckDb, postgres: null, isLarge: size > LARGE });
      return { size, loads: { ours: seconds, duckDb: duckDbLoad.seconds, postgres: null }, sets, refresh: null, memory };
    } finally {
      duckDb.close();
    }
  });
}

interface Ground {
  csvFile: string;
  size: number;
  say: (line: string) => void;
}

async function measureIn(server: PostgresServer, { csvFile, size, say }: Ground): Promise<SizeResult> {
  await server.createDatabase('perennial_bench');
  const ownerUrl = server.ownerUrl('perennial_bench');
  await migrateDatabase(ownerUrl);
  const appUrl = (await server.prepareAppLogin())('perennial_bench');
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const postgres = await PostgresRival.connect(ownerUrl);
  const duckDb = await DuckDbRival.start();
  try {
    say(`${size.toLocaleString('en')} orders; others keep ${(await busyProcessors()).toFixed(1)} processors busy`);
    const postgresLoad = await timed(() => postgres.load(csvFile));
    say(await postgres.describe());
    say(`PostgreSQL's table loaded in ${formatSeconds(postgresLoad.seconds)}`);
    const { seconds: filledSeconds, value: shop } = await timed(() => fillShop(owner, appUrl));
    say(`the app's tables filled in ${formatSeconds(filledSeconds)}`);
    try {
      const ourLoad = await timed(() => shop.readAll());
      const ourBytes = process.memoryUsage.rss();
      // A refresh takes these columns' memory.
      const bytes = bytesOf(ourLoad.value.columns);
      const duckDbLoad = await timed(() => duckDb.load(csvFile));
      const duckDbBytes = await duckDb.memoryBytes();
      say(await duckDb.describe());
      const loads = { ours: ourLoad.seconds, duckDb: duckDbLoad.seconds, postgres: postgresLoad.seconds };
      const sets = await measureSets({ columns: ourLoad.value.columns, duckDb, postgres, isLarge: size > LARGE });
      const refresh = await measureRefresh(shop, ourLoad.value);
      return { size, loads, sets, refresh, memory: { ...bytes, process: ourBytes, duckDb: duckDbBytes } };
    } finally {
      await shop.stop();
    }
  } finally {
    duckDb.close();
    await postgres.close();
    await owner.end();
  }
}
