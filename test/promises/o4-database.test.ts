import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { vi } from 'vitest';

import type { WorkLoop } from '#app/jobs/work-loop.server.ts';
import type { Runtime } from '#app/runtime.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { promiseOf } from './promise.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { startTcpProxy, targetOf, type TcpProxy } from '#test/support/tcp-proxy.ts';
import { waitFor } from '#test/support/wait-for.ts';

const RECOVERY_PROMISED_MS = 30_000;
const SEND_EVERY_MS = 40;
const STORE = syntheticStore(60);
const DOMAIN = STORE.shop.domain;

interface Bench {
  app: AppUnderTest;
  proxy: TcpProxy;
  /** Around the proxy. */
  owner: pg.Client;
  context: ShopContext;
  loop: WorkLoop;
  /** Added to the clock of the worker. */
  clock: { stepMs: number };
}

interface Trouble {
  name: string;
  isLongOnly?: boolean;
  begin: (bench: Bench) => Promise<void>;
  end: (bench: Bench) => Promise<void>;
}

const raise = (table: string, event: string, sqlState: string, twoOfThree: boolean) => `
  CREATE SEQUENCE IF NOT EXISTS o4_changes; GRANT USAGE ON SEQUENCE o4_changes TO perennial_app, perennial_registry;
  CREATE OR REPLACE FUNCTION o4_trouble() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF ${twoOfThree ? "nextval('public.o4_changes') % 3 <> 0" : 'true'} THEN RAISE EXCEPTION 'trouble' USING ERRCODE = '${sqlState}'; END IF;
    RETURN NEW;
  END $$;
  CREATE OR REPLACE TRIGGER o4_trouble BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION o4_trouble()`;

const stopped: number[] = [];

const TROUBLES: readonly Trouble[] = [
  {
    name: 'reset and refused',
    isLongOnly: true,
    begin: async ({ proxy }) => {
      proxy.isRefusing = true;
      proxy.resetAll();
    },
    end: async ({ proxy }) => void (proxy.isRefusing = false),
  },
  {
    name: 'latency of 150 ms',
    isLongOnly: true,
    begin: async ({ proxy }) => void (proxy.latencyMs = 150),
    end: async ({ proxy }) => void (proxy.latencyMs = 0),
  },
  {
    name: 'reset after 20 kB',
    isLongOnly: true,
    begin: async ({ proxy }) => void (proxy.resetAfterBytes = 20_000),
    end: async ({ proxy }) => void (proxy.resetAfterBytes = null),
  },
  {
    name: 'half open',
    isLongOnly: true,
    begin: async ({ proxy }) => void (proxy.isHalfOpen = true),
    end: async ({ proxy }) => void (proxy.isHalfOpen = false),
  },
  {
    name: 'SIGSTOP',
    isLongOnly: true,
    begin: async ({ owner }) => {
      const { rows } = await owner.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'perennial_app'");
      stopped.push(...rows.map(({ pid }) => pid));
      // The whole server stands still only where no other test is on it.
      if (process.env['PROMISE_SIZE'] === 'long') stopped.push(await postmasterPid(owner));
      for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    },
    end: async () => {
      for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'connections used up',
    begin: async ({ owner }) => {
      await owner.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END $$`);
      await owner.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'perennial_app'");
    },
    end: async ({ owner }) => void (await owner.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT -1', current_database()); END $$`)),
  },
  ...['40001', '40P01'].map((sqlState) => ({
    name: `storm of ${sqlState}`,
    isLongOnly: sqlState !== '40P01',
    begin: async ({ owner }: Bench) => void (await owner.query(raise('shops', 'UPDATE', sqlState, true))),
    end: async ({ owner }: Bench) => void (await owner.query('DROP TRIGGER o4_trouble ON shops')),
  })),
  {
    // As PostgreSQL says it; the volume itself is not filled.
    name: 'disk full (53100)',
    begin: async ({ owner }) => void (await owner.query(raise('webhook_inbox', 'INSERT OR UPDATE', '53100', false))),
    end: async ({ owner }) => void (await owner.query('DROP TRIGGER o4_trouble ON webhook_inbox')),
  },
  {
    name: 'clock five minutes back',
    begin: async ({ clock }) => void (clock.stepMs = -300_000),
    end: async ({ clock }) => void (clock.stepMs = 0),
  },
  {
    name: 'clock five minutes ahead',
    isLongOnly: true,
    begin: async ({ clock }) => void (clock.stepMs = 300_000),
    end: async ({ clock }) => void (clock.stepMs = 0),
  },
];

async function postmasterPid(owner: pg.Client): Promise<number> {
  const { rows } = await owner.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${rows[0]?.pid}/stat`, 'utf8'))?.[1]);
}

async function openBench(): Promise<Bench> {
  let proxy: TcpProxy | undefined;
  const app = await startAppUnderTest({
    store: STORE,
    databaseVia: async (url) => {
      proxy = await startTcpProxy(targetOf(url));
      return proxy.address(url);
    },
  });
  if (!proxy) throw new Error('no proxy');
  const owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
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
  return { app, proxy, owner, context, loop, clock };
}

/** Changes orders of the store one after the other and tells the app of each, until it is stopped. */
function startChanging({ app }: Bench): { stop: () => Promise<Sent[]> } {
  const sent: Sent[] = [];
  const shopify = app.running.simulator.shops.get(DOMAIN);
  if (!shopify) throw new Error('no store');
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

interface Outcome {
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

async function suffer(bench: Bench, trouble: Trouble, forMs: number): Promise<Outcome> {
  const { app, owner } = bench;
  const changing = startChanging(bench);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await trouble.begin(bench);
  await new Promise((resolve) => setTimeout(resolve, forMs));
  await trouble.end(bench);
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
async function countWrong({ app, owner, context }: Bench): Promise<number> {
  const shopify = app.running.simulator.shops.get(DOMAIN);
  const { rows } = await owner.query<{ order_id: string; source_name: string | null }>('SELECT order_id, source_name FROM orders');
  const wrong = rows.filter((row) => shopify?.orders.get(Number(row.order_id))?.sourceName !== row.source_name).length;
  const { invariants } = await import('#app/adapters/db/checks/invariants.server.ts');
  const offences = await invariants(context);
  return wrong + Math.abs(rows.length - STORE.orders.length) + offences.length;
}

promiseOf('O4', 'web and worker beside a database that fails in many ways', async ({ size, pick }) => {
  // What pg and Prisma say of a lost connection goes to the log, which is silent here.
  const bench = await openBench();
  const outcomes: Outcome[] = [];
  const unheard = vi.fn();
  process.on('unhandledRejection', unheard);
  try {
    await waitFor('the history', async () => (await bench.owner.query("SELECT 1 FROM imports WHERE state = 'completed'")).rowCount === 2 || undefined, { timeoutMs: 20_000 });
    const wanted = process.env['O4_ONLY'];
    for (const trouble of TROUBLES.filter(({ isLongOnly, name }) => (size === 'long' || !isLongOnly) && (!wanted || name.includes(wanted)))) {
      outcomes.push(await suffer(bench, trouble, pick(350, 10_000)));
    }
  } finally {
    for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
    await bench.loop.stop();
    await bench.owner.end();
    await bench.app.stop();
    await bench.proxy.close();
    process.off('unhandledRejection', unheard);
  }
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const slowest = outcomes.reduce((worst, outcome) => (outcome.recoveryMs > worst.recoveryMs ? outcome : worst));
  return {
    tried: `${outcomes.length} troubles of ${pick(0.35, 10)} s (${outcomes.map(({ name }) => name).join(', ')}), ${sum(({ sent }) => sent)} webhooks`,
    measured:
      `${sum(({ wrong }) => wrong)} wrong rows, ${sum(({ lies }) => lies)} times 200 without a row, ${sum(({ refused }) => refused)} refused and sent again ` +
      `(${sum(({ odd }) => odd)} with another status than 5xx), slowest recovery ${(slowest.recoveryMs / 1000).toFixed(1)} s (${slowest.name}; all: ${outcomes.map(({ recoveryMs }) => (recoveryMs / 1000).toFixed(1)).join(', ')})`,
    isKept:
      sum(({ wrong, lies, odd }) => wrong + lies + odd) === 0 && slowest.recoveryMs <= RECOVERY_PROMISED_MS && unheard.mock.calls.length === 0,
  };
});
