import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAppConfig } from './app-toml.ts';
import type { RunningSimulator, SimulatorOptions } from './server.ts';
import { at, exchangeToken, installAndQuery, postJson, startTestSimulator, until } from './simulator-client.ts';
import { syntheticOrder, syntheticStore } from './synthetic-store.ts';

const shop = 'synthetic.myshopify.com';
const config = parseAppConfig(`
[access_scopes]
scopes = "read_orders,read_all_orders"
[[webhooks.subscriptions]]
topics = ["orders/updated"]
uri = "/webhooks"`);
let dataDir: string;
let running: RunningSimulator;
let storesMade: number;

async function start(options: Partial<SimulatorOptions> = {}): Promise<void> {
  running = await startTestSimulator({
    dataDir,
    ...options,
    store: () => {
      storesMade += 1;
      return syntheticStore(5);
    },
    app: { config },
  });
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'journal-'));
  storesMade = 0;
  await start();
});

afterEach(async () => {
  await running.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the journal', () => {
  it('brings back the store, its changes, the install, the tokens and the clock, without making the store again', async () => {
    const { body } = await exchangeToken(running, shop);
    running.simulator.shops.get(shop)?.save('order', { ...syntheticOrder(1_000_000), tags: ['kept'] });
    running.simulator.advanceClock(600_000);
    await running.close();
    await start();
    const store = running.simulator.shops.get(shop);
    expect(storesMade).toBe(1);
    expect(store?.orders.size).toBe(5);
    expect(store?.orders.get(1_000_000)?.tags).toEqual(['kept']);
    expect(running.simulator.clockOffsetMs).toBe(600_000);
    const answer = await postJson(
      `${running.origin}/admin/api/2026-10/graphql.json`,
      { query: '{ ordersCount { count } }' },
      { 'X-Shopify-Access-Token': String(body['access_token']) },
    );
    expect(answer.body['data']).toEqual({ ordersCount: { count: 5 } });
  });

  it('gives out no id twice over a restart', async () => {
    const before = running.simulator.shops.get(shop)?.nextId() ?? 0;
    await running.close();
    await start();
    expect(running.simulator.shops.get(shop)?.nextId()).toBeGreaterThan(before);
  });

  it('forgets a half written last line and goes on after it', async () => {
    running.simulator.advanceClock(1000);
    await running.close();
    appendFileSync(join(dataDir, 'journal.jsonl'), '{"kind":"clock","shop":null,"val');
    await start();
    expect(running.simulator.clockOffsetMs).toBe(1000);
    running.simulator.advanceClock(1000);
    await running.close();
    await start();
    expect(running.simulator.clockOffsetMs).toBe(2000);
  });

  it('delivers after a restart what could not be delivered before', async () => {
    await running.close();
    await start({ webhookRetryDelaysMs: [60_000] });
    await exchangeToken(running, shop);
    const before = running.simulator.shops.get(shop);
    before?.emit('orders/updated', syntheticOrder(1_000_000));
    const [attempted] = await until(
      () => running.simulator.webhooks.deliveries(),
      ([first]) => first?.attempts.length === 1,
    );
    await running.close();
    await start();
    const [again] = await until(
      () => running.simulator.webhooks.deliveries(),
      ([first]) => first?.attempts.length === 2,
    );
    expect(again).toMatchObject({ webhookId: attempted?.webhookId, body: attempted?.body });
  });

  it('finishes a bulk operation that a restart interrupted', async () => {
    await running.close();
    await start({ bulkObjectsPerSecond: 1 });
    const query = await installAndQuery(running, shop);
    const { body } = await query(`mutation { bulkOperationRunQuery(query: "{ orders { edges { node { id } } } }") {
      bulkOperation { id } userErrors { message } } }`);
    const id = at(body, 'data', 'bulkOperationRunQuery', 'bulkOperation', 'id');
    await until(
      () => running.simulator.bulk.list(shop)[0]?.status,
      (status) => status === 'RUNNING',
    );
    await running.close();
    await start();
    const after = await installAndQuery(running, shop);
    const poll = `query ($id: ID!) { bulkOperation(id: $id) { status objectCount } }`;
    const done = await until(
      async () => at((await after(poll, { id })).body, 'data', 'bulkOperation'),
      (operation) => at(operation, 'status') === 'COMPLETED',
    );
    expect(done).toEqual({ status: 'COMPLETED', objectCount: '5' });
  });
});
