import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAppConfig } from '../app-toml.ts';
import { localBulkFileAddress } from '../bulk/bulk-file-address.ts';
import type { RunningSimulator } from '../server.ts';
import { at, installAndQuery, postJson, startTestSimulator, until } from '../simulator-client.ts';
import { syntheticStore } from '../synthetic-store.ts';
import type { BulkFault, BulkFileFault, FaultRule, WebhookFault } from './fault-rules.ts';

const shop = 'synthetic.myshopify.com';
const orders = '{ orders { edges { node { id displayFinancialStatus } } } }';
const toml = `
[access_scopes]
scopes = "read_orders,read_all_orders"
[webhooks]
api_version = "2026-10"
[[webhooks.subscriptions]]
topics = ["orders/updated", "refunds/create", "bulk_operations/finish"]
uri = "/webhooks/all"
`;

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

let running: RunningSimulator;
let receiver: Server;
let received: Received[];
let query: Awaited<ReturnType<typeof installAndQuery>>;

beforeEach(async () => {
  received = [];
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      received.push({ path: request.url ?? '', headers: request.headers, body: { ...Object(body) } });
      response.writeHead(request.url === '/broken' ? 500 : 200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  running = await startTestSimulator({ store: syntheticStore(30), app: { config: parseAppConfig(toml) } });
  running.setUpstream(receiverUrl());
  query = await installAndQuery(running, shop);
});

afterEach(async () => {
  await running.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

function receiverUrl(): string {
  const address = receiver.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

const plan = (...rules: FaultRule[]): void => running.simulator.faults.set({ seed: 1, rules });
const topics = (): unknown[] => received.map(({ headers }) => headers['x-shopify-topic']);

async function run(): Promise<unknown> {
  const { body } = await query('mutation ($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } userErrors { code } } }', { q: orders });
  return at(body, 'data', 'bulkOperationRunQuery', 'bulkOperation', 'id');
}

const poll = async (id: unknown): Promise<unknown> =>
  at((await query('query ($id: ID!) { bulkOperation(id: $id) { status errorCode objectCount url partialDataUrl } }', { id })).body, 'data', 'bulkOperation');

async function finish(): Promise<unknown> {
  const id = await run();
  return until(() => poll(id), (operation) => !['CREATED', 'RUNNING'].includes(String(at(operation, 'status'))));
}

describe('a bulk operation', () => {
  const planBulk = (what: BulkFault): void => plan({ where: 'bulk', only: 'orders', what });

  it.each(['ACCESS_DENIED', 'INTERNAL_SERVER_ERROR', 'TIMEOUT'] as const)('fails with %s and a file of what it had', async (errorCode) => {
    planBulk({ kind: 'failed', errorCode, share: 0.5 });
    const failed = await finish();
    expect(failed).toMatchObject({ status: 'FAILED', errorCode, objectCount: '15', url: null });
    const partial = await (await fetch(localBulkFileAddress(String(at(failed, 'partialDataUrl')), running.origin))).text();
    expect(partial.trimEnd().split('\n')).toHaveLength(15);
  });

  it.each([
    [{ kind: 'canceled' }, { status: 'CANCELED', url: null }],
    [{ kind: 'expired' }, { status: 'EXPIRED', url: null }],
    [{ kind: 'no-url' }, { status: 'COMPLETED', objectCount: '30', url: null }],
  ] as const)('ends in the way of %j', async (what, end) => {
    planBulk(what);
    expect(await finish()).toMatchObject({ ...end, partialDataUrl: null });
  });

  it('is held under way, so that a sixth finds no place', async () => {
    planBulk({ kind: 'held', forMs: 10_000 });
    for (let started = 0; started < 5; started += 1) expect(await run()).toEqual(expect.any(String));
    expect(await run()).toBeUndefined();
  });

  it('ends without a webhook', async () => {
    planBulk({ kind: 'no-finish-webhook' });
    expect(await finish()).toMatchObject({ status: 'COMPLETED' });
    await finish();
    expect(topics()).toEqual([]);
  });

  it('is announced before the mutation is answered', async () => {
    planBulk({ kind: 'finish-before-answer' });
    const id = await run();
    expect(received.map(({ body }) => body['admin_graphql_api_id'])).toEqual([id]);
  });
});

describe('the file of a bulk operation', () => {
  const planFile = (what: BulkFileFault): void => plan({ where: 'bulk-file', what });
  const download = async (): Promise<Response> => fetch(localBulkFileAddress(String(at(await finish(), 'url')), running.origin));

  it('is refused as expired', async () => {
    planFile({ kind: 'expired-url' });
    expect((await download()).status).toBe(403);
  });

  it('breaks off with its connection', async () => {
    planFile({ kind: 'cut', share: 0.5 });
    await expect((await download()).text()).rejects.toThrow('terminated');
  });

  it('is short without a sign of it, within a line or after one', async () => {
    planFile({ kind: 'short', share: 0.5 });
    const within = await (await download()).text();
    expect(within.length).toBeGreaterThan(500);
    expect(within.endsWith('\n')).toBe(false);
    planFile({ kind: 'short', share: 0.51, wholeLines: true });
    expect(await (await download()).text()).toMatch(/\}\n$/);
  });

  it('has lines that are none', async () => {
    planFile({ kind: 'malformed-lines', share: 0.3 });
    const lines = (await (await download()).text()).trimEnd().split('\n');
    const bad = lines.filter((line) => {
      try {
        return at(JSON.parse(line), 'id') === undefined;
      } catch {
        return true;
      }
    });
    expect(lines).toHaveLength(30);
    expect(bad.length).toBeGreaterThan(2);
    expect(bad.length).toBeLessThan(20);
  });

  it('has values of tomorrow', async () => {
    planFile({ kind: 'changed-field', field: 'displayFinancialStatus', becomes: 'BARTERED' });
    expect((await (await download()).text()).match(/BARTERED/g)).toHaveLength(30);
  });
});

describe('webhooks', () => {
  const planWebhook = (what: WebhookFault, only = 'orders/updated'): void => plan({ where: 'webhook', only, what });
  const refund = (id = 1_000_010) => postJson(`${running.origin}/control/api/shops/${shop}/orders/${id}/refund`, { freeAmountMinor: 100 });
  const untilCount = (count: number) => until(() => received.length, (length) => length >= count);
  const updates = (): Received[] => received.filter(({ headers }) => headers['x-shopify-topic'] === 'orders/updated');

  it('are dropped', async () => {
    planWebhook({ kind: 'dropped' });
    await refund();
    await untilCount(1);
    expect(topics()).toEqual(['refunds/create']);
  });

  it.each([[false, 1], [true, 3]])('are doubled, with ids of their own: %s', async (hasOwnIds, ids) => {
    planWebhook({ kind: 'duplicated', copies: 3, hasOwnIds });
    await refund();
    await untilCount(4);
    expect(updates()).toHaveLength(3);
    expect(new Set(updates().map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(ids);
    expect(new Set(updates().map(({ headers }) => headers['x-shopify-event-id'])).size).toBe(1);
  });

  it('come late', async () => {
    planWebhook({ kind: 'delayed', delayMs: 80 });
    const startedMs = performance.now();
    await refund();
    await untilCount(2);
    expect(topics()).toEqual(['refunds/create', 'orders/updated']);
    expect(performance.now() - startedMs).toBeGreaterThan(70);
  });

  it('overtake each other', async () => {
    planWebhook({ kind: 'shuffled', withinMs: 200 });
    for (let index = 0; index < 12; index += 1) await refund(1_000_010 + index * 10);
    await untilCount(24);
    const ids = updates().map(({ body }) => Number(body['id']));
    expect(ids).not.toEqual(ids.toSorted((a, b) => a - b));
  });

  it('are followed by one that is older', async () => {
    planWebhook({ kind: 'stale', bySeconds: 3600 });
    await refund();
    await untilCount(3);
    const times = updates().map(({ body }) => Date.parse(String(body['updated_at'])));
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual(3_599_000);
    const triggered = updates().map(({ headers }) => Date.parse(String(headers['x-shopify-triggered-at'])));
    expect(Math.max(...triggered) - Math.min(...triggered)).toBe(3_600_000);
  });

  it('are about an order that is no more', async () => {
    planWebhook({ kind: 'deleted-object' });
    await refund();
    await untilCount(2);
    const [update] = updates();
    expect(running.simulator.shops.get(shop)?.orders.has(Number(update?.body['id']))).toBe(false);
  });

  it('name another store in their headers', async () => {
    planWebhook({ kind: 'other-shop', shop: 'stranger.myshopify.com' });
    await refund();
    await untilCount(2);
    expect(updates()[0]?.headers['x-shopify-shop-domain']).toBe('stranger.myshopify.com');
  });

  it('stop when a subscription made through the API has failed eight times in a row, and others go on', async () => {
    const create = (path: string) =>
      query(`mutation { webhookSubscriptionCreate(topic: ORDERS_UPDATED, webhookSubscription: { uri: "${receiverUrl()}${path}" }) { userErrors { message } } }`);
    await create('/broken');
    await create('/fine');
    await refund();
    await refund();
    await until(() => running.simulator.apiSubscriptions(shop).length, (count) => count === 1);
    expect(running.simulator.apiSubscriptions(shop)[0]?.uri).toBe(`${receiverUrl()}/fine`);
    expect(received.filter(({ path }) => path === '/broken').length).toBe(8);
  });
});
