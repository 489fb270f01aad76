import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { rlsCatalogue } from '#app/adapters/db/checks/rls-catalogue.server.ts';
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

/** What is found, as the app, after the database was changed; nothing of the change stays. */
async function offencesAfter(change: string): Promise<string[]> {
  await owner.query('BEGIN');
  try {
    await owner.query(change);
    await owner.query('SET LOCAL ROLE perennial_app');
    return await rlsCatalogue(owner);
  } finally {
    await owner.query('ROLLBACK');
  }
}

describe('the catalogue of row-level security', () => {
  it('finds nothing in the database as it is migrated', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    expect(await rlsCatalogue(pool).finally(() => pool.end())).toEqual([]);
  });

  it.each([
    ['ALTER TABLE orders NO FORCE ROW LEVEL SECURITY', 'orders does not force row-level security'],
    ['ALTER TABLE orders DISABLE ROW LEVEL SECURITY', 'orders has no row-level security'],
    ['DROP POLICY tenant ON refunds', 'refunds has no policy for perennial_app'],
    ['CREATE POLICY wide ON imports FOR SELECT TO perennial_app USING (true)', 'imports has a policy of another rule: wide'],
    ['CREATE POLICY wide ON imports USING (true)', 'imports has a policy for everybody: wide'],
    ['ALTER POLICY tenant ON sessions WITH CHECK (true)', 'sessions has a policy of another rule: tenant'],
    ['ALTER POLICY tenant ON sessions USING (shop_id > 0)', 'sessions has a policy of another rule: tenant'],
    ['CREATE TABLE notes (id int PRIMARY KEY, body text); GRANT SELECT ON notes TO perennial_app', 'notes is readable and belongs to no shop'],
    ['CREATE TABLE notes (shop_id int, id int, PRIMARY KEY (shop_id, id))', 'notes has no row-level security'],
    ['CREATE VIEW all_orders AS SELECT * FROM orders; GRANT SELECT ON all_orders TO perennial_app', 'all_orders is a view that row-level security does not reach'],
    ['GRANT TRUNCATE ON orders TO perennial_app', 'perennial_app may truncate orders'],
    ['ALTER TABLE refunds OWNER TO perennial_app', 'perennial_app owns refunds'],
    ['ALTER TABLE offer_codes DROP CONSTRAINT offer_codes_pkey', 'offer_codes has no primary key'],
    ['CREATE UNIQUE INDEX by_code ON offer_codes (code)', 'by_code does not begin with the shop'],
    ['GRANT perennial_registry TO perennial_app', 'perennial_app is a member of perennial_registry'],
    ['GRANT EXECUTE ON FUNCTION installed_shops() TO PUBLIC', 'installed_shops looks across shops for everybody'],
    ['ALTER FUNCTION installed_shops() RESET search_path', 'installed_shops looks across shops by a search path of the caller'],
  ])('names what `%s` opens', async (change, offence) => {
    expect(await offencesAfter(change)).toContain(offence);
  });
});
