import type { ChildProcess } from 'node:child_process';

import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { spawnWorker } from '#test/support/worker-process.ts';
import { signedWebhook } from '#test/support/send-webhook.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

const STORE = syntheticStore(1_000, { endsAt: '2026-06-01T00:00:00.000Z' });
const DOMAIN = STORE.shop.domain;
const CHANGED_AT = '2026-09-01T10:00:00.000Z';
const MAX_TRIES = 8;
const POISON_ID = 1_004_000;
const UNIT_DEADLINE_MS = 600;
/** Of more than these only what was tried before is read by itself; of fewer, the bad one is read among others. */
const STORM_FROM = 75;

let faulty: FaultyApp;
let context: ShopContext;
let shopify: ShopStore;
const workers = new Set<ChildProcess>();

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(DOMAIN);
  await faulty.pull(context);
  shopify = faulty.app.running.simulator.requireStore(DOMAIN);
  // Waiting for points is no poison.
  Object.assign(faulty.app.running.simulator.bucketOf(DOMAIN), { canAfford: () => true, take: () => {} });
}, 60_000);

beforeEach(async () => {
  faulty.proxy.clear();
  await faulty.owner.query('TRUNCATE webhook_inbox');
  // What is told of is newer than what is held.
  await faulty.owner.query("UPDATE orders SET updated_at = '2026-01-01', source_name = 'before'");
  for (const order of STORE.orders) shopify.save('order', { ...order, sourceName: 'after', updatedAt: CHANGED_AT });
});

afterEach(async () => {
  faulty.proxy.clear();
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all([...workers].map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
});

afterAll(() => faulty.stop());

/** `count` webhooks of as many orders, the poisonous one in their midst. */
async function tellOf(count: number): Promise<number[]> {
  const { answerWebhook } = await import('#app/http/webhook-endpoint.server.ts');
  const at = STORE.orders.findIndex(({ id }) => id === POISON_ID);
  const from = Math.max(0, Math.min(at - Math.floor(count / 2), STORE.orders.length - count));
  const ids = STORE.orders.slice(from, from + count).map(({ id }) => id);
  for (const id of ids) {
    const body = JSON.stringify({ id, updated_at: CHANGED_AT });
    const response = await answerWebhook(signedWebhook({ appUrl: 'http://app', path: '/webhooks/orders', topic: 'orders/updated', shop: DOMAIN, body }), ['orders/updated']);
    if (response.status !== 200) throw new Error(`The webhook was answered ${response.status}`);
  }
  return ids;
}

/** What waits comes back at once, not after the minutes that it would rest. */
const due = () =>
  faulty.owner.query(`UPDATE webhook_inbox SET not_before = now() WHERE webhook_id IN (
    SELECT webhook_id FROM webhook_inbox WHERE state = 'waiting' AND not_before > now() FOR UPDATE SKIP LOCKED)`);

async function countOf(where: string): Promise<number> {
  return Number((await faulty.rows(`SELECT count(*)::int AS n FROM ${where}`))[0]?.['n']);
}

/** Turns of the worker, with the pulls that they ask for, until all but the dead are done. */
async function workUntilDone(of: ShopContext): Promise<number> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  for (let turn = 1; turn <= 200; turn += 1) {
    await due();
    await handleWebhooks(of, of === context ? {} : { unitDeadlineMs: UNIT_DEADLINE_MS });
    await pullWhatIsAsked();
    if ((await countOf("webhook_inbox WHERE state = 'waiting'")) === 0) return turn;
  }
  throw new Error('webhooks still wait after 200 turns');
}

/** Of a storm what changed is pulled as a whole. */
async function pullWhatIsAsked(): Promise<void> {
  if ((await countOf("imports WHERE state IN ('requested', 'running', 'storing')")) > 0) await faulty.pull(context);
}

/** The poisonous webhook was begun so often, and never ended. */
async function makeSuspect(count: number, attempts: number): Promise<void> {
  await faulty.owner.query(
    "UPDATE webhook_inbox SET attempts = $1, outcome = 'begun' WHERE inbox_id = (SELECT min(inbox_id) + $2 FROM webhook_inbox)",
    [attempts, count / 2],
  );
}

interface Found {
  others: number;
  dead: { webhookId: string; tries: number; outcome: string | null }[];
}

async function found(): Promise<Found> {
  const { loadDeadWebhooks } = await import('#app/services/sync/webhooks/dead-webhooks.server.ts');
  return { others: await countOf("webhook_inbox WHERE state = 'handled' AND topic = 'orders/updated'"), dead: await loadDeadWebhooks(context) };
}

/** The cause is gone, and somebody asks for it again. */
async function redrive(): Promise<boolean> {
  const { redriveDeadWebhooks } = await import('#app/services/sync/webhooks/dead-webhooks.server.ts');
  const asked = await redriveDeadWebhooks(context, 'all');
  await workUntilDone(context);
  return asked === 1 && (await countOf(`orders WHERE order_id = ${POISON_ID} AND source_name = 'after'`)) === 1 && (await countOf("webhook_inbox WHERE state = 'dead'")) === 0;
}

promiseOf('W8', 'a record that cannot be read', async ({ pick }) => {
  const count = pick(60, 1_000);
  const poison = shopify.orders.get(POISON_ID);
  if (!poison) throw new Error('no order');
  shopify.save('order', { ...poison, createdAt: 'nonsense' });
  await tellOf(count);
  const turns = await workUntilDone(context);
  const { others, dead } = await found();
  shopify.save('order', poison);
  const isRedriven = await redrive();
  return {
    tried: `1 bad of ${count}, ${turns} turns`,
    measured: `${others} done, ${dead.length} dead after ${dead[0]?.tries} tries (${dead[0]?.outcome}), asked for again: ${isRedriven ? 'done' : 'NOT DONE'}`,
    isKept: others === count - 1 && dead.length === 1 && (dead[0]?.tries ?? 99) <= MAX_TRIES && isRedriven,
  };
});

promiseOf('W8', 'one that nobody will try again', async ({ pick }) => {
  const count = pick(20, 1_000);
  const poison = shopify.orders.get(POISON_ID);
  if (!poison) throw new Error('no order');
  shopify.save('order', { ...poison, createdAt: 'nonsense' });
  await tellOf(count);
  await workUntilDone(context);
  const { dead } = await found();
  shopify.save('order', poison);
  const { dismissDeadWebhook } = await import('#app/services/sync/webhooks/dead-webhooks.server.ts');
  const dismiss = (webhookId: string, by: string) => dismissDeadWebhook(context, { webhookId, by, reason: 'the order is gone' });
  const webhookId = dead[0]?.webhookId ?? '';
  const handled = (await faulty.rows("SELECT webhook_id FROM webhook_inbox WHERE state = 'handled' LIMIT 1"))[0]?.['webhook_id'];
  const refused = [await dismiss(String(handled), 'first'), await dismiss('nobody’s', 'first')].map((answer) => (answer.ok ? 'DONE' : answer.reason));
  const before = await deadOnGauge();
  // Two at once, and one after: each is told who was first.
  const answers = [...(await Promise.all([dismiss(webhookId, 'first'), dismiss(webhookId, 'second')])), await dismiss(webhookId, 'third')];
  const after = await deadOnGauge();
  const kept = await faulty.rows('SELECT state, outcome, dismissed_by, dismissal_reason, handled_at, body_sealed FROM webhook_inbox WHERE dismissed_by IS NOT NULL');
  const makers = new Set(answers.map((answer) => (answer.ok ? answer.dismissal.by : answer.reason)));
  const isKeptOnce = kept.length === 1 && makers.size === 1 && makers.has(String(kept[0]?.['dismissed_by'])) && answers.filter((answer) => answer.ok && answer.isNew).length === 1;
  const isWhole = kept[0]?.['state'] === 'handled' && kept[0]?.['outcome'] === dead[0]?.outcome && kept[0]?.['handled_at'] instanceof Date && kept[0]?.['body_sealed'] === null;
  return {
    tried: `1 bad of ${count}, dismissed three times, two of them at once; one that was handled, one that nobody knows`,
    measured: `${before} dead before and ${after} after, ${isKeptOnce && isWhole ? 'kept once, with who, why, when and what it met' : `KEPT ${JSON.stringify(kept)}`}; refused: ${refused.join(', ')}`,
    isKept: before === 1 && after === 0 && isKeptOnce && isWhole && refused.join() === 'not-dead,unknown' && (await found()).dead.length === 0,
  };
});

/** What the alert goes by. */
async function deadOnGauge(): Promise<number | undefined> {
  const { loadOperationsGauges } = await import('#app/adapters/db/operations-gauges.server.ts');
  const gauges = await loadOperationsGauges(context.pool, new Date());
  return gauges.find(({ gauge, label }) => gauge === 'webhooks' && label === 'dead')?.value;
}

promiseOf('W8', 'a call that never ends', async ({ pick }) => {
  const count = pick(60, 1_000);
  await tellOf(count);
  const gid = `gid://shopify/Order/${POISON_ID}`;
  const admin: ShopContext['admin'] = (document, variables) =>
    JSON.stringify(variables).includes(gid) ? new Promise(() => {}) : context.admin(document, variables);
  const hanging = { ...context, admin };
  if (count > STORM_FROM) await makeSuspect(count, 1);
  const turns = await workUntilDone(hanging);
  const { others, dead } = await found();
  const isRedriven = dead.length === 0 || (await redrive());
  return {
    tried: `1 that hangs of ${count}, ${turns} turns`,
    measured: `${others} done, ${dead.length} dead after ${dead[0]?.tries} tries (${dead[0]?.outcome}), asked for again: ${isRedriven ? 'done' : 'NOT DONE'}`,
    isKept: others === count - 1 && dead.length === 1 && (dead[0]?.tries ?? 99) <= MAX_TRIES && isRedriven,
  };
});

promiseOf('W8', 'a record for which Shopify always fails', async ({ pick }) => {
  const count = pick(60, 1_000);
  await tellOf(count);
  const gid = `gid://shopify/Order/${POISON_ID}`;
  const { ShopifyUnavailableError } = await import('#app/adapters/shopify/admin-api.server.ts');
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const admin: ShopContext['admin'] = async (document, variables) => {
    if (JSON.stringify(variables).includes(gid)) throw new ShopifyUnavailableError('Shopify answered with an error: INTERNAL_SERVER_ERROR');
    return context.admin(document, variables);
  };
  if (count > STORM_FROM) await makeSuspect(count, 1);
  const MOST_TURNS = 30;
  let turns = 0;
  while (turns < MOST_TURNS && (await found()).others < count - 1) {
    await due();
    await handleWebhooks({ ...context, admin });
    await pullWhatIsAsked();
    turns += 1;
  }
  const { others, dead } = await found();
  const held = await faulty.rows("SELECT outages FROM webhook_inbox WHERE state = 'waiting'");
  await workUntilDone(context);
  const after = await found();
  return {
    tried: `1 for which Shopify answers with an error of its own, of ${count}`,
    measured: `${others} done after ${turns} turns, ${held.length} waits, ${dead.length} dead; once Shopify answers: ${after.others} done`,
    isKept: others === count - 1 && held.length === 1 && dead.length === 0 && after.others === count,
  };
});

promiseOf('W8', 'a webhook that ends the worker', async ({ pick }) => {
  const count = pick(40, 70);
  const triesBefore = pick(6, 0);
  await tellOf(count);
  const poison = `gid://shopify/Order/${POISON_ID}`;
  if (triesBefore > 0) await makeSuspect(count, triesBefore);
  let deaths = 0;
  let running: ChildProcess | undefined;
  faulty.proxy.plan = ({ body }) => {
    if (!body.includes(poison) || !running) return undefined;
    running.kill('SIGKILL');
    return { kind: 'hang' };
  };
  // As whoever runs the app starts a worker again that ended.
  const isSettled = async () => (await countOf("webhook_inbox WHERE state = 'waiting'")) === 0;
  while (!(await isSettled()) && deaths <= 2 * MAX_TRIES) {
    const worker = startWorker();
    running = worker;
    const ended = new Promise<'ended'>((resolve) => worker.once('exit', () => resolve('ended')));
    const settled = waitFor('the inbox to be settled or the worker to end', async () => {
      await due();
      return worker.exitCode !== null || worker.signalCode !== null || (await isSettled()) ? true : undefined;
    }, { timeoutMs: 60_000, intervalMs: 100 });
    const what = await Promise.race([ended, settled.then(() => ((worker.signalCode ?? worker.exitCode) === null ? 'settled' : 'ended'))]);
    await settled;
    if (what === 'settled') break;
    deaths += 1;
  }
  const isAlive = running !== undefined && running.signalCode === null && running.exitCode === null;
  const { others, dead } = await found();
  return {
    tried: `1 that ends the worker of ${count}, tried ${triesBefore} times before`,
    measured: `worker ended ${deaths} times and ${isAlive ? 'goes on' : 'IS GONE'}, ${others} done, ${dead.length} dead after ${dead[0]?.tries} tries (${dead[0]?.outcome})`,
    isKept: isAlive && deaths <= MAX_TRIES - triesBefore && others === count - 1 && dead.length === 1 && (dead[0]?.tries ?? 99) <= MAX_TRIES,
  };
});

/** The real worker, whose Shopify is behind the proxy. */
function startWorker(): ChildProcess {
  const worker = spawnWorker({ ...faulty.app.env, SHOPIFY_SIM_ORIGIN: faulty.proxy.url });
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
  return worker;
}
