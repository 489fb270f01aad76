import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import type * as OfflineToken from '#app/adapters/shopify/offline-token.server.ts';
import type { SealedSessionStorage } from '#app/adapters/shopify/session-storage.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type * as ShopifyApi from '#app/shopify-api.server.ts';
import type { OauthFault } from '#test/simulator/faults/fault-rules.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { promiseOf } from './promise.ts';

const DOMAIN = 'synthetic.myshopify.com';
const SESSION_ID = `offline_${DOMAIN}`;
const POOLS = 4;
const CALLERS = 20;
const MAX_ROUNDS = 4;
const REFRESH_DEADLINE_MS = 300;
const HOUR_MS = 3_600_000;

let faulty: FaultyApp;
let context: ShopContext;
let storage: SealedSessionStorage;
let offlineTokenOf: typeof OfflineToken.offlineTokenOf;
let api: typeof ShopifyApi.shopifyApiLibrary;
/** Each stands for a process: refreshes are joined within a pool, and wait for a lock among pools. */
const pools: pg.Pool[] = [];
const refreshing = { now: 0, most: 0 };

beforeAll(async () => {
  faulty = await startFaultyApp(syntheticStore(2));
  context = await faulty.app.install(DOMAIN);
  storage = (await import('#app/shopify.server.ts')).sessionStorage;
  offlineTokenOf = (await import('#app/adapters/shopify/offline-token.server.ts')).offlineTokenOf;
  api = (await import('#app/shopify-api.server.ts')).shopifyApiLibrary;
  for (let index = 0; index < POOLS; index += 1) pools.push(new pg.Pool({ connectionString: faulty.app.env['DATABASE_URL'] ?? '', max: 3 }));
  faulty.proxy.plan = async ({ path, body }) => {
    if (path !== '/admin/oauth/access_token' || !body.includes('refresh_token')) return undefined;
    refreshing.now += 1;
    refreshing.most = Math.max(refreshing.most, refreshing.now);
    // Long enough that a second one would be seen beside it.
    await new Promise((resolve) => setTimeout(resolve, 5));
    refreshing.now -= 1;
    return undefined;
  };
});

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await faulty.stop();
});

type Mishap = OauthFault | { kind: 'none' } | { kind: 'crash-before-save' };

const MISHAPS: readonly [Mishap, ...Mishap[]] = [
  { kind: 'none' },
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
  { kind: 'hang', when: 'after' },
  { kind: 'crash-before-save' },
  { kind: 'status', status: 503 },
  { kind: 'html' },
  { kind: 'invalid-json' },
  { kind: 'no-expires-in' },
  { kind: 'no-expires-in', alsoOfRefreshToken: true },
];

/** A process that dies after Shopify has answered and before it has written the pair down. */
function storageThatCrashes(times: number): Pick<SealedSessionStorage, 'loadSession' | 'storeSession' | 'endSession'> {
  let left = times;
  return {
    loadSession: (id) => storage.loadSession(id),
    endSession: (session) => storage.endSession(session),
    storeSession: async (session) => {
      left -= 1;
      if (left >= 0) throw new Error('crashed before the pair was saved');
      return storage.storeSession(session);
    },
  };
}

/** What is wrong after one run; empty when everybody has a live token. */
async function rotate(mishap: Mishap, refused: boolean): Promise<string[]> {
  const { simulator } = faulty.app.running;
  const before = await storage.loadSession(SESSION_ID);
  const isOfShopify = mishap.kind !== 'none' && mishap.kind !== 'crash-before-save';
  simulator.faults.set({ seed: 1, rules: isOfShopify ? [{ where: 'oauth', only: 'refresh_token', first: 1, what: mishap }] : [] });
  if (!refused) await faulty.owner.query("UPDATE sessions SET expires_at = now() - interval '1 second'");
  const used = mishap.kind === 'crash-before-save' ? storageThatCrashes(1) : storage;
  const sources = pools.map((pool) =>
    offlineTokenOf({ shop: context.shop, storage: used, api, pool, now: () => new Date(), deadlineMs: REFRESH_DEADLINE_MS }),
  );
  const tokens = new Set<string>();
  let waiting = CALLERS;
  for (let round = 0; round < MAX_ROUNDS && waiting > 0; round += 1) {
    const asked = Array.from({ length: waiting }, (_, index) => sources[index % POOLS]?.(refused ? (before?.accessToken ?? null) : null));
    const outcomes = await Promise.allSettled(asked);
    for (const outcome of outcomes) if (outcome.status === 'fulfilled' && outcome.value !== undefined) tokens.add(outcome.value);
    waiting = outcomes.filter(({ status }) => status === 'rejected').length;
  }
  const after = await storage.loadSession(SESSION_ID);
  const leftMs = (after?.expires?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now();
  const stored = simulator.grants.findLive(after?.accessToken ?? '');
  const ofShopify = mishap.kind === 'no-expires-in' && mishap.alsoOfRefreshToken ? before?.refreshToken : stored?.refreshToken;
  return [
    ...(waiting > 0 ? [`${waiting} callers locked out`] : []),
    ...(tokens.size === 1 && stored && tokens.has(stored.accessToken) ? [] : ['the stored token is not the one given out']),
    ...(after?.refreshToken === ofShopify ? [] : ['the stored pair is of two grants']),
    ...(leftMs > 0 && leftMs <= HOUR_MS ? [] : ['the token is frozen']),
  ].map((problem) => `${mishap.kind}: ${problem}`);
}

promiseOf('S7', 'expired and refused tokens of 20 callers in 4 pools', async ({ pick, seed }) => {
  const random = seededRandom(seed);
  const runs = pick(15, 500);
  const problems: string[] = [];
  refreshing.most = 0;
  for (let run = 0; run < runs; run += 1) {
    const mishap = MISHAPS[run] ?? random.pick(MISHAPS);
    problems.push(...(await rotate(mishap, random.chance(0.3))));
  }
  return {
    tried: `${runs} runs of ${CALLERS} callers, ${MISHAPS.length} mishaps`,
    measured: `at most ${refreshing.most} refresh in flight, ${problems.length} problems ${[...new Set(problems)].slice(0, 3).join('; ')}`.trim(),
    isKept: refreshing.most === 1 && problems.length === 0,
  };
});

/** A process of its own that asks Shopify with an expired token; what it printed, or the signal that ended it. */
function askInProcess(failpoints: string): Promise<string> {
  const preload = pathToFileURL(join(PROJECT_DIR, 'test', 'simulator', 'install.ts')).href;
  const child = spawn(process.execPath, [join('test', 'support', 'ask-shopify.cli.ts'), DOMAIN], {
    cwd: PROJECT_DIR,
    env: {
      ...process.env,
      ...faulty.app.env,
      SHOPIFY_SIM_ORIGIN: faulty.proxy.url,
      NODE_OPTIONS: `--import=${preload}`,
      FAILPOINTS: failpoints,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  return new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal ?? printed)));
}

promiseOf('S7', 'processes killed around a refresh', async ({ pick }) => {
  const kills = pick(1, 10);
  faulty.app.running.simulator.faults.clear();
  let killed = 0;
  let answered = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    for (const failpoint of ['token-before-refresh', 'token-after-refresh']) {
      await faulty.owner.query("UPDATE sessions SET expires_at = now() - interval '1 second'");
      const outcome = await askInProcess(`${failpoint}=kill`);
      if (outcome === 'SIGKILL') killed += 1;
      const { shopContext } = await import('#app/context.server.ts');
      const { loadHistoryCounts } = await import('#app/adapters/shopify/bulk-operations.server.ts');
      const counts = await loadHistoryCounts(shopContext(context.shop).admin).catch(() => null);
      if (counts?.orders === 2) answered += 1;
    }
  }
  const survived = await askInProcess('');
  return {
    tried: `${kills * 2} processes killed before and after a refresh`,
    measured: `${killed} killed there, ${answered} times the next one was answered, a third process: ${survived.trim()}`,
    isKept: killed === kills * 2 && answered === kills * 2 && survived.includes('orders: 2'),
  };
});
