import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, TEST_APP, type AppUnderTest } from '#test/support/app-under-test.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';

const STORE = syntheticStore(2);
const TOKEN = 'operator-token-of-the-tests';

let app: AppUnderTest;
let owner: pg.Client;

beforeAll(async () => {
  process.env['OPERATOR_TOKEN'] = TOKEN;
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function askMetrics(authorization?: string): Promise<Response> {
  const { loader } = await import('#app/routes/metrics.ts');
  const request = new Request('http://app/metrics', { headers: authorization ? { Authorization: authorization } : {} });
  return loader({ request, params: {}, context: {} });
}

describe('readiness', () => {
  it('is 200 while the database answers and has every migration of this build', async () => {
    const { loader } = await import('#app/routes/readyz.ts');
    expect((await loader()).status).toBe(200);
  });

  it('is 503 and says why while a migration is missing, under the old name too', async () => {
    const { NEWEST_MIGRATION } = await import('#app/adapters/db/expected-migration.server.ts');
    const { loader } = await import('#app/routes/healthz.ts');
    await owner.query('UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = $1', [NEWEST_MIGRATION]);
    const unready = await loader();
    await owner.query('UPDATE _prisma_migrations SET finished_at = now() WHERE migration_name = $1', [NEWEST_MIGRATION]);
    expect([unready.status, await unready.text()]).toEqual([503, 'the database lacks a migration: npm run migrate']);
    expect((await loader()).status).toBe(200);
  });
});

describe('metrics', () => {
  it.each([undefined, 'Bearer', 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Bearer ${TOKEN.slice(0, -1)}`, `Bearer ${TOKEN.slice(0, 1)}`])(
    'are not there for %s',
    async (authorization) => {
      const answer = await askMetrics(authorization);
      expect([answer.status, await answer.text()]).toEqual([404, '']);
    },
  );

  it('tell of webhooks, calls of Shopify, the pool and the database, and name no shop and nothing that a request brought', async () => {
    const { noteTurn } = await import('#app/adapters/metrics/metrics.server.ts');
    const context = await app.install(STORE.shop.domain);
    const { ShopFactsDocument } = await import('#app/generated/admin-api.ts');
    await context.admin(ShopFactsDocument, {});
    noteTurn('webhooks', 'done', 0.2);
    const unsigned = { method: 'POST', body: '{}', headers: { 'x-shopify-topic': 'orders/create' } };
    const { action } = await import('#app/routes/webhooks.orders.ts');
    await action({ request: new Request('http://app/webhooks/orders', unsigned), params: {}, context: {} });
    // Whoever replays a signed body writes the topic that they like: it is no label.
    const hmac = createHmac('sha256', TEST_APP.clientSecret).update('{}').digest('base64');
    const headers = { 'x-shopify-hmac-sha256': hmac, 'x-shopify-topic': 'made/up', 'x-shopify-shop-domain': STORE.shop.domain, 'x-shopify-webhook-id': 'w', 'x-shopify-api-version': '2026-10' };
    await action({ request: new Request('http://app/webhooks/orders', { method: 'POST', body: '{}', headers }), params: {}, context: {} });
    const answer = await askMetrics(`Bearer ${TOKEN}`);
    const text = await answer.text();
    expect(answer.headers.get('content-type')).toContain('text/plain');
    for (const line of [
      'perennial_webhooks_received_total{topic="other",outcome="bad-signature"} 1',
      'perennial_webhooks_received_total{topic="other",outcome="refused"} 1',
      'perennial_turn_seconds_count{work="webhooks",outcome="done"} 1',
      'perennial_database_up 1',
      'perennial_installed_shops 1',
      'perennial_imports{state="requested"} 2',
      'perennial_segment_writes{state="pending"} 0',
      'perennial_segment_writes{state="failed"} 0',
      'perennial_pool_waiting 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/perennial_shopify_call_seconds_count\{outcome="answered"\} [1-9]/);
    expect(text).not.toContain(STORE.shop.domain.split('.')[0]);
  });

  it('count webhooks by the indexes of those that wait and those that were given up', async () => {
    await owner.query('SET enable_seqscan = off');
    for (const state of ['waiting', 'dead']) {
      const { rows } = await owner.query(`EXPLAIN SELECT count(*) FROM webhook_inbox WHERE state = '${state}'`);
      expect(JSON.stringify(rows)).toContain(`webhook_inbox_${state}`);
    }
  });

  it('tell the age of the webhook that waits longest, and of none that waits no more', async () => {
    const { loadOperationsGauges } = await import('#app/adapters/db/operations-gauges.server.ts');
    const { pool } = await import('#app/db.server.ts');
    const { shop } = await app.install(STORE.shop.domain);
    const now = new Date();
    const oldest = async () => (await loadOperationsGauges(pool, now)).filter(({ gauge }) => gauge === 'webhook_oldest_waiting_seconds');
    const received = (state: string, minutes: number) =>
      owner.query(
        `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, state, received_at)
         VALUES ($1, gen_random_uuid()::text, 'orders/create', '2026-10', $2, $3)`,
        [shop.shopId, state, new Date(now.getTime() - minutes * 60_000)],
      );
    await owner.query('DELETE FROM webhook_inbox');
    expect(await oldest()).toEqual([{ gauge: 'webhook_oldest_waiting_seconds', label: '', value: 0 }]);
    await received('waiting', 2);
    await received('waiting', 45);
    await received('waiting', 10);
    await received('handled', 300);
    await received('dead', 300);
    expect(await oldest()).toEqual([{ gauge: 'webhook_oldest_waiting_seconds', label: '', value: 45 * 60 }]);
    await owner.query('DELETE FROM webhook_inbox');
  });

  it('count codes that Shopify does not have by an index of these alone', async () => {
    await owner.query('SET enable_seqscan = off');
    const { rows } = await owner.query("EXPLAIN SELECT state, count(*) FROM offer_codes WHERE state <> 'issued' GROUP BY state");
    expect(JSON.stringify(rows)).toContain('offer_codes_unissued');
  });

  it('count segments that are being written, and those of the last two days that failed', async () => {
    const { loadOperationsGauges } = await import('#app/adapters/db/operations-gauges.server.ts');
    const { pool } = await import('#app/db.server.ts');
    const { shop } = await app.install(STORE.shop.domain);
    const target = '00000000-0000-4000-8000-00000000000b';
    await owner.query(
      `INSERT INTO segment_targets (shop_id, target_id, segment_key, title, kind, name, is_kept, created_at, updated_at)
       VALUES ($1, $2, 'vip', 'VIP', 'tag', 'vip', false, now(), now())`,
      [shop.shopId, target],
    );
    const run = (kind: string, state: string, finishedHoursAgo: number | null) =>
      owner.query(
        `INSERT INTO segment_writes (shop_id, write_id, target_id, kind, cause, state, not_before, requested_at, finished_at)
         VALUES ($1, gen_random_uuid(), $2, $3, 'asked', $4, now(), now(), now() - make_interval(hours => $5))`,
        [shop.shopId, target, kind, state, finishedHoursAgo],
      );
    await run('write', 'completed', 1);
    await run('write', 'failed', 1);
    await run('write', 'failed', 49);
    await run('write', 'requested', null);
    const gauges = await loadOperationsGauges(pool, new Date());
    expect(gauges.filter(({ gauge }) => gauge === 'segment_writes').sort((a, b) => a.label.localeCompare(b.label))).toEqual([
      { gauge: 'segment_writes', label: 'failed', value: 1 },
      { gauge: 'segment_writes', label: 'pending', value: 1 },
    ]);
    await owner.query('SET enable_seqscan = off');
    const { rows } = await owner.query("EXPLAIN SELECT count(*) FROM segment_writes WHERE state = 'failed' AND finished_at > now()");
    expect(JSON.stringify(rows)).toContain('segment_writes_failed');
    await owner.query('DELETE FROM segment_targets WHERE shop_id = $1', [shop.shopId]);
  });

  it('are what the alerts of the runbook ask for, in web or in the worker', async () => {
    const { observeProcess } = await import('#app/adapters/metrics/observe-process.server.ts');
    observeProcess();
    const text = await (await askMetrics(`Bearer ${TOKEN}`)).text();
    const known = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1]));
    const runbook = readFileSync(join(PROJECT_DIR, 'app', 'commands', 'RUNBOOK.md'), 'utf8');
    const asked = [...runbook.matchAll(/\bperennial_\w+/g)].map((match) => match[0].replace(/_count$/, '')).filter((name) => !name.endsWith('_'));
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('tell nothing of a state that nothing is in any more', async () => {
    const { register } = await import('prom-client');
    const { exposeDatabaseMetrics, renderMetrics } = await import('#app/adapters/metrics/expose-metrics.server.ts');
    const { pool } = await import('#app/db.server.ts');
    let passedMs = 0;
    // Nearly the last test here, for the counters are not made again.
    register.clear();
    exposeDatabaseMetrics({ pool, now: () => new Date(), monotonicMs: () => passedMs });
    expect((await renderMetrics()).text).toContain('perennial_imports{state="requested"}');
    await owner.query('DELETE FROM imports');
    passedMs = 31_000;
    expect((await renderMetrics()).text).not.toContain('perennial_imports{state="requested"}');
  });

  it('say that the database is up although its sums cannot be had, and ask for those again half a minute later', async () => {
    const { register } = await import('prom-client');
    const { exposeDatabaseMetrics, renderMetrics } = await import('#app/adapters/metrics/expose-metrics.server.ts');
    const { pool } = await import('#app/db.server.ts');
    const asked: string[] = [];
    let passedMs = 0;
    const query = (sql: string) => {
      asked.push(sql);
      return sql === 'SELECT 1' ? pool.query(sql) : Promise.reject(new Error('too long'));
    };
    // The last test here, for the counters are not made again.
    register.clear();
    try {
      exposeDatabaseMetrics({ pool: Object.assign(Object.create(pool), { query }), now: () => new Date(), monotonicMs: () => passedMs });
      const sums = () => asked.filter((sql) => sql.includes('operations_gauges')).length;
      const { text } = await renderMetrics();
      expect(text.split('\n')).toContain('perennial_database_up 1');
      passedMs = 29_000;
      await renderMetrics();
      expect(sums()).toBe(1);
      passedMs = 31_000;
      await renderMetrics();
      expect(sums()).toBe(2);
    } finally {
      register.clear();
    }
  });
});
