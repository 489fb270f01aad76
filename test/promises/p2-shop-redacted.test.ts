import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';

import { findCanaries } from '#app/adapters/db/checks/find-canaries.server.ts';
import { defaultProgram } from '#app/domain/loyalty/program/default-program.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { canariesOf, storeOfCanaries, textsOf } from '#test/support/privacy-canaries.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { promiseOf } from './promise.ts';

const ORDERS = process.env['PROMISE_SIZE'] === 'long' ? 3_000 : 60;
const STORE = storeOfCanaries(ORDERS, { shop: { name: 'Kanarienhandel Nord' } });
const OTHER = storeOfCanaries(12, { shop: { id: 2, domain: 'other.myshopify.com', name: 'Other Shop' } });
const DOMAIN = STORE.shop.domain;
/** Of the customers whom the other shop does not have under the same number. */
const CANARIES = ['Kanarienhandel Nord', DOMAIN, ...[110, 111].flatMap((id) => textsOf(canariesOf(id)))];

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let tables: string[];

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
  const other = await app.install(OTHER.shop.domain);
  for (const installed of [context, other]) await pullHistory(installed);
  const { rows } = await owner.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id' AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  tables = rows.map(({ name }) => name);
  for (const { shop } of [context, other]) await fillEmptyTables(shop.shopId);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function countRows(shopId: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await owner.query<{ count: string }>(`SELECT count(*) FROM ${table} WHERE shop_id = $1`, [shopId]);
    counts[table] = Number(rows[0]?.count);
  }
  return counts;
}

/** What may be empty, but not in the row that is made up: an event that waits is due some time, as is a gift under way; a rule gives something. */
const FILLED: Readonly<Record<string, Record<string, string>>> = {
  loyalty_flow_events: { state: "'waiting'", not_before: 'now()' },
  loyalty_gifts: { state: "'giving'", not_before: 'now()' },
  loyalty_program_versions: { program: `'${JSON.stringify(defaultProgram({ currency: 'EUR', unitMinor: 100 }))}'` },
  staff_permission_changes: { subject: "'1'", adjusting: "'none'", may_change_list: 'false' },
  offer_rules: { percent_basis_points: '1000', valid_days: '30' },
};

/** A made-up row wherever the doors so far have left none, so that no table is passed over. */
async function fillEmptyTables(shopId: number): Promise<void> {
  const counts = await countRows(shopId);
  await owner.query('BEGIN');
  await owner.query("SET LOCAL session_replication_role = 'replica'");
  for (const table of tables.filter((name) => counts[name] === 0)) {
    const { rows } = await owner.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull AND NOT atthasdef AND attname <> 'shop_id'`,
      [table],
    );
    const checks = await owner.query<{ allowed: string; column: string }>(
      `SELECT a.attname AS column, substring(pg_get_constraintdef(c.oid) FROM '''([^'']+)''::text') AS allowed FROM pg_constraint c
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) WHERE c.conrelid = $1::regclass AND c.contype = 'c'`,
      [table],
    );
    const allowed = new Map(checks.rows.map(({ column, allowed }) => [column, allowed]));
    const madeUp = rows.map(({ name, type }) => [name, allowed.get(name) ? `'${allowed.get(name)}'` : sampleOf(type)]);
    const row: Record<string, string> = { shop_id: String(shopId), ...Object.fromEntries(madeUp), ...FILLED[table] };
    await owner.query(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})`);
  }
  await owner.query('COMMIT');
}

function sampleOf(type: string): string {
  if (/^(bigint|integer|numeric)/.test(type)) return '100';
  if (type === 'boolean') return 'true';
  // The same for parent and child.
  if (type === 'uuid') return "'00000000-0000-4000-8000-000000000001'";
  // As long as a hash.
  if (type === 'bytea') return "decode(repeat('00', 32), 'hex')";
  if (/^json/.test(type)) return "'{}'";
  if (/^(timestamp|date)/.test(type)) return 'now()';
  return "'x'";
}

/** Of every row of the shop, in every table. */
async function hashOf(shopId: number): Promise<string> {
  const parts: string[] = [];
  for (const table of tables) {
    const { rows } = await owner.query<{ hash: string | null }>(
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash FROM ${table} t WHERE shop_id = $1`,
      [shopId],
    );
    parts.push(`${table} ${rows[0]?.hash ?? '-'}`);
  }
  return parts.join('\n');
}

async function post(topic: string, path: string): Promise<void> {
  const body = JSON.stringify({ shop_id: 1, shop_domain: DOMAIN });
  const sent = await sendWebhook({ appUrl: app.running.appFrontUrl, path, topic, shop: DOMAIN, body });
  expect(sent.status).toBe(200);
}

async function handle(): Promise<void> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  expect(await handleWebhooks(context)).toEqual([]);
}

promiseOf('P2', 'shop/redact after an uninstall', async () => {
  const { getRetentionReport } = await import('#app/services/retention/get-retention-report.server.ts');
  const { domainHashOf } = await import('#app/adapters/db/tombstones.repository.server.ts');
  const store = app.running.simulator.requireStore(DOMAIN);
  const { shopId } = context.shop;
  const before = await countRows(shopId);
  expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);
  expect(new Set((await findCanaries(owner, CANARIES)).map(({ canary }) => canary)).size).toBeGreaterThan(4);
  const otherId = (await app.install(OTHER.shop.domain)).shop.shopId;
  const others = await hashOf(otherId);
  // Kept in memory, where a shop that comes back must not find it.
  expect(await getRetentionReport(context, { asOf: null })).toMatchObject({ ok: true });

  app.running.simulator.uninstall(store);
  await post('app/uninstalled', '/webhooks/app');
  await handle();
  const afterUninstall = await countRows(shopId);
  await post('shop/redact', '/webhooks/compliance');
  await handle();
  const left = Object.values(await countRows(shopId)).reduce((sum, count) => sum + count, 0);
  const hits = await findCanaries(owner, CANARIES, { sealedBox: context.sealedBox });
  const { rows: forgotten } = await owner.query<{ domain_hash: Buffer }>('SELECT domain_hash FROM forgotten_shops');
  const isNoted = forgotten.length === 1 && forgotten[0]?.domain_hash.equals(domainHashOf(context.sealedBox, DOMAIN));
  const isOtherSame = (await hashOf(otherId)) === others;

  const again = await app.install(DOMAIN);
  const clean = await countRows(again.shop.shopId);
  const early = await getRetentionReport(again, { asOf: null });
  await pullHistory(again);
  const { orders = 0, tombstones = 0 } = await countRows(again.shop.shopId);
  const isClean = clean['orders'] === 0 && !early.ok && again.shop.shopId !== shopId && orders === ORDERS && tombstones === 0;
  return {
    tried: `${tables.length} tables, ${Object.values(before).reduce((sum, count) => sum + count, 0)} rows`,
    measured:
      `${afterUninstall['sessions']} tokens after the uninstall, ${left} rows and ${hits.length} hits after shop/redact, ` +
      `reinstall ${isClean ? 'clean' : 'NOT CLEAN'}, other shop ${isOtherSame ? 'unchanged' : 'CHANGED'}`,
    isKept: afterUninstall['sessions'] === 0 && left === 0 && hits.length === 0 && isNoted === true && isOtherSame && isClean,
  };
});
