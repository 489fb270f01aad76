import { execFile, type ChildProcess } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import pg from 'pg';
import { expect } from 'vitest';

import { rlsCatalogue } from '#app/adapters/db/checks/rls-catalogue.server.ts';
import { schemaRules } from '#app/adapters/db/checks/schema-rules.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { promiseOf } from './promise.ts';
import { at } from '#test/simulator/simulator-client.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { askForEveryWrite, countUnsettled, EACH_ONCE, effectsIn, holdWrites, letTimePass, ONLY_ONCE, UNDER_WAY, writeOf, type HeldWrites } from '#test/support/every-write.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { PROJECT_DIR } from '#test/support/project-dir.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { endOf, spawnWorker } from '#test/support/worker-process.ts';

const TABLES = ['shops', 'sessions', 'imports', 'orders', 'order_lines', 'refunds', 'fulfillments', 'customers', 'webhook_inbox', 'tombstones', 'offer_codes', 'offer_discounts', 'privacy_requests', 'forgotten_shops'];
// Of the customers, three of whom have other writes under way.
const [REMINDED, LONG_INVITED, REDACTED] = [110, 111, 120n] as const;
const CANARY = 'canary-of-the-backup';

/** Rows and their summed hash; what settling changes on purpose is left out. */
async function stateOf(client: pg.Client): Promise<Record<string, string>> {
  const changed: Record<string, string> = {
    shops: "- 'restored_at' - 'reconcile_due_at' - 'freshness_due_at' - 'upkeep_due_at' - 'data_version' - 'orders_removed_version' - 'customers_removed_version'",
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
  contexts: readonly [ShopContext, ShopContext];
  target: TestDatabase;
  folder: string;
}

async function prepare(orders: number): Promise<Bench> {
  const other = syntheticStore(20, { shop: { id: 2, domain: 'other.myshopify.com' } });
  const faulty = await startFaultyApp([syntheticStore(orders), other]);
  const installed = async (domain: string) => {
    const context = await faulty.app.install(domain);
    await faulty.pull(context);
    return context;
  };
  const contexts = [await installed('synthetic.myshopify.com'), await installed(other.shop.domain)] as const;
  return { faulty, contexts, target: await createTestDatabase(), folder: mkdtempSync(join(tmpdir(), 'perennial-o1-')) };
}

const storeOf = ({ faulty }: Bench, { shop }: ShopContext) => faulty.app.running.simulator.requireStore(shop.domain);

/** Workers are killed while each kind of write is on its way to Shopify, where all of them come to in the end. */
async function leaveWritesUnderWay(bench: Bench): Promise<HeldWrites> {
  const { faulty, contexts } = bench;
  // Orders of the second shop earn, by their awards tiers are reached, and of all that is awarded by then the backup knows little.
  for (const [index, context] of contexts.entries()) {
    await askForEveryWrite({ owner: faulty.owner, context, shopify: storeOf(bench, context), earnsFromMs: index === 0 ? Date.now() : 0 });
  }
  const held = holdWrites(faulty.proxy, new Map(contexts.map(({ shop }, index) => [shop.domain, UNDER_WAY[index] ?? []])));
  // A worker traces one shop at a time, and in each something of that is held.
  const workers = contexts.map(() => startWorker(faulty, faulty.app.env));
  try {
    await waitFor('every kind of write to be under way', () => held.underWay.size === UNDER_WAY.flat().length || undefined, { timeoutMs: 60_000 });
  } finally {
    await Promise.all(workers.map(kill));
  }
  return held;
}

const startWorker = (faulty: FaultyApp, env: Record<string, string>) => spawnWorker({ ...env, SHOPIFY_SIM_ORIGIN: faulty.proxy.url }, ['ignore', 'ignore', 'inherit']);

async function kill(worker: ChildProcess): Promise<void> {
  worker.kill('SIGKILL');
  await endOf(worker);
}

/** And what else there is in the middle of a day. */
async function leaveWorkUndone(bench: Bench): Promise<void> {
  const { faulty, contexts: [context] } = bench;
  const { shopId } = context.shop;
  await faulty.owner.query(
    `INSERT INTO offer_discounts VALUES (${shopId}, 'k', NULL, '${CANARY}', 100, 1000, 0, 'EUR', now(), now() + interval '30 days', now());
     INSERT INTO offer_pool_codes (shop_id, code, discount_key, state, intended_at, added_at) VALUES (${shopId}, 'NEXT-FREE0001', 'k', 'added', now(), now());
     INSERT INTO imports (shop_id, import_id, resource, state, bulk_operation_id, requested_at, objects_reported, objects_stored, line)
       VALUES (${shopId}, gen_random_uuid(), 'orders', 'storing', 'gid://shopify/BulkOperation/1', now(), 10, 5, 5);
     INSERT INTO account_invites (shop_id, customer_id, order_id, state, wished_at, next_step, not_before)
       VALUES (${shopId}, ${REMINDED}, 1000000, 'open', now() - interval '3 days', 1, now()), (${shopId}, ${LONG_INVITED}, 1000010, 'open', now() - interval '4 days', 0, now() - interval '4 days');
     INSERT INTO account_invite_emails VALUES (${shopId}, ${REMINDED}, 0, 'sent', 1, now() - interval '3 days', now() - interval '3 days');
     UPDATE orders SET name = '${CANARY}' WHERE order_id = 1000010;`,
  );
  const store = storeOf(bench, context);
  // To the one a reminder is due; to the other, in a backup of four days ago, the invite, and the reminder followed it.
  for (const [id, accountInvites] of [[REMINDED, ['1']], [LONG_INVITED, ['2', '3']]] as const) {
    const customer = store.customers.get(id);
    if (customer) store.save('customer', { ...customer, state: 'INVITED', accountInvites: [...accountInvites] });
  }
}

promiseOf('O1', 'a backup under load, restored', async ({ pick }) => {
  const bench = await prepare(pick(300, 3_000));
  const { faulty, contexts: [context], target, folder } = bench;
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
    const held = await leaveWritesUnderWay(bench);
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
    const [fresh] = await faulty.rows('SELECT fresh_at FROM shops WHERE shop_id = $1', [context.shop.shopId]);
    await redactCustomer(context, { customerId: REDACTED, orderIds: [] });
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
    await owner.query('UPDATE shops SET fresh_at = $1 WHERE shop_id = $2', [fresh?.['fresh_at'], context.shop.shopId]);
    const [ours, theirs] = [await stateOf(owner), await stateOf(restored)];
    const unequal = TABLES.filter((table) => ours[table] !== theirs[table]);

    // What was switched off for the filling is on again.
    const asApp = await connect(target.url);
    const loosened = [...(await rlsCatalogue(asApp)), ...(await schemaRules(asApp))];
    await asApp.end();
    expect(loosened, 'what the restored database does not see to').toEqual([]);

    const asked = await restored.query("SELECT resource FROM imports WHERE state = 'requested' AND shop_id = $1 ORDER BY resource", [context.shop.shopId]);
    expect(asked.rows).toEqual([{ resource: 'customers' }, { resource: 'orders' }]);

    const { rowCount: freeCodes } = await restored.query("SELECT 1 FROM offer_pool_codes WHERE state <> 'failed'");
    expect(freeCodes, 'codes that are free, and that an order may have had since the snapshot').toBe(0);
    const { rowCount: hasty } = await restored.query(
      `SELECT 1 FROM offer_credits WHERE state = 'intended' AND not_before < now()
       UNION ALL SELECT 1 FROM loyalty_redemptions WHERE state = 'reserved' AND code IS NULL AND not_before < now()`,
    );
    expect(hasty, 'store credit that is looked for while it may be on its way').toBe(0);
    held.release();
    const { again: sentAgain, unlike } = await workOnBoth(bench, targetEnv, restored);
    const again = await run('restore', [backup, '--into', into, '--without-tombstones'], targetEnv).catch((error: unknown) => error);
    const isRefused = String(at(again, 'stderr')).includes('has rows');
    const canaries = await fileHolds(backup, [CANARY, 'NEXT-FREE0001', 'synthetic.myshopify.com', 'buyer@example.com']);
    const megabytes = Number(size?.['bytes'] ?? 0) / 1e6;
    return {
      tried: `${Number(size?.['orders']).toLocaleString('en')} orders, ${megabytes.toFixed(0)} MB, ${writes.toLocaleString('en')} transactions beside the backup`,
      measured: `${unequal.length} of ${TABLES.length} tables unequal${unequal.length > 0 ? ` (${unequal.join(' ')})` : ''}; ${sentByRestore} requests by the restore, ${sentAgain} writes sent again after it, of ${UNDER_WAY.flat().length} kinds under way at the backup ${unlike.length === 0 ? 'each in Shopify once' : `NOT each once: ${unlike.join(', ')}`}; ${canaries.length} canaries in the file of ${(statSync(backup).size / 1e6).toFixed(1)} MB; backup ${backupSeconds.toFixed(1)} s, restore ${restoreSeconds.toFixed(1)} s; a second restore ${isRefused ? 'refused' : 'NOT refused'}`,
      isKept: unequal.length === 0 && sentByRestore === 0 && sentAgain === 0 && unlike.length === 0 && canaries.length === 0 && isRefused && writes > 1 && restoreSeconds <= 600,
    };
  } finally {
    await stop();
  }
});

/** Among hundreds of thousands of orders a worker looks for longer. */
const WORKED_OFF_MS = process.env['PROMISE_SIZE'] === 'long' ? 600_000 : 60_000;

/** Lets a worker go to work on a database until nothing of what was asked for waits any more, and the reminder of days ago is settled. */
async function workOff(faulty: FaultyApp, env: Record<string, string>, database: pg.Client): Promise<void> {
  const worker = startWorker(faulty, env);
  try {
    await waitFor('the work to be done', async () => {
      if ((await countUnsettled(database)) === 0 && (await isReminderSettled(database))) return true;
      await letTimePass(database);
      return undefined;
    }, { timeoutMs: WORKED_OFF_MS, intervalMs: 250 });
  } finally {
    await kill(worker);
  }
}

/**
 * First on the source, which thereby does all that the backup does not know of, then on what was restored.
 * @returns what was sent again that must not be, and the shops in which Shopify has something more or less often than once
 */
async function workOnBoth(bench: Bench, targetEnv: Record<string, string>, restored: pg.Client): Promise<{ again: number; unlike: string[] }> {
  const { faulty, contexts } = bench;
  await workOff(faulty, faulty.app.env, faulty.owner);
  const before = faulty.proxy.requests.length;
  await workOff(faulty, targetEnv, restored);
  const { rows } = await restored.query<{ state: string }>('SELECT state FROM account_invite_emails WHERE customer_id = $1 ORDER BY step', [LONG_INVITED]);
  expect(rows, 'an invite and its reminder, of which Shopify says that the one went out').toEqual([{ state: 'sent' }, { state: 'unknown' }]);
  const again = faulty.proxy.requests.slice(before).map(writeOf).filter((write) => write !== null && ONLY_ONCE.includes(write));
  const unlike = contexts.flatMap((context, index) => {
    // Of the first shop those that Shopify sent before, and the reminder.
    const expected = { ...EACH_ONCE, invites: EACH_ONCE.invites + (index === 0 ? 4 : 0) };
    const found = effectsIn(storeOf(bench, context));
    return isDeepStrictEqual(found, expected) ? [] : [`${context.shop.domain} ${JSON.stringify(found)}`];
  });
  return { again: again.length, unlike };
}

/** Of one who may have had it by now; where it was never begun there is none to settle. */
async function isReminderSettled(database: pg.Client): Promise<boolean> {
  const { rowCount } = await database.query("UPDATE account_invites i SET not_before = now() FROM account_invite_emails e WHERE (e.shop_id, e.customer_id) = (i.shop_id, i.customer_id) AND e.step = 1 AND e.state = 'intended' AND i.customer_id = $1", [LONG_INVITED]);
  return rowCount === 0;
}
