import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyAppConfig } from './app-toml.ts';
import type { RunningSimulator } from './server.ts';
import { exchangeToken, postJson, startTestSimulator } from './simulator-client.ts';
import { syntheticOrder, syntheticStore } from './synthetic-store.ts';

const shop = 'synthetic.myshopify.com';
let dataDir: string;
let running: RunningSimulator;
let storesMade: number;

async function start(): Promise<void> {
  running = await startTestSimulator({
    dataDir,
    store: () => {
      storesMade += 1;
      return syntheticStore(5);
    },
    app: { config: { ...emptyAppConfig, scopes: ['read_orders'] } },
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
});
