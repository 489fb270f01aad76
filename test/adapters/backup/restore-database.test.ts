import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { dumpDatabase } from '#app/adapters/backup/dump-database.server.ts';
import { restoreDatabase } from '#app/adapters/backup/restore-database.server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let source: TestDatabase;
let target: TestDatabase;
let old: pg.Client;
let restored: pg.Client;

beforeEach(async () => {
  [source, target] = [await createTestDatabase(), await createTestDatabase()];
  [old, restored] = [new pg.Client({ connectionString: source.ownerUrl }), new pg.Client({ connectionString: target.ownerUrl })];
  await Promise.all([old.connect(), restored.connect()]);
});

afterEach(async () => {
  await Promise.all([old.end(), restored.end()]);
  await Promise.all([source.drop(), target.drop()]);
});

/** By sequence, a new row that takes its number from it, `n` making it unlike the others. */
const NEW_ROW: Readonly<Record<string, { table: string; number: string; insert: (n: number) => string }>> = {
  shops_shop_id_seq: { table: 'shops', number: 'shop_id', insert: (n) => `INSERT INTO shops (domain, installed_at) VALUES ('shop-${n}.myshopify.com', now())` },
  webhook_inbox_inbox_id_seq: {
    table: 'webhook_inbox',
    number: 'inbox_id',
    insert: (n) => `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, state) SELECT min(shop_id), 'webhook-${n}', 'orders/create', '2026-10', 'handled' FROM shops`,
  },
  loyalty_members_member_id_seq: {
    table: 'loyalty_members',
    number: 'member_id',
    insert: (n) => `INSERT INTO loyalty_members (shop_id, customer_id, enrolled_at) SELECT min(shop_id), ${n}, now() FROM shops`,
  },
};

async function addRow(client: pg.Client, sequence: string, n: number): Promise<number> {
  const row = NEW_ROW[sequence];
  const { rows } = await client.query<{ number: number }>(`${row?.insert(n)} RETURNING ${row?.number}::int AS number`);
  return rows[0]?.number ?? 0;
}

describe('a restored database', () => {
  it('is tried with every sequence that there is', async () => {
    const { rows } = await old.query<{ name: string }>("SELECT sequencename::text AS name FROM pg_sequences WHERE schemaname = 'public'");
    expect(Object.keys(NEW_ROW).sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it('gives away no number that a row has, nor one that the source gave to a row that is gone', async () => {
    const given: Record<string, number> = {};
    for (const [sequence, { table, number }] of Object.entries(NEW_ROW)) {
      for (const n of [1, 2, 3]) given[sequence] = await addRow(old, sequence, n);
      await old.query(`DELETE FROM ${table} WHERE ${number} = $1`, [given[sequence]]);
    }
    await restoreDatabase(target.ownerUrl, dumpDatabase(source.ownerUrl));
    const after: Record<string, number> = {};
    for (const sequence of Object.keys(NEW_ROW)) after[sequence] = await addRow(restored, sequence, 4);
    expect(given).toEqual({ shops_shop_id_seq: 3, webhook_inbox_inbox_id_seq: 3, loyalty_members_member_id_seq: 3 });
    expect(after).toEqual({ shops_shop_id_seq: 4, webhook_inbox_inbox_id_seq: 4, loyalty_members_member_id_seq: 4 });
  });

  it('gives away no number that a row has, although the source’s own count had fallen behind', async () => {
    for (const sequence of Object.keys(NEW_ROW)) {
      for (const n of [1, 2, 3]) await addRow(old, sequence, n);
      await old.query('SELECT setval($1::regclass, 1)', [sequence]);
    }
    await restoreDatabase(target.ownerUrl, dumpDatabase(source.ownerUrl));
    for (const sequence of Object.keys(NEW_ROW)) expect(await addRow(restored, sequence, 4), sequence).toBe(4);
  });

  it('has a number for the first row of all, where the source had given none away', async () => {
    await restoreDatabase(target.ownerUrl, dumpDatabase(source.ownerUrl));
    for (const sequence of Object.keys(NEW_ROW)) expect(await addRow(restored, sequence, 1), sequence).toBeGreaterThan(0);
  });
});
