import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { inject } from 'vitest';

import { promiseOf } from './promise.ts';
import { migrateDatabase } from '#test/support/migrate.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

/** The last migration of the version before this issue's. */
const BASELINE = '20261121000500_offer_currency';

/** A folder with the command and the migrations up to one, as a release of that time had them. */
function projectAsOf(newest: string): string {
  mkdirSync(join(PROJECT_DIR, '.perennial'), { recursive: true });
  const folder = mkdtempSync(join(PROJECT_DIR, '.perennial', 'o2-'));
  for (const path of ['package.json', 'prisma.config.ts', 'tsconfig.json', 'app/env.server.ts', 'app/commands/migrate.ts', 'prisma/schema.prisma']) {
    cpSync(join(PROJECT_DIR, path), join(folder, path));
  }
  const migrations = join('prisma', 'migrations');
  for (const name of readdirSync(join(PROJECT_DIR, migrations))) {
    if (name.startsWith('2') && name > newest) continue;
    cpSync(join(PROJECT_DIR, migrations, name), join(folder, migrations, name), { recursive: true });
  }
  symlinkSync(join(PROJECT_DIR, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Asks without pause, as web and worker do; how long the longest answer took. */
function startTraffic(client: pg.Client, statement: string): { stop: () => Promise<{ asked: number; longestMs: number; failed: number }> } {
  let isRunning = true;
  const told = { asked: 0, longestMs: 0, failed: 0 };
  const asking = (async () => {
    while (isRunning) {
      const startedMs = performance.now();
      await client.query(statement).catch(() => (told.failed += 1));
      told.asked += 1;
      told.longestMs = Math.max(told.longestMs, performance.now() - startedMs);
    }
  })();
  return {
    stop: async () => {
      isRunning = false;
      await asking;
      return told;
    },
  };
}

promiseOf('O2', 'migrations under traffic and behind a long transaction', async ({ pick }) => {
  const address = inject('testPostgres').ownerAddress;
  const name = `perennial_o2_${randomBytes(6).toString('hex')}`;
  const url = address.replace('{database}', name);
  const administrator = await connect(address.replace('{database}', 'postgres'));
  await administrator.query(`CREATE DATABASE ${name}`);
  const before = projectAsOf(BASELINE);
  const clients: pg.Client[] = [];
  try {
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'app/commands/migrate.ts'], { cwd: before, env: { ...process.env, DATABASE_OWNER_URL: url } });
    const [holder, reader, writer, owner] = await Promise.all([url, url, url, url].map(connect));
    if (!holder || !reader || !writer || !owner) throw new Error('no connections');
    clients.push(holder, reader, writer, owner);
    await owner.query(
      "INSERT INTO shops (domain, installed_at) SELECT n || '.myshopify.com', now() FROM generate_series(1, $1::int) n",
      [pick(200, 20_000)],
    );
    const rowsOf = async () => (await owner.query<{ digest: string }>("SELECT md5(string_agg(domain || installed_at, ' ' ORDER BY shop_id)) AS digest FROM shops")).rows[0]?.digest;
    const untouched = await rowsOf();
    const traffic = [
      startTraffic(reader, "SELECT * FROM shops_with_work(now())"),
      startTraffic(writer, "SELECT receive_webhook('1.myshopify.com', gen_random_uuid()::text, NULL, 'orders/create', '2026-10', now(), NULL)"),
    ];
    // A report that reads for a while: the migration cannot have its lock, and must not make everybody queue behind it.
    await holder.query('BEGIN; SELECT count(*) FROM shops');
    const heldMs = 2_500;
    const released = new Promise((resolve) => setTimeout(resolve, heldMs)).then(() => holder.query('COMMIT'));
    await migrateDatabase(url);
    await released;
    const told = await Promise.all(traffic.map(({ stop }) => stop()));
    const asked = told.reduce((sum, each) => sum + each.asked, 0);
    const failed = told.reduce((sum, each) => sum + each.failed, 0);
    const longestMs = Math.max(...told.map((each) => each.longestMs));
    const { rows } = await owner.query<{ unfinished: number }>('SELECT count(*)::int AS unfinished FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL');
    const isWhole = rows[0]?.unfinished === 0 && (await rowsOf()) === untouched;
    return {
      tried: `${readdirSync(join(PROJECT_DIR, 'prisma', 'migrations')).filter((each) => each > BASELINE && each.startsWith('2')).length} migrations, ${asked.toLocaleString('en')} statements beside them, a transaction that held its lock for ${heldMs} ms`,
      measured: `${failed} failed; the longest waited ${longestMs.toFixed(0)} ms; ${isWhole ? 'all applied, rows unchanged' : 'NOT whole'}`,
      // A second of lock_timeout, and what a busy machine adds.
      isKept: failed === 0 && longestMs <= pick(2_500, 1_500) && isWhole && asked > 100,
    };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await administrator.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await administrator.end();
    rmSync(before, { recursive: true, force: true });
  }
});
