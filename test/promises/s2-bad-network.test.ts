import pg from 'pg';
import { afterAll, beforeAll, vi } from 'vitest';

import type * as AdminApiAdapter from '#app/adapters/shopify/admin-api.server.ts';
import type * as Pacing from '#app/adapters/shopify/point-pacer.server.ts';
import type * as Contexts from '#app/context.server.ts';
import type * as Runtimes from '#app/runtime.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { FaultRule, GraphqlFault } from '#test/simulator/faults/fault-rules.ts';
import { cancelOrder, deleteOrder, editOrder, refundOrder } from '#test/simulator/order-changes.ts';
import { seededRandom, type SeededRandom } from '#test/simulator/store/seeded-random.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { promiseOf } from './promise.ts';

const ORDERS = 200;
const CALM = 'calm.myshopify.com';
const STORMY = 'stormy.myshopify.com';
const SHARE = 0.3;
// In place of the 15 s of the app, so that what hangs does not make the run an hour long.
const DEADLINE_MS = 600;
const RETRY_AFTER_SECONDS = 1;
const MAX_TURNS = 60;
const TICK_MS = 5;
const STANDSTILL_MS = 15;

const FAULTS: readonly GraphqlFault[] = [
  { kind: 'too-many-requests', retryAfterSeconds: RETRY_AFTER_SECONDS },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 504 },
  { kind: 'reset', when: 'before' },
  { kind: 'reset', when: 'after' },
  { kind: 'hang', when: 'before' },
  { kind: 'truncated-gzip' },
  { kind: 'html' },
  { kind: 'invalid-json' },
];

const RULES: readonly FaultRule[] = [
  { where: 'graphql', shop: STORMY, share: SHARE, what: FAULTS },
  { where: 'bulk-file', shop: STORMY, nth: 1, what: { kind: 'short', share: 0.5 } },
  { where: 'bulk-file', shop: STORMY, nth: 2, what: { kind: 'cut', share: 0.5 } },
  { where: 'bulk-file', shop: STORMY, share: SHARE, what: [{ kind: 'status', status: 503 }, { kind: 'reset', when: 'before' }] },
];

let app: AppUnderTest;
let owner: pg.Client;
let modules: { adapter: typeof AdminApiAdapter; pacing: typeof Pacing; contexts: typeof Contexts; runtimes: typeof Runtimes };

beforeAll(async () => {
  const store = (id: number, domain: string) => syntheticStore(ORDERS, { shop: { id, domain } });
  app = await startAppUnderTest({ store: [store(1, CALM), store(2, STORMY)] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  modules = {
    adapter: await import('#app/adapters/shopify/admin-api.server.ts'),
    pacing: await import('#app/adapters/shopify/point-pacer.server.ts'),
    contexts: await import('#app/context.server.ts'),
    runtimes: await import('#app/runtime.server.ts'),
  };
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

/** One store's side of the run: its context, and what it sent. */
interface Side {
  context: ShopContext;
  store: ShopStore;
  requests: number;
  longestMs: number;
  /** Of each 429: when it came, and when the next request went out. */
  waits: { toldMs: number; askedMs: number; sentMs: number }[];
  errors: Set<string>;
  /** The app's clock is moved instead of waiting for the next try of a webhook. */
  skipMs: number;
}

async function openSide(domain: string): Promise<Side> {
  const { shop } = await app.install(domain);
  const store = app.running.simulator.requireStore(domain);
  const { shopContext } = modules.contexts;
  const { systemRuntime } = modules.runtimes;
  let toldToWaitAtMs: number | null = null;
  /** Since when somebody has wanted to ask Shopify something: nobody is late who was not asked. */
  let askedMs = 0;
  const send: typeof fetch = async (input, init) => {
    const startedMs = performance.now();
    if (toldToWaitAtMs !== null) side.waits.push({ toldMs: toldToWaitAtMs, askedMs, sentMs: startedMs });
    toldToWaitAtMs = null;
    side.requests += 1;
    try {
      const answer = await fetch(input, init);
      if (answer.status === 429) toldToWaitAtMs = performance.now();
      return answer;
    } finally {
      side.longestMs = Math.max(side.longestMs, performance.now() - startedMs);
    }
  };
  const runtime = { ...systemRuntime, now: () => new Date(Date.now() + side.skipMs), fetch: send };
  const context = shopContext(shop, runtime);
  const session = await import('#app/shopify.server.ts').then(({ sessionStorage }) => sessionStorage.loadSession(`offline_${domain}`));
  const admin = modules.adapter.createAdminApi({
    ...runtime,
    domain,
    accessToken: async () => session?.accessToken ?? '',
    pacer: new modules.pacing.PointPacers(runtime).of(domain),
    deadlineMs: DEADLINE_MS,
  });
  let pending = 0;
  const asking: ShopContext['admin'] = async (...question) => {
    if (pending === 0) askedMs = performance.now();
    pending += 1;
    return admin(...question).finally(() => (pending -= 1));
  };
  const side: Side = { context: { ...context, admin: asking }, store, requests: 0, longestMs: 0, waits: [], errors: new Set(), skipMs: 0 };
  return side;
}

/** Imports the history, turn after turn, each when Shopify has ended what it was asked for. */
async function importHistory(side: Side): Promise<boolean> {
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  const { simulator } = app.running;
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    await advanceImports(side.context).catch((error: unknown) => side.errors.add(nameOf(error)));
    await until(() => simulator.bulk.list(side.store.domain), (list) => list.every(({ status }) => status !== 'RUNNING' && status !== 'CREATED'));
    const { rowCount } = await owner.query("SELECT state FROM imports WHERE shop_id = $1 AND state IN ('requested', 'running', 'storing')", [side.context.shop.shopId]);
    if (rowCount === 0) return true;
  }
  return false;
}

async function handleAll(side: Side): Promise<boolean> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const { webhooks } = app.running.simulator;
  await until(() => webhooks.deliveries(), (list) => list.every(({ status }) => status !== 'pending'));
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    for (const { error } of await handleWebhooks(side.context)) side.errors.add(nameOf(error));
    const { rows } = await owner.query<{ at: Date | null }>("SELECT min(not_before) AS at FROM webhook_inbox WHERE shop_id = $1 AND state = 'waiting'", [side.context.shop.shopId]);
    const at = rows[0]?.at ?? null;
    if (at === null) return true;
    side.skipMs = Math.max(side.skipMs, at.getTime() - Date.now() + 1);
  }
  return false;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

/** The same change in both stores, with the same ids and at the same time. */
function changeOrder(stores: readonly ShopStore[], number: number, random: SeededRandom): void {
  const id = 1_000_000 + random.between(0, ORDERS - 1) * 10;
  const kind = random.weighted([{ name: 'refund', weight: 6 }, { name: 'edit', weight: 2 }, { name: 'cancel', weight: 1 }, { name: 'delete', weight: 1 }]).name;
  const at = new Date(Date.UTC(2026, 10, 2) + number * 60_000);
  for (const store of stores) {
    store.skipIds(50_000_000 + number * 1_000);
    const order = store.orders.get(id);
    if (!order || order.deletedAt !== null) continue;
    if (kind === 'refund') refundOrder(store, order, { lines: [], everything: false, freeAmountMinor: 1 + (number % 50), note: null }, at);
    if (kind === 'cancel') cancelOrder(store, order, at);
    if (kind === 'delete') deleteOrder(store, order, at);
    const line = order.lines.find(({ currentQuantity }) => currentQuantity > 0);
    if (kind === 'edit' && line) editOrder(store, order, { lineItemId: line.id, quantity: 1 }, at);
  }
}

/** When this process stood still: no timer of it could have been on time. */
function watchStandstills(): { stop: () => { fromMs: number; toMs: number }[] } {
  const found: { fromMs: number; toMs: number }[] = [];
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - lastMs > STANDSTILL_MS) found.push({ fromMs: lastMs + TICK_MS, toMs: nowMs });
    lastMs = nowMs;
  }, TICK_MS);
  return {
    stop() {
      clearInterval(timer);
      return found;
    },
  };
}

/** How much later than it could have a request went out after a 429, as a share of the wait; below 0 is too early. */
function latenessOf({ toldMs, askedMs, sentMs }: Side['waits'][number], standstills: readonly { fromMs: number; toMs: number }[]): number {
  const waitMs = RETRY_AFTER_SECONDS * 1000;
  if (sentMs < toldMs + waitMs) return (sentMs - toldMs - waitMs) / waitMs;
  const dueMs = Math.max(toldMs + waitMs, askedMs);
  const stoodMs = standstills.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(toMs, sentMs) - Math.max(fromMs, dueMs)), 0);
  return (sentMs - dueMs - stoodMs) / waitMs;
}

async function stateOf({ context }: Side): Promise<string> {
  const { computeStateHash } = await import('#app/adapters/db/checks/state-hash.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { hash } = await withTenantConnection(context.pool, context.shop, (connection) => computeStateHash(connection, context.shop));
  return hash;
}

promiseOf('S2', 'an import and the webhooks of changes', async ({ pick, seed }) => {
  const changes = pick(25, 1_000);
  const { faults } = app.running.simulator;
  const sides = [await openSide(CALM), await openSide(STORMY)] as const;
  const [calm, stormy] = sides;
  const stores = sides.map(({ store }) => store);
  faults.set({ seed, rules: RULES });
  const watch = watchStandstills();
  let isThrough = true;
  for (const side of sides) isThrough = (await importHistory(side)) && isThrough;
  const random = seededRandom(seed);
  for (let number = 0; number < changes; number += 1) {
    changeOrder(stores, number, random);
    for (const side of sides) isThrough = (await handleAll(side)) && isThrough;
  }
  const standstills = watch.stop();
  const struck = faults.total();
  const kinds = Object.keys(faults.counts()).length;
  faults.clear();

  const isSame = (await stateOf(calm)) === (await stateOf(stormy));
  const ratio = stormy.requests / calm.requests;
  const late = stormy.waits.map((wait) => latenessOf(wait, standstills)).toSorted((a, b) => a - b);
  const [earliest, latest] = [late[0] ?? 0, late.at(-1) ?? 0];
  const strangers = [...calm.errors, ...stormy.errors].filter((name) => name !== 'ShopifyUnavailableError');
  return {
    tried: `${ORDERS} orders and ${changes} changes, ${stormy.requests} requests, ${struck} faults of ${kinds} kinds`,
    measured:
      `state ${isSame ? 'equal' : 'DIFFERENT'}${isThrough ? '' : ', not all done'}, ${ratio.toFixed(2)}x requests, Retry-After kept ` +
      `${late.length} times, ${(earliest * 100).toFixed(1)} to ${(latest * 100).toFixed(1)} % late beside ${standstills.length} standstills of this process, ` +
      `longest call ${stormy.longestMs.toFixed(0)} ms of ${DEADLINE_MS}${strangers.length > 0 ? `, errors ${strangers.join(', ')}` : ''}`,
    // Each of them, and what a busy machine took is known; a timer may be a millisecond early.
    isKept: isThrough && isSame && ratio <= 2 && late.length > 0 && earliest >= -0.01 && latest <= 0.1 && stormy.longestMs <= DEADLINE_MS + 500 && strangers.length === 0,
  };
});

promiseOf('S2', 'deadlines of the calls of an import, as the app sets them', async () => {
  const { shop } = await app.install(CALM);
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
  const deadlines = new Map<AbortSignal, number>();
  const makeSignal = AbortSignal.timeout.bind(AbortSignal);
  const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
    const signal = makeSignal(milliseconds);
    deadlines.set(signal, milliseconds);
    return signal;
  });
  const found: number[] = [];
  const runtime = {
    ...modules.runtimes.systemRuntime,
    fetch: (async (input, init) => {
      if (String(input).includes('/graphql.json')) found.push(init?.signal ? (deadlines.get(init.signal) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY);
      return fetch(input, init);
    }) satisfies typeof fetch,
  };
  const context = modules.contexts.shopContext(shop, runtime);
  await restartImports(context);
  for (let turn = 0; turn < 3; turn += 1) await advanceImports(context);
  spy.mockRestore();
  const longest = Math.max(...found);
  return {
    tried: `${found.length} calls`,
    measured: `longest deadline ${longest / 1000} s`,
    isKept: found.length > 3 && longest <= 15_000,
  };
});
