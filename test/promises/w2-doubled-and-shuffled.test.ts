import { randomUUID } from 'node:crypto';

import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';

import type { WorkItem, WorkLoop } from '#app/jobs/work-loop.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { cancelOrder, deleteOrder, editOrder, mergeCustomers, refundOrder } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { seededRandom, type SeededRandom } from '#test/simulator/store/seeded-random.ts';
import { syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import type { SimOrder } from '#test/simulator/state.ts';
import type { WebhookDelivery } from '#test/simulator/webhooks.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { signedWebhook } from '#test/support/send-webhook.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

const MOST_SEEDS = 20;
const COPIES = 3;
const ROUNDS = 5;
const FIRST_EVENT_MS = Date.parse('2026-09-01T00:00:00.000Z');
const EVENT_EVERY_MS = 60_000;
const FIRST_ID = 50_000_000;
const IDS_AN_EVENT = 1_000;

const storeOf = (domain: string, id: number) => syntheticStore(60, { endsAt: '2026-08-01T00:00:00.000Z', shop: { id, domain } });
const shuffledDomain = (run: number) => `shuffled-${run}.myshopify.com`;
const orderedDomain = (run: number) => `ordered-${run}.myshopify.com`;

let app: AppUnderTest;
let owner: pg.Client;
const loops: WorkLoop[] = [];
const workErrors: unknown[] = [];
/** What Shopify would have sent, by shop. */
const sent = new Map<string, WebhookDelivery[]>();

beforeAll(async () => {
  const store = Array.from({ length: MOST_SEEDS }, (_, run) => [storeOf(shuffledDomain(run), 2 * run + 1), storeOf(orderedDomain(run), 2 * run + 2)]).flat();
  app = await startAppUnderTest({
    store,
    webhookPlan: (delivery) => {
      sent.set(delivery.shop, [...(sent.get(delivery.shop) ?? []), delivery]);
      return [];
    },
  });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  for (let number = 0; number < 2; number += 1) loops.push(await startWorkerLoop());
}, 60_000);

afterAll(async () => {
  await Promise.all(loops.map((loop) => loop.stop()));
  await owner.end();
  await app.stop();
});

/** What a worker process runs, of which there are two: they keep each other out by PostgreSQL's locks alone. */
async function startWorkerLoop(): Promise<WorkLoop> {
  const { WorkLoop } = await import('#app/jobs/work-loop.server.ts');
  const { HANDLERS } = await import('#app/jobs/handlers.server.ts');
  const { loadWaitingWork } = await import('#app/adapters/db/shop-registry.server.ts');
  const { shopContext } = await import('#app/context.server.ts');
  const { systemRuntime } = await import('#app/runtime.server.ts');
  const { prisma } = await import('#app/db.server.ts');
  // Of a pool of its own, as each process has one.
  const pool = new pg.Pool({ connectionString: app.env['DATABASE_URL'], max: 8 });
  const loop = new WorkLoop({
    pool,
    monotonicMs: systemRuntime.monotonicMs,
    loadWork: async () => (await loadWaitingWork(prisma, systemRuntime.now())).filter(({ work }) => work === 'webhooks' || work === 'import'),
    handle: (item: WorkItem) => HANDLERS[item.work](shopContext(item)),
    onError: (_item: WorkItem | null, error: unknown) => void workErrors.push(error),
  });
  loop.start();
  const stop = loop.stop.bind(loop);
  loop.stop = async () => {
    await stop();
    await pool.end();
  };
  return loop;
}

/** Points are no part of this promise, and a minute's refill a seed would make an hour of it. */
function liftLimit(domain: string): void {
  Object.assign(app.running.simulator.bucketOf(domain), { canAfford: () => true, take: () => {} });
}

async function install(domain: string): Promise<{ context: ShopContext; store: ShopStore }> {
  const store = app.running.simulator.requireStore(domain);
  liftLimit(domain);
  const context = await app.install(domain);
  await settle([context]);
  sent.set(domain, []);
  return { context, store };
}

/** Until the two workers have done all; what waits for another try is tried at once. */
async function settle(contexts: readonly ShopContext[]): Promise<void> {
  const shopIds = contexts.map(({ shop }) => shop.shopId);
  await waitFor(
    'the workers to be done',
    async () => {
      // Not those that a worker is at, which it has in an order of its own.
      await owner.query(
        `UPDATE webhook_inbox SET not_before = now() WHERE (shop_id, webhook_id) IN (
           SELECT shop_id, webhook_id FROM webhook_inbox
           WHERE state = 'waiting' AND shop_id = ANY($1) AND not_before > now() FOR UPDATE SKIP LOCKED)`,
        [shopIds],
      );
      const { rows } = await owner.query(
        `SELECT 1 FROM webhook_inbox WHERE state = 'waiting' AND shop_id = ANY($1) UNION ALL
         SELECT 1 FROM imports WHERE state IN ('requested', 'running', 'storing') AND shop_id = ANY($1) LIMIT 1`,
        [shopIds],
      );
      return rows.length === 0 ? true : undefined;
    },
    { timeoutMs: 120_000, intervalMs: 150 },
  );
}

/** One thing that happens in a store; of the same draws, the same in both. */
function happen(store: ShopStore, random: SeededRandom, at: Date): void {
  const orders = [...store.orders.values()].filter((order) => order.deletedAt === null);
  const [first, ...others] = orders;
  const what = random.weighted([
    { kind: 'refund', weight: 30 },
    { kind: 'edit', weight: 20 },
    { kind: 'create', weight: 15 },
    { kind: 'cancel', weight: 10 },
    { kind: 'delete', weight: 6 },
    { kind: 'customer', weight: 15 },
    { kind: 'merge', weight: 4 },
  ] as const).kind;
  if (what === 'create' || !first) return create(store, random, at);
  const order = random.pick([first, ...others]);
  const line = order.lines[random.between(0, order.lines.length - 1)];
  if (what === 'refund') refundOrder(store, order, { lines: [{ lineItemId: line?.id ?? 0, quantity: random.between(0, 1) }], everything: false, freeAmountMinor: random.between(1, 50), note: null }, at);
  if (what === 'edit') editOrder(store, order, { lineItemId: line?.id ?? 0, quantity: 1 }, at);
  if (what === 'cancel') cancelOrder(store, order, at);
  if (what === 'customer') touchCustomer(store, order.customerId, at);
  if (what === 'delete') {
    deleteOrder(store, order, at);
    touchCustomer(store, order.customerId, at);
  }
  if (what === 'merge') merge(store, random, at);
}

function create(store: ShopStore, random: SeededRandom, at: Date): void {
  const customerIds = liveCustomers(store);
  const customerId = customerIds[random.between(0, customerIds.length - 1)] ?? null;
  const order: SimOrder = syntheticOrder(9_000_000 + store.orders.size * 10, { customerId, at: at.toISOString() });
  store.save('order', order);
  store.emit('orders/create', order);
  touchCustomer(store, customerId, at);
}

function merge(store: ShopStore, random: SeededRandom, at: Date): void {
  const customerIds = liveCustomers(store);
  const [kept, removed] = [random.between(0, customerIds.length - 1), random.between(0, customerIds.length - 1)];
  // Some customers stay, or there would soon be one.
  if (kept === removed || customerIds.length < 8) return;
  const keptId = customerIds[kept] ?? 0;
  mergeCustomers(store, keptId, customerIds[removed] ?? 0, at);
  // The local Shopify gives the orders that moved a new version, of which a webhook has to tell.
  for (const order of store.orders.values()) {
    if (order.customerId === keptId && order.updatedAt === at.toISOString() && order.deletedAt === null) store.emit('orders/updated', order);
  }
}

const liveCustomers = (store: ShopStore) =>
  [...store.customers.values()].filter(({ mergedIntoId, deletedAt }) => mergedIntoId === null && deletedAt === null).map(({ id }) => id);

/** The count of a customer's orders is part of their record, so Shopify tells of it. */
function touchCustomer(store: ShopStore, customerId: number | null, at: Date): void {
  const customer = customerId === null ? undefined : store.customers.get(customerId);
  if (!customer || customer.mergedIntoId !== null) return;
  const changed = { ...customer, updatedAt: at.toISOString() };
  store.save('customer', changed);
  store.emit('customers/update', changed);
}

async function deliver({ shop, topic, body, triggeredAt, eventId }: WebhookDelivery, webhookId: string): Promise<void> {
  const { answerWebhook } = await import('#app/http/webhook-endpoint.server.ts');
  const { WEBHOOK_TOPICS } = await import('#app/services/sync/webhooks/webhook-topics.ts');
  const headers = { 'X-Shopify-Webhook-Id': webhookId, 'X-Shopify-Event-Id': eventId, 'X-Shopify-Triggered-At': triggeredAt };
  const request = signedWebhook({ appUrl: 'http://app', path: '/webhooks', topic, shop, body, headers });
  const response = await answerWebhook(request, Object.values(WEBHOOK_TOPICS).flat());
  if (response.status !== 200) throw new Error(`${topic} was answered ${response.status}`);
}

interface Copy {
  delivery: WebhookDelivery;
  webhookId: string;
}

function shuffle(copies: Copy[], random: SeededRandom): Copy[] {
  const shuffled = [...copies];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random.between(0, last);
    [shuffled[last], shuffled[other]] = [shuffled[other] as Copy, shuffled[last] as Copy];
  }
  return shuffled;
}

/** Two of the copies are one delivery that was repeated, the third comes by a subscription of its own. */
function copiesOf(delivery: WebhookDelivery): Copy[] {
  return Array.from({ length: COPIES }, (_, copy) => ({ delivery, webhookId: copy < 2 ? delivery.webhookId : randomUUID() }));
}

async function tryRun(run: number, seed: number, events: number): Promise<{ deliveries: number; isEqual: boolean; difference: string }> {
  const shuffled = await install(shuffledDomain(run));
  const ordered = await install(orderedDomain(run));
  const draws = [seededRandom(seed).fork('events'), seededRandom(seed).fork('events')] as const;
  const random = seededRandom(seed).fork('deliveries');
  let held: Copy[] = [];
  let deliveries = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let event = (round * events) / ROUNDS; event < ((round + 1) * events) / ROUNDS; event += 1) {
      const at = new Date(FIRST_EVENT_MS + Math.floor(event) * EVENT_EVERY_MS);
      // Pulls take ids too, and not as many in both.
      for (const { store } of [shuffled, ordered]) store.skipIds(FIRST_ID + Math.floor(event) * IDS_AN_EVENT);
      happen(shuffled.store, draws[0], at);
      happen(ordered.store, draws[1], at);
    }
    for (const delivery of take(ordered.store.domain)) await deliver(delivery, delivery.webhookId);
    // A part of what is on its way is late; at the end nothing is.
    const onItsWay = shuffle([...held, ...take(shuffled.store.domain).flatMap(copiesOf)], random);
    const now = round === ROUNDS - 1 ? onItsWay.length : Math.floor(onItsWay.length * 0.6);
    held = onItsWay.slice(now);
    for (const { delivery, webhookId } of onItsWay.slice(0, now)) await deliver(delivery, webhookId);
    deliveries += now;
  }
  await settle([shuffled.context, ordered.context]);
  const [one, other] = [await tablesOf(shuffled.context), await tablesOf(ordered.context)];
  const differing = Object.keys(one).filter((table) => one[table] !== other[table]);
  return { deliveries, isEqual: differing.length === 0, difference: differing.map((table) => `${table} ${one[table]} / ${other[table]}`).join('; ') };
}

function take(domain: string): WebhookDelivery[] {
  const taken = sent.get(domain) ?? [];
  sent.set(domain, []);
  return taken;
}

async function tablesOf({ pool, shop }: ShopContext): Promise<Record<string, string>> {
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  const { computeStateHash } = await import('#app/adapters/db/checks/state-hash.server.ts');
  // Of an order that is gone it does not matter in which version it went, or whether it ever came.
  await owner.query('DELETE FROM orders WHERE shop_id = $1 AND deleted_at IS NOT NULL', [shop.shopId]);
  return (await withTenantConnection(pool, shop, (connection) => computeStateHash(connection, shop))).tables;
}

promiseOf('W2', 'three copies of each, in any order, two workers', async ({ seed, pick }) => {
  const runs = pick(1, MOST_SEEDS);
  const events = pick(150, 1_000);
  const different: string[] = [];
  let deliveries = 0;
  for (let run = 0; run < runs; run += 1) {
    const found = await tryRun(run, seed + run, events);
    deliveries += found.deliveries;
    if (!found.isEqual) different.push(`seed ${seed + run}: ${found.difference}`);
  }
  const { rows } = await owner.query<{ n: number }>("SELECT count(*)::int AS n FROM webhook_inbox WHERE state = 'dead'");
  return {
    tried: `${deliveries.toLocaleString('en')} deliveries of ${(runs * events).toLocaleString('en')} events, ${runs} seeds`,
    measured: `${runs - different.length} of ${runs} equal, ${rows[0]?.n} dead, ${workErrors.length} turns failed${different.length > 0 ? `; ${different.join(' | ')}` : ''}`,
    isKept: different.length === 0 && rows[0]?.n === 0 && workErrors.length === 0,
  };
});
