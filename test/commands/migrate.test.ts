import { randomBytes } from 'node:crypto';

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { migrateDatabase } from '#test/support/migrate.ts';

const name = `perennial_managed_${randomBytes(6).toString('hex')}`;
const password = randomBytes(12).toString('hex');

let administrator: pg.Client;
let ownerUrl: string;

async function asOwner<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  const address = inject('testPostgres').ownerAddress.replace('{database}', 'postgres');
  administrator = new pg.Client({ connectionString: address });
  await administrator.connect();
  await administrator.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}' CREATEROLE`);
  await administrator.query(`CREATE DATABASE ${name} OWNER ${name}`);
  const url = new URL(address);
  url.username = name;
  url.password = password;
  url.pathname = `/${name}`;
  ownerUrl = url.href;
});

afterAll(async () => {
  await administrator.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await administrator.query(`DROP OWNED BY ${name}`);
  await administrator.query(`DROP ROLE ${name}`);
  await administrator.end();
});

// In order: a managed PostgreSQL whose owner is no superuser, on a cluster where another made the roles.
describe('migrating as an owner who is no superuser', () => {
  it('says which command an administrator has to run', async () => {
    await expect(migrateDatabase(ownerUrl)).rejects.toThrow(`GRANT perennial_registry TO ${name}`);
  });

  it('goes through after that, the failed attempt forgotten, and finds nothing more to do', async () => {
    await administrator.query(`GRANT perennial_registry TO ${name}`);
    await migrateDatabase(ownerUrl);
    await migrateDatabase(ownerUrl);
    const [tables] = await asOwner<{ unforced: number }>(`
      SELECT count(*)::int AS unforced FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT c.relforcerowsecurity`);
    expect(tables).toEqual({ unforced: 0 });
  });
});
