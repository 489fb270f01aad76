import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { WorkLoop } from '#app/jobs/work-loop.server.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { findFreePort } from '#test/support/free-port.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { spawnWorker } from '#test/support/worker-process.ts';

const TOKEN = 'operator-token-of-the-tests';

let database: TestDatabase;
let worker: ChildProcess;
let said = '';
let url = '';

const envOf = (databaseUrl: string) => ({
  NODE_ENV: 'test',
  DATABASE_URL: databaseUrl,
  SHOPIFY_API_KEY: 'key',
  SHOPIFY_API_SECRET: 'secret',
  SHOPIFY_APP_URL: 'http://localhost',
  SCOPES: 'read_orders',
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  OPERATOR_TOKEN: TOKEN,
  WORKER_PORT: '0',
});

beforeAll(async () => {
  database = await createTestDatabase();
  worker = spawnWorker(envOf(database.url), ['ignore', 'pipe', 'inherit']);
  worker.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const port = await waitFor('the worker to listen', () => /"port":(\d+)/.exec(said)?.[1], { timeoutMs: 55_000 });
  url = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
  worker.kill('SIGKILL');
  await database.drop();
});

it('answers liveness and readiness to everybody and metrics to the operator', async () => {
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  const answer = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  const text = await answer.text();
  expect(text).toMatch(/perennial_looks_total\{outcome="done"\} [1-9]/);
  expect(text).toMatch(/perennial_nodejs_eventloop_lag_p99_seconds /);
});

it('ends at SIGTERM although it listens', async () => {
  worker.kill('SIGTERM');
  await until(() => worker.exitCode, (code) => code === 0);
});

it('is not ready while it ends, so that a platform sends nobody there, but is alive', async () => {
  Object.assign(process.env, envOf(database.url));
  const { startWorkerListener } = await import('#app/jobs/worker-listener.server.ts');
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const port = await findFreePort();
  const loop = { isStopping: false, msSinceLook: () => 0 };
  const runtime = { now: () => new Date(), monotonicMs: () => performance.now() };
  await startWorkerListener({ port, loop, pool, runtime });
  const statuses = () => Promise.all(['readyz', 'livez'].map(async (path) => (await fetch(`http://127.0.0.1:${port}/${path}`)).status));
  expect(await statuses()).toEqual([200, 200]);
  loop.isStopping = true;
  expect(await statuses()).toEqual([503, 200]);
  await pool.end();
});

it('looks again when a look never comes back', async () => {
  let looks = 0;
  const errors: unknown[] = [];
  const loop = new WorkLoop({
    pool: null as never,
    monotonicMs: () => performance.now(),
    loadWork: () => {
      looks += 1;
      return new Promise(() => {});
    },
    handle: async () => ({ pauseMs: 0 }),
    onError: (_item, error) => errors.push(error),
    lookDeadlineMs: 20,
  });
  loop.start();
  await until(() => looks, (count) => count >= 2);
  await loop.stop();
  expect(String(errors[0])).toContain('No answer to a look for work');
  expect(loop.msSinceLook()).toBeLessThan(5_000);
});
