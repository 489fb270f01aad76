import { randomBytes } from 'node:crypto';

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { findCanaries } from '#app/adapters/db/checks/find-canaries.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

const CANARY = 'Kanarie Ünique "7413"';
const sealedBox = new SealedBox([{ id: '1', key: randomBytes(32) }], systemRuntime.randomBytes);

let database: TestDatabase;
let owner: pg.Client;
let shopId: number;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const { rows } = await owner.query<{ shop_id: number }>("SELECT register_shop('canary.myshopify.com') AS shop_id");
  shopId = rows[0]?.shop_id ?? 0;
});

afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** Puts a value there, searches, and takes it away again. */
async function findPlanted(sql: string, value: unknown, options: { sealedBox?: SealedBox } = { sealedBox }): Promise<string[]> {
  await owner.query('BEGIN');
  try {
    await owner.query(sql, [value]);
    return (await findCanaries(owner, [CANARY], options)).map(({ table, column }) => `${table}.${column}`);
  } finally {
    await owner.query('ROLLBACK');
  }
}

const inbox = (column: string) =>
  `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, ${column}) VALUES (${shopId}, 'w', 't', '2026-10', $1)`;

describe('the search for canaries', () => {
  it('finds nothing where nothing is', async () => {
    expect(await findCanaries(owner, [CANARY], { sealedBox })).toEqual([]);
  });

  it.each([
    ['a text, whatever its case', CANARY.toUpperCase()],
    ['JSON', JSON.stringify({ name: CANARY })],
    ['an address', `https://example.com/?q=${encodeURIComponent(CANARY)}`],
    ['base64 after one byte', Buffer.from(`x${CANARY}yz`).toString('base64')],
    ['base64 after two bytes', Buffer.from(`xy${CANARY}`).toString('base64url')],
    ['hex', Buffer.from(CANARY).toString('hex')],
  ])('finds one in %s', async (_where, value) => {
    expect(await findPlanted('UPDATE shops SET name = $1', `before ${value} after`)).toEqual(['shops.name']);
    expect(await findPlanted(inbox('outcome'), value)).toEqual(['webhook_inbox.outcome']);
  });

  it('finds one in bytes, in plain and encoded', async () => {
    expect(await findPlanted(inbox('body_sealed'), Buffer.from(`\x00${CANARY}\xff`, 'utf8'))).toEqual(['webhook_inbox.body_sealed']);
    expect(await findPlanted(inbox('body_sealed'), Buffer.from(Buffer.from(CANARY).toString('base64')))).toEqual(['webhook_inbox.body_sealed']);
  });

  it('finds one in a list', async () => {
    const order = `INSERT INTO orders (shop_id, order_id, name, processed_at, created_at, updated_at, is_test, currency, presentment_currency,
      taxes_included, subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor, shipping_tax_minor, tip_minor,
      current_total_minor, received_minor, refunded_minor, outstanding_minor, discount_codes)
      VALUES (${shopId}, 1, '', now(), now(), now(), false, 'EUR', 'EUR', true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, $1)`;
    expect(await findPlanted(order, ['A', CANARY])).toEqual(['orders.discount_codes']);
  });

  it('finds one in a sealed value with the key, and not without', async () => {
    const sealed = sealedBox.seal(JSON.stringify({ email: CANARY }), { shopId, table: 'webhook_inbox', column: 'body', row: 'w' });
    expect(await findPlanted(inbox('body_sealed'), Buffer.from(sealed))).toEqual(['webhook_inbox.body_sealed']);
    expect(await findPlanted(inbox('body_sealed'), Buffer.from(sealed), {})).toEqual([]);
  });

  it('refuses to search as somebody who does not see everything, or for what is found everywhere', async () => {
    const app = new pg.Client({ connectionString: database.url });
    await app.connect();
    await expect(findCanaries(app, [CANARY])).rejects.toThrow('a role that sees every row');
    await app.end();
    await expect(findCanaries(owner, ['abc'])).rejects.toThrow('fewer than 8');
  });
});
