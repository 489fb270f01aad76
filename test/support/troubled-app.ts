import { randomUUID } from 'node:crypto';
import pg from 'pg';

import type { WorkLoop } from '#app/jobs/work-loop.server.ts';
import type { Runtime } from '#app/runtime.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from './app-under-test.ts';
import { sendWebhook } from './send-webhook.ts';
import { waitFor } from './wait-for.ts';

export const RECOVERY_PROMISED_MS = 30_000;
const SEND_EVERY_MS = 40;
const STORE = syntheticStore(60);
const DOMAIN = STORE.shop.domain;

/** Web and a worker in this process, and the database that gets into trouble. */
export interface TroubledApp {
  app: AppUnderTest;
  /** Not by the way that is in trouble. */
  owner: pg.Pool;
  context: ShopContext;
  loop: WorkLoop;
  /** Added to the clock of the worker. */
  clock: { stepMs: number };
  stop(): Promise<void>;
}

export interface Trouble {
  name: string;
  begin: () => Promise<void>;
  end: () => Promise<void>;
}

/** @param ownerUrl of the database that `databaseVia` leads to; without it, of the one that is made for the test */
export async function startTroubledApp(databaseVia: (url: string) => Promise<string>, ownerUrl?: string): Promise<TroubledApp> {
  const app = await startAppUnderTest({ store: STORE, databaseVia });
  const owner = new pg.Pool({ connectionString: ownerUrl ?? app.ownerUrl, max: 2, idleTimeoutMillis: 0 });
  // A server that goes away takes idle connections along.
  owner.on('error', () => {});
  const { systemRuntime } = await import('#app/runtime.server.ts');
  const { shopContext } = await import('#app/context.server.ts');
  const { pool, prisma } = await import('#app/db.server.ts');
  const { HANDLERS } = await import('#app/jobs/handlers.server.ts');
  const { WorkLoop } = await import('#app/jobs/work-loop.server.ts');
  const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
  const clock = { stepMs: 0 };
  const runtime: Runtime = { ...systemRuntime, now: () => new Date(Date.now() + clock.stepMs) };
  const loop = new WorkLoop({
    pool,
    monotonicMs: runtime.monotonicMs,
    loadWork: () => loadWaitingWork(prisma, runtime.now()),
    handle: (item) => HANDLERS[item.work](shopContext(item, runtime)),
    onError: () => {},
  });
  const context = await app.install(DOMAIN);
  loop.start();
  await waitFor('the history', async () => (await owner.query("SELECT 1 FROM imports WHERE state = 'completed'")).rowCount === 2 || undefined, { timeoutMs: 20_000 });
  const stop = async () => {
    await loop.stop();
    await owner.end();
    await app.stop();
  };
  return { app, owner, context, loop, clock, stop };
}

/** Changes orders of the store one after the other and tells the app of each, until it is stopped. */
function startChanging({ app }: TroubledApp): { stop: () => Promise<Sent[]> } {
  const sent: Sent[] = [];
  const shopify = app.running.simulator.requireStore(DOMAIN);
  const answers: Promise<void>[] = [];
  const timer = setInterval(() => {
    const order = STORE.orders[sent.length % STORE.orders.length];
    const current = order && shopify.orders.get(order.id);
    if (!current) return;
    const updatedAt = new Date().toISOString();
    shopify.save('order', { ...current, sourceName: `o4-${sent.length}`, updatedAt });
    const one: Sent = { webhookId: randomUUID(), orderId: current.id, updatedAt, status: null };
    sent.push(one);
    answers.push(tell(app, one));
  }, SEND_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(answers);
      return sent;
    },
  };
}

interface Sent {
  webhookId: string;
  orderId: number;
  /** Of the version that it tells of. Sent again, it says the same. */
  updatedAt: string;
  status: number | null;
}

async function tell(app: AppUnderTest, one: Sent): Promise<void> {
  const body = JSON.stringify({ id: one.orderId, admin_graphql_api_id: `gid://shopify/Order/${one.orderId}`, updated_at: one.updatedAt });
  const headers = { 'X-Shopify-Webhook-Id': one.webhookId };
  one.status = await sendWebhook({ appUrl: app.running.appFrontUrl, path: '/webhooks/orders', topic: 'orders/updated', shop: DOMAIN, body, headers }).then(
    (answer) => answer.status,
    () => null,
  );
}

export interface Outcome {
  name: string;
  sent: number;
  refused: number;
  /** Answered with 200 and not in the inbox. */
  lies: number;
  /** Answered with something other than 200, 500 or 503. */
  odd: number;
  recoveryMs: number;
  wrong: number;
}

/** Brings the trouble while webhooks come, ends it, and waits until everything is well again. */
export async function suffer(bench: TroubledApp, trouble: Trouble, forMs: number): Promise<Outcome> {
  const { app, owner } = bench;
  const changing = startChanging(bench);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await trouble.begin();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  await trouble.end();
  const healedMs = performance.now();
  await waitFor('a webhook to be taken again', async () => {
    const probe: Sent = { webhookId: randomUUID(), orderId: STORE.orders[0]?.id ?? 0, updatedAt: STORE.orders[0]?.updatedAt ?? '', status: null };
    await tell(app, probe);
    return probe.status === 200 || undefined;
  }, { timeoutMs: 2 * RECOVERY_PROMISED_MS });
  const sent = await changing.stop();
  const { rows } = await owner.query<{ webhook_id: string }>('SELECT webhook_id FROM webhook_inbox');
  const kept = new Set(rows.map((row) => row.webhook_id));
  const lies = sent.filter(({ status, webhookId }) => status === 200 && !kept.has(webhookId)).length;
  const refused = sent.filter(({ status }) => status !== 200);
  const odd = refused.filter(({ status }) => status !== null && status !== 500 && status !== 503 && status !== 502).length;
  // Shopify sends again what was not taken.
  for (const one of refused) await tell(app, one);
  await waitFor('all work to be done', async () => {
    const found = await owner.query("SELECT 1 FROM webhook_inbox WHERE state = 'waiting' UNION ALL SELECT 1 FROM imports WHERE state IN ('requested', 'running', 'storing')");
    return found.rowCount === 0 || undefined;
  }, { timeoutMs: 3 * RECOVERY_PROMISED_MS, intervalMs: 50 });
  const recoveryMs = performance.now() - healedMs;
  return { name: trouble.name, sent: sent.length, refused: refused.length, lies, odd, recoveryMs, wrong: await countWrong(bench) };
}

/** Orders of ours that are not as the store has them, and offences against what must hold. */
async function countWrong({ app, owner, context }: TroubledApp): Promise<number> {
  const shopify = app.running.simulator.shops.get(DOMAIN);
  const { rows } = await owner.query<{ order_id: string; source_name: string | null }>('SELECT order_id, source_name FROM orders');
  const wrong = rows.filter((row) => shopify?.orders.get(Number(row.order_id))?.sourceName !== row.source_name).length;
  const { invariants } = await import('#app/adapters/db/checks/invariants.server.ts');
  const offences = await invariants(context);
  return wrong + Math.abs(rows.length - STORE.orders.length) + offences.length;
}

/** What the promise says of many troubles. */
export function judgeOutcomes(outcomes: readonly Outcome[]): { measured: string; isKept: boolean } {
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const slowest = outcomes.reduce((worst, outcome) => (outcome.recoveryMs > worst.recoveryMs ? outcome : worst));
  return {
    measured:
      `${sum(({ wrong }) => wrong)} wrong rows, ${sum(({ lies }) => lies)} times 200 without a row, ${sum(({ refused }) => refused)} of ` +
      `${sum(({ sent }) => sent)} refused and sent again (${sum(({ odd }) => odd)} with another status than 5xx), slowest recovery ` +
      `${(slowest.recoveryMs / 1000).toFixed(1)} s (${slowest.name}; all: ${outcomes.map(({ recoveryMs }) => (recoveryMs / 1000).toFixed(1)).join(', ')})`,
    isKept: sum(({ wrong, lies, odd }) => wrong + lies + odd) === 0 && slowest.recoveryMs <= RECOVERY_PROMISED_MS,
  };
}
