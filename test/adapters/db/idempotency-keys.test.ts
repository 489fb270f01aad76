import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** What must not be there twice, and the columns by which PostgreSQL knows it; a condition where not every row counts. */
const KEYS: readonly [promise: string, table: string, columns: string, condition: string | null][] = [
  ['a webhook is kept once', 'webhook_inbox', 'shop_id, webhook_id', null],
  ['an order is held once', 'orders', 'shop_id, order_id', null],
  ['a customer is held once', 'customers', 'shop_id, customer_id', null],
  ['an order gets one code', 'offer_codes', 'shop_id, order_id', null],
  ['a code belongs to one order', 'offer_codes', 'shop_id, code', null],
  ['a promise of a discount is made once', 'offer_discounts', 'shop_id, discount_key', null],
  ['one import of a kind is under way', 'imports', 'shop_id, resource', 'requested'],
  ['one comparison is under way', 'reconciliations', 'shop_id', 'requested'],
  ['a request for data is answered once', 'privacy_requests', 'shop_id, webhook_id', null],
  ['a tombstone is raised once', 'tombstones', 'shop_id, kind, id_hash', null],
  ['a domain is one shop', 'shops', 'domain', null],
  ['a customer is one member', 'loyalty_members', 'shop_id, customer_id', null],
  ['an entry is written once', 'loyalty_entries', 'shop_id, entry_key', null],
  ['a wish is reserved once', 'loyalty_redemptions', 'shop_id, request_key', null],
  ['a reward’s code is one redemption’s', 'loyalty_redemptions', 'shop_id, code', 'code IS NOT NULL'],
  ['what Shopify made is one redemption’s', 'loyalty_redemptions', 'shop_id, discount_gid', 'discount_gid IS NOT NULL'],
  ['a store credit is one order’s', 'offer_credits', 'shop_id, transaction_gid', 'transaction_gid IS NOT NULL'],
  ['one gift to a segment is under way', 'loyalty_gifts', 'shop_id, segment_id', 'giving'],
];

it.each(KEYS)('a unique index sees to it that %s', async (_promise, table, columns, condition) => {
  const { rows } = await owner.query<{ columns: string; condition: string | null }>(
    `SELECT pg_get_expr(i.indpred, i.indrelid) AS condition,
       (SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) AS columns
     FROM pg_index i WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indisvalid`,
    [table],
  );
  const ofColumns = rows.filter((row) => row.columns === columns);
  const fitting = ofColumns.filter((row) => (condition === null ? row.condition === null : row.condition?.includes(condition)));
  expect(fitting, `${table} (${columns})`).toHaveLength(1);
});
