import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

async function queryRow(url: string, sql: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows[0];
  } finally {
    await client.end();
  }
}

it('a test gets a database that is migrated', async () => {
  const row = await queryRow(database.url, "SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'");
  expect(row?.['tables']).toBeGreaterThan(5);
});

it('the app’s role is neither a superuser, nor above row-level security, nor the owner of a table', async () => {
  const role = await queryRow(database.url, 'SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user');
  expect(role).toEqual({ rolname: 'perennial_app', rolsuper: false, rolbypassrls: false });
  const owned = await queryRow(database.url, 'SELECT count(*)::int AS tables FROM pg_tables WHERE tableowner = current_user');
  expect(owned).toEqual({ tables: 0 });
});

it('two databases of one run share nothing', async () => {
  const other = await createTestDatabase();
  try {
    await queryRow(other.ownerUrl, 'CREATE TABLE only_here (id int)');
    const here = await queryRow(database.ownerUrl, "SELECT to_regclass('only_here') AS found");
    expect(here).toEqual({ found: null });
  } finally {
    await other.drop();
  }
});
