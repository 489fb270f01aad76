import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { storeOfCanaries } from '#test/support/privacy-canaries.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { fillTenant } from '#test/support/tenants.ts';

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
  const place = { shopId: context.shop.shopId, table: 'privacy_requests', column: 'answer', row: 'of-many' };
  const { rows } = await owner.query<{ answer_sealed: Buffer }>("SELECT answer_sealed FROM privacy_requests WHERE webhook_id = 'of-many'");
  const answer: { orders: unknown[]; ordersLeftOut: number } = JSON.parse(context.sealedBox.open(rows[0]?.answer_sealed ?? Buffer.alloc(0), place));
  const theirs = await owner.query('SELECT 1 FROM orders WHERE customer_id = $1', [String(WALK_IN)]);
  expect([answer.orders.length, answer.orders.length + answer.ordersLeftOut]).toEqual([2_000, theirs.rowCount]);
  const byEmail = { webhookId: 'of-many-by-e-mail', receivedAt: new Date() };
  expect(await recordDataRequest(context, byEmail, { customerId: null, orderIds })).toBe('answered');
});

it('such a customer is redacted', async () => {
  const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
  expect(await redactCustomer(context, { customerId: null, orderIds })).toBe('redacted');
  const left = await owner.query('SELECT 1 FROM orders WHERE customer_id = $1 OR (order_id >= $2 AND name <> $3)', [String(WALK_IN), FIRST, '']);
  expect(left.rowCount).toBe(0);
});

it('such a shop is forgotten, and its row goes last, when little hangs on it', async () => {
  const { shopId } = context.shop;
  await fillTenant(owner, context, 1);
  for (const [table, unlike] of NUMEROUS) await multiply(table, unlike);
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id' AND NOT a.attisdropped
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('shops', 'left_at_the_end')`,
  );
  await owner.query('CREATE TABLE left_at_the_end (name TEXT, rows INT)');
  await owner.query(
    `CREATE FUNCTION note_what_is_left() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
       ${tables.map(({ name }) => `INSERT INTO left_at_the_end SELECT '${name}', count(*) FROM ${name} WHERE shop_id = OLD.shop_id;`).join('\n')}
       RETURN OLD;
     END $$`,
  );
  await owner.query('CREATE TRIGGER notes_what_is_left BEFORE DELETE ON shops FOR EACH ROW EXECUTE FUNCTION note_what_is_left()');
  const { forgetShop } = await import('#app/services/privacy/redact-shop.server.ts');
  await forgetShop(context);
  expect((await owner.query('SELECT 1 FROM shops')).rowCount).toBe(0);
  // Tombstones stay to the end, or a late webhook would bring somebody back; nothing hangs on them.
  const left = await owner.query<{ name: string }>("SELECT name FROM left_at_the_end WHERE rows > 100 AND name <> 'tombstones'");
  expect(left.rows).toEqual([]);
  for (const { name } of tables) expect((await owner.query(`SELECT 1 FROM ${name} WHERE shop_id = $1`, [shopId])).rowCount, name).toBe(0);
});

/** Tables of which a shop may have very many rows, and what no two rows of each have alike. */
const NUMEROUS: readonly (readonly [table: string, unlike: readonly string[]])[] = [
  ['webhook_inbox', ['webhook_id', 'inbox_id']],
  ['customers', ['customer_id']],
  ['segment_write_members', ['customer_id']],
  ['offer_decisions', ['order_id']],
  ['offer_pool_codes', ['code']],
  ['loyalty_members', ['member_id', 'customer_id']],
];

/** A thousand more of a row that is there. */
async function multiply(table: string, unlike: readonly string[]): Promise<void> {
  const { rows } = await owner.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [table],
  );
  const values = rows.map(({ name, type }) => {
    if (!unlike.includes(name)) return `o.${name}`;
    return /int/.test(type) ? '700000 + n' : "'many-' || n";
  });
  const added = await owner.query(
    `INSERT INTO ${table} (${rows.map(({ name }) => name).join(', ')}) SELECT ${values.join(', ')}
     FROM (SELECT * FROM ${table} WHERE shop_id = $1 LIMIT 1) o, generate_series(1, 1000) n`,
    [context.shop.shopId],
  );
  expect(added.rowCount, table).toBe(1000);
}
