import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { z } from 'zod';
import { migrateDatabase } from '#test/support/migrate.ts';
import { startEmbeddedPostgres } from '#test/support/postgres.ts';
import { createSupervisor } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { busyProcessors, medianOf, type Bench, type BenchOptions, type BenchOutcome } from './bench.ts';

const ORDERS = 60_000;
const ROUNDS = 3;
const PROMISED_RATIO = 0.5;
/** Parents first, as their foreign keys want it. */
const TABLES = ['orders', 'order_lines', 'refunds', 'fulfillments'] as const;

const bulkFileFacts = z.object({ objects: z.number(), roots: z.number(), bytes: z.number() });
type BulkFileFacts = z.infer<typeof bulkFileFacts>;

/**
 * Ours: a bulk file on disk, read and stored by the code that the worker runs, in its own batches, as the app's role
 * under row-level security. The rival: PostgreSQL reading the very same rows from files of its own with COPY, into the
 * same tables with the same indexes and constraints, as their owner. The server is the embedded one with the demo's
 * durable settings; both begin with empty tables after a checkpoint, and take turns.
 */
export const importThroughput: Bench = {
  name: 'import',
  rival: 'COPY of the same rows',
  claim: `orders a second from a bulk file to committed rows, at least ${PROMISED_RATIO} of COPY`,
  run,
};

async function run({ orders, say }: BenchOptions): Promise<BenchOutcome> {
  const folder = join(PROJECT_DIR, '.perennial', 'bench');
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(folder, 'run-'));
  const supervisor = createSupervisor(join(dataDir, 'processes.json'));
  try {
    const server = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), supervisor, durability: 'durable' });
    await server.createDatabase('perennial_bench');
    const ownerUrl = server.ownerUrl('perennial_bench');
    await migrateDatabase(ownerUrl);
    const appUrl = (await server.prepareAppLogin())('perennial_bench');
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    try {
      return await measure({ owner, appUrl, dataDir, orders: orders ?? ORDERS, say });
    } finally {
      await owner.end();
    }
  } finally {
    await supervisor.stopAll();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Ground {
  owner: pg.Client;
  appUrl: string;
  dataDir: string;
  orders: number;
  say: (line: string) => void;
}

async function measure({ owner, appUrl, dataDir, orders, say }: Ground): Promise<BenchOutcome> {
  const file = join(dataDir, 'bulk.jsonl');
  const ours = await startOurs(appUrl);
  try {
    const facts = await writeBulkFile(orders, file);
    const [version] = (await owner.query<{ server_version: string }>('SHOW server_version')).rows;
    say(`PostgreSQL ${version?.server_version ?? '?'}; ${facts.roots} orders in ${facts.objects} lines, ${Math.round(facts.bytes / 1e6)} MB`);
    say(`others keep ${(await busyProcessors()).toFixed(1)} of ${cpus().length} processors busy; ours wants two, COPY one`);
    const oursSeconds: number[] = [];
    const rivalSeconds: number[] = [];
    // A first turn, not counted, warms both up and gives the rival its files.
    for (let round = 0; round <= ROUNDS; round += 1) {
      await empty(owner);
      const stored = await secondsOf(() => ours.store(owner, file, facts));
      if (round === 0) await writeRivalFiles(owner, say);
      await empty(owner);
      const copied = await secondsOf(() => copyIn(owner));
      if (round === 0) continue;
      oursSeconds.push(stored);
      rivalSeconds.push(copied);
      say(`round ${round}: ours ${perSecond(facts.roots, stored)}, COPY ${perSecond(facts.roots, copied)}, ratio ${(copied / stored).toFixed(2)}`);
    }
    const [oursMedian, rivalMedian] = [medianOf(oursSeconds), medianOf(rivalSeconds)];
    say(`median of ${ROUNDS}: ours ${perSecond(facts.roots, oursMedian)}, COPY ${perSecond(facts.roots, rivalMedian)}`);
    const ratio = rivalMedian / oursMedian;
    return { ratio, isKept: ratio >= PROMISED_RATIO };
  } finally {
    await ours.stop();
  }
}

async function writeBulkFile(orders: number, file: string): Promise<BulkFileFacts> {
  const { importSourceOf } = await import('#app/services/sync/import/import-source.server.ts');
  const args = ['--import', 'tsx', 'test/bench/write-bulk-file.cli.ts', String(orders), file, importSourceOf('orders').query];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: PROJECT_DIR });
  return bulkFileFacts.parse(JSON.parse(stdout));
}

/** The app's own modules, as the worker has them. */
async function startOurs(appUrl: string) {
  Object.assign(process.env, {
    DATABASE_URL: appUrl,
    SHOPIFY_API_KEY: 'bench',
    SHOPIFY_API_SECRET: 'bench',
    SHOPIFY_APP_URL: 'http://localhost',
    SCOPES: 'read_orders',
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    LOG_LEVEL: 'silent',
  });
  const { shopContext } = await import('#app/context.server.ts');
  const { pool, prisma } = await import('#app/db.server.ts');
  const { registerShop } = await import('#app/adapters/db/shop-registry.server.ts');
  const { storeBulkFile } = await import('#app/services/sync/import/store-bulk-file.server.ts');
  const { loadUnfinishedImports } = await import('#app/adapters/db/imports.repository.server.ts');
  const context = shopContext(await registerShop(prisma, 'bench.myshopify.com'));
  return {
    async store(owner: pg.Client, file: string, { roots, objects }: BulkFileFacts): Promise<void> {
      const [pull] = await context.inShop((db) => loadUnfinishedImports(db, context.shop));
      if (!pull) throw new Error('There is no import to store.');
      const outcome = await storeBulkFile(context, pull, file);
      const [stored] = (await owner.query<{ orders: number }>('SELECT count(*)::int AS orders FROM orders')).rows;
      if (outcome.kind !== 'stored' || outcome.lines !== objects || stored?.orders !== roots) throw new Error('Not all was stored.');
    },
    async stop(): Promise<void> {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

async function empty(owner: pg.Client): Promise<void> {
  await owner.query(`TRUNCATE ${TABLES.join(', ')}, imports`);
  await owner.query(
    `INSERT INTO imports (shop_id, import_id, resource, state, requested_at)
     SELECT shop_id, gen_random_uuid(), 'orders', 'storing', now() FROM shops`,
  );
  await owner.query('CHECKPOINT');
}

/** Where the server itself can read them: among its own files. */
async function rivalFile(owner: pg.Client, table: string): Promise<string> {
  const [row] = (await owner.query<{ data_directory: string }>('SHOW data_directory')).rows;
  return `${row?.data_directory ?? ''}/bench-${table}.copy`;
}

async function writeRivalFiles(owner: pg.Client, say: (line: string) => void): Promise<void> {
  const counts: string[] = [];
  for (const table of TABLES) {
    const { rowCount } = await owner.query(`COPY ${table} TO ${pg.escapeLiteral(await rivalFile(owner, table))}`);
    counts.push(`${rowCount ?? 0} ${table}`);
  }
  say(`rows: ${counts.join(', ')}`);
}

async function copyIn(owner: pg.Client): Promise<void> {
  for (const table of TABLES) await owner.query(`COPY ${table} FROM ${pg.escapeLiteral(await rivalFile(owner, table))}`);
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

function perSecond(orders: number, seconds: number): string {
  return `${Math.round(orders / seconds).toLocaleString('en')} orders/s`;
}
