import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAppConfig } from './app-toml.ts';
import type { RunningSimulator, SimulatorOptions } from './server.ts';
import { exchangeToken, postJson, startTestSimulator, testApp, until } from './simulator-client.ts';
import { syntheticStore } from './synthetic-store.ts';

const shop = 'synthetic.myshopify.com';
const toml = `
[access_scopes]
scopes = "read_orders"
[webhooks]
api_version = "2026-10"
[[webhooks.subscriptions]]
topics = ["orders/updated", "refunds/create", "app/uninstalled"]
uri = "/webhooks/all"
[[webhooks.subscriptions]]
topics = ["orders/cancelled"]
uri = "/webhooks/slim"
include_fields = ["id", "updated_at", "line_items.id"]
filter = "total_price:>=20"
[[webhooks.subscriptions]]
compliance_topics = ["customers/data_request", "customers/redact", "shop/redact"]
uri = "/webhooks/privacy"
`;

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let running: RunningSimulator;
let receiver: Server;
let received: Received[];
let answers: number[];

async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
  running = await startTestSimulator({ store: syntheticStore(4), ...options, app: { config: parseAppConfig(toml) } });
  const address = receiver.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  running.setUpstream(`http://127.0.0.1:${address.port}`);
  await exchangeToken(running, shop);
}

beforeEach(async () => {
  received = [];
  answers = [];
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await running.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const order = () =>
  postJson(`${running.origin}/control/api/shops/${shop}/orders/1000010/refund`, { freeAmountMinor: 100 });
const topics = (): unknown[] => received.map(({ headers }) => headers['x-shopify-topic']);

describe('webhooks', () => {
  it('are signed over their very bytes and named in Shopify headers', async () => {
    await start();
    await order();
    await until(
      () => received.length,
      (count) => count === 2,
    );
    const refund = received.find(({ headers }) => headers['x-shopify-topic'] === 'refunds/create');
    const hmac = createHmac('sha256', testApp.clientSecret)
      .update(refund?.body ?? '')
      .digest('base64');
    expect(refund?.headers).toMatchObject({
      'x-shopify-hmac-sha256': hmac,
      'x-shopify-shop-domain': shop,
      'x-shopify-api-version': '2026-10',
    });
    expect(refund?.headers['x-shopify-webhook-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(refund?.headers['x-shopify-event-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(Date.parse(String(refund?.headers['x-shopify-triggered-at']))).not.toBeNaN();
    expect(JSON.parse(refund?.body ?? '{}')).toMatchObject({ order_id: 1_000_010 });
  });

  it('are sent again, the same bytes under the same id, until they are taken', async () => {
    await start();
    answers = [500, 500];
    await postJson(`${running.origin}/control/api/shops/${shop}/orders/1000010/edit`, {});
    await until(
      () => running.simulator.webhooks.deliveries(),
      ([first]) => first?.status === 'delivered',
    );
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(1);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  it('are given up after the last retry, and can be sent again by hand', async () => {
    await start();
    answers = [500, 500, 500, 500];
    await postJson(`${running.origin}/control/api/shops/${shop}/orders/1000010/edit`, {});
    const [failed] = await until(
      () => running.simulator.webhooks.deliveries(),
      ([first]) => first?.status === 'failed',
    );
    await postJson(`${running.origin}/control/api/deliveries/${failed?.webhookId ?? ''}/redeliver`, {});
    await until(
      () => running.simulator.webhooks.deliveries(),
      ([first]) => first?.status === 'delivered',
    );
    expect(received).toHaveLength(5);
  });

  it('carry the fields that were asked for, when the filter lets them pass', async () => {
    await start();
    await postJson(`${running.origin}/control/api/shops/${shop}/orders/1000010/cancel`, {});
    const slim = await until(
      () => received.find(({ path }) => path === '/webhooks/slim'),
      (found) => found !== undefined,
    );
    const payload: unknown = JSON.parse(slim?.body ?? '{}');
    expect(Object.keys(payload ?? {}).sort()).toEqual(['id', 'line_items', 'updated_at']);
    expect(payload).toMatchObject({ line_items: [{ id: 1_000_011 }, { id: 1_000_012 }] });
  });

  it('tell of an uninstall, and 48 hours later that the store is to be forgotten', async () => {
    await start();
    await postJson(`${running.origin}/control/api/shops/${shop}/uninstall`, {});
    await until(
      () => topics(),
      (seen) => seen.includes('app/uninstalled'),
    );
    await postJson(`${running.origin}/control/api/clock`, { advanceSeconds: 47 * 3600 });
    expect(topics()).not.toContain('shop/redact');
    await postJson(`${running.origin}/control/api/clock`, { advanceSeconds: 3600 });
    await until(
      () => topics(),
      (seen) => seen.includes('shop/redact'),
    );
    await order();
    expect(topics().filter((topic) => topic === 'orders/updated')).toEqual([]);
  });

  it('send privacy requests to the compliance address only', async () => {
    await start();
    await postJson(`${running.origin}/control/api/shops/${shop}/customers/100/redact`, {});
    const request = await until(
      () => received[0],
      (found) => found !== undefined,
    );
    expect(request?.path).toBe('/webhooks/privacy');
    expect(JSON.parse(request?.body ?? '{}')).toMatchObject({
      customer: { id: 100 },
      orders_to_redact: [1_000_000, 1_000_020],
    });
  });

  it('can be lost or doubled by a delivery plan', async () => {
    await start({ webhookPlan: (delivery) => (delivery.topic === 'refunds/create' ? [] : [0, 0]) });
    await order();
    await until(
      () => received.length,
      (count) => count === 2,
    );
    expect(topics()).toEqual(['orders/updated', 'orders/updated']);
  });
});
