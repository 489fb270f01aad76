import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { BulkFault, FaultRule } from '#test/simulator/faults/fault-rules.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { at, postJson, until } from '#test/simulator/simulator-client.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { promiseOf } from './promise.ts';

const ORDERS = 60;
const DOMAIN = 'synthetic.myshopify.com';
const MAX_TURNS = 200;
const MAX_ATTEMPTS = 3;

let app: AppUnderTest;
let context: ShopContext;
let owner: pg.Client;

beforeAll(async () => {
  app = await startAppUnderTest({ store: syntheticStore(ORDERS) });
  context = await app.install(DOMAIN);
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

type Ending = Pick<FaultRule, 'where' | 'what'>;
const bulk = (what: BulkFault): Ending => ({ where: 'bulk', what });

/** Endings after which the next attempt may bring the whole. */
const ENDINGS: readonly [Ending, ...Ending[]] = [
  bulk({ kind: 'failed', errorCode: 'ACCESS_DENIED', share: 0.5 }),
  bulk({ kind: 'failed', errorCode: 'INTERNAL_SERVER_ERROR', share: 0.9 }),
  bulk({ kind: 'failed', errorCode: 'TIMEOUT', share: 0.1 }),
  bulk({ kind: 'expired' }),
  bulk({ kind: 'no-url' }),
  bulk({ kind: 'no-finish-webhook' }),
  bulk({ kind: 'finish-before-answer' }),
  { where: 'bulk-file', what: { kind: 'expired-url' } },
  { where: 'bulk-file', what: { kind: 'cut', share: 0.7 } },
  { where: 'bulk-file', what: { kind: 'short', share: 0.6 } },
  { where: 'bulk-file', what: { kind: 'short', share: 0.6, wholeLines: true } },
  { where: 'bulk-file', what: { kind: 'short', share: 0 } },
  { where: 'graphql', what: { kind: 'missing-field', field: 'objectCount' } },
];

const labelOf = ({ what }: Ending): string => (Array.isArray(what) ? what : [what]).map((fault: { kind: string }) => fault.kind).join();

async function stateHash(): Promise<string> {
  const { computeStateHash } = await import('#app/adapters/db/checks/state-hash.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  return withTenantConnection(context.pool, context.shop, async (connection) => (await computeStateHash(connection, context.shop)).hash);
}

/** A shop whose history has just been asked for, with nothing of it here. */
async function forgetAll(): Promise<void> {
  await owner.query('TRUNCATE imports, orders, order_lines, refunds, fulfillments, customers, webhook_inbox');
  const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
  await restartImports(context);
}

interface Run {
  /** As it stands in the table when all turns are over. */
  state: string;
  attempts: number;
  /** Operations that Shopify began for the orders. */
  started: number;
  /** Said to be complete while it was not, or while Shopify had given no whole file. */
  wasCompleteTooEarly: boolean;
  errors: string[];
}

/** Turns of the worker until the import of the orders has ended. */
async function pull(whole: string | null): Promise<Run> {
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const { simulator } = app.running;
  const before = simulator.bulk.list(DOMAIN).length;
  const run: Run = { state: '', attempts: 0, started: 0, wasCompleteTooEarly: false, errors: [] };
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    await advanceImports(context).catch((error: unknown) => run.errors.push(error instanceof Error ? error.name : 'unknown'));
    await handleWebhooks(context);
    await until(() => simulator.bulk.list(DOMAIN), (list) => list.every(({ status }) => status !== 'RUNNING' && status !== 'CREATED'));
    const { rows } = await owner.query<{ state: string; attempts: number; stored: number; reported: number }>(
      "SELECT state, attempts, objects_stored AS stored, objects_reported AS reported FROM imports WHERE resource = 'orders' ORDER BY requested_at DESC LIMIT 1",
    );
    const [orders] = rows;
    if (orders && ['completed', 'failed', 'cancelled'].includes(orders.state)) {
      run.state = orders.state;
      run.attempts = orders.attempts;
      run.wasCompleteTooEarly = orders.state === 'completed' && (orders.stored !== orders.reported || (whole !== null && (await ordersHash()) !== whole));
      break;
    }
  }
  run.started = simulator.bulk.list(DOMAIN).slice(before).filter(({ query }) => query.includes('orders')).length;
  return run;
}

/** Of the orders alone: customers are another import, which may still be under way. */
async function ordersHash(): Promise<string> {
  const { computeStateHash } = await import('#app/adapters/db/checks/state-hash.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { tables } = await withTenantConnection(context.pool, context.shop, (connection) => computeStateHash(connection, context.shop));
  return JSON.stringify({ ...tables, customers: '' });
}

promiseOf('S3', 'each bad ending once or twice, then a good one', async ({ pick, seed }) => {
  const { faults } = app.running.simulator;
  const random = seededRandom(seed);
  faults.clear();
  await forgetAll();
  await pull(null);
  const whole = await ordersHash();
  const problems: string[] = [];
  const runs = pick(ENDINGS.length, 200);
  let attempts = 0;
  for (let run = 0; run < runs; run += 1) {
    const ending = ENDINGS[run] ?? random.pick(ENDINGS);
    const times = run < ENDINGS.length ? 1 : random.between(1, 2);
    const only = ending.where === 'bulk' ? 'orders' : ending.where === 'graphql' ? 'BulkOperationState' : 'file';
    // Each rule is made of an ending of its own place.
    faults.set({ seed: seed + run, rules: [{ ...ending, only, first: times } as FaultRule] });
    await forgetAll();
    const outcome = await pull(whole);
    attempts = Math.max(attempts, outcome.started);
    const strangers = outcome.errors.filter((name) => name !== 'ShopifyUnavailableError');
    const isGood = outcome.state === 'completed' && !outcome.wasCompleteTooEarly && outcome.started <= MAX_ATTEMPTS && strangers.length === 0;
    if (!isGood || faults.total() === 0) problems.push(`${labelOf(ending)} x${times}: ${outcome.state} after ${outcome.started} ${strangers.join()}`);
  }
  faults.clear();
  return {
    tried: `${runs} imports of ${ORDERS} orders, ${ENDINGS.length} endings`,
    measured: `${problems.length} not whole in the end, at most ${attempts} attempts. ${problems.slice(0, 3).join('; ')}`.trim(),
    isKept: problems.length === 0 && attempts <= MAX_ATTEMPTS,
  };
});

promiseOf('S3', 'endings that never turn good', async ({ seed, pick }) => {
  const { faults } = app.running.simulator;
  const problems: string[] = [];
  const lasting = ENDINGS.filter((ending) => !['no-finish-webhook', 'finish-before-answer', 'cut'].includes(labelOf(ending))).slice(pick(-4, 0));
  for (const ending of [...lasting, bulk({ kind: 'canceled' })]) {
    faults.set({ seed, rules: [{ ...ending } as FaultRule] });
    await forgetAll();
    const outcome = await pull(null);
    const expected = labelOf(ending) === 'canceled' ? 'cancelled' : 'failed';
    if (outcome.state !== expected || outcome.started > MAX_ATTEMPTS) problems.push(`${labelOf(ending)}: ${outcome.state} after ${outcome.started}`);
  }
  faults.clear();
  await forgetAll();
  const after = await pull(null);
  return {
    tried: `${lasting.length + 1} endings for ever`,
    measured: `${problems.length} taken for complete or tried more than ${MAX_ATTEMPTS} times, the next pull ${after.state}. ${problems.slice(0, 3).join('; ')}`.trim(),
    isKept: problems.length === 0 && after.state === 'completed',
  };
});

promiseOf('S3', 'more operations than the store has places for', async ({ seed, pick }) => {
  const { simulator, origin } = app.running;
  // Longer than our own first step takes on a busy machine.
  const heldMs = pick(2_500, 5_000);
  await forgetAll();
  // Five of somebody else of this app; Shopify refuses the sixth.
  simulator.faults.set({ seed, rules: [{ where: 'bulk', only: 'products', what: { kind: 'held', forMs: heldMs } }] });
  const session = await import('#app/shopify.server.ts').then(({ sessionStorage }) => sessionStorage.loadSession(`offline_${DOMAIN}`));
  const ask = () =>
    postJson(
      `${origin}/admin/api/2026-10/graphql.json`,
      { query: 'mutation { bulkOperationRunQuery(query: "{ products { edges { node { id } } } }") { bulkOperation { id } userErrors { code } } }' },
      { 'X-Shopify-Access-Token': session?.accessToken ?? '' },
    );
  for (let place = 0; place < 5; place += 1) await ask();
  const refusal = at((await ask()).body, 'data', 'bulkOperationRunQuery', 'userErrors', 0, 'code');
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  await advanceImports(context);
  const { rows } = await owner.query<{ state: string }>("SELECT state FROM imports WHERE resource = 'orders'");
  const waited = rows[0]?.state;
  const outcome = await pull(null);
  simulator.faults.clear();
  return {
    tried: `5 operations held for ${heldMs} ms`,
    measured: `the sixth ${String(refusal)}, ours ${waited} meanwhile, then ${outcome.state} after ${outcome.attempts} failed attempts, state ${(await stateHash()).slice(0, 8)}`,
    isKept: refusal === 'OPERATION_IN_PROGRESS' && waited === 'requested' && outcome.state === 'completed' && outcome.attempts === 0,
  };
});
