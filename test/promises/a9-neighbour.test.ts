import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

const BACKLOG_ORDERS = 1_000;
const BUSY = syntheticStore(BACKLOG_ORDERS, { shop: { domain: 'busy.myshopify.com' } });
const QUIET = syntheticStore(40, { shop: { id: 2, domain: 'quiet.myshopify.com' } });

let app: AppUnderTest;
let owner: pg.Client;
let busy: ShopContext;
let quiet: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [BUSY, QUIET] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  busy = await app.install(BUSY.shop.domain);
  quiet = await app.install(QUIET.shop.domain);
  await pullHistory(busy);
  await pullHistory(quiet);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

/** As the webhook's address leaves them. */
async function keep({ shop, sealedBox }: ShopContext, webhooks: { webhookId: string; orderId: number }[]): Promise<void> {
  const bodies = webhooks.map(({ webhookId, orderId }) => {
    const place = { shopId: shop.shopId, table: 'webhook_inbox', column: 'body', row: webhookId };
    return Buffer.from(sealedBox.seal(JSON.stringify({ id: orderId }), place));
  });
  await owner.query(
    `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, body_sealed)
     SELECT $1, * FROM unnest($2::text[], array_fill('orders/updated'::text, ARRAY[$4::int]), array_fill('2026-10'::text, ARRAY[$4::int]), $3::bytea[])`,
    [shop.shopId, webhooks.map(({ webhookId }) => webhookId), bodies, webhooks.length],
  );
}

/** From the moment that the quiet shop's webhook is kept until it is handled, one after the other. */
async function timesOfQuietShop(count: number, label: string): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedMs = performance.now();
    const webhookId = `${label}-${index}`;
    await keep(quiet, [{ webhookId, orderId: QUIET.orders[index % QUIET.orders.length]?.id ?? 0 }]);
    const isHandled = async () => {
      const { rowCount } = await owner.query("SELECT 1 FROM webhook_inbox WHERE webhook_id = $1 AND state <> 'waiting'", [webhookId]);
      return rowCount === 1 ? true : undefined;
    };
    await waitFor('the quiet shop', isHandled, { timeoutMs: 30_000, intervalMs: 10 });
    times.push(performance.now() - startedMs);
  }
  return times.sort((a, b) => a - b);
}

const p95 = (sorted: number[]) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0;

promiseOf('A9', 'noisy neighbour', async ({ pick, size }) => {
  const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
  const { shopContext } = await import('#app/context.server.ts');
  const { pool, prisma } = await import('#app/db.server.ts');
  const { HANDLERS } = await import('#app/jobs/handlers.server.ts');
  const { WorkLoop } = await import('#app/jobs/work-loop.server.ts');
  const loop = new WorkLoop({
    pool,
    monotonicMs: () => performance.now(),
    loadWork: () => loadWaitingWork(prisma, new Date()),
    handle: (item) => HANDLERS[item.work](shopContext(item)),
    onError: () => {},
  });
  loop.start();
  const asked = pick(5, 40);
  const alone = await timesOfQuietShop(asked, 'alone');
  const backlog = pick(2_000, 50_000);
  const webhooks = Array.from({ length: backlog }, (_, index) => ({
    webhookId: `busy-${index}`,
    orderId: BUSY.orders[index % BACKLOG_ORDERS]?.id ?? 0,
  }));
  for (let from = 0; from < backlog; from += 2_000) await keep(busy, webhooks.slice(from, from + 2_000));
  const waitingOf = async () => {
    const { rows } = await owner.query<{ waiting: number }>("SELECT count(*)::int AS waiting FROM webhook_inbox WHERE webhook_id LIKE 'busy-%' AND state = 'waiting'");
    return rows[0]?.waiting ?? 0;
  };
  const before = await waitingOf();
  const beside = await timesOfQuietShop(asked, 'beside');
  const after = await waitingOf();
  await loop.stop();
  const growth = p95(beside) / p95(alone) - 1;
  const slowestMs = beside.at(-1) ?? Infinity;
  return {
    tried: `${asked} webhooks of a quiet shop alone, and ${asked} beside ${backlog} of a busy one`,
    measured: `busy shop's backlog ${before} at first and ${after} at last; quiet shop's slowest ${Math.round(slowestMs)} ms, p95 ${Math.round(p95(alone))} -> ${Math.round(p95(beside))} ms (${growth >= 0 ? '+' : ''}${(growth * 100).toFixed(0)} %)`,
    // With other tests beside it only the promise in seconds is held; the growth is read at full size.
    isKept: slowestMs <= 5_000 && (size === 'small' || growth <= 0.2),
  };
});
