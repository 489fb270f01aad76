import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadAppConfig } from '#test/simulator/app-toml.ts';
import { startSimulator } from '#test/simulator/server.ts';
import type { SimStore } from '#test/simulator/state.ts';
import { findFreePort } from '#test/support/free-port.ts';
import { migrateDatabase } from '#test/support/migrate.ts';
import { startEmbeddedPostgres, useOwnPostgres } from '#test/support/postgres.ts';
import type { PostgresServer } from '#test/support/postgres.ts';
import { waitForHttp } from '#test/support/processes.ts';
import type { SupervisedProcess, Supervisor } from '#test/support/processes.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { buildApp, isBuildStale } from './build-app.ts';
import type { DemoSettings } from './data-directory.ts';

const APP_HANDLE = 'perennial';
const TOML_PATH = join(PROJECT_DIR, 'shopify.app.toml');
/** As `npm start` and `npm run worker` do it, without an npm in between that would stay for as long as they run. */
const ENTRY_POINTS = { web: 'app/web.server.ts', worker: 'app/jobs/worker.server.ts' };

/** Runs one step and tells whoever watches how long it took. */
export type StepReporter = <T>(step: string, work: () => Promise<T>) => Promise<T>;

export interface PerennialOptions {
  dataDir: string;
  settings: DemoSettings;
  supervisor: Supervisor;
  /** 0: any. */
  port: number;
  /** 0: any. */
  appFrontPort: number;
  /** Called when the data directory holds no store yet. */
  makeStore: () => SimStore | Promise<SimStore>;
  /** Begin with an empty database, also on a server of the user's own. */
  isFresh: boolean;
  /** `DATABASE_URL`, when the user brings a PostgreSQL. */
  ownPostgresUrl: string | undefined;
  reportStep: StepReporter;
}

export interface RunningPerennial {
  /** The local Shopify, `http://localhost:4000`. */
  origin: string;
  /** The admin with the app in it: where a person begins. */
  shellUrl: string;
  storefrontUrl: string;
  controlUrl: string;
  /** As the owner of the tables. */
  databaseOwnerUrl: string;
  simulator: Awaited<ReturnType<typeof startSimulator>>;
  /** Resolves with the reason when web or worker ends although nobody asked it to. */
  failed: Promise<SupervisedProcess>;
  stopWeb(): Promise<void>;
  startWeb(): Promise<void>;
  stopWorker(): Promise<void>;
  startWorker(): void;
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
        app: {
          clientId: settings.clientId,
          clientSecret: settings.clientSecret,
          handle: APP_HANDLE,
          name: 'Perennial',
          upstreamUrl: 'http://127.0.0.1:9',
          tomlPath: TOML_PATH,
        },
      }),
    ),
    isBuildStale() ? reportStep('Build of the app', () => buildApp(supervisor, logFile('build'))) : undefined,
  ]);
  const env = await appEnvironment(settings, simulator, database.appUrl);
  const processes = superviseApp(supervisor, env, logFile, (url) => simulator.setUpstream(url));
  await Promise.all([
    reportStep('Web', () => processes.startWeb()),
    reportStep('Worker', async () => processes.startWorker()),
  ]);
  const handle = shopHandle(simulator);
  return {
    origin: simulator.origin,
    shellUrl: `${simulator.origin}/store/${handle}/apps/${APP_HANDLE}`,
    storefrontUrl: `${simulator.origin}/shop/${handle}`,
    controlUrl: `${simulator.origin}/control`,
    databaseOwnerUrl: database.ownerUrl,
    simulator,
    ...processes,
    async close() {
      await Promise.all([processes.stopWorker(), processes.stopWeb()]);
      await simulator.close();
      await supervisor.stopAll();
    },
  };
}

async function prepareDatabase(options: PerennialOptions): Promise<{ appUrl: string; ownerUrl: string }> {
  const { dataDir, supervisor, reportStep, ownPostgresUrl } = options;
  const server = await reportStep('PostgreSQL', (): Promise<PostgresServer> =>
    ownPostgresUrl === undefined
      ? startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), supervisor, durability: 'durable' })
      : useOwnPostgres(ownPostgresUrl),
  );
  return reportStep('Database', async () => {
    const name = `perennial_demo_${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;
    if (options.isFresh) await server.dropDatabase(name);
    await server.createDatabase(name);
    await migrateDatabase(server.ownerUrl(name));
    const appUrl = await server.prepareAppLogin();
    return { appUrl: appUrl(name), ownerUrl: server.ownerUrl(name) };
  });
}

async function appEnvironment(
  settings: DemoSettings,
  simulator: { origin: string; appFrontUrl: string },
  databaseUrl: string,
): Promise<NodeJS.ProcessEnv> {
  const { scopes } = await loadAppConfig(TOML_PATH);
  // What the shell or npm happens to set must not reach the app as its configuration.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|DATABASE_|SHOPIFY_|NODE_OPTIONS$)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    DATABASE_URL: databaseUrl,
    SHOPIFY_API_KEY: settings.clientId,
    SHOPIFY_API_SECRET: settings.clientSecret,
    SHOPIFY_APP_URL: simulator.appFrontUrl,
    SCOPES: scopes.join(','),
    ENCRYPTION_KEYS: settings.encryptionKeys,
    APP_BRIDGE_URL: `${simulator.origin}/app-bridge.js`,
    SHOPIFY_SIM_ORIGIN: simulator.origin,
    // Sends what is meant for *.myshopify.com to the local Shopify, before any code of the app is loaded.
    NODE_OPTIONS: `--import=${pathToFileURL(join(PROJECT_DIR, 'test', 'simulator', 'install.ts')).href}`,
  };
}

function superviseApp(
  supervisor: Supervisor,
  env: NodeJS.ProcessEnv,
  logFile: (name: string) => string,
  setUpstream: (url: string) => void,
) {
  const wanted = new Set<SupervisedProcess>();
  let reportFailure: (child: SupervisedProcess) => void = () => {};
  const failed = new Promise<SupervisedProcess>((resolve) => (reportFailure = resolve));
  const start = (name: keyof typeof ENTRY_POINTS, extraEnv: NodeJS.ProcessEnv) => {
    const child = supervisor.start({
      name,
      command: process.execPath,
      args: ['--import', 'tsx', ENTRY_POINTS[name]],
      cwd: PROJECT_DIR,
      env: { ...env, ...extraEnv },
      logFile: logFile(name),
    });
    wanted.add(child);
    void child.ended.then(() => wanted.has(child) && reportFailure(child));
    return child;
  };
  const stop = async (name: string) => {
    for (const child of [...wanted].filter((running) => running.name === name)) {
      wanted.delete(child);
      await child.stop();
    }
  };
  return {
    failed,
    async startWeb() {
      const port = await findFreePort();
      const url = `http://127.0.0.1:${port}`;
      const web = start('web', { PORT: String(port) });
      await waitForHttp(`${url}/healthz`, web);
      setUpstream(url);
    },
    stopWeb: () => stop('web'),
    startWorker: () => void start('worker', {}),
    stopWorker: () => stop('worker'),
  };
}

function shopHandle(simulator: { simulator: { shops: ReadonlyMap<string, unknown> } }): string {
  const [domain] = simulator.simulator.shops.keys();
  if (domain === undefined) throw new Error('The local Shopify has no store.');
  return domain.replace('.myshopify.com', '');
}
