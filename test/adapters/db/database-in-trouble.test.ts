import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { askSlowly } from '#app/adapters/db/ask-slowly.server.ts';
import { copyRows } from '#app/adapters/db/copy-rows.server.ts';
import { endSilentConnections } from '#app/adapters/db/end-silent-connections.server.ts';
import { withConnection } from '#app/adapters/db/lent-connection.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { startTcpProxy, targetOf } from '#test/support/tcp-proxy.ts';
import { waitFor } from '#test/support/wait-for.ts';

const STORE = syntheticStore(2);
let app: AppUnderTest;
let owner: pg.Client;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

/** Two of three changes of a shop are rolled back with this state. */
async function failTwoOfThree(sqlState: string): Promise<void> {
  await owner.query(`
    CREATE SEQUENCE IF NOT EXISTS changes; GRANT USAGE ON SEQUENCE changes TO perennial_app; ALTER SEQUENCE changes RESTART;
    CREATE OR REPLACE FUNCTION fail_two_of_three() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('changes') % 3 <> 0 THEN RAISE EXCEPTION 'storm' USING ERRCODE = '${sqlState}'; END IF;
      RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER storm BEFORE UPDATE ON shops FOR EACH ROW EXECUTE FUNCTION fail_two_of_three()`);
}

it.each(['40001', '40P01'])('repeats a transaction that was rolled back with %s, and counts its change once', async (sqlState) => {
  const context = await app.install(STORE.shop.domain);
  await owner.query('UPDATE shops SET data_version = 0');
  await failTwoOfThree(sqlState);
  try {
    const { shopId } = context.shop;
    await context.inShop((db) => db.shop.update({ where: { shopId }, data: { dataVersion: { increment: 1 } } }));
    await context.inShop((db) => db.$executeRaw`UPDATE shops SET data_version = data_version + 1 WHERE shop_id = ${shopId}`);
    await withTenantConnection(context.pool, context.shop, (connection) =>
      connection.query('UPDATE shops SET data_version = data_version + 1'),
    );
  } finally {
    await owner.query('DROP TRIGGER storm ON shops');
  }
  expect((await owner.query('SELECT data_version::int FROM shops')).rows).toEqual([{ data_version: 3 }]);
});

it('does not repeat what failed for another reason', async () => {
  const context = await app.install(STORE.shop.domain);
  let runs = 0;
  const work = withTenantConnection(context.pool, context.shop, async (connection) => {
    runs += 1;
    await connection.query('SELECT 1 / 0');
  });
  await expect(work).rejects.toThrow('division by zero');
  expect(runs).toBe(1);
});

it('gives up a connection that went silent, and the next query has another', async () => {
  const proxy = await startTcpProxy(targetOf(app.env['DATABASE_URL'] ?? ''));
  const pool = new pg.Pool({ connectionString: proxy.address(app.env['DATABASE_URL'] ?? ''), max: 1 });
  endSilentConnections(pool, 150);
  pool.on('error', () => {});
  try {
    await pool.query('SELECT 1');
    proxy.isHalfOpen = true;
    await expect(pool.query('SELECT 2')).rejects.toThrow('PostgreSQL was silent for 150 ms');
    proxy.isHalfOpen = false;
    expect((await pool.query('SELECT 3 AS three')).rows).toEqual([{ three: 3 }]);
    // Silence that nobody waits in is no fault.
    const idle = await pool.connect();
    const quietUntil = performance.now() + 300;
    await waitFor('a silence twice as long', () => performance.now() > quietUntil || undefined);
    expect((await idle.query('SELECT 4 AS four')).rows).toEqual([{ four: 4 }]);
    idle.release();
  } finally {
    await pool.end();
    await proxy.close();
  }
});

it('waits for the few statements that may take long, and for no other', async () => {
  const pool = new pg.Pool({ connectionString: app.env['DATABASE_URL'], max: 1, options: '-c statement_timeout=100' });
  endSilentConnections(pool, 200);
  pool.on('error', () => {});
  try {
    await withConnection(pool, async (connection) => {
      await connection.query('BEGIN');
      const slow = await askSlowly<{ answer: number }>(connection, 'SELECT 5 AS answer FROM pg_sleep($1)', [0.4]);
      expect(slow.rows).toEqual([{ answer: 5 }]);
      await expect(connection.query('SELECT pg_sleep(0.4)')).rejects.toThrow('statement timeout');
      await connection.query('ROLLBACK');
    });
  } finally {
    await pool.end();
  }
});

it('fails a COPY whose connection is lost in the middle, instead of waiting for ever', async () => {
  const proxy = await startTcpProxy(targetOf(app.env['DATABASE_URL'] ?? ''));
  const pool = new pg.Pool({ connectionString: proxy.address(app.env['DATABASE_URL'] ?? ''), max: 1 });
  pool.on('error', () => {});
  function* rows(): Generator<[number, string]> {
    for (let row = 0; row < 200_000; row += 1) {
      if (row === 50_000) proxy.resetAll();
      yield [row, 'x'.repeat(40)];
    }
  }
  const copy = withConnection(pool, async (connection) => {
    await connection.query('CREATE TEMPORARY TABLE incoming_anything (id int, name text)');
    await copyRows(connection, 'incoming_anything', ['id', 'name'], rows());
  });
  try {
    await expect(copy).rejects.toThrow();
  } finally {
    await pool.end();
    await proxy.close();
  }
});

it('loses no place of the pool when connections are lost within transactions', async () => {
  const { inShop, pool } = await app.install(STORE.shop.domain);
  for (let turn = 0; turn < 20; turn += 1) {
    const lost = inShop(async (db) => {
      const [own] = await db.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
      await owner.query('SELECT pg_terminate_backend($1)', [own?.pid]);
      await db.$queryRaw`SELECT 1`;
    });
    await expect(lost).rejects.toThrow();
  }
  await waitFor('every connection to be back', () => pool.totalCount === pool.idleCount || undefined);
  expect(pool.waitingCount).toBe(0);
});
