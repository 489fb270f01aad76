import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { storeOfCanaries } from '#test/support/privacy-canaries.ts';
import { pullHistory } from '#test/support/pull-history.ts';

// A statement takes 32,767 parameters. At a till, all who walk in may be one customer.
const ORDERS = 33_000;
// Beyond those of the store.
const FIRST = 5_000_000_000;
const WALK_IN = 100n;
const STORE = storeOfCanaries(6);

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  await pullHistory(context);
  const { rows } = await owner.query<{ name: string }>(
    "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
  );
  const names = rows.map(({ name }) => name);
  const values = names.map((name) => (name === 'order_id' ? `${FIRST - 1} + n` : name === 'customer_id' ? String(WALK_IN) : `o.${name}`));
  await owner.query(
    `INSERT INTO orders (${names.join(', ')}) SELECT ${values.join(', ')} FROM (SELECT * FROM orders LIMIT 1) o, generate_series(1, ${ORDERS}) n`,
  );
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

const orderIds = Array.from({ length: ORDERS }, (_, index) => BigInt(FIRST + index));

it('a data request of a customer with more orders than a statement takes parameters is answered', async () => {
  const { recordDataRequest } = await import('#app/services/privacy/record-data-request.server.ts');
  const delivery = { webhookId: 'of-many', receivedAt: new Date() };
  expect(await recordDataRequest(context, delivery, { customerId: WALK_IN, orderIds })).toBe('answered');
  const byEmail = { webhookId: 'of-many-by-e-mail', receivedAt: new Date() };
  expect(await recordDataRequest(context, byEmail, { customerId: null, orderIds })).toBe('answered');
});

it('such a customer is redacted', async () => {
  const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
  expect(await redactCustomer(context, { customerId: null, orderIds })).toBe('redacted');
  const left = await owner.query('SELECT 1 FROM orders WHERE customer_id = $1 OR (order_id >= $2 AND name <> $3)', [String(WALK_IN), FIRST, '']);
  expect(left.rowCount).toBe(0);
});

it('such a shop is forgotten', async () => {
  const { forgetShop } = await import('#app/services/privacy/redact-shop.server.ts');
  await forgetShop(context);
  expect((await owner.query('SELECT 1 FROM orders')).rowCount).toBe(0);
  expect((await owner.query('SELECT 1 FROM shops')).rowCount).toBe(0);
});
