import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { findCanaries, type CanaryHit } from '#app/adapters/db/checks/find-canaries.server.ts';
import type { ReplayReport } from '#app/services/privacy/replay-tombstones.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { mergeCustomers, privacyPayload } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { copyRowsOf, restoreRows, type CopyOfRows } from '#test/support/copy-of-rows.ts';
import { canariesOf, storeOfCanaries, textsOf } from '#test/support/privacy-canaries.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { promiseOf } from './promise.ts';

const CUSTOMERS = process.env['PROMISE_SIZE'] === 'long' ? 120 : 12;
const STORE = storeOfCanaries(CUSTOMERS * 3);
/** Forgotten after the backup. */
const LEFT = storeOfCanaries(3, { shop: { id: 2, domain: 'left.myshopify.com', name: 'Kanarienhandel Left' } });
/** Forgotten before it, and installed again since. */
const BACK = storeOfCanaries(3, { shop: { id: 3, domain: 'back.myshopify.com', name: 'Kanarienhandel Back' } });
const DOMAIN = STORE.shop.domain;

const A_RUN = '00000000-0000-4000-8000-000000000001';

// Redacted by id, by the orders alone, and after somebody else was merged into them.
const BY_ID = Array.from({ length: CUSTOMERS / 2 - 2 }, (_, index) => 104 + index);
const BY_ORDERS = 101;
const [MERGED, KEPT] = [102, 103];
const REDACTED = [...BY_ID, BY_ORDERS, MERGED, KEPT];
const CANARIES = REDACTED.flatMap((id) => textsOf(canariesOf(id)));

/** Each is known by one table alone, which is all that leads to them in a restored database. */
const KNOWN_BY: Readonly<Record<string, { id: number; column: string; columns: string; values: string }>> = {
  account_invites: { id: 9_001, column: 'customer_id', columns: 'order_id, state, wished_at, next_step', values: "1, 'ended', now(), 1" },
  customer_merges: { id: 9_002, column: 'kept_customer_id', columns: 'removed_hash, merged_at', values: "'merged'::bytea, now()" },
  loyalty_members: { id: 9_003, column: 'customer_id', columns: 'enrolled_at', values: 'now()' },
  offer_discounts: {
    id: 9_004,
    column: 'customer_id',
    columns: 'discount_key, title, percent_basis_points, minimum_subtotal_minor, currency, starts_at, ends_at, created_at',
    values: "'alone', 'alone', 1000, 0, 'EUR', now(), now(), now()",
  },
  reconciliation_customer_differences: { id: 9_005, column: 'customer_id', columns: 'reconciliation_id, cause, outcome', values: `'${A_RUN}', 'gone', 'repaired'` },
  segment_write_members: { id: 9_006, column: 'customer_id', columns: 'target_id, action, state, changed_at', values: `'${A_RUN}', 'add', 'done', now()` },
};

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;
let backup: CopyOfRows;
let tombstoneFile: string[];
let numbersAfter: string;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, LEFT, BACK] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
  await pullHistory(context);
  shopify = app.running.simulator.requireStore(DOMAIN);
  const left = await app.install(LEFT.shop.domain);
  await pullHistory(left);
  await leave(await app.install(BACK.shop.domain));
  await pullHistory(await app.install(BACK.shop.domain));

  // Answers and an offer that name people, and a redaction from before the backup.
  for (const customerId of REDACTED) await post('customers/data_request', '/webhooks/compliance', privacyPayload(shopify, customerId));
  await handle();
  await post('customers/redact', '/webhooks/compliance', privacyPayload(shopify, BY_ID[0] ?? 0));
  await handle();
  await addThoseKnownByOneTable();
  backup = await copyRowsOf(owner);

  mergeCustomers(shopify, KEPT, MERGED, new Date());
  await post('customers/merge', '/webhooks/customers', {
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${KEPT}`,
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${MERGED}`,
  });
  await handle();
  for (const customerId of [...BY_ID.slice(1), KEPT]) await post('customers/redact', '/webhooks/compliance', privacyPayload(shopify, customerId));
  const { customer: _, ...named } = privacyPayload(shopify, BY_ORDERS);
  await post('customers/redact', '/webhooks/compliance', { ...named, customer: { email: canariesOf(BY_ORDERS).email } });
  await handle();
  const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
  for (const { id } of Object.values(KNOWN_BY)) await redactCustomer(context, { customerId: BigInt(id), orderIds: [] });
  expect(await tablesThatName()).toEqual([]);
  await leave(left);
  tombstoneFile = await exportAll();
  numbersAfter = await numbers();
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function post(topic: string, path: string, payload: unknown, shop = DOMAIN): Promise<void> {
  const sent = await sendWebhook({ appUrl: app.running.appFrontUrl, path, topic, shop, body: JSON.stringify(payload) });
  expect(sent.status).toBe(200);
}

/** The worker's turns until nothing waits; a storm of webhooks waits for a pull of what changed, which is taken on too. */
async function handle(of = context): Promise<void> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  const turn = async () => {
    expect(await handleWebhooks(of)).toEqual([]);
    const waiting = await count("SELECT count(*) FROM webhook_inbox WHERE state = 'waiting' AND shop_id = $1", of.shop.shopId);
    if (waiting > 0) await advanceImports(of);
    return waiting === 0 ? true : undefined;
  };
  await waitFor('an empty inbox', turn, { timeoutMs: 60_000 });
}

async function addThoseKnownByOneTable(): Promise<void> {
  const { shopId } = context.shop;
  await owner.query(`INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at, finished_at) VALUES ($1, '${A_RUN}', 'asked', 'all', 'completed', now(), now())`, [shopId]);
  await owner.query(
    `INSERT INTO segment_targets (shop_id, target_id, segment_key, kind, name, title, is_kept, created_at, updated_at) VALUES ($1, '${A_RUN}', 'k', 'tag', 'k', 'k', false, now(), now())`,
    [shopId],
  );
  for (const [table, { id, column, columns, values }] of Object.entries(KNOWN_BY)) {
    await owner.query(`INSERT INTO ${table} (shop_id, ${column}, ${columns}) VALUES ($1, $2, ${values})`, [shopId, id]);
  }
  expect(await tablesThatName()).toEqual(Object.keys(KNOWN_BY));
}

/** Those that hold the number of somebody whom no other table knows. */
async function tablesThatName(): Promise<string[]> {
  const tables: string[] = [];
  for (const [table, { id, column }] of Object.entries(KNOWN_BY)) if ((await count(`SELECT count(*) FROM ${table} WHERE ${column} = $1`, id)) > 0) tables.push(table);
  return tables;
}

/** Uninstalls and is forgotten, as Shopify asks two days later. */
async function leave(of: ShopContext): Promise<void> {
  const store = app.running.simulator.requireStore(of.shop.domain);
  app.running.simulator.uninstall(store);
  await post('app/uninstalled', '/webhooks/app', { myshopify_domain: of.shop.domain }, of.shop.domain);
  await post('shop/redact', '/webhooks/compliance', { shop_domain: of.shop.domain }, of.shop.domain);
  await handle(of);
  expect(await count('SELECT count(*) FROM shops WHERE domain = $1', of.shop.domain)).toBe(0);
}

async function count(sql: string, ...values: unknown[]): Promise<number> {
  const { rows } = await owner.query<{ count: string }>(sql, values);
  return Number(rows[0]?.count);
}

async function exportAll(): Promise<string[]> {
  const { exportTombstones } = await import('#app/services/privacy/export-tombstones.server.ts');
  const { prisma } = await import('#app/db.server.ts');
  const lines: string[] = [];
  expect(await exportTombstones({ prisma, sealedBox: context.sealedBox }, (line) => void lines.push(line))).toBe(lines.length);
  return lines;
}

async function replay(lines: string[] | null): Promise<ReplayReport> {
  const { replayTombstones } = await import('#app/services/privacy/replay-tombstones.server.ts');
  const { prisma } = await import('#app/db.server.ts');
  const { shopContext } = await import('#app/context.server.ts');
  return replayTombstones({ prisma, sealedBox: context.sealedBox, contextOf: (shop) => shopContext(shop) }, lines);
}

const find = (): Promise<CanaryHit[]> => findCanaries(owner, [...CANARIES, 'Kanarienhandel Left'], { sealedBox: context.sealedBox });

async function numbers(): Promise<string> {
  const { getRetentionReport } = await import('#app/services/retention/get-retention-report.server.ts');
  const report = await getRetentionReport(context, { asOf: null });
  if (!report.ok) throw new Error(report.reason);
  expect(report.value.report.overall.orders).toBe(STORE.orders.length);
  return JSON.stringify({ ...report.value, freshAtMs: null });
}

/** What Shopify still says, and says again: about every order and customer of those who were forgotten. */
async function sendOldWebhooks(): Promise<number> {
  let sent = 0;
  for (const customerId of REDACTED) {
    // Of one that was merged away Shopify says no more.
    if (customerId !== MERGED) {
      await post('customers/create', '/webhooks/customers', { id: customerId });
      await post('customers/update', '/webhooks/customers', { id: customerId });
    }
    const orders = STORE.orders.filter((order) => order.customerId === customerId);
    for (const { id } of orders) await post('orders/updated', '/webhooks/orders', { id });
    sent += 2 + orders.length;
  }
  return sent;
}

promiseOf('P3', 'old webhooks and an old file', async () => {
  const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
  expect(await find()).toEqual([]);
  const sent = await sendOldWebhooks();
  await handle();
  const afterWebhooks = (await find()).length;
  await restartImports(context);
  await pullHistory(context);
  // Shopify still has them all, and the file said so.
  const afterFile = (await find()).length;
  const isSame = (await numbers()) === numbersAfter;
  return {
    tried: `${sent} webhooks, a file of ${STORE.orders.length} orders, ${REDACTED.length} customers redacted`,
    measured: `${afterWebhooks} hits after the webhooks, ${afterFile} after the file, numbers ${isSame ? 'the same' : 'CHANGED'}`,
    isKept: afterWebhooks + afterFile === 0 && isSame,
  };
});

promiseOf('P3', 'a backup is restored and the tombstones replayed', async () => {
  await restoreRows(owner, backup);
  const restored = new Set((await find()).map(({ canary }) => canary)).size;
  expect(await tablesThatName()).toEqual(Object.keys(KNOWN_BY));
  expect(await count('SELECT count(*) FROM shops WHERE domain = $1', LEFT.shop.domain)).toBe(1);
  // A file that was cut short buries nobody, rather than some.
  await expect(replay(tombstoneFile.slice(0, -1))).rejects.toThrow('cut short');
  expect(new Set((await find()).map(({ canary }) => canary)).size).toBe(restored);

  const report = await replay(tombstoneFile);
  const afterReplay = await find();
  const stillNaming = await tablesThatName();
  const shops = [LEFT, BACK].map(({ shop }) => count('SELECT count(*) FROM shops WHERE domain = $1', shop.domain));
  const [left, back] = await Promise.all(shops);
  const isSame = (await numbers()) === numbersAfter;
  const again = await replay(tombstoneFile);
  const sent = await sendOldWebhooks();
  await handle();
  const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
  await restartImports(context);
  await pullHistory(context);
  const later = await find();
  const exported = new Set(await exportAll());
  const isKnown = tombstoneFile.every((line) => line.includes('"is":"end"') || exported.has(line));
  const anew = again.customersRedacted + again.shopsForgotten + again.tombstonesAdded;
  return {
    tried: `${REDACTED.length} customers and 2 shops, ${restored} canaries back with the backup; then ${sent} webhooks and a file`,
    measured:
      `${afterReplay.length} hits after the replay, ${stillNaming.length} of ${Object.keys(KNOWN_BY).length} tables that name somebody alone (${stillNaming.join(' ')}), ${later.length} later; ${report.customersRedacted} customers buried again, ${anew} the second time; ` +
      `shop that left ${left === 0 ? 'gone' : 'BACK'}, shop that came back ${back === 1 ? 'there' : 'GONE'}, numbers ${isSame ? 'the same' : 'CHANGED'}`,
    isKept: restored > REDACTED.length && stillNaming.length + afterReplay.length + later.length + anew === 0 && left === 0 && back === 1 && isSame && isKnown,
  };
});

it('writes every tombstone into the file, however many there are', async () => {
  await owner.query("INSERT INTO tombstones (shop_id, kind, id_hash) SELECT $1, 'order', sha256(convert_to('many ' || n, 'UTF8')) FROM generate_series(1, 10001) n", [context.shop.shopId]);
  const lines = await exportAll();
  expect(lines.filter((line) => line.includes('"is":"tombstone"')).length).toBe(await count('SELECT count(*) FROM tombstones'));
});

it('takes away again what was deleted since, and an answer that named nobody but the orders of somebody redacted', async () => {
  const [asked, gone] = [100, 108];
  const [order] = [...shopify.orders.values()].filter(({ customerId, deletedAt }) => customerId === gone && deletedAt === null);
  if (!order) throw new Error('no order');
  const { customer: _, ...named } = privacyPayload(shopify, asked);
  await post('customers/data_request', '/webhooks/compliance', { ...named, customer: { email: canariesOf(asked).email } });
  await handle();
  const held = () =>
    Promise.all([
      count('SELECT count(*) FROM orders WHERE order_id = $1 AND deleted_at IS NULL', order.id),
      count('SELECT count(*) FROM customers WHERE customer_id = $1', gone),
      count('SELECT count(*) FROM privacy_requests WHERE customer_hash IS NULL AND answer_sealed IS NOT NULL'),
    ]);
  expect(await held()).toEqual([1, 1, 1]);
  const earlier = await copyRowsOf(owner);
  shopify.save('order', { ...order, deletedAt: new Date().toISOString() });
  await post('orders/delete', '/webhooks/orders', { id: order.id });
  const customer = shopify.customers.get(gone);
  if (customer) shopify.save('customer', { ...customer, deletedAt: new Date().toISOString() });
  await post('customers/delete', '/webhooks/customers', { id: gone });
  await post('customers/redact', '/webhooks/compliance', privacyPayload(shopify, asked));
  await handle();
  expect(await held()).toEqual([0, 0, 0]);
  const lines = await exportAll();
  await restoreRows(owner, earlier);
  expect(await held()).toEqual([1, 1, 1]);
  // Line 3 is of somebody: without it the file is as whole to look at.
  await expect(replay(lines.toSpliced(2, 1))).rejects.toThrow('cut short');
  expect(await held()).toEqual([1, 1, 1]);
  expect(await replay(lines)).toMatchObject({ ordersDeleted: 1, customersDeleted: 1 });
  expect(await held()).toEqual([0, 0, 0]);
});

it('buries nobody of a shop that has the number of another, which was given anew', async () => {
  const { domainHashOf } = await import('#app/adapters/db/tombstones.repository.server.ts');
  const another = Buffer.from(domainHashOf(context.sealedBox, 'another.myshopify.com')).toString('base64');
  const lines = (await exportAll()).map((line) => (line.includes('"is":"shop"') ? line.replace(/"domainHash":"[^"]+"/, `"domainHash":"${another}"`) : line));
  await owner.query('DELETE FROM tombstones');
  expect((await replay(lines)).tombstonesAdded).toBe(0);
  expect(await count('SELECT count(*) FROM tombstones')).toBe(0);
});
