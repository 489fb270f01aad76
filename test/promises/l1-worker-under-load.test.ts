import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import { afterAll, afterEach, beforeAll } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { busyShop, busyStores } from '#test/support/loyalty/busy-shop.ts';
import type { BusyShop } from '#test/support/loyalty/busy-shop.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { endOf, spawnWorker } from '#test/support/worker-process.ts';
import { promiseOf } from './promise.ts';

const isLong = process.env['PROMISE_SIZE'] === 'long';
const ORDERS = isLong ? 2_400 : 300;
/** About what a turn over a batch, a send and a commit takes, so that each of them is hit. */
const LONGEST_LIFE_MS = 700;
const KILLS_AN_IMPORT = 10;
const RESUMES_PROMISED_MS = 10_000;
const TAKEN_OVER_PROMISED_MS = 90_000;

const STORES = busyStores(['undisturbed', 'killed', 'taken-over'], ORDERS);
let app: AppUnderTest;
const workers = new Set<ChildProcess>();

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORES });
});

afterEach(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all([...workers].map(endOf));
});

afterAll(() => app.stop());

async function open(index: number): Promise<{ context: ShopContext; shop: BusyShop }> {
  const { domain } = STORES[index]?.shop ?? { domain: '' };
  const context = await app.install(domain);
  return { context, shop: await busyShop(context, app.running.simulator.requireStore(domain), app.ownerUrl) };
}

/** The real worker, as a process. */
function startWorker(env: Record<string, string> = {}): ChildProcess {
  const worker = spawnWorker({ ...app.env, NODE_ENV: 'test', LOG_LEVEL: 'info', ...env }, ['ignore', 'pipe', 'pipe']);
  workers.add(worker);
  worker.stdout?.resume();
  worker.once('exit', () => workers.delete(worker));
  return worker;
}

async function killNow(worker: ChildProcess): Promise<void> {
  worker.kill('SIGKILL');
  await endOf(worker);
}

/** @returns how long it took until something more was done */
async function msUntilMore(shop: BusyShop, before: number): Promise<number> {
  const startedMs = performance.now();
  await until(() => shop.progress(), (done) => done > before, 120_000);
  return performance.now() - startedMs;
}

async function settle(shop: BusyShop): Promise<void> {
  await until(async () => (await shop.hasten(), shop.isSettled()), Boolean, 300_000);
}

promiseOf('L1', 'the worker of a busy shop, killed at random', async ({ seed, pick }) => {
  const kills = pick(2, 200);
  const random = seededRandom(seed);
  const { shop: quiet } = await open(0);
  const steady = startWorker();
  await settle(quiet);
  for (let kill = 0; kill < kills; kill += 1) await happen(quiet, kill);
  await settle(quiet);
  await killNow(steady);

  const { shop } = await open(1);
  const first = startWorker();
  await settle(shop);
  await killNow(first);
  const resumedMs: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    await shop.step(2 * kill);
    if (kill % KILLS_AN_IMPORT === 0) await shop.importAgain();
    const before = await shop.progress();
    const worker = startWorker();
    resumedMs.push(await msUntilMore(shop, before));
    await shop.step(2 * kill + 1);
    await wait(random.between(0, LONGEST_LIFE_MS));
    await killNow(worker);
  }
  const last = startWorker();
  await settle(shop);
  await killNow(last);

  const { checkLedger } = await import('#app/adapters/db/checks/check-ledger.server.ts');
  const [expected, found] = [await quiet.standing(), await shop.standing()];
  const differing = Object.keys(expected).filter((name) => JSON.stringify(expected[name]) !== JSON.stringify(found[name]));
  const findings = (await checkLedger(shop.owner, shop.shop)).length;
  await Promise.all([quiet.close(), shop.close()]);
  const [entries, codes] = [expected['entries']?.length ?? 0, found['codes']?.length ?? 0];
  const slowest = Math.max(...resumedMs);
  return {
    tried: `${kills} workers killed among ${2 * kills} purchases, as many refunds and redemptions, and ${Math.ceil(kills / KILLS_AN_IMPORT)} imports of ${ORDERS.toLocaleString('en')} orders`,
    measured: `${differing.length} tables other than the undisturbed ones ${differing.join(', ')}; ${entries.toLocaleString('en')} entries, ${codes} codes, ${findings} findings; work went on at most ${(slowest / 1000).toFixed(1)} s after a restart`,
    // In the small run other tests have the machine too.
    isKept: differing.length === 0 && findings === 0 && entries > ORDERS && codes === 2 * kills && pick(true, slowest <= RESUMES_PROMISED_MS),
  };
});

/** What one kill is among. */
async function happen(shop: BusyShop, kill: number): Promise<void> {
  await shop.step(2 * kill);
  if (kill % KILLS_AN_IMPORT === 0) await shop.importAgain();
  await shop.step(2 * kill + 1);
}

promiseOf('L1', 'what a killed worker held, gone on with by another', async ({ pick }) => {
  const times = pick(1, 10);
  const { shop } = await open(2);
  const takenOverMs: number[] = [];
  let early = 0;
  for (let time = 0; time < times; time += 1) {
    await shop.importAgain();
    const holder = startWorker({ FAILPOINTS: 'import-after-download=hang' });
    for await (const said of holder.stderr ?? []) if (String(said).includes('failpoint import-after-download hang')) break;
    const other = startWorker();
    await once(other.stdout ?? other, 'data');
    await shop.step(time);
    // Webhooks are gone on with meanwhile; the import is not, while the other lives.
    await until(() => shop.waitingWebhooks(), (left) => left === 0, 120_000);
    const before = await shop.imported();
    if ((await shop.unfinishedImports()) === 0) early += 1;
    const killedMs = performance.now();
    await killNow(holder);
    await until(() => shop.imported(), (done) => done > before, 2 * TAKEN_OVER_PROMISED_MS);
    takenOverMs.push(performance.now() - killedMs);
    await settle(shop);
    await killNow(other);
  }
  await shop.close();
  const slowest = Math.max(...takenOverMs);
  return {
    tried: `${times} workers killed in an import, beside another`,
    measured: `gone on with at most ${(slowest / 1000).toFixed(1)} s later; ${early} gone on with while they lived`,
    isKept: early === 0 && pick(true, slowest <= TAKEN_OVER_PROMISED_MS),
  };
});

// `npm test` runs that file by itself.
if (isLong) {
  promiseOf('L1', 'every kind of work, killed at each of its failpoints', async () => {
    const times = 3;
    const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|PROMISE_|DATABASE_)/.test(name));
    const env = { ...Object.fromEntries(inherited), NODE_ENV: 'test' as const };
    let failed = 0;
    for (let time = 0; time < times; time += 1) {
      const run = promisify(execFile)(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', 'test/jobs/failpoints.test.ts'], { cwd: PROJECT_DIR, env });
      failed += await run.then(() => 0, () => 1);
    }
    const { FAILPOINTS } = await import('#app/failpoint.server.ts');
    return { tried: `${FAILPOINTS.length} failpoints, ${times} times each`, measured: `${failed} runs ended otherwise than they should`, isKept: failed === 0 };
  });
}
