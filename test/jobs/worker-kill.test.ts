import type { ChildProcess } from 'node:child_process';

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { refundOrder } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { endOf, spawnWorker } from '#test/support/worker-process.ts';

const ORDERS = 2_400;
const STORE = syntheticStore(ORDERS);
const DOMAIN = STORE.shop.domain;
const KILLS = 3;
const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);

let faulty: FaultyApp;
let context: ShopContext;
let shopify: ShopStore;
const workers = new Set<ChildProcess>();

/** Mulberry32: the moments of one seed are always the same. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(DOMAIN);
  shopify = faulty.app.running.simulator.requireStore(DOMAIN);
});

afterEach(async () => {
  faulty.proxy.clear();
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all([...workers].map(endOf));
});

afterAll(() => faulty.stop());

/** The real worker as a process, whose Shopify is behind the proxy. */
function startWorker(): ChildProcess {
  const worker = spawnWorker({ ...faulty.app.env, SHOPIFY_SIM_ORIGIN: faulty.proxy.url });
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
  return worker;
}

async function forgetAll(): Promise<void> {
  await faulty.owner.query('TRUNCATE imports, orders, order_lines, refunds, fulfillments, customers, webhook_inbox');
  const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
  await restartImports(context);
}

async function stateHash(): Promise<unknown> {
  // Neither who wrote a row nor in which turn.
  const row = "(to_jsonb(t) - '{import_id,data_version}'::text[])";
  const of = (table: string) => `(SELECT md5(string_agg(${row}::text, '|' ORDER BY ${row})) FROM ${table} t) AS ${table}`;
  const [hashes] = await faulty.rows(
    `SELECT (SELECT count(*)::int FROM orders) AS count, ${of('orders')}, ${of('order_lines')},
       ${of('refunds')}, ${of('fulfillments')}, ${of('customers')}`,
  );
  return hashes;
}

/** Grows with each step of an import and each webhook that is done. */
async function progress(): Promise<number> {
  const [row] = await faulty.rows(`
    SELECT (SELECT coalesce(sum(objects_stored), 0) FROM imports)
      + (SELECT count(*) FILTER (WHERE state <> 'requested') FROM imports) * 100000
      + (SELECT count(*) FILTER (WHERE state = 'completed') FROM imports) * 1000000
      + (SELECT count(*) FILTER (WHERE state = 'handled') FROM webhook_inbox) AS done`);
  return Number(row?.['done'] ?? 0);
}

async function isSettled(): Promise<boolean> {
  const [row] = await faulty.rows(`
    SELECT (SELECT count(*) FROM imports WHERE state IN ('requested', 'running', 'storing'))
      + (SELECT count(*) FROM webhook_inbox WHERE state = 'waiting') AS left`);
  return row?.['left'] === '0';
}

it(`ends the same although the worker was killed ${KILLS} times in an import and among webhooks (seed ${SEED})`, { timeout: 300_000 }, async () => {
  const random = randomOf(SEED);
  const changed = [...shopify.orders.values()].filter((_, index) => index % 60 === 0);
  // Done before either run, so that both come to the same state; only the second is told of each by webhook.
  for (const order of changed) {
    const request = { lines: [], everything: false, freeAmountMinor: 1, note: null };
    refundOrder(shopify, order, request, new Date('2026-11-03T10:00:00.000Z'));
  }
  await forgetAll();
  const undisturbed = startWorker();
  await until(isSettled, Boolean, 90_000);
  undisturbed.kill('SIGTERM');
  expect(await endOf(undisturbed)).toEqual({ code: 0, signal: null });
  const expected = await stateHash();
  expect(expected).toMatchObject({ count: ORDERS });

  await forgetAll();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = await progress();
    const worker = startWorker();
    for (const order of changed.filter((_, index) => index % KILLS === kill)) {
      const current = shopify.orders.get(order.id);
      if (current) shopify.emit('orders/updated', current);
    }
    await until(progress, (done) => done > before, 60_000);
    // Within what storing a batch takes, so in the middle of a download, a COPY, a commit or a webhook.
    await new Promise((resolve) => setTimeout(resolve, random() * 500));
    worker.kill('SIGKILL');
    expect(await endOf(worker)).toMatchObject({ signal: 'SIGKILL' });
  }
  const last = startWorker();
  await until(isSettled, Boolean, 90_000);
  last.kill('SIGTERM');
  // It may have found nothing left to do, and have been told to end before it was up: how it ends is tested below.
  await endOf(last);

  expect(await stateHash()).toEqual(expected);
  const [imports] = await faulty.rows(
    "SELECT count(*)::int AS imports, bool_and(state = 'completed' AND objects_stored = objects_reported AND objects_rejected = 0) AS whole FROM imports",
  );
  expect(imports).toEqual({ imports: 2, whole: true });
  expect(await faulty.rows("SELECT 1 FROM webhook_inbox WHERE state <> 'handled'")).toEqual([]);
});

it('stops by itself and with code 0 while a download hangs', { timeout: 120_000 }, async () => {
  await forgetAll();
  faulty.proxy.clear();
  faulty.proxy.plan = ({ path }) => (path.startsWith('/bulk/') ? { kind: 'hang' } : undefined);
  const worker = startWorker();
  await until(() => faulty.proxy.requests.some(({ path }) => path.startsWith('/bulk/')), Boolean, 60_000);
  expect(await faulty.rows("SELECT 1 FROM imports WHERE state = 'storing'")).toHaveLength(1);
  worker.kill('SIGTERM');
  expect(await endOf(worker)).toEqual({ code: 0, signal: null });
});
