import { afterAll, beforeAll } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { cancelOrder, refundOrder } from '#test/simulator/order-changes.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { signedWebhook } from '#test/support/send-webhook.ts';
import { promiseOf } from './promise.ts';

const STORE = syntheticStore(60, { endsAt: '2026-06-01T00:00:00.000Z' });
const DOMAIN = STORE.shop.domain;
const FIRST_CHANGE_MS = Date.parse('2026-09-01T10:00:00.000Z');
const HOUR_MS = 3_600_000;
// More at once are pulled together, which W1 and W2 try.
const FEWER_THAN_A_STORM = 70;

let faulty: FaultyApp;
let context: ShopContext;
let shopify: ShopStore;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(DOMAIN);
  await faulty.pull(context);
  shopify = faulty.app.running.simulator.requireStore(DOMAIN);
  // A turn ends when its time is over, which waiting for points would use up.
  Object.assign(faulty.app.running.simulator.bucketOf(DOMAIN), { canAfford: () => true, take: () => {} });
  // Only the webhooks of the test's own making arrive.
  faulty.app.running.setUpstream('http://127.0.0.1:9');
});

afterAll(() => faulty.stop());

async function tell(topic: string, id: number, updatedAt: string): Promise<void> {
  const { answerWebhook } = await import('#app/http/webhook-endpoint.server.ts');
  const { WEBHOOK_TOPICS } = await import('#app/services/sync/webhooks/webhook-topics.ts');
  const body = JSON.stringify({ id, admin_graphql_api_id: `gid://shopify/Order/${id}`, updated_at: updatedAt });
  const headers = { 'X-Shopify-Triggered-At': updatedAt };
  const response = await answerWebhook(signedWebhook({ appUrl: 'http://app', path: '/webhooks/orders', topic, shop: DOMAIN, body, headers }), WEBHOOK_TOPICS.orders);
  if (response.status !== 200) throw new Error(`The webhook was answered ${response.status}`);
}

async function turn(): Promise<number> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  return (await handleWebhooks(context, { turnMs: 60_000 })).length;
}

const due = () => faulty.owner.query("UPDATE webhook_inbox SET not_before = now() WHERE state = 'waiting'");
const reads = () => faulty.proxy.requests.filter(({ body }) => body.includes('OrdersById')).length;

promiseOf('W6', 'an older version after a newer one', async ({ seed, pick }) => {
  const random = seededRandom(seed);
  const count = pick(40, 1_000);
  const ids = [...shopify.orders.keys()].slice(0, 20);
  for (const id of ids) change(id, FIRST_CHANGE_MS + 48 * HOUR_MS);
  for (const id of ids) await tell('orders/updated', id, new Date(FIRST_CHANGE_MS + 48 * HOUR_MS).toISOString());
  await turn();
  const before = await ordersNow();
  const readsBefore = reads();
  for (let index = 0; index < count; index += 1) {
    const id = random.pick([ids[0] ?? 0, ...ids.slice(1)]);
    await tell('orders/updated', id, new Date(FIRST_CHANGE_MS + random.between(0, 47) * HOUR_MS).toISOString());
  }
  const failed = await turn();
  const outcomes = await faulty.rows("SELECT count(*)::int AS n FROM webhook_inbox WHERE outcome = 'known'");
  const isSame = before === (await ordersNow());
  return {
    tried: `${count} stale webhooks of ${ids.length} orders`,
    measured: `${String(outcomes[0]?.['n'])} ignored, ${reads() - readsBefore} reads, rows ${isSame ? 'unchanged' : 'CHANGED'}`,
    isKept: isSame && failed === 0 && Number(outcomes[0]?.['n']) === count,
  };
});

promiseOf('W6', 'a refund before its order, a cancellation before the creation', async ({ pick }) => {
  const count = pick(12, FEWER_THAN_A_STORM);
  const firstId = 5_000_000;
  for (let index = 0; index < count; index += 1) {
    const at = new Date(FIRST_CHANGE_MS + index * HOUR_MS);
    const order = syntheticOrder(firstId + index * 10, { customerId: 100, at: at.toISOString() });
    shopify.save('order', order);
    const later = new Date(at.getTime() + HOUR_MS);
    const changed =
      index % 2 === 0
        ? refundOrder(shopify, order, { lines: [], everything: false, freeAmountMinor: 100, note: null }, later)
        : cancelOrder(shopify, order, later);
    await tell('orders/updated', order.id, changed.updatedAt);
    await tell('orders/create', order.id, order.updatedAt);
  }
  let turns = 0;
  for (; turns < 60 && (await waiting()) > 0; turns += 1) await turn();
  const [found] = await faulty.rows(
    `SELECT count(*)::int AS orders, count(*) FILTER (WHERE refunded_minor > 0 OR cancelled_at IS NOT NULL)::int AS changed
     FROM orders WHERE order_id >= ${firstId}`,
  );
  const failures = await faulty.rows(`SELECT 1 FROM webhook_inbox WHERE attempts > 1`);
  return {
    tried: `${count} orders, each change told before the order`,
    measured: `${String(found?.['orders'])} orders here, ${String(found?.['changed'])} changed, ${failures.length} tried twice`,
    isKept: found?.['orders'] === count && found['changed'] === count && failures.length === 0,
  };
});

promiseOf('W6', 'a webhook before what it tells of is to be seen', async ({ pick }) => {
  const count = pick(10, FEWER_THAN_A_STORM);
  const orders = Array.from({ length: count }, (_, index) =>
    syntheticOrder(7_000_000 + index * 10, { customerId: 101, at: new Date(FIRST_CHANGE_MS + index * HOUR_MS).toISOString() }),
  );
  for (const { id, updatedAt } of orders) await tell('orders/create', id, updatedAt);
  const changedId = 1_000_000;
  const later = FIRST_CHANGE_MS + 96 * HOUR_MS;
  await tell('orders/updated', changedId, new Date(later).toISOString());
  // Shopify's API does not know of them yet.
  await turn();
  const parked = await waiting();
  for (const order of orders) shopify.save('order', order);
  change(changedId, later);
  await due();
  const failed = await turn();
  const [found] = await faulty.rows(
    `SELECT count(*) FILTER (WHERE order_id >= 7000000)::int AS created,
       count(*) FILTER (WHERE order_id = ${changedId} AND updated_at = '${new Date(later).toISOString()}')::int AS changed FROM orders`,
  );
  return {
    tried: `${count} new orders and a change, told too early`,
    measured: `${parked} parked, ${String(found?.['created'])} and ${String(found?.['changed'])} applied one turn later`,
    isKept: parked === count + 1 && failed === 0 && found?.['created'] === count && found['changed'] === 1,
  };
});

function change(id: number, atMs: number): void {
  const order = shopify.orders.get(id);
  if (order) shopify.save('order', { ...order, sourceName: `changed-${atMs}`, updatedAt: new Date(atMs).toISOString() });
}

async function waiting(): Promise<number> {
  return (await faulty.rows("SELECT 1 FROM webhook_inbox WHERE state = 'waiting'")).length;
}

async function ordersNow(): Promise<unknown> {
  return (await faulty.rows("SELECT md5(string_agg(o::text, '|' ORDER BY order_id)) AS digest FROM orders o"))[0]?.['digest'];
}
