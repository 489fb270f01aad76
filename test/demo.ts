import { basename, join } from 'node:path';
import { defaultDataDir, emptyDataDir, hashFile, loadSettings, requireUsableFolder } from './demo/data-directory.ts';
import type { StoreSource } from './demo/data-directory.ts';
import { acquireLock } from './demo/lock.ts';
import { makeExportedStore, makeGeneratedStore } from './demo/make-store.ts';
import { DEMO_HELP, parseDemoOptions } from './demo/options.ts';
import type { DemoOptions } from './demo/options.ts';
import { createProgress } from './demo/progress.ts';
import { createShutdown } from './demo/shutdown.ts';
import { startPerennial } from './demo/start-perennial.ts';
import type { RunningPerennial } from './demo/start-perennial.ts';
import { UsageError } from './demo/usage-error.ts';
import type { SimStore } from './simulator/state.ts';
import { isPortFree } from './support/free-port.ts';
import { createSupervisor, ProcessEndedError, stopLeftovers } from './support/processes.ts';

const DEFAULT_ORDERS = 6_000;

const startedAt = performance.now();
const progress = createProgress();
const shutdown = createShutdown({ interruptedCode: 0, onStop: () => progress.mute() });

try {
  // npm changes into the project's folder; a path on the command line is relative to where it was typed.
  const options = parseDemoOptions(process.argv.slice(2), process.env, process.env['INIT_CWD'] ?? process.cwd());
  if (options === 'help') progress.say(DEMO_HELP);
  else await runDemo(options);
} catch (error) {
  await shutdown.fail(error instanceof UsageError || error instanceof ProcessEndedError ? error.message : error);
}

async function runDemo(options: DemoOptions): Promise<void> {
  const wanted = await describeSource(options);
  const dataDir = options.dataDir ?? defaultDataDir(wanted);
  requireUsableFolder(dataDir);
  const lock = acquireLock(dataDir);
  shutdown.beforeExit(() => lock.release());
  const recordFile = join(dataDir, 'processes.json');
  if (lock.wasAbandoned) {
    const stopped = await stopLeftovers(recordFile);
    progress.say(`Cleaned up after a run that crashed${stopped > 0 ? ` (stopped ${stopped} of its processes)` : ''}.`);
  }
  if (options.isFresh) emptyDataDir(dataDir);
  const settings = loadSettings(dataDir, wanted, { ordersCount: options.ordersCount !== undefined });
  await requireFreePorts(options.port);
  // An export that cannot be read leaves nothing behind that would refuse the next one.
  let isStoreRefused = false;
  shutdown.beforeExit(() => {
    if (isStoreRefused) emptyDataDir(dataDir);
  });

  progress.say(`Starting Perennial in ${dataDir}`);
  const supervisor = createSupervisor(recordFile);
  shutdown.killWith(() => supervisor.killAll());
  shutdown.beforeExit(() => supervisor.stopAll());
  const perennial = await startPerennial({
    dataDir,
    settings,
    supervisor,
    port: options.port,
    appFrontPort: options.port + 1,
    makeStore: async () => {
      isStoreRefused = settings.source.kind === 'generated' || options.ordersFile !== undefined;
      const store = await makeStore(settings.source, options.ordersFile, join(dataDir, 'logs'));
      isStoreRefused = false;
      return store;
    },
    isFresh: options.isFresh,
    isReloading: options.isReloading,
    ownPostgresUrl: process.env['DATABASE_URL'],
    reportStep: progress.step,
    isOfferOn: true,
  });
  shutdown.beforeExit(() => perennial.close());
  lock.announce(perennial.shellUrl);
  sayWhereItIs(perennial, dataDir);
  const failed = await perennial.failed;
  throw new ProcessEndedError(failed, await failed.ended);
}

async function describeSource(options: DemoOptions): Promise<StoreSource> {
  const shared = {
    ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
    ...(options.currency === undefined ? {} : { currency: options.currency }),
  };
  if (options.ordersFile === undefined) {
    return { kind: 'generated', orders: options.ordersCount ?? DEFAULT_ORDERS, asOf: new Date().toISOString(), ...shared };
  }
  const sha256 = await hashFile(options.ordersFile);
  return { kind: 'orders-export', fileName: basename(options.ordersFile), sha256, ...shared };
}

async function makeStore(source: StoreSource, ordersFile: string | undefined, logsDir: string): Promise<SimStore> {
  if (source.kind === 'generated') return makeGeneratedStore(source);
  if (ordersFile === undefined) {
    throw new UsageError(`--orders: the store of this folder was never finished. Name ${source.fileName} once more.`);
  }
  return makeExportedStore(ordersFile, source, { progress, logsDir });
}

async function requireFreePorts(port: number): Promise<void> {
  for (const wanted of [port, port + 1]) {
    if (await isPortFree(wanted)) continue;
    throw new UsageError(
      `--port: something else listens on port ${wanted} of this machine (the demo needs ${port} and ${port + 1}). ` +
        `Stop it, or choose another: npm run demo -- --port ${port + 10}`,
    );
  }
}

function sayWhereItIs(perennial: RunningPerennial, dataDir: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  progress.say(`
  Perennial is ready after ${seconds} s. Open

      ${perennial.shellUrl}
`);
  progress.hint(`  storefront   ${perennial.storefrontUrl}
  control      ${perennial.controlUrl}
  logs         ${join(dataDir, 'logs')}

  Ctrl-C stops everything; the same command goes on from here.
`);
}
