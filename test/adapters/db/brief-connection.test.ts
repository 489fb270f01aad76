import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { allAnswers, withBriefConnection, withOpenedSnapshot } from '#app/adapters/db/brief-connection.server.ts';
import { copyOut } from '#app/adapters/db/copy-out.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';

const STORE = syntheticStore(2);
let app: AppUnderTest;
let pool: pg.Pool;
let shop: ShopRef;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  ({ shop } = await app.install(STORE.shop.domain));
  // One connection: what a transaction leaves behind meets the next.
  pool = new pg.Pool({ connectionString: app.env['DATABASE_URL'], max: 1 });
});

afterAll(async () => {
  await pool.end();
  await app.stop();
});

const enrol = (connection: pg.PoolClient, customerId: number) =>
  connection.query({ name: 'enrol', text: 'INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at) VALUES ($1, $2, now())', values: [shop.shopId, customerId] });
const members = (connection: pg.PoolClient) =>
  connection.query<{ customer_id: string }>({ name: 'members', text: 'SELECT customer_id FROM loyalty_members WHERE shop_id = $1 ORDER BY 1', values: [shop.shopId] });
const customersNow = () => withBriefConnection(pool, shop, async (connection) => (await members(connection)).rows.map((row) => Number(row.customer_id)));

it('answers each statement with its own rows, in the order in which they were asked, within the shop', async () => {
  const seen = await withBriefConnection(pool, shop, async (connection, askLast) => {
    const [before, , after] = await allAnswers([members(connection), enrol(connection, 1), members(connection)]);
    askLast(() => [enrol(connection, 2), enrol(connection, 3)]);
    return [before.rowCount, after.rowCount];
  });
  expect(seen).toEqual([0, 1]);
  expect(await customersNow()).toEqual([1, 2, 3]);
  expect(await withBriefConnection(pool, { ...shop, shopId: shop.shopId + 1 }, async (connection) => (await members(connection)).rowCount)).toBe(0);
});

it('keeps nothing when a statement fails that went out with COMMIT, and tells of that one', async () => {
  const failing = withBriefConnection(pool, shop, async (connection, askLast) => {
    await enrol(connection, 4);
    askLast(() => [enrol(connection, 5), enrol(connection, 1), enrol(connection, 6)]);
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(await customersNow()).toEqual([1, 2, 3]);
});

it('keeps nothing when a statement fails that went out with BEGIN, and asks no more', async () => {
  const failing = withBriefConnection(pool, shop, (connection) => allAnswers([enrol(connection, 7), enrol(connection, 1), members(connection)]));
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(await customersNow()).toEqual([1, 2, 3]);
});

it('begins again after a conflict', async () => {
  let attempts = 0;
  await withBriefConnection(pool, shop, async (connection, askLast) => {
    attempts += 1;
    if (attempts === 1) throw Object.assign(new Error('a conflict'), { code: '40001' });
    askLast(() => [enrol(connection, 8)]);
  });
  expect(attempts).toBe(2);
  expect(await customersNow()).toEqual([1, 2, 3, 8]);
});

async function copyMembers(connection: pg.PoolClient, above: number): Promise<number[]> {
  const ids: number[] = [];
  const query = `SELECT customer_id FROM loyalty_members WHERE shop_id = ${shop.shopId} AND customer_id > ${above} ORDER BY 1`;
  await copyOut(connection, { query, columnCount: 1, isSet: true }, (row) => ids.push(row.nearestIdAt(0)));
  return ids;
}

it('copies among what is asked with BEGIN, each into rows of its own', async () => {
  const seen = await withOpenedSnapshot(pool, shop, {
    first: (connection) => allAnswers([copyMembers(connection, 2), members(connection), copyMembers(connection, 100), copyMembers(connection, 0)]),
    work: async (connection, [some, { rowCount }, none, all]) => ({ some, rowCount, none, all, after: await copyMembers(connection, 1) }),
  });
  expect(seen).toEqual({ some: [3, 8], rowCount: 4, none: [], all: [1, 2, 3, 8], after: [2, 3, 8] });
});

it('tells of a copy that failed and of rows that could not be taken, and the connection is as before', async () => {
  const refused = (connection: pg.PoolClient) => copyOut(connection, { query: 'SELECT 1 / (customer_id - 3) FROM loyalty_members', columnCount: 1, isSet: true }, () => undefined);
  const untakable = (connection: pg.PoolClient) =>
    copyOut(connection, { query: 'SELECT customer_id FROM loyalty_members', columnCount: 1, isSet: true }, (row) => {
      if (row.nearestIdAt(0) === 2) throw new RangeError('no twos');
    });
  const first = (fails: (connection: pg.PoolClient) => Promise<number>) => (connection: pg.PoolClient) =>
    allAnswers([copyMembers(connection, 0), fails(connection), copyMembers(connection, 0)]);
  const work = () => Promise.resolve(null);
  await expect(withOpenedSnapshot(pool, shop, { first: first(refused), work })).rejects.toMatchObject({ code: '22012' });
  await expect(withOpenedSnapshot(pool, shop, { first: first(untakable), work })).rejects.toThrow('no twos');
  expect(await customersNow()).toEqual([1, 2, 3, 8]);
});

it('leaves a connection behind on which others wait for each statement, and copy', async () => {
  await customersNow();
  await withTenantConnection(pool, shop, async (connection) => {
    expect((await members(connection)).rowCount).toBe(4);
  });
  const connection = await pool.connect();
  expect(connection).toMatchObject({ pipeline: false });
  connection.release();
});
