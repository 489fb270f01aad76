import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { until } from '#test/simulator/simulator-client.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BULK_FILE, startFaultyImport, type FaultyImport } from '#test/support/faulty-import.ts';

const ORDERS = 150;
const STORE = syntheticStore(ORDERS);
const DOMAIN = STORE.shop.domain;
const ordersOfCustomers = (first: number, last: number) => STORE.orders.filter(({ customerId }) => customerId !== null && customerId >= first && customerId <= last).length;

let importing: FaultyImport;

beforeAll(async () => {
  importing = await startFaultyImport(STORE);
});

beforeEach(() => importing.begin());

afterEach(() => {
  for (const undo of unmerged.splice(0)) undo();
});

afterAll(() => importing.faulty.stop());

const unmerged: (() => void)[] = [];

/** Until the end of the test. Whoever tells of a merge is believed only if Shopify says so too. */
function mergedInShopify(removedId: number, keptId: number): void {
  const store = importing.faulty.app.running.simulator.shops.get(DOMAIN);
  const customer = store?.customers.get(removedId);
  if (!store || !customer) throw new Error('no customer');
  store.save('customer', { ...customer, mergedIntoId: keptId });
  unmerged.push(() => store.save('customer', customer));
}

describe('an import that is interrupted', () => {
  it.each(['orders', 'refunds', 'order_lines'])('comes to the same end when PostgreSQL closes its connection while it writes %s', async (table) => {
    await importing.pullUntilStoring();
    const holder = new pg.Client({ connectionString: importing.faulty.app.ownerUrl });
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
    const broken = importing.step();
    await until(
      async () =>
        (await importing.faulty.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )).length,
      (killed) => killed === 1,
    );
    expect(await broken).toMatchObject({ code: '57P01' });
    await holder.end();
    expect(await importing.pull()).toEqual([]);
    expect(await importing.stateHash()).toEqual(importing.whole);
    const orders = await importing.ordersImport();
    expect(orders['objects_stored']).toBe(orders['objects_reported']);
  });

  it('stores each object once when two workers store the same file', async () => {
    await importing.pullUntilStoring();
    const outcomes = await Promise.all([importing.step(), importing.step(), importing.step()]);
    expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([]);
    expect(await importing.pull()).toEqual([]);
    expect(await importing.stateHash()).toEqual(importing.whole);
    const orders = await importing.ordersImport();
    expect(orders['objects_stored']).toBe(orders['objects_reported']);
  });

  it('stops at once when it is cancelled while Shopify runs it', async () => {
    await importing.step();
    const { cancelImports } = await import('#app/services/sync/cancel-imports.server.ts');
    await cancelImports(importing.context);
    expect(await importing.pull()).toEqual([]);
    expect(await importing.imports()).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
  });

  it('is cancelled also when Shopify refuses to be told', async () => {
    await importing.step();
    importing.failFirst(9, (_path, body) => body.includes('bulkOperationCancel'), { kind: 'answer', status: 200, body: '{"errors":[{"message":"no"}]}' });
    const { cancelImports } = await import('#app/services/sync/cancel-imports.server.ts');
    await cancelImports(importing.context);
    expect(await importing.imports()).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }]);
  });

  it('stores nothing more when it is cancelled while it stores', async () => {
    await importing.pullUntilStoring();
    const { cancelImports } = await import('#app/services/sync/cancel-imports.server.ts');
    let cancelled = 0;
    importing.faulty.proxy.plan = async ({ path }) => {
      // The file is on its way; by the time it is here nobody wants it.
      if (BULK_FILE.test(path)) await cancelImports(importing.context).then(() => (cancelled += 1));
      return undefined;
    };
    await importing.step();
    expect(cancelled).toBeGreaterThan(0);
    expect((await importing.imports()).map((row) => row['state'])).toEqual(['cancelled', 'cancelled']);
    expect((await importing.ordersImport())['objects_stored']).toBe(0);
  });

  it('loses no line of an order that we had when a second pull is cancelled halfway', async () => {
    expect(await importing.pull()).toEqual([]);
    const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
    await restartImports(importing.context);
    // All orders of the file have come, and the import has not ended.
    await importing.faulty.owner.query(`
      CREATE FUNCTION cancel_after_orders() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.pass = 0 AND NEW.line > 0 AND NEW.objects_stored >= ${ORDERS} THEN NEW.state := 'cancelled'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER cancel_after_orders BEFORE UPDATE ON imports FOR EACH ROW EXECUTE FUNCTION cancel_after_orders()`);
    try {
      await importing.pull();
    } finally {
      await importing.faulty.owner.query('DROP TRIGGER cancel_after_orders ON imports; DROP FUNCTION cancel_after_orders');
    }
    expect((await importing.faulty.rows("SELECT state FROM imports WHERE resource = 'orders' ORDER BY requested_at"))[1]).toEqual({ state: 'cancelled' });
    expect(await importing.stateHash()).toEqual(importing.whole);
  });

  it('ends as cancelled when the app is uninstalled meanwhile, also before we have heard of it', async () => {
    await importing.step();
    const store = importing.faulty.app.running.simulator.requireStore(DOMAIN);
    importing.faulty.app.running.simulator.uninstall(store);
    expect(await importing.pull()).toEqual([]);
    expect(await importing.imports()).toMatchObject([{ state: 'failed', error_code: 'access-lost' }, { state: 'failed', error_code: 'access-lost' }]);

    const { recordUninstall } = await import('#app/services/sync/record-uninstall.server.ts');
    expect(await recordUninstall(importing.context)).toBe('uninstalled');
  });

  it('does not bring back a customer who was redacted while it stored', async () => {
    await importing.pullUntilStoring();
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    let redacted: Promise<unknown> | undefined;
    importing.faulty.proxy.plan = async ({ path }) => {
      // After the import began to store, and before its first batch.
      if (BULK_FILE.test(path)) await (redacted ??= redactCustomer(importing.context, { customerId: 100n, orderIds: [] }));
      return undefined;
    };
    expect(await importing.pull()).toEqual([]);
    expect(await redacted).toBe('redacted');
    expect(await importing.faulty.rows('SELECT 1 FROM orders WHERE customer_id = 100')).toEqual([]);
    expect(await importing.faulty.rows('SELECT 1 FROM customers WHERE customer_id = 100')).toEqual([]);
  });

  it('waits for a redaction that is under way, and knows of it then', async () => {
    await importing.pullUntilStoring();
    const { raiseTombstoneOn } = await import('#app/adapters/db/tombstones.repository.server.ts');
    const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
    const waiting = () => importing.faulty.rows("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
    let storing: Promise<unknown> | undefined;
    await withTenantConnection(importing.context.pool, importing.context.shop, async (connection) => {
      await connection.query('UPDATE shops SET data_version = data_version + 1 WHERE shop_id = $1', [importing.context.shop.shopId]);
      await raiseTombstoneOn(connection, importing.context.sealedBox, importing.context.shop, 'customer', 100n);
      storing ??= importing.step();
      await until(waiting, ({ length }) => length > 0);
    });
    expect(await storing).toBeUndefined();
    expect(await importing.pull()).toEqual([]);
    expect(await importing.faulty.rows('SELECT 1 FROM orders WHERE customer_id = 100')).toEqual([]);
    expect(await importing.faulty.rows('SELECT 1 FROM orders WHERE customer_id < 0')).not.toEqual([]);
  });

  it('does not undo a merge, a chain of them or a deletion that came while its file was on its way', async () => {
    await importing.pullUntilStoring();
    const { mergeCustomers, storeCustomers } = await import('#app/services/sync/refresh-customer.server.ts');
    const gid = (id: number) => `gid://shopify/Customer/${id}`;
    // Shopify has made the file, and nothing of it is here. A chain of two merges, the second told first.
    mergedInShopify(100, 101);
    mergedInShopify(101, 102);
    await mergeCustomers(importing.context, { keptGid: gid(102), deletedGid: gid(101) });
    await mergeCustomers(importing.context, { keptGid: gid(101), deletedGid: gid(100) });
    // And a chain as it was made.
    mergedInShopify(104, 105);
    mergedInShopify(105, 106);
    await mergeCustomers(importing.context, { keptGid: gid(105), deletedGid: gid(104) });
    await mergeCustomers(importing.context, { keptGid: gid(106), deletedGid: gid(105) });
    await storeCustomers(importing.context, { readings: new Map([[103n, { kind: 'absent' }]]), removed: new Set([103n]) });
    const ordersOf = async (ids: string) => (await importing.faulty.rows(`SELECT count(*)::int AS n FROM orders WHERE customer_id IN (${ids})`))[0]?.['n'];
    expect(await importing.pull()).toEqual([]);
    expect(await ordersOf('100, 101')).toBe(0);
    expect(await ordersOf('102')).toBe(ordersOfCustomers(100, 102));
    expect([await ordersOf('104, 105'), await ordersOf('106')]).toEqual([0, ordersOfCustomers(104, 106)]);
    // Those of a customer who was only deleted keep what Shopify says of them.
    expect(await ordersOf('103')).toBeGreaterThan(0);
    expect(await importing.faulty.rows('SELECT customer_id FROM customers WHERE customer_id IN (100, 101, 103)')).toEqual([]);
  });

  it('brings the orders of a merged customer under the pseudonym once the one that stayed is redacted', async () => {
    const { mergeCustomers } = await import('#app/services/sync/refresh-customer.server.ts');
    await importing.pullUntilStoring();
    mergedInShopify(100, 101);
    await mergeCustomers(importing.context, { keptGid: 'gid://shopify/Customer/101', deletedGid: 'gid://shopify/Customer/100' });
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(importing.context, { customerId: 101n, orderIds: [] });
    // Whoever was redacted before they were merged away stays forgotten, whoever stayed.
    await redactCustomer(importing.context, { customerId: 107n, orderIds: [] });
    mergedInShopify(107, 108);
    await mergeCustomers(importing.context, { keptGid: 'gid://shopify/Customer/108', deletedGid: 'gid://shopify/Customer/107' });
    expect(await importing.pull()).toEqual([]);
    expect(await importing.faulty.rows('SELECT 1 FROM orders WHERE customer_id IN (100, 101, 107)')).toEqual([]);
    expect(await importing.faulty.rows('SELECT count(*)::int AS n FROM orders WHERE customer_id = 108')).toEqual([{ n: ordersOfCustomers(108, 108) }]);
    expect(await importing.faulty.rows("SELECT DISTINCT name, count(DISTINCT customer_id)::int AS customers FROM orders WHERE customer_id < 0 GROUP BY name")).toEqual([
      { name: '', customers: 2 },
    ]);
    expect(await importing.faulty.rows('SELECT kept_customer_id FROM customer_merges WHERE kept_customer_id > 0')).toEqual([{ kept_customer_id: '108' }]);
  });
});
