import { execFile } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { expect } from 'vitest';

import { rlsCatalogue } from '#app/adapters/db/checks/rls-catalogue.server.ts';
import { schemaRules } from '#app/adapters/db/checks/schema-rules.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { promiseOf } from './promise.ts';
import { at } from '#test/simulator/simulator-client.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { spawnWorker } from '#test/support/worker-process.ts';

const TABLES = ['shops', 'sessions', 'imports', 'orders', 'order_lines', 'refunds', 'fulfillments', 'customers', 'webhook_inbox', 'tombstones', 'offer_codes', 'offer_discounts', 'privacy_requests', 'forgotten_shops'];
const CANARY = 'canary-of-the-backup';

/** Rows and their summed hash; what settling changes on purpose is left out. */
async function stateOf(client: pg.Client): Promise<Record<string, string>> {
  const changed: Record<string, string> = {
    shops: "- 'reconcile_due_at' - 'freshness_due_at' - 'upkeep_due_at' - 'data_version' - 'orders_removed_version' - 'customers_removed_version'",
    // Who was redacted since was so twice, each time in a turn of its own.
    orders: "- 'data_version'",
    customers: "- 'data_version'",
    imports: "- 'state' - 'bulk_operation_id' - 'pass' - 'line' - 'objects_reported' - 'objects_stored' - 'objects_rejected' - 'roots_prepared' - 'attempts' - 'error_code'",
    offer_codes: "- 'attempts' - 'not_before'",
    webhook_inbox: "- 'pull_id' - 'not_before'",
  };
  // Customers are pulled again.
  const added: Record<string, string> = { imports: "WHERE (resource, state, error_code) IS DISTINCT FROM ('customers', 'requested', 'restored')" };
  const state: Record<string, string> = {};
  for (const table of TABLES) {
    const { rows } = await client.query<{ found: string }>(
      `SELECT count(*) || ' ' || coalesce(sum(('x' || left(md5((to_jsonb(t) ${changed[table] ?? ''})::text), 15))::bit(60)::bigint), 0) AS found FROM ${table} t ${added[table] ?? ''}`,
    );
    state[table] = rows[0]?.found ?? '';
  }
  return state;
}

/** Of all that there are, those that no backup holds. */
async function tablesLeftOut(owner: pg.Client): Promise<string[]> {
  const { listTables } = await import('#app/adapters/backup/dump-database.server.ts');
  const held = new Set((await listTables(owner)).map(({ table }) => table));
  const { rows } = await owner.query<{ name: string }>("SELECT relname::text AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace ORDER BY 1");
  return rows.map(({ name }) => name).filter((name) => !held.has(name));
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

function run(command: string, words: string[], env: Record<string, string>): Promise<{ stdout: string; stderr: string }> {
  const args = [`app/commands/${command}.ts`, ...words];
  return promisify(execFile)(process.execPath, args, { cwd: PROJECT_DIR, env: { ...process.env, ...env } });
}

/** Enlarges the pulled history by copies of its orders under other numbers. */
async function multiply(owner: pg.Client, copies: number): Promise<void> {
  const columns = async (table: string) => {
    const { rows } = await owner.query<{ column: string }>(
      "SELECT column_name AS column FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position",
      [table],
    );
    return rows.map(({ column }) => column);
  };
  for (const table of ['orders', 'order_lines', 'refunds', 'fulfillments']) {
    const names = await columns(table);
    const values = names.map((name) => (name === 'order_id' ? 't.order_id + n::bigint * 1000000000' : `t.${name}`));
    await owner.query(`INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${table} t, generate_series(1, ${copies}) n`);
  }
}

async function fileHolds(file: string, words: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  let tail = '';
  for await (const piece of createReadStream(file, 'latin1')) {
    const text = tail + String(piece);
    for (const word of words) if (text.includes(word)) found.add(word);
    tail = text.slice(-64);
  }
  return [...found];
}

interface Bench {
  faulty: FaultyApp;
  context: ShopContext;
  target: TestDatabase;
  folder: string;
}

async function prepare(orders: number): Promise<Bench> {
  const faulty = await startFaultyApp(syntheticStore(orders));
  const context = await faulty.app.install('synthetic.myshopify.com');
  await faulty.pull(context);
  return { faulty, context, target: await createTestDatabase(), folder: mkdtempSync(join(tmpdir(), 'perennial-o1-')) };
}

/** Intents of every kind, as they stand in the middle of a day. */
async function leaveWorkUndone({ faulty, context }: Bench): Promise<void> {
  const { shopId } = context.shop;
  await faulty.owner.query(
    `INSERT INTO offer_discounts VALUES (${shopId}, 'k', NULL, '${CANARY}', 100, 1000, 0, 'EUR', now(), now() + interval '30 days', now());
     INSERT INTO offer_codes (shop_id, order_id, discount_key, code, state, not_before, intended_at) VALUES (${shopId}, 1000000, 'k', 'NEXT-CANARY1', 'intended', now(), now());
     INSERT INTO offer_pool_codes (shop_id, code, discount_key, state, intended_at, added_at) VALUES (${shopId}, 'NEXT-FREE0001', 'k', 'added', now(), now());
     INSERT INTO imports (shop_id, import_id, resource, state, bulk_operation_id, requested_at, objects_reported, objects_stored, line)
       VALUES (${shopId}, gen_random_uuid(), 'orders', 'storing', 'gid://shopify/BulkOperation/1', now(), 10, 5, 5);
     INSERT INTO account_settings VALUES (${shopId}, true, true, true, now());
     INSERT INTO account_invites (shop_id, customer_id, order_id, state, wished_at, next_step, not_before)
       VALUES (${shopId}, 100, 1000000, 'open', now(), 0, now()), (${shopId}, 101, 1000010, 'open', now() - interval '3 days', 1, now());
     INSERT INTO account_invite_emails VALUES (${shopId}, 101, 0, 'sent', 1, now() - interval '3 days', now() - interval '3 days');
     UPDATE orders SET name = '${CANARY}' WHERE order_id = 1000010;`,
  );
  // Where invites can be sent.
  const store = faulty.app.running.simulator.requireStore(context.shop.domain);
  store.save('shop', { ...store.shop, customerAccounts: 'CLASSIC' });
  for (const id of [100, 101]) {
    const customer = store.customers.get(id);
    if (customer) store.save('customer', { ...customer, state: id === 100 ? 'DISABLED' : 'INVITED' });
  }
}

promiseOf('O1', 'a backup under load, restored', async ({ pick }) => {
  const bench = await prepare(pick(300, 3_000));
  const { faulty, context, target, folder } = bench;
  const { owner } = faulty;
  const backup = join(folder, 'backup');
  const env = { ...faulty.app.env, DATABASE_OWNER_URL: faulty.app.ownerUrl };
  const targetEnv = { ...faulty.app.env, DATABASE_URL: target.url, DATABASE_OWNER_URL: target.ownerUrl };
  const into = new URL(target.ownerUrl).pathname.slice(1);
  const restored = await connect(target.ownerUrl);
  const stop = async () => {
    await restored.end();
    await target.drop();
    await faulty.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await leaveWorkUndone(bench);
    await multiply(owner, pick(2, 120));
    const [size] = await faulty.rows('SELECT pg_database_size(current_database())::float8 AS bytes, (SELECT count(*)::int FROM orders) AS orders');

    // A writer goes on during the backup; its count says at which transaction the snapshot was taken.
    let isWriting = true;
    let writes = 0;
    const writer = await connect(faulty.app.ownerUrl);
    const load = (async () => {
      while (isWriting) {
        writes += 1;
        // Two tables in one transaction: a snapshot has both or neither.
        await writer.query(
          `BEGIN; UPDATE shops SET data_version = ${writes}; UPDATE customers SET number_of_orders = ${writes} WHERE customer_id = 100; COMMIT`,
        );
      }
    })();
    const backupStartedMs = performance.now();
    await run('backup', [backup], env);
    const backupSeconds = (performance.now() - backupStartedMs) / 1000;
    isWriting = false;
    await load;
    await writer.end();

    // Redacted after the backup was made: must not come back.
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    const [fresh] = await faulty.rows('SELECT fresh_at FROM shops');
    await redactCustomer(context, { customerId: 101n, orderIds: [] });
    await run('backup', ['--tombstones', join(folder, 'tombstones')], env);
    const refusalOf = async (command: string, words: string[], of: Record<string, string>) => String(at(await run(command, words, of).catch((error: unknown) => error), 'stderr'));
    const refusals = await Promise.all([
      refusalOf('backup', [backup], env),
      refusalOf('restore', [backup, '--into', 'elsewhere', '--tombstones', join(folder, 'tombstones')], targetEnv),
      refusalOf('restore', [backup, '--into', into], targetEnv),
    ]);
    expect(refusals).toEqual(['is there already', 'does not name the database elsewhere', 'Usage: '].map((words): unknown => expect.stringContaining(words)));
    const readable = [backup, join(folder, 'tombstones')].filter((file) => (statSync(file).mode & 0o077) !== 0);
    expect(readable, 'files that others may read').toEqual([]);
    expect(await tablesLeftOut(owner)).toEqual(['_prisma_migrations', 'rate_limits']);

    const requestsBefore = faulty.proxy.requests.length;
    const restoreStartedMs = performance.now();
    await run('restore', [backup, '--into', into, '--tombstones', join(folder, 'tombstones')], targetEnv);
    const restoreSeconds = (performance.now() - restoreStartedMs) / 1000;
    const sentByRestore = faulty.proxy.requests.length - requestsBefore;

    // The source as it is now, made equal to the snapshot by taking back what the writer did.
    const [mark] = (await restored.query<{ writes: number }>('SELECT number_of_orders AS writes FROM customers WHERE customer_id = 100')).rows;
    await owner.query('UPDATE customers SET number_of_orders = $1 WHERE customer_id = 100', [mark?.writes]);
    await owner.query('UPDATE shops SET fresh_at = $1', [fresh?.['fresh_at']]);
    const [ours, theirs] = [await stateOf(owner), await stateOf(restored)];
    const unequal = TABLES.filter((table) => ours[table] !== theirs[table]);

    // What was switched off for the filling is on again.
    const asApp = await connect(target.url);
    const loosened = [...(await rlsCatalogue(asApp)), ...(await schemaRules(asApp))];
    await asApp.end();
    expect(loosened, 'what the restored database does not see to').toEqual([]);

    const asked = await restored.query("SELECT resource FROM imports WHERE state = 'requested' ORDER BY resource");
    expect(asked.rows).toEqual([{ resource: 'customers' }, { resource: 'orders' }]);

    const mutations = await workOn(faulty, targetEnv, restored);
    const again = await run('restore', [backup, '--into', into, '--without-tombstones'], targetEnv).catch((error: unknown) => error);
    const isRefused = String(at(again, 'stderr')).includes('has rows');
    const canaries = await fileHolds(backup, [CANARY, 'NEXT-CANARY1', 'synthetic.myshopify.com', 'buyer@example.com']);
    const megabytes = Number(size?.['bytes'] ?? 0) / 1e6;
    return {
      tried: `${Number(size?.['orders']).toLocaleString('en')} orders, ${megabytes.toFixed(0)} MB, ${writes.toLocaleString('en')} transactions beside the backup`,
      measured: `${unequal.length} of ${TABLES.length} tables unequal${unequal.length > 0 ? ` (${unequal.join(' ')})` : ''}; ${sentByRestore} requests by the restore, ${mutations} mutations sent again after it; ${canaries.length} canaries in the file of ${(statSync(backup).size / 1e6).toFixed(1)} MB; backup ${backupSeconds.toFixed(1)} s, restore ${restoreSeconds.toFixed(1)} s; a second restore ${isRefused ? 'refused' : 'NOT refused'}`,
      isKept: unequal.length === 0 && sentByRestore === 0 && mutations === 0 && canaries.length === 0 && isRefused && writes > 1 && restoreSeconds <= 600,
    };
  } finally {
    await stop();
  }
});

/** Lets a worker go to work on the restored database until nothing waits; how many mutations Shopify had to run for it. */
async function workOn(faulty: FaultyApp, env: Record<string, string>, restored: pg.Client): Promise<number> {
  // Shopify has the code already: it was sent after the snapshot, and its answer is not in the backup.
  faulty.proxy.plan = ({ body }) =>
    body.includes('codeDiscountNodeByCode')
      ? { kind: 'answer', status: 200, body: JSON.stringify({ data: { codeDiscountNodeByCode: { id: 'gid://shopify/DiscountCodeNode/1', codeDiscount: { __typename: 'DiscountCodeBasic', title: CANARY } } } }) }
      : undefined;
  const { rowCount: freeCodes } = await restored.query("SELECT 1 FROM offer_pool_codes WHERE state <> 'failed'");
  if (freeCodes !== 0) throw new Error('a code is free that an order may have had since the snapshot');
  const before = faulty.proxy.requests.length;
  const worker = spawnWorker({ ...env, SHOPIFY_SIM_ORIGIN: faulty.proxy.url }, 'ignore');
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  try {
    const deadline = performance.now() + 30_000;
    for (;;) {
      const { rows } = await restored.query<{ state: string }>("SELECT state FROM offer_codes WHERE code = 'NEXT-CANARY1'");
      const { rowCount: dueInvites } = await restored.query('SELECT 1 FROM account_invites WHERE not_before <= now()');
      if (rows[0]?.state === 'issued' && dueInvites === 0) break;
      if (performance.now() > deadline) throw new Error(`the code is still ${rows[0]?.state}, and ${dueInvites} invites are due`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    worker.kill('SIGKILL');
    await ended;
    faulty.proxy.plan = () => undefined;
  }
  const sent = faulty.proxy.requests.slice(before).filter(({ path }) => path.includes('graphql'));
  // A bulk query is a mutation in name; it changes nothing in the shop.
  return sent.filter(({ body }) => /mutation/.test(body) && !body.includes('bulkOperationRunQuery') && !body.includes('webhookSubscription')).length;
}
