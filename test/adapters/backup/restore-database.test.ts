import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { dumpDatabase } from '#app/adapters/backup/dump-database.server.ts';
import type { DumpFrame } from '#app/adapters/backup/dump-frames.server.ts';
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

/** What the source gives, each piece as it was or as it is changed on the way. */
async function* dumped(change: (frame: DumpFrame) => DumpFrame | Promise<DumpFrame> = (frame) => frame): AsyncGenerator<DumpFrame> {
  for await (const frame of dumpDatabase(source.ownerUrl)) yield await change(frame);
}

const addShop = (client: pg.Client, name: string) => client.query(`INSERT INTO shops (domain, installed_at) VALUES ('${name}.myshopify.com', now())`);
const shopsOf = async (client: pg.Client) => (await client.query('SELECT domain FROM shops ORDER BY 1')).rows;

describe('a backup', () => {
  it('is of one moment, whatever is written while it is made', async () => {
    await addShop(old, 'before');
    // The rows of no table have been read when it has begun.
    await restoreDatabase(target.ownerUrl, dumped(async (frame) => {
      if (frame.is === 'begin') await addShop(old, 'meanwhile');
      return frame;
    }));
    expect(await shopsOf(restored)).toEqual([{ domain: 'before.myshopify.com' }]);
  });

  it('is not made by a role from whom rows are hidden, who is told so', async () => {
    await addShop(old, 'one');
    await old.query("CREATE ROLE blind_backup LOGIN PASSWORD 'blind'");
    await old.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO blind_backup');
    try {
      const url = Object.assign(new URL(source.ownerUrl), { username: 'blind_backup', password: 'blind' });
      const read = async () => {
        for await (const frame of dumpDatabase(String(url))) void frame;
      };
      await expect(read()).rejects.toMatchObject({ name: 'BlindOwnerError' });
    } finally {
      await old.query('DROP OWNED BY blind_backup');
      await old.query('DROP ROLE blind_backup');
    }
  });

  it('of another version than the database, or with other rows than were read, leaves it as empty as it was', async () => {
    await addShop(old, 'one');
    const newer = dumped((frame) => (frame.is === 'begin' ? { is: 'begin', value: { ...frame.value, migrations: [...frame.value.migrations, '20991231235959_to_come'] } } : frame));
    await expect(restoreDatabase(target.ownerUrl, newer)).rejects.toThrow('lacks the migration 20991231235959_to_come');
    const changed = dumped((frame) => (frame.is === 'rows' ? { is: 'rows', value: Buffer.from(frame.value.toString('utf8').replace('one.myshopify.com', 'two.myshopify.com')) } : frame));
    await expect(restoreDatabase(target.ownerUrl, changed)).rejects.toThrow('shops came out with 1 rows instead of 1, or with other ones');
    expect(await shopsOf(restored)).toEqual([]);
    await restoreDatabase(target.ownerUrl, dumped());
    expect(await shopsOf(restored)).toEqual([{ domain: 'one.myshopify.com' }]);
  });
});
