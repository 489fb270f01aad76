import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from './demo/lock.ts';
import { createShutdown } from './demo/shutdown.ts';
import { RELOADING_COMMANDS } from './demo/supervise-app.ts';
import { migrateDatabase } from './support/migrate.ts';
import { startEmbeddedPostgres, useOwnPostgres } from './support/postgres.ts';
import { createSupervisor, ProcessEndedError, stopLeftovers } from './support/processes.ts';
import type { Supervisor } from './support/processes.ts';
import { PROJECT_DIR } from './support/project-dir.ts';

/*
 * Web and worker against a real development store. `shopify app dev` runs this (shopify.web.toml) with PORT, HOST and
 * the app's keys; what it does not know, the database and the key that seals, is made here and kept in .perennial/dev.
 */
const dataDir = join(PROJECT_DIR, '.perennial', 'dev');
const DATABASE = 'perennial_dev';

const shutdown = createShutdown({ interruptedCode: 0 });
try {
  await run();
} catch (error) {
  await shutdown.fail(error instanceof ProcessEndedError ? error.message : error);
}

async function run(): Promise<void> {
  const appUrl = requireFromShopifyCli('HOST');
  const lock = acquireLock(dataDir);
  shutdown.beforeExit(() => lock.release());
  const recordFile = join(dataDir, 'processes.json');
  if (lock.wasAbandoned) await stopLeftovers(recordFile);
  const supervisor = createSupervisor(recordFile);
  shutdown.killWith(() => supervisor.killAll());
  shutdown.beforeExit(() => supervisor.stopAll());
  lock.announce(appUrl);

  const env = {
    ...process.env,
    NODE_ENV: 'development' as const,
    SHOPIFY_APP_URL: appUrl,
    DATABASE_URL: await prepareDatabase(supervisor),
    ENCRYPTION_KEYS: process.env['ENCRYPTION_KEYS'] ?? readOrMakeKey(),
  };
  const processes = (['web', 'worker'] as const).map((name) =>
    supervisor.start({
      name,
      command: process.execPath,
      // The tunnel reaches any interface; Vite reads PORT.
      args: name === 'web' ? RELOADING_COMMANDS.web.filter((word) => word !== '--strictPort') : RELOADING_COMMANDS.worker,
      cwd: PROJECT_DIR,
      env,
      logFile: null,
    }),
  );
  const ended = await Promise.race(processes.map(async (child) => ({ child, why: await child.ended })));
  throw new ProcessEndedError(ended.child, ended.why);
}

async function prepareDatabase(supervisor: Supervisor): Promise<string> {
  const ownUrl = process.env['DATABASE_OWNER_URL'];
  const server =
    ownUrl === undefined
      ? await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), supervisor, durability: 'durable' })
      : await useOwnPostgres(ownUrl);
  await server.createDatabase(DATABASE);
  await migrateDatabase(server.ownerUrl(DATABASE));
  const appUrl = await server.prepareAppLogin();
  return appUrl(DATABASE);
}

function requireFromShopifyCli(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is missing: this is started by \`npm run dev:shopify\`, which sets it. For a store on this machine: npm run dev`);
}

function readOrMakeKey(): string {
  const file = join(dataDir, 'encryption-keys');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, `1:${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  }
  return readFileSync(file, 'utf8');
}
