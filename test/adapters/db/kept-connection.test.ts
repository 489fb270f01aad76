import { afterAll, beforeAll, expect, it } from 'vitest';

import type { pool as appPool } from '#app/db.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { waitFor } from '#test/support/wait-for.ts';

const IDLE_MS = 30;

let app: AppUnderTest;
let pool: typeof appPool;

beforeAll(async () => {
  app = await startAppUnderTest({ store: syntheticStore(1) });
  ({ pool } = await import('#app/db.server.ts'));
});

afterAll(() => app.stop());

const backendOf = async () => (await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;

it('keeps one connection when nobody has asked for a while, and the next one to ask is answered on it', async () => {
  pool.options.idleTimeoutMillis = IDLE_MS;
  const asked = await Promise.all([1, 2, 3, 4].map(() => pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep(0.05)')));
  expect(new Set(asked.map(({ rows }) => rows[0]?.pid)).size).toBeGreaterThan(1);
  // Those that others left idle before the pause was made short go when the long one has passed.
  await waitFor('the others to end', () => (pool.totalCount <= 1 ? true : undefined), { timeoutMs: 20_000 });
  const kept = await backendOf();
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS * 10));
  expect(pool.totalCount).toBe(1);
  expect(await backendOf()).toBe(kept);
});
