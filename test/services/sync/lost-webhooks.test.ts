import { createHmac, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { WebhookFailure } from '#app/services/sync/webhooks/handle-webhooks.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { TEST_APP } from '#test/support/app-under-test.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';

const STORE = syntheticStore(20);
const DOMAIN = STORE.shop.domain;
const ORDER_ID = 1_000_010;

let faulty: FaultyApp;
let context: ShopContext;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
});

beforeEach(async () => {
  faulty.proxy.clear();
  context = await faulty.app.install(DOMAIN);
  expect(await faulty.pull(context)).toEqual([]);
});

afterAll(() => faulty.stop());

async function post(path: string, topic: string, payload: unknown): Promise<void> {
  const body = JSON.stringify(payload);
  const response = await fetch(`${faulty.app.running.appFrontUrl}${path}`, {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/json',
      'X-Shopify-Topic': topic,
      'X-Shopify-Shop-Domain': DOMAIN,
      'X-Shopify-API-Version': '2026-10',
      'X-Shopify-Webhook-Id': randomUUID(),
      'X-Shopify-Hmac-Sha256': createHmac('sha256', TEST_APP.clientSecret).update(body).digest('base64'),
    },
  });
  expect(response.status).toBe(200);
}

/** As the worker would, `minutes` from now. */
async function handleIn(minutes: number): Promise<WebhookFailure[]> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  return handleWebhooks({ ...context, now: () => new Date(Date.now() + minutes * 60_000) });
}

const inbox = () => faulty.rows('SELECT topic, state, attempts FROM webhook_inbox ORDER BY inbox_id DESC LIMIT 1');

describe('a webhook that cannot be handled', () => {
  it('waits as long as Shopify does not answer, however often it was tried', async () => {
    await post('/webhooks/orders', 'orders/updated', { id: ORDER_ID });
    await faulty.owner.query('UPDATE orders SET updated_at = $2, name = $3 WHERE order_id = $1', [ORDER_ID, '2020-01-01', 'stale']);
    faulty.proxy.plan = ({ path }) => (path.startsWith('/admin/api') ? { kind: 'answer', status: 503, body: 'down' } : undefined);
    for (let attempt = 0; attempt < 12; attempt += 1) expect(await handleIn(attempt * 6)).toHaveLength(1);
    expect(await inbox()).toEqual([{ topic: 'orders/updated', state: 'waiting', attempts: 12 }]);

    faulty.proxy.clear();
    expect(await handleIn(12 * 6)).toEqual([]);
    expect(await inbox()).toMatchObject([{ state: 'handled' }]);
    expect(await faulty.rows('SELECT name FROM orders WHERE order_id = $1', [ORDER_ID])).toEqual([{ name: '#1002' }]);
  });

  it('is set aside after eight times when it is its own fault', async () => {
    await post('/webhooks/orders', 'orders/updated', { id: 'nonsense' });
    for (let attempt = 0; attempt < 8; attempt += 1) expect(await handleIn(100 + attempt * 6)).toHaveLength(1);
    expect(await inbox()).toEqual([{ topic: 'orders/updated', state: 'dead', attempts: 8 }]);
    expect(await handleIn(1_000)).toEqual([]);
  });
});

describe('shop/redact', () => {
  const redact = { shop_id: 1, shop_domain: DOMAIN };

  it('deletes nothing of a shop that has the app', async () => {
    await post('/webhooks/compliance', 'shop/redact', redact);
    expect(await handleIn(0)).toEqual([]);
    expect(await faulty.rows('SELECT count(*)::int AS orders FROM orders')).toEqual([{ orders: 20 }]);
  });

  it('waits while Shopify cannot be asked whether the shop has the app', async () => {
    await post('/webhooks/compliance', 'shop/redact', redact);
    faulty.proxy.plan = ({ path }) => (path.startsWith('/admin/api') ? { kind: 'reset' } : undefined);
    expect(await handleIn(0)).toHaveLength(1);
    expect(await faulty.rows('SELECT count(*)::int AS orders FROM orders')).toEqual([{ orders: 20 }]);
  });

  it('deletes everything although the webhook of the uninstall never came', async () => {
    const { simulator } = faulty.app.running;
    const store = simulator.shops.get(DOMAIN);
    if (!store) throw new Error('no store');
    // Nobody is there to take the webhook.
    faulty.app.running.setUpstream('http://127.0.0.1:9');
    simulator.uninstall(store);
    expect(await faulty.rows('SELECT uninstalled_at FROM shops')).toEqual([{ uninstalled_at: null }]);

    const { receiveIntoInbox } = await import('#app/adapters/db/webhook-inbox.repository.server.ts');
    const { prisma } = await import('#app/db.server.ts');
    const webhookId = randomUUID();
    const place = { shopId: context.shop.shopId, table: 'webhook_inbox', column: 'body', row: webhookId };
    const bodySealed = context.sealedBox.seal(JSON.stringify(redact), place);
    const webhook = { domain: DOMAIN, webhookId, eventId: null, topic: 'shop/redact', apiVersion: '2026-10', triggeredAt: null, bodySealed };
    expect(await receiveIntoInbox(prisma, webhook)).toBe('stored');
    expect(await handleIn(0)).toEqual([]);
    expect(await faulty.rows('SELECT (SELECT count(*) FROM shops) + (SELECT count(*) FROM orders) + (SELECT count(*) FROM sessions) AS left')).toEqual([{ left: '0' }]);
  });
});
