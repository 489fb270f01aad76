import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SETTLE_STATEMENTS } from '#app/adapters/backup/settle-statements.ts';
import { SealedBox } from '#app/adapters/crypto/sealed-box.server.ts';
import { schemaRules } from '#app/adapters/db/checks/schema-rules.server.ts';
import { systemRuntime } from '#app/runtime.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { fillTenant } from '#test/support/tenants.ts';

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
  ['a form sets what somebody may do once', 'staff_permission_changes', 'shop_id, form_key, subject', null],
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

/**
 * What PostgreSQL itself sees to, a line each in its own words. A migration's are added to the list by hand; one that
 * takes something away takes it from the list too, in sight of whoever reads the change.
 */
const LISTED = readFileSync(join(PROJECT_DIR, 'test', 'fixtures', 'schema-guards.txt'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const GUARDS = `
  SELECT k.conrelid::regclass || ': ' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS guard FROM pg_constraint k
    WHERE k.connamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'f', 'c', 'x')
  UNION ALL SELECT tablename || ': ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT t.tgrelid::regclass || ': ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT c.relname || '.' || a.attname || ' NOT NULL' FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull`;

it('the database has lost no key, check, index, trigger or NOT NULL, and has none that is not listed', async () => {
  const { rows } = await owner.query<{ guard: string }>(GUARDS);
  const there = new Set(rows.map(({ guard }) => guard.replaceAll(/\s+/g, ' ')));
  expect(LISTED.filter((guard) => !there.has(guard))).toEqual([]);
  // Of one that nobody has listed nobody would see that it is gone.
  expect([...there].filter((guard) => !LISTED.includes(guard) && !guard.startsWith('_prisma_migrations'))).toEqual([]);
  expect(LISTED.length).toBeGreaterThan(500);
});

// All but that of Prisma's own list, on which nothing of ours relies.
const UNIQUE_INDEXES = `
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u')
  WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND i.indrelid <> '_prisma_migrations'::regclass`;

it('the operator’s look at the schema names each key that is gone, and only keys that were there', async () => {
  const { rows } = await owner.query<{ name: string }>(`SELECT c.relname::text AS name ${UNIQUE_INDEXES} ORDER BY name`);
  expect(await schemaRules(owner)).toEqual([]);
  await owner.query('BEGIN');
  await owner.query(`DO $$ DECLARE key record; BEGIN
    FOR key IN SELECT i.indrelid::regclass AS held_by, c.relname AS name, k.oid IS NOT NULL AS is_constraint ${UNIQUE_INDEXES}
    LOOP
      IF key.is_constraint THEN EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', key.held_by, key.name);
      ELSE EXECUTE format('DROP INDEX %I', key.name); END IF;
    END LOOP; END $$`);
  const missed = (await schemaRules(owner)).filter((offence) => offence.endsWith(' is missing or not unique'));
  await owner.query('ROLLBACK');
  expect(missed.sort()).toEqual(rows.map(({ name }) => `${name} is missing or not unique`).sort());
});

/** What the operator's look says once this was done to each that is found; in it `%1$s` is the table and `%2$I` the name. */
async function offencesAfter(each: string, change: string): Promise<string[]> {
  await owner.query('BEGIN');
  try {
    await owner.query(`DO $$ DECLARE one record; BEGIN FOR one IN ${each} LOOP EXECUTE format('${change}', one.held_by, one.name); END LOOP; END $$`);
    return (await schemaRules(owner)).sort();
  } finally {
    await owner.query('ROLLBACK');
  }
}

const FOREIGN_KEYS = "SELECT conrelid::regclass AS held_by, conname::text AS name FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace";

it('the operator’s look at the schema names each foreign key that is gone, or that a row’s owner leaves its rows behind by', async () => {
  const { rows } = await owner.query<{ name: string }>(FOREIGN_KEYS);
  const named = rows.map(({ name }) => `${name} is missing or lets go of nothing`).sort();
  expect(await offencesAfter(FOREIGN_KEYS, 'ALTER TABLE %s DROP CONSTRAINT %I')).toEqual(named);
  const restricted = `${FOREIGN_KEYS} AND conrelid = 'tombstones'::regclass`;
  const without = 'ALTER TABLE %1$s DROP CONSTRAINT %2$I, ADD CONSTRAINT %2$I FOREIGN KEY (shop_id) REFERENCES shops';
  expect(await offencesAfter(restricted, without)).toEqual(['tombstones_shop_id_fkey is missing or lets go of nothing']);
});

const TRIGGERS = `SELECT t.tgrelid::regclass AS held_by, t.tgname::text AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace`;

it.each(['ALTER TABLE %s DISABLE TRIGGER %I', 'DROP TRIGGER %2$I ON %1$s'])('the operator’s look at the schema names each trigger that does not fire after %s', async (change) => {
  const { rows } = await owner.query<{ name: string }>(TRIGGERS);
  expect(await offencesAfter(TRIGGERS, change)).toEqual(rows.map(({ name }) => `${name} does not fire`).sort());
});

describe('a restored database, of which nobody knows what was done since', () => {
  /** As everything stands in the middle of a day. */
  const UNDER_WAY = [
    "UPDATE offer_codes SET state = 'intended', attempts = 0, issued_at = NULL",
    "UPDATE offer_settings SET pool_due_at = now()",
    "UPDATE offer_credits SET state = 'intended', attempts = 0, transaction_gid = NULL, given_at = NULL",
    "UPDATE loyalty_redemptions SET state = 'reserved', attempts = 0, issued_at = NULL, not_before = now()",
    "UPDATE loyalty_member_traces SET due_at = NULL, written = '{}'",
    "UPDATE account_invites SET state = 'open', end_reason = NULL, next_step = 1, not_before = now()",
    "UPDATE imports SET state = 'storing', finished_at = NULL, line = 5, objects_stored = 5",
    "UPDATE reconciliations SET state = 'running', finished_at = NULL",
    "UPDATE segment_writes SET state = 'requested', finished_at = NULL",
    "UPDATE segment_targets SET is_kept = true, due_at = now()",
    "UPDATE webhook_inbox SET state = 'waiting', handled_at = NULL, pull_id = (SELECT import_id FROM imports LIMIT 1), not_before = now() + interval '1 day'",
  ];

  beforeAll(async () => {
    const domain = 'restored.myshopify.com';
    const { rows } = await owner.query<{ shop_id: number }>('INSERT INTO shops (domain, installed_at) VALUES ($1, now()) RETURNING shop_id', [domain]);
    const sealedBox = new SealedBox([{ id: '1', key: randomBytes(32) }], systemRuntime.randomBytes);
    await fillTenant(owner, { shop: { shopId: rows[0]?.shop_id ?? 0, domain }, sealedBox } as ShopContext, 1);
    for (const statement of [...UNDER_WAY, ...SETTLE_STATEMENTS]) await owner.query(statement);
  });

  it.each([
    ['looks a code up before it is sent', "offer_codes WHERE state <> 'intended' OR attempts = 0"],
    ['gives nobody a code that was free', "offer_pool_codes WHERE state <> 'failed'"],
    ['has codes made ahead only when somebody asks again', 'offer_settings WHERE pool_due_at IS NOT NULL'],
    ['looks store credit up before it is given', "offer_credits WHERE state <> 'intended' OR attempts = 0"],
    ['looks a reward up before it is made', "loyalty_redemptions WHERE state <> 'reserved' OR attempts = 0"],
    ['brings to members what holds', "loyalty_member_traces WHERE due_at IS NULL OR written = '{}'"],
    ['tells Flow nothing again', "loyalty_flow_events WHERE state <> 'dropped' OR not_before IS NOT NULL"],
    ['sends no e-mail again', "account_invites i WHERE NOT EXISTS (SELECT FROM account_invite_emails e WHERE (e.shop_id, e.customer_id, e.step) = (i.shop_id, i.customer_id, i.next_step))"],
    ['begins its pulls anew', "imports WHERE state <> 'requested' OR line <> 0 OR objects_stored <> 0"],
    ['compares anew', "reconciliations WHERE state <> 'failed'"],
    ['writes no segment that somebody may have stopped', "segment_writes WHERE state <> 'failed'"],
    ['keeps no segment written that somebody may have taken back', 'segment_targets WHERE is_kept OR due_at IS NOT NULL'],
    ['handles the webhooks that waited for a pull', "webhook_inbox WHERE state <> 'waiting' OR pull_id IS NOT NULL OR not_before > now()"],
  ])('%s', async (_what, exception) => {
    const table = exception.split(' ', 1).join();
    expect((await owner.query(`SELECT 1 FROM ${table}`)).rowCount).toBeGreaterThan(0);
    expect((await owner.query(`SELECT * FROM ${exception}`)).rows).toEqual([]);
  });
});
