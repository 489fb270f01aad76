import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { withTenantConnection, type ShopRef } from '#app/adapters/db/tenant.server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

/** The registry of shops: its domain names a shop before any shop is known, so it is unique without one. */
const UNIQUE_WITHOUT_SHOP = ['shops_domain_key'];
/** Prisma's own, which the app has no right to read; hashes of shops and of a key; counters that name nobody. */
const TABLES_WITHOUT_SHOP = ['_prisma_migrations', 'forgotten_shops', 'hash_key_fingerprint', 'rate_limits'];
/** Written once: the app may add, read and sweep, and never change. */
const APPEND_ONLY = ['personal_data_accesses', 'offer_decisions'];
/** The app may add and read: the rows go with their shop alone. */
const LEDGER = ['loyalty_entries', 'loyalty_postings', 'loyalty_program_versions', 'loyalty_tier_changes', 'loyalty_exclusions', 'staff_permission_changes'];

let database: TestDatabase;
let owner: pg.Client;
let pool: pg.Pool;
let first: ShopRef;
let second: ShopRef;
let tables: string[];

async function ask(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await owner.query<Record<string, unknown>>(sql, values)).rows;
}

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  pool = new pg.Pool({ connectionString: database.url, max: 5 });
  tables = (
    await ask(
      `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id' AND NOT a.attisdropped
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
  ).map((row) => String(row['relname']));
  [first, second] = [await register('first.myshopify.com'), await register('second.myshopify.com')];
  for (const shop of [first, second]) await fillEveryTable(shop);
});

afterAll(async () => {
  await pool.end();
  await owner.end();
  await database.drop();
});

async function register(domain: string): Promise<ShopRef> {
  const { rows } = await pool.query<{ shop_id: number }>('SELECT register_shop($1) AS shop_id', [domain]);
  return { shopId: rows[0]?.shop_id ?? 0, domain };
}

/** One made-up row of each table, by the catalogue, so that a new table is covered without a word here. */
async function fillEveryTable(shop: ShopRef): Promise<void> {
  await owner.query('BEGIN');
  // Foreign keys and checks are not what is looked at.
  await owner.query("SET LOCAL session_replication_role = 'replica'");
  for (const table of tables.filter((name) => name !== 'shops')) {
    const columns = await ask(
      `SELECT attname AS name, format_type(atttypid, null) AS type, atthasdef AS has_default FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull`,
      [table],
    );
    for (const check of await ask("SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'", [table])) {
      await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${String(check['conname'])}`);
    }
    const needed = columns.filter((column) => column['name'] === 'shop_id' || column['has_default'] === false);
    const values = needed.map(({ name, type }) => (name === 'shop_id' ? String(shop.shopId) : sampleOf(String(type))));
    await owner.query(`INSERT INTO ${table} (${needed.map((column) => String(column['name'])).join(', ')}) VALUES (${values.join(', ')})`);
  }
  await owner.query('COMMIT');
}

function sampleOf(type: string): string {
  if (/^(bigint|integer|smallint|numeric)/.test(type)) return '1';
  if (type === 'boolean') return 'true';
  if (type === 'uuid') return 'gen_random_uuid()';
  if (type === 'bytea') return "'\\x00'";
  if (type.startsWith('timestamp') || type === 'date') return 'now()';
  if (type.endsWith('[]')) return "'{}'";
  if (type.startsWith('json')) return "'{}'";
  return "'x'";
}

async function inTenant<T>(shop: ShopRef, work: (connection: pg.PoolClient) => Promise<T>): Promise<T> {
  return withTenantConnection(pool, shop, work);
}

describe('the schema', () => {
  it('gives each table the shop that a row belongs to', async () => {
    const all = await ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    expect(all.map((row) => String(row['tablename'])).sort()).toEqual([...tables, ...TABLES_WITHOUT_SHOP].sort());
    expect(tables.length).toBeGreaterThan(10);
  });

  it('begins every primary key and every unique index with the shop', async () => {
    const offenders = await ask(
      `SELECT i.indexrelid::regclass::text AS index FROM pg_index i
       LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
       WHERE i.indrelid = ANY($1::regclass[]) AND (i.indisprimary OR i.indisunique) AND a.attname IS DISTINCT FROM 'shop_id'`,
      [tables],
    );
    expect(offenders.map((row) => row['index'])).toEqual(UNIQUE_WITHOUT_SHOP);
    const withoutKey = await ask(
      'SELECT t.oid::regclass::text FROM unnest($1::regclass[]) t(oid) WHERE NOT EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisprimary)',
      [tables],
    );
    expect(withoutKey).toEqual([]);
  });

  it('begins every foreign key with the shop, on both sides', async () => {
    const keys = await ask(
      `SELECT c.conname, f.attname AS from_column, t.attname AS to_column FROM pg_constraint c
       JOIN pg_attribute f ON f.attrelid = c.conrelid AND f.attnum = c.conkey[1]
       JOIN pg_attribute t ON t.attrelid = c.confrelid AND t.attnum = c.confkey[1]
       WHERE c.contype = 'f' AND c.conrelid = ANY($1::regclass[])`,
      [tables],
    );
    expect(keys.length).toBeGreaterThan(8);
    expect(keys.filter((key) => key['from_column'] !== 'shop_id' || key['to_column'] !== 'shop_id')).toEqual([]);
  });

  it('lets a shop be deleted whole: each table leads to it by keys that cascade', async () => {
    const leads = await ask(
      "SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c' AND conrelid = ANY($1::regclass[])",
      [tables],
    );
    expect(leads.map((row) => String(row['name'])).sort()).toEqual(tables.filter((name) => name !== 'shops'));
  });

  it('forces row-level security on every table, with a policy for the app that checks reads and writes', async () => {
    const states = await ask(
      `SELECT c.oid::regclass::text AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
         EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polroles = ARRAY['perennial_app'::regrole::oid]
           AND p.polcmd = '*' AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL) AS has_policy
       FROM pg_class c WHERE c.oid = ANY($1::regclass[])`,
      [tables],
    );
    expect(states.filter((state) => state['forced'] !== true || state['has_policy'] !== true)).toEqual([]);
    // A second permissive policy would widen the first.
    const policies = await ask(
      `SELECT polrelid::regclass::text AS name FROM pg_policy p
       WHERE 'perennial_app'::regrole::oid = ANY(polroles) OR polroles = '{0}' GROUP BY 1 HAVING count(*) > 1`,
    );
    expect(policies).toEqual([]);
  });
});

describe('the role of the app', () => {
  it('is no superuser, owns nothing, bypasses nothing and is no member of another role', async () => {
    const [role] = (await pool.query<Record<string, unknown>>('SELECT * FROM pg_roles WHERE rolname = current_user')).rows;
    expect(role).toMatchObject({ rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false, rolreplication: false });
    expect(await ask("SELECT relname FROM pg_class WHERE relowner = 'perennial_app'::regrole AND relnamespace = 'public'::regnamespace")).toEqual([]);
    const memberships = await ask("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'perennial_app'::regrole");
    expect(memberships).toEqual([]);
  });

  it('may neither make tables, nor disable row-level security, nor empty a table, nor become the registry', async () => {
    for (const sql of [
      'CREATE TABLE public.mine (id int)',
      'ALTER TABLE orders DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE orders NO FORCE ROW LEVEL SECURITY',
      'DROP POLICY tenant ON orders',
      'TRUNCATE orders CASCADE',
      'SET ROLE perennial_registry',
      'SELECT * FROM _prisma_migrations',
      'ALTER FUNCTION shop_id_of(text) SECURITY INVOKER',
    ]) {
      await expect(pool.query(sql), sql).rejects.toThrow(/permission denied|must be owner/);
    }
  });
});

describe('a transaction', () => {
  it('without a shop sees no row of any table and can add none', async () => {
    for (const table of tables) {
      const { rowCount } = await pool.query(`SELECT 1 FROM ${table}`);
      expect(rowCount, table).toBe(0);
    }
    const insert = "INSERT INTO tombstones (shop_id, kind, id_hash) VALUES ($1, 'order', '\\x01')";
    await expect(pool.query(insert, [first.shopId])).rejects.toThrow(/row-level security/);
  });

  it.each(['', '0', '-1', '2147483647'])('with the shop "%s" sees none either', async (shopId) => {
    await inTenant({ shopId: 0, domain: '' }, async (connection) => {
      await connection.query("SELECT set_config('app.shop_id', $1, true)", [shopId]);
      for (const table of tables) expect((await connection.query(`SELECT 1 FROM ${table}`)).rowCount, table).toBe(0);
    });
  });

  it('of one shop sees its own row of each table and nothing of another, by whatever question', async () => {
    for (const table of tables) {
      const seen = await inTenant(first, async (connection) => (await connection.query<{ shop_id: number }>(`SELECT shop_id FROM ${table}`)).rows);
      expect(seen, table).toEqual([{ shop_id: first.shopId }]);
      const foreign = await inTenant(first, (connection) => connection.query(`SELECT 1 FROM ${table} WHERE shop_id = $1`, [second.shopId]));
      expect(foreign.rowCount, table).toBe(0);
    }
  });

  it('of one shop changes and deletes nothing of another', async () => {
    for (const table of tables) {
      const update = inTenant(first, async (connection) =>
        (await connection.query(`UPDATE ${table} SET shop_id = shop_id WHERE shop_id = $1`, [second.shopId])).rowCount);
      if ([...APPEND_ONLY, ...LEDGER].includes(table)) await expect(update, table).rejects.toThrow(/permission denied/);
      else expect(await update, table).toBe(0);
      const removal = inTenant(first, async (connection) =>
        (await connection.query(`DELETE FROM ${table} WHERE shop_id = $1`, [second.shopId])).rowCount);
      if (LEDGER.includes(table)) await expect(removal, table).rejects.toThrow(/permission denied/);
      else expect(await removal, table).toBe(0);
    }
    const left = await ask(`SELECT ${tables.map((table) => `(SELECT count(*)::int FROM ${table} WHERE shop_id = ${second.shopId})`).join(' + ')} AS rows`);
    expect(left).toEqual([{ rows: tables.length }]);
  });

  it('of one shop can neither add a row for another nor give one of its own away', async () => {
    for (const table of tables) {
      const steal = inTenant(first, (connection) => connection.query(`UPDATE ${table} SET shop_id = $1`, [second.shopId]));
      await expect(steal, table).rejects.toThrow([...APPEND_ONLY, ...LEDGER].includes(table) ? /permission denied/ : /row-level security/);
      // The row of the other shop as it is, as if it were copied in.
      const row = (await ask(`SELECT * FROM ${table} WHERE shop_id = $1`, [second.shopId]))[0] ?? {};
      const columns = Object.keys(row);
      const insert = inTenant(first, (connection) =>
        connection.query(
          `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
          Object.values(row),
        ),
      );
      await expect(insert, table).rejects.toThrow(/row-level security/);
    }
  });

  it('leaves nothing of its shop on the connection, whether it ended well or not', async () => {
    const single = new pg.Pool({ connectionString: database.url, max: 1 });
    try {
      await withTenantConnection(single, first, (connection) => connection.query('SELECT 1'));
      expect((await single.query('SELECT 1 FROM orders')).rowCount).toBe(0);
      const failing = withTenantConnection(single, first, async (connection) => {
        await connection.query("INSERT INTO tombstones (shop_id, kind, id_hash) VALUES ($1, 'order', '\\x02')", [first.shopId]);
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect((await single.query('SELECT 1 FROM tombstones')).rowCount).toBe(0);
      expect(await ask("SELECT 1 FROM tombstones WHERE id_hash = '\\x02'")).toEqual([]);
    } finally {
      await single.end();
    }
  });

  it('never sees the shop of one of many beside it, on fewer connections than there are', async () => {
    const shops = [first, second];
    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const shop = shops[index % 2] ?? first;
        const work = inTenant(shop, async (connection) => {
          const { rows } = await connection.query<{ shop_id: number }>('SELECT shop_id FROM orders UNION ALL SELECT shop_id FROM customers');
          if (index % 5 === 0) throw new Error('rolled back');
          return rows.every((row) => row.shop_id === shop.shopId) && rows.length === 2;
        });
        return work.catch((error: Error) => error.message === 'rolled back');
      }),
    );
    expect(seen.every(Boolean)).toBe(true);
    expect((await pool.query('SELECT 1 FROM orders')).rowCount).toBe(0);
  });
});

describe('the functions that look across shops', () => {
  it('are exactly these, owned by a role that can do nothing else, and closed to everybody but the app', async () => {
    const functions = await ask(
      `SELECT p.proname AS name, p.proowner::regrole::text AS owner, array_to_string(p.proconfig, ',') AS config,
         has_function_privilege('public', p.oid, 'EXECUTE') AS for_all
       FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace ORDER BY 1`,
    );
    // With pg_temp named last, a temporary table of the app cannot stand in for a real one.
    const shape = { owner: 'perennial_registry', config: 'search_path=pg_catalog, public, pg_temp', for_all: false };
    expect(functions).toEqual(['due_account_invites', 'due_loyalty', 'due_loyalty_gifts', 'due_loyalty_traces', 'due_offers', 'due_segment_writes', 'due_work', 'installed_shops', 'known_shops', 'operations_gauges', 'receive_webhook', 'receive_webhook_of', 'receive_webhooks_of', 'register_shop', 'shop_id_of', 'shops_opened_since', 'shops_with_work'].map((name) => ({ name, ...shape })));

    const [role] = await ask("SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole FROM pg_roles WHERE rolname = 'perennial_registry'");
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcanlogin: false, rolcreaterole: false });
    const rights = await ask(
      `SELECT table_name || ' ' || privilege_type AS right FROM information_schema.role_table_grants
       WHERE grantee = 'perennial_registry' ORDER BY 1`,
    );
    expect(rights.map((row) => row['right'])).toEqual([
      'account_invites SELECT', 'imports SELECT', 'loyalty_gifts SELECT', 'loyalty_members SELECT', 'loyalty_progress SELECT', 'loyalty_redemptions SELECT', 'loyalty_tracing SELECT', 'offer_codes SELECT', 'offer_credits SELECT', 'offer_settings SELECT',
      'reconciliations SELECT', 'segment_targets SELECT', 'segment_writes SELECT', 'shops INSERT', 'shops SELECT', 'webhook_inbox INSERT', 'webhook_inbox SELECT',
    ]);
  });

  it('tell ids, domains and kinds of work, and no content', async () => {
    const { fields } = await pool.query('SELECT * FROM due_work(now())');
    expect(fields.map((field) => field.name)).toEqual(['shop_id', 'domain', 'work']);
  });

  it('make one shop of a domain, however many ask at once', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => register('third.myshopify.com')));
    expect(new Set(made.map((shop) => shop.shopId)).size).toBe(1);
  });

  it('keep a webhook once and for the shop it names alone', async () => {
    const receive = (domain: string) =>
      pool.query<{ verdict: string }>("SELECT receive_webhook($1, 'w1', null, 'orders/create', '2026-10', now(), '\\x00') AS verdict", [domain]);
    const verdicts = await Promise.all([receive(first.domain), receive(first.domain), receive('nobody.myshopify.com')]);
    expect(verdicts.map(({ rows }) => rows[0]?.verdict).sort()).toEqual(['duplicate', 'stored', 'unknown-shop']);
    expect(await ask("SELECT shop_id FROM webhook_inbox WHERE webhook_id = 'w1'")).toEqual([{ shop_id: first.shopId }]);
  });

  it('do not read a table that the app made to look like a real one', async () => {
    const connection = await pool.connect();
    try {
      await connection.query('CREATE TEMPORARY TABLE shops (shop_id int, domain text)');
      await connection.query("INSERT INTO pg_temp.shops VALUES (4711, 'forged.myshopify.com')");
      await connection.query('GRANT ALL ON pg_temp.shops TO PUBLIC');
      const { rows } = await connection.query<{ id: number | null }>("SELECT shop_id_of('forged.myshopify.com') AS id");
      expect(rows).toEqual([{ id: null }]);
    } finally {
      connection.release(true);
    }
  });
});
