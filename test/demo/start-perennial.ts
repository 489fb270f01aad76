import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadAppConfig } from '#test/simulator/app-toml.ts';
import { startSimulator } from '#test/simulator/server.ts';
import type { RunningSimulator, SimulatorOptions } from '#test/simulator/server.ts';
import type { SimStore } from '#test/simulator/state.ts';
import { migrateDatabase } from '#test/support/migrate.ts';
import { startEmbeddedPostgres, useOwnPostgres } from '#test/support/postgres.ts';
import type { Durability, PostgresServer } from '#test/support/postgres.ts';
import { ProcessEndedError } from '#test/support/processes.ts';
import type { SupervisedProcess, Supervisor } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { buildApp, isBuildStale } from './build-app.ts';
import type { DemoSettings } from './data-directory.ts';
import { COMMANDS, RELOADING_COMMANDS, superviseApp } from './supervise-app.ts';
import type { AppProcesses } from './supervise-app.ts';

const APP_HANDLE = 'perennial';
const TOML_PATH = join(PROJECT_DIR, 'shopify.app.toml');
/** Runs one step and tells whoever watches how long it took. */
export type StepReporter = <T>(step: string, work: () => Promise<T>) => Promise<T>;

export interface PerennialOptions {
  dataDir: string;
  settings: Pick<DemoSettings, 'clientId' | 'clientSecret' | 'encryptionKeys'>;
  supervisor: Supervisor;
  /** 0: any. */
  port: number;
  /** 0: any. */
  appFrontPort: number;
  /** Called when the data directory holds no store yet. */
  makeStore: () => SimStore | Promise<SimStore>;
  /** Begin with an empty database, also on a server of the user's own. */
  isFresh: boolean;
  /** Serves the sources and reloads what changes, instead of a build. */
  isReloading: boolean;
  /** `DATABASE_URL`, when the user brings a PostgreSQL. */
  ownPostgresUrl: string | undefined;
  /** A database that is migrated and empty already, in place of one that is made here. */
  readyDatabase?: ReadyDatabase | undefined;
  /** Whoever calls has seen to the build. */
  isBuilt?: boolean;
  reportStep: StepReporter;
  /** Whether the store begins with the next-order offer switched on; off unless told. */
  isOfferOn?: boolean;
  /** Of the embedded PostgreSQL; durable unless told. */
  durability?: Durability;
  /** Of web and worker, beside what they need anyway or instead of it. */
  env?: Record<string, string>;
  /** Slows bulk operations down so that a test sees them run. */
  bulkObjectsPerSecond?: SimulatorOptions['bulkObjectsPerSecond'];
}

export interface RunningPerennial extends AppProcesses {
  /** The local Shopify, `http://localhost:4000`. */
  origin: string;
  /** Where browsers and Shopify reach the app, whichever web process is behind it. */
  appFrontUrl: string;
  /** The admin with the app in it: where a person begins. */
  shellUrl: string;
  storefrontUrl: string;
  controlUrl: string;
  /** As the owner of the tables. */
  databaseOwnerUrl: string;
  simulator: RunningSimulator;
  /** What web and worker were started with, but for the port. */
  env: NodeJS.ProcessEnv;
  /** Stops web and worker, the local Shopify, then PostgreSQL. */
  close(): Promise<void>;
}

/** Starts everything, in parallel where nothing waits for the other; the supervisor stops it when this throws. */
export async function startPerennial(options: PerennialOptions): Promise<RunningPerennial> {
  const { dataDir, settings, supervisor, reportStep } = options;
  const logFile = (name: string) => join(dataDir, 'logs', `${name}.log`);
  const [database, simulator] = await Promise.all([
    prepareDatabase(options),
    reportStep('Local Shopify', () =>
      startSimulator({
        port: options.port,
        appFrontPort: options.appFrontPort,
        store: options.makeStore,
        dataDir: join(dataDir, 'shopify'),
        ...(options.bulkObjectsPerSecond === undefined ? {} : { bulkObjectsPerSecond: options.bulkObjectsPerSecond }),
        app: {
          clientId: settings.clientId,
          clientSecret: settings.clientSecret,
          handle: APP_HANDLE,
          name: 'Perennial',
          tomlPath: TOML_PATH,
        },
      }),
    ),
    !options.isReloading && options.isBuilt !== true && isBuildStale() ? reportStep('Build of the app', () => buildApp(supervisor, logFile('build'))) : undefined,
  ]);
  const env = await appEnvironment(options, simulator, database.appUrl);
  const processes = superviseApp({
    supervisor,
    env,
    commands: options.isReloading ? RELOADING_COMMANDS : COMMANDS,
    logFile,
    onWebReady: (url) => simulator.setUpstream(url),
  });
  await Promise.all([
    reportStep('Web', () => processes.startWeb()),
    reportStep('Worker', () => processes.startWorker()),
    options.isOfferOn === true ? switchOfferOn(options, env, simulator) : undefined,
  ]);
  const handle = shopHandle(simulator);
  return {
    origin: simulator.origin,
    appFrontUrl: simulator.appFrontUrl,
    shellUrl: `${simulator.origin}/store/${handle}/apps/${APP_HANDLE}`,
    storefrontUrl: `${simulator.origin}/shop/${handle}`,
    controlUrl: `${simulator.origin}/control`,
    databaseOwnerUrl: database.ownerUrl,
    simulator,
    env,
    ...processes,
    failed: Promise.race([processes.failed, endOf(database.process)]),
    async close() {
      await Promise.all([processes.stopWorker(), processes.stopWeb()]);
      await simulator.close();
      await supervisor.stopAll();
    },
  };
}

export interface ReadyDatabase {
  /** As the app's role. */
  appUrl: string;
  ownerUrl: string;
}

interface PreparedDatabase extends ReadyDatabase {
  process: SupervisedProcess | null;
}

async function prepareDatabase(options: PerennialOptions): Promise<PreparedDatabase> {
  const { dataDir, supervisor, reportStep, ownPostgresUrl, readyDatabase, durability = 'durable' } = options;
  if (readyDatabase !== undefined) return { ...readyDatabase, process: null };
  const server = await reportStep('PostgreSQL', (): Promise<PostgresServer> =>
    ownPostgresUrl === undefined
      ? startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), supervisor, durability })
      : useOwnPostgres(ownPostgresUrl),
  );
  return reportStep('Database', async () => {
    const name = `perennial_demo_${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;
    if (options.isFresh) await server.dropDatabase(name);
    await server.createDatabase(name);
    await migrateDatabase(server.ownerUrl(name));
    const appUrl = await server.prepareAppLogin();
    return { appUrl: appUrl(name), ownerUrl: server.ownerUrl(name), process: server.process };
  });
}

/** Never, for a server that is not ours: the app says in its logs that it is gone, and goes on when it is back. */
function endOf(process: SupervisedProcess | null): Promise<SupervisedProcess> {
  return process === null ? new Promise(() => {}) : process.ended.then(() => process);
}

async function appEnvironment(
  { settings, isReloading, env = {} }: PerennialOptions,
  simulator: { origin: string; appFrontUrl: string },
  databaseUrl: string,
): Promise<NodeJS.ProcessEnv> {
  const { scopes } = await loadAppConfig(TOML_PATH);
  // What the shell or npm happens to set must not reach the app as its configuration.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|DATABASE_|SHOPIFY_|NODE_OPTIONS$)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: isReloading ? 'development' : 'production',
    LOG_LEVEL: 'info',
    DATABASE_URL: databaseUrl,
    SHOPIFY_API_KEY: settings.clientId,
    SHOPIFY_API_SECRET: settings.clientSecret,
    SHOPIFY_APP_URL: simulator.appFrontUrl,
    SCOPES: scopes.join(','),
    ENCRYPTION_KEYS: settings.encryptionKeys,
    APP_BRIDGE_URL: `${simulator.origin}/app-bridge.js`,
    // As the local Shopify names the page.
    LOYALTY_PAGE_ID: 'perennial-loyalty-page',
    SHOPIFY_SIM_ORIGIN: simulator.origin,
    // Sends what is meant for *.myshopify.com to the local Shopify, before any code of the app is loaded.
    NODE_OPTIONS: `--import=${pathToFileURL(join(PROJECT_DIR, 'test', 'simulator', 'install.ts')).href}`,
    ...env,
  };
}

/** Leaves alone what a merchant has set before. */
async function switchOfferOn({ supervisor, dataDir }: PerennialOptions, env: NodeJS.ProcessEnv, { simulator }: RunningSimulator): Promise<void> {
  const seed = supervisor.start({
    name: 'prisma/seed.ts',
    command: process.execPath,
    args: ['prisma/seed.ts', ...simulator.shops.keys()],
    logFile: join(dataDir, 'logs', 'seed.log'),
    cwd: PROJECT_DIR,
    env,
  });
  const ended = await seed.ended;
  if (ended !== 'ended with code 0') throw new ProcessEndedError(seed, ended);
}

function shopHandle({ simulator }: RunningSimulator): string {
  const [domain] = simulator.shops.keys();
  if (domain === undefined) throw new Error('The local Shopify has no store.');
  return domain.replace('.myshopify.com', '');
}
