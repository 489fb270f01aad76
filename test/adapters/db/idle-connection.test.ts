import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { readAtOnce, withBriefConnection } from '#app/adapters/db/brief-connection.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(1);
const KEPT = 2;

let app: AppUnderTest;
let shop: ShopRef;
let pool: pg.Pool;
let lent: pg.PoolClient[];

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  ({ shop } = await app.install(STORE.shop.domain));
});

afterAll(() => app.stop());

/** All that the pool keeps are lent. */
beforeEach(async () => {
  pool = new pg.Pool({ connectionString: app.env['DATABASE_URL'], min: KEPT, max: KEPT + 4 });
  lent = await Promise.all(Array.from({ length: KEPT }, () => pool.connect()));
});

afterEach(async () => {
  for (const connection of lent) connection.release();
  await pool.end();
});

const backend = async (connection: pg.PoolClient) => (await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
const brief = () => withBriefConnection(pool, shop, backend);

it('waits for a connection that comes back in a moment, and makes none', async () => {
  const known = await Promise.all(lent.map(backend));
  for (const ask of [brief, () => readAtOnce(pool, shop, backend)]) {
    const asked = ask();
    const connection = lent.pop();
    connection?.release();
    expect(known).toContain(await asked);
    lent.push(await pool.connect());
  }
  expect(pool.totalCount).toBe(KEPT);
});

it('makes another when none comes back, and uses that one on', async () => {
  const known = await Promise.all(lent.map(backend));
  const first = await brief();
  expect(known).not.toContain(first);
  expect([await brief(), pool.totalCount]).toEqual([first, KEPT + 1]);
});

it('lets everybody through when many ask at once and none comes back', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, brief));
  expect(answers).toHaveLength(12);
  expect(pool.totalCount).toBeLessThanOrEqual(KEPT + 4);
});
