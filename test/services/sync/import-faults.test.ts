import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { FaultRule } from '#test/simulator/faults/fault-rules.ts';
import { until } from '#test/simulator/simulator-client.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import type { Fault } from '#test/support/fault-proxy.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { scriptBulk } from '#test/support/scripted-bulk.ts';

const ORDERS = 150;
const STORE = syntheticStore(ORDERS);
const DOMAIN = STORE.shop.domain;
const ORDERS_OF_THREE = STORE.orders.filter(({ customerId }) => customerId !== null && customerId >= 100 && customerId <= 102).length;
const FILE = /^\/bulk\/\d+\.jsonl/;

let faulty: FaultyApp;
let context: ShopContext;
let whole: unknown;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(DOMAIN);
  expect(await faulty.pull(context)).toEqual([]);
  whole = await stateHash();
});

/** A shop that has just asked for its history, with nothing of it here. */
beforeEach(async () => {
  faulty.proxy.clear();
  await faulty.owner.query('TRUNCATE imports, orders, order_lines, refunds, fulfillments, customers, tombstones, customer_merges');
  await faulty.owner.query('UPDATE shops SET installed_at = null, uninstalled_at = null');
  context = await faulty.app.install(DOMAIN);
  const { recordInstall } = await import('#app/services/sync/record-install.server.ts');
  await recordInstall(context);
  faulty.proxy.clear();
});

afterEach(() => {
  for (const undo of unmerged.splice(0)) undo();
});

afterAll(() => faulty.stop());

async function stateHash(): Promise<unknown> {
  // Neither who wrote a row nor in which turn.
  const row = "(to_jsonb(t) - '{import_id,data_version}'::text[])";
  const of = (table: string) => `(SELECT md5(string_agg(${row}::text, '|' ORDER BY ${row})) FROM ${table} t) AS ${table}`;
  const [hashes] = await faulty.rows(
    `SELECT ${of('orders')}, ${of('order_lines')}, ${of('refunds')}, ${of('fulfillments')},
       ${of('customers')}`,
  );
  return hashes;
}

const imports = () => faulty.rows('SELECT resource, state, error_code, attempts FROM imports ORDER BY resource');
const ordersImport = async () => (await faulty.rows("SELECT * FROM imports WHERE resource = 'orders'"))[0] ?? {};

/** Faults for the first `times` requests that fit, then none. */
function failFirst(times: number, fits: (path: string, body: string) => boolean, fault: Fault): void {
  let left = times;
  faulty.proxy.plan = ({ path, body }) => {
    if (left === 0 || !fits(path, body)) return undefined;
    left -= 1;
    return fault;
  };
}

const unmerged: (() => void)[] = [];

/** Until the end of the test. Whoever tells of a merge is believed only if Shopify says so too. */
function mergedInShopify(removedId: number, keptId: number): void {
  const store = faulty.app.running.simulator.shops.get(DOMAIN);
  const customer = store?.customers.get(removedId);
  if (!store || !customer) throw new Error('no customer');
  store.save('customer', { ...customer, mergedIntoId: keptId });
  unmerged.push(() => store.save('customer', customer));
}

async function step(): Promise<unknown> {
  const { advanceImports } = await import('#app/services/sync/import/advance-imports.server.ts');
  return advanceImports(context).then(() => undefined, (error: unknown) => error);
}

/** Until the orders are being stored: one batch of them is in, the rest is not. */
async function pullUntilStoring(): Promise<void> {
  for (let tries = 0; (await ordersImport())['state'] !== 'storing'; tries += 1) {
    if (tries > 200) throw new Error('the import never came to storing');
    failFirst(99, (path) => FILE.test(path), { kind: 'reset' });
    await step();
  }
  faulty.proxy.clear();
}

describe('the file of a bulk operation', () => {
  it.each<[string, Fault]>([
    ['a reset in its middle', { kind: 'cut', afterBytes: 100_000 }],
    ['a reset before it', { kind: 'reset' }],
    ['a server error', { kind: 'answer', status: 503, body: 'SlowDown' }],
  ])('is fetched again after %s', async (_what, fault) => {
    failFirst(1, (path) => FILE.test(path), fault);
    const errors = await faulty.pull(context);
    expect(errors).toEqual([expect.objectContaining({ name: 'ShopifyUnavailableError' })]);
    expect(await stateHash()).toEqual(whole);
    expect(await imports()).toMatchObject([{ state: 'completed' }, { state: 'completed', attempts: 0 }]);
  });

  it.each([403, 404, 410])('is made anew when its address answers %i', async (status) => {
    failFirst(1, (path) => FILE.test(path), { kind: 'answer', status, body: 'ExpiredToken' });
    expect(await faulty.pull(context)).toEqual([]);
    expect(await stateHash()).toEqual(whole);
    expect(await ordersImport()).toMatchObject({ state: 'completed', attempts: 1, error_code: null });
  });

  it('is given up after three addresses that answer 403', async () => {
    failFirst(99, (path) => FILE.test(path), { kind: 'answer', status: 403, body: 'ExpiredToken' });
    expect(await faulty.pull(context)).toEqual([]);
    expect(await ordersImport()).toMatchObject({ state: 'failed', attempts: 3, error_code: 'file-gone' });
  });
});

describe('a bulk operation that ends badly', () => {
  const failing = (errorCode: 'ACCESS_DENIED' | 'INTERNAL_SERVER_ERROR' | 'TIMEOUT'): FaultRule => ({
    where: 'bulk',
    what: { kind: 'failed', errorCode, share: 0.5 },
  });
  const bad: [string, FaultRule, string][] = [
    ['FAILED', failing('INTERNAL_SERVER_ERROR'), 'INTERNAL_SERVER_ERROR'],
    ['FAILED for want of access', failing('ACCESS_DENIED'), 'ACCESS_DENIED'],
    ['FAILED after the time it is given', failing('TIMEOUT'), 'TIMEOUT'],
    ['EXPIRED', { where: 'bulk', what: { kind: 'expired' } }, 'EXPIRED'],
    ['COMPLETED with objects and without a file', { where: 'bulk', what: { kind: 'no-url' } }, 'file-missing'],
    ['COMPLETED with a file that lacks objects', { where: 'bulk-file', what: { kind: 'short', share: 0.5, wholeLines: true } }, 'file-cut-short'],
  ];
  const plan = (...rules: FaultRule[]) => faulty.app.running.simulator.faults.set({ seed: 1, rules });

  afterEach(() => faulty.app.running.simulator.faults.clear());

  it.each(bad)('is asked for again: %s', async (_what, rule) => {
    // The orders' is the first.
    plan({ ...rule, first: 1 });
    expect(await faulty.pull(context)).toEqual([]);
    expect(await stateHash()).toEqual(whole);
    expect(await ordersImport()).toMatchObject({ state: 'completed', attempts: 1, error_code: null });
  });

  it.each(bad)('is given up after three times: %s', async (_what, rule, errorCode) => {
    plan(rule);
    const { bulk } = faulty.app.running.simulator;
    const before = bulk.list(DOMAIN).length;
    expect(await faulty.pull(context)).toEqual([]);
    expect(bulk.list(DOMAIN).length - before).toBe(6);
    expect(await imports()).toEqual([
      { resource: 'customers', state: 'failed', error_code: errorCode, attempts: 3 },
      { resource: 'orders', state: 'failed', error_code: errorCode, attempts: 3 },
    ]);
  });

  it('that somebody cancelled ends the import as cancelled', async () => {
    plan({ where: 'bulk', what: { kind: 'canceled' } });
    expect(await faulty.pull(context)).toEqual([]);
    expect(await imports()).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
  });

  it('with nothing in it is complete', async () => {
    faulty.proxy.plan = scriptBulk([{ objectCount: 0, file: null }]);
    expect(await faulty.pull(context)).toEqual([]);
    expect(await imports()).toMatchObject([{ state: 'completed' }, { state: 'completed' }]);
  });

  it('that Shopify forgot is asked for again', async () => {
    let forgotten = 0;
    faulty.proxy.plan = ({ body }) => {
      if (!body.includes('bulkOperation(id:') || forgotten === 1) return undefined;
      forgotten += 1;
      return { kind: 'answer', status: 200, body: '{"data":{"bulkOperation":null}}' };
    };
    expect(await faulty.pull(context)).toEqual([]);
    expect(await stateHash()).toEqual(whole);
  });

  it('is refused for good when the question is wrong', async () => {
    const refusal = { bulkOperationRunQuery: { bulkOperation: null, userErrors: [{ field: ['query'], message: 'Invalid bulk query', code: 'INVALID' }] } };
    failFirst(9, (_path, body) => body.includes('bulkOperationRunQuery'), { kind: 'answer', status: 200, body: JSON.stringify({ data: refusal }) });
    expect(await faulty.pull(context)).toEqual([]);
    expect(await imports()).toMatchObject([{ error_code: 'request-refused' }, { error_code: 'request-refused' }]);
  });
});

describe('starting a bulk operation', () => {
  it('waits for a place when more are under way than Shopify allows', async () => {
    const busy = { bulkOperationRunQuery: { bulkOperation: null, userErrors: [{ field: null, message: 'in progress', code: 'OPERATION_IN_PROGRESS' }] } };
    failFirst(4, (_path, body) => body.includes('bulkOperationRunQuery'), { kind: 'answer', status: 200, body: JSON.stringify({ data: busy }) });
    expect(await faulty.pull(context)).toEqual([]);
    expect(await stateHash()).toEqual(whole);
    expect(await imports()).toMatchObject([{ attempts: 0 }, { attempts: 0 }]);
  });

  it('whose answer was lost costs another operation and nothing else', async () => {
    failFirst(1, (_path, body) => body.includes('bulkOperationRunQuery'), { kind: 'reset-after' });
    expect(await faulty.pull(context)).toHaveLength(1);
    expect(await stateHash()).toEqual(whole);
  });
});

describe('an import that is interrupted', () => {
  it.each(['orders', 'refunds', 'order_lines'])('comes to the same end when PostgreSQL closes its connection while it writes %s', async (table) => {
    await pullUntilStoring();
    const holder = new pg.Client({ connectionString: faulty.app.ownerUrl });
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    const broken = step();
    await until(
      async () =>
        (await faulty.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )).length,
      (killed) => killed === 1,
    );
    expect(await broken).toMatchObject({ code: '57P01' });
    await holder.end();
    expect(await faulty.pull(context)).toEqual([]);
    expect(await stateHash()).toEqual(whole);
    const orders = await ordersImport();
    expect(orders['objects_stored']).toBe(orders['objects_reported']);
  });

  it('stores each object once when two workers store the same file', async () => {
    await pullUntilStoring();
    const outcomes = await Promise.all([step(), step(), step()]);
    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([]);
    expect(await faulty.pull(context)).toEqual([]);
    expect(await stateHash()).toEqual(whole);
    const orders = await ordersImport();
    expect(orders['objects_stored']).toBe(orders['objects_reported']);
  });

  it('stops at once when it is cancelled while Shopify runs it', async () => {
    await step();
    const { cancelImports } = await import('#app/services/sync/cancel-imports.server.ts');
    await cancelImports(context);
    expect(await faulty.pull(context)).toEqual([]);
    expect(await imports()).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
  });

  it('is cancelled also when Shopify refuses to be told', async () => {
    await step();
    failFirst(9, (_path, body) => body.includes('bulkOperationCancel'), { kind: 'answer', status: 200, body: '{"errors":[{"message":"no"}]}' });
    const { cancelImports } = await import('#app/services/sync/cancel-imports.server.ts');
    await cancelImports(context);
    expect(await imports()).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
  });

  it('stores nothing more when it is cancelled while it stores', async () => {
    await pullUntilStoring();
    const { cancelImports } = await import('#app/services/sync/cancel-imports.server.ts');
    let cancelled = 0;
    faulty.proxy.plan = async ({ path }) => {
      // The file is on its way; by the time it is here nobody wants it.
      if (FILE.test(path)) await cancelImports(context).then(() => (cancelled += 1));
      return undefined;
    };
    await step();
    expect(cancelled).toBeGreaterThan(0);
    expect((await imports()).map((row) => row['state'])).toEqual(['cancelled', 'cancelled']);
    expect((await ordersImport())['objects_stored']).toBe(0);
  });

  it('loses no line of an order that we had when a second pull is cancelled halfway', async () => {
    expect(await faulty.pull(context)).toEqual([]);
    const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
    await restartImports(context);
    // All orders of the file have come, and the import has not ended.
    await faulty.owner.query(`
      CREATE FUNCTION cancel_after_orders() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.pass = 0 AND NEW.line > 0 AND NEW.objects_stored >= ${ORDERS} THEN NEW.state := 'cancelled'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER cancel_after_orders BEFORE UPDATE ON imports FOR EACH ROW EXECUTE FUNCTION cancel_after_orders()`);
    try {
      await faulty.pull(context);
    } finally {
      await faulty.owner.query('DROP TRIGGER cancel_after_orders ON imports; DROP FUNCTION cancel_after_orders');
    }
    expect((await faulty.rows("SELECT state FROM imports WHERE resource = 'orders' ORDER BY requested_at"))[1]).toEqual({ state: 'cancelled' });
    expect(await stateHash()).toEqual(whole);
  });

  it('ends as cancelled when the app is uninstalled meanwhile, also before we have heard of it', async () => {
    await step();
    const store = faulty.app.running.simulator.shops.get(DOMAIN);
    if (!store) throw new Error('no store');
    faulty.app.running.simulator.uninstall(store);
    expect(await faulty.pull(context)).toEqual([]);
    expect(await imports()).toMatchObject([{ state: 'failed', error_code: 'access-lost' }, { state: 'failed', error_code: 'access-lost' }]);

    const { recordUninstall } = await import('#app/services/sync/record-uninstall.server.ts');
    expect(await recordUninstall(context)).toBe('uninstalled');
  });

  it('does not bring back a customer who was redacted while it stored', async () => {
    await pullUntilStoring();
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    let redacted: Promise<unknown> | undefined;
    faulty.proxy.plan = async ({ path }) => {
      // After the import began to store, and before its first batch.
      if (FILE.test(path)) await (redacted ??= redactCustomer(context, { customerId: 100n, orderIds: [] }));
      return undefined;
    };
    expect(await faulty.pull(context)).toEqual([]);
    expect(await redacted).toBe('redacted');
    expect(await faulty.rows('SELECT 1 FROM orders WHERE customer_id = 100')).toEqual([]);
    expect(await faulty.rows('SELECT 1 FROM customers WHERE customer_id = 100')).toEqual([]);
  });

  it('waits for a redaction that is under way, and knows of it then', async () => {
    await pullUntilStoring();
    const { raiseTombstoneOn } = await import('#app/adapters/db/tombstones.repository.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    const waiting = () => faulty.rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
    let storing: Promise<unknown> | undefined;
    await withTenantConnection(context.pool, context.shop, async (connection) => {
      await connection.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [context.shop.shopId]);
      await raiseTombstoneOn(connection, context.sealedBox, context.shop, 'customer', 100n);
      storing ??= step();
      await until(waiting, ({ length }) => length > 0);
    });
    expect(await storing).toBeUndefined();
    expect(await faulty.pull(context)).toEqual([]);
    expect(await faulty.rows('SELECT 1 FROM orders WHERE customer_id = 100')).toEqual([]);
    expect(await faulty.rows('SELECT 1 FROM orders WHERE customer_id < 0')).not.toEqual([]);
  });

  it('does not undo a merge or a deletion that came while its file was on its way', async () => {
    await pullUntilStoring();
    const { mergeCustomers, removeCustomer } = await import('#app/services/sync/refresh-customer.server.ts');
    const gid = (id: number) => `gid://shopify/Customer/${id}`;
    // Shopify has made the file, and nothing of it is here. A chain of two merges, the second told first.
    mergedInShopify(100, 101);
    mergedInShopify(101, 102);
    await mergeCustomers(context, { keptGid: gid(102), deletedGid: gid(101) });
    await mergeCustomers(context, { keptGid: gid(101), deletedGid: gid(100) });
    await removeCustomer(context, 103n);
    const ordersOf = async (ids: string) => (await faulty.rows(`SELECT count(*)::int AS n FROM orders WHERE customer_id IN (${ids})`))[0]?.['n'];
    expect(await faulty.pull(context)).toEqual([]);
    expect(await ordersOf('100, 101')).toBe(0);
    expect(await ordersOf('102')).toBe(ORDERS_OF_THREE);
    // Those of a customer who was only deleted keep what Shopify says of them.
    expect(await ordersOf('103')).toBeGreaterThan(0);
    expect(await faulty.rows('SELECT customer_id FROM customers WHERE customer_id IN (100, 101, 103)')).toEqual([]);
  });

  it('brings the orders of a merged customer under the pseudonym once the one that stayed is redacted', async () => {
    const { mergeCustomers } = await import('#app/services/sync/refresh-customer.server.ts');
    await pullUntilStoring();
    mergedInShopify(100, 101);
    await mergeCustomers(context, { keptGid: 'gid://shopify/Customer/101', deletedGid: 'gid://shopify/Customer/100' });
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(context, { customerId: 101n, orderIds: [] });
    expect(await faulty.pull(context)).toEqual([]);
    expect(await faulty.rows('SELECT 1 FROM orders WHERE customer_id IN (100, 101)')).toEqual([]);
    expect(await faulty.rows("SELECT DISTINCT name, count(DISTINCT customer_id)::int AS customers FROM orders WHERE customer_id < 0 GROUP BY name")).toEqual([
      { name: '', customers: 1 },
    ]);
    expect(await faulty.rows('SELECT 1 FROM customer_merges WHERE kept_customer_id > 0')).toEqual([]);
  });
});
