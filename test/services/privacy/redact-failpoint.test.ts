import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { storeOfCanaries } from '#test/support/privacy-canaries.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const STORE = storeOfCanaries(6);

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE, env: { NODE_ENV: 'test', FAILPOINTS: 'redact-inside=throw@1' } });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  await pullHistory(context);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

it('a redaction that breaks off between the orders and the person has done nothing, and is done by the next try', async () => {
  const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
  const orderIds = STORE.orders.filter(({ customerId }) => customerId === 100).map(({ id }) => BigInt(id));
  const request = { customerId: 100n, orderIds };
  const held = async () =>
    (await owner.query("SELECT (SELECT count(*) FROM orders WHERE name = '')::int AS blank, (SELECT count(*) FROM customers WHERE customer_id = 100)::int AS customers, (SELECT count(*) FROM tombstones)::int AS tombstones")).rows[0];
  await expect(redactCustomer(context, request)).rejects.toThrow('failpoint redact-inside');
  expect(await held()).toEqual({ blank: 0, customers: 1, tombstones: 0 });
  expect(await redactCustomer(context, request)).toBe('redacted');
  expect(await held()).toEqual({ blank: orderIds.length, customers: 0, tombstones: orderIds.length + 1 });
});
