import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { addCustomer, changeCustomer, deleteCustomer } from '#test/simulator/customer-changes.ts';
import { mergeCustomers } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { SimCustomer } from '#test/simulator/state.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { reconcile, stepsUntil } from '#test/support/reconcile.ts';
import { pullAnew } from './pull-anew.ts';

const ORDERS = 40;
const STORE = syntheticStore(ORDERS, { endsAt: new Date(Date.now() - 3_600_000).toISOString() });
const CUSTOMERS = STORE.customers.length;

let faulty: FaultyApp;
let context: ShopContext;
let shopify: ShopStore;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
});

beforeEach(async () => {
  ({ context, shopify } = await pullAnew(faulty, STORE));
});

afterAll(() => faulty.stop());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const held = (customerId: number) => faulty.rows('SELECT account_state, locale, updated_at FROM customers WHERE customer_id = $1', [customerId]);
const differences = async () =>
  (await faulty.rows('SELECT customer_id, cause, outcome FROM reconciliation_customer_differences ORDER BY customer_id')).map(
    ({ customer_id, cause, outcome }) => [Number(customer_id), cause, outcome],
  );

function theirs(customerId: number): SimCustomer {
  const customer = shopify.customers.get(customerId);
  if (!customer) throw new Error('no customer');
  return customer;
}

/** One whom we hold and who never bought. */
async function aCustomerWithoutOrders(): Promise<SimCustomer> {
  const customer = addCustomer(shopify, minutesAgo(60));
  const { refreshCustomer } = await import('#app/services/sync/refresh-customer.server.ts');
  await refreshCustomer(context, BigInt(customer.id));
  return customer;
}

describe('a comparison', () => {
  it('of two equal copies finds nothing, and says how many customers it compared', async () => {
    expect((await reconcile(context)).latest).toMatchObject({
      ordersCompared: ORDERS, customersCompared: CUSTOMERS, differencesFound: 0, customerDifferences: [], customerDifferencesFound: 0,
    });
  });

  it('finds who is missing, outdated, unequal and gone, repairs it, and then finds nothing', async () => {
    const gone = await aCustomerWithoutOrders();
    deleteCustomer(shopify, gone, minutesAgo(10));
    changeCustomer(shopify, theirs(103), { state: 'ENABLED' }, minutesAgo(20));
    await faulty.owner.query("UPDATE customers SET locale = 'xx' WHERE customer_id = 104");
    await faulty.owner.query('UPDATE customers SET number_of_orders = 99 WHERE customer_id = 105');
    await faulty.owner.query("UPDATE customers SET account_state = 'DECLINED' WHERE customer_id = 106");
    await faulty.owner.query("UPDATE customers SET created_at = '2019-01-01' WHERE customer_id = 107");
    const missing = addCustomer(shopify, minutesAgo(30));

    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ state: 'completed', customersCompared: CUSTOMERS + 2, differencesFound: 7, differencesRepaired: 7, differences: [] });
    expect(await differences()).toEqual([
      [103, 'outdated', 'repaired'], [104, 'unequal', 'repaired'], [105, 'unequal', 'repaired'], [106, 'unequal', 'repaired'], [107, 'unequal', 'repaired'],
      [gone.id, 'gone', 'repaired'], [missing.id, 'missing', 'repaired'],
    ]);
    expect(latest?.customerDifferences).toContainEqual(
      { customerId: '103', cause: 'outdated', outcome: 'repaired', ourUpdatedAtMs: Date.parse(STORE.customers[3]?.updatedAt ?? ''), theirUpdatedAtMs: expect.any(Number) },
    );
    expect(await held(103)).toMatchObject([{ account_state: 'ENABLED' }]);
    expect(await held(gone.id)).toEqual([]);
    expect(await held(missing.id)).toHaveLength(1);
    expect(await faulty.rows('SELECT our_fingerprint FROM reconciliation_customer_differences WHERE our_fingerprint IS NOT NULL')).toEqual([]);

    expect((await reconcile(context)).latest).toMatchObject({ customersCompared: CUSTOMERS + 1, differencesFound: 0 });
  });

  it('leaves to the next who changed a minute ago, and whom we hold in a later version', async () => {
    changeCustomer(shopify, theirs(103), { state: 'ENABLED' }, minutesAgo(1));
    await faulty.owner.query("UPDATE customers SET updated_at = now(), locale = 'xx' WHERE customer_id = 104");
    expect((await reconcile(context)).latest).toMatchObject({ customersCompared: CUSTOMERS - 2, differencesFound: 0 });
  });

  it('looks at those who changed lately once all were compared', async () => {
    await reconcile(context);
    changeCustomer(shopify, theirs(103), { state: 'ENABLED' }, minutesAgo(20));
    await faulty.owner.query("UPDATE customers SET locale = 'xx' WHERE customer_id = 104");
    expect((await reconcile(context, 'recent')).latest).toMatchObject({ scope: 'recent', customersCompared: 1, differencesFound: 1, differencesRepaired: 1 });
    expect((await reconcile(context)).latest).toMatchObject({ customersCompared: CUSTOMERS, differencesFound: 1, differencesRepaired: 1 });
  });

  it('looks at all customers the first time, although the orders have been compared before', async () => {
    await reconcile(context);
    await faulty.owner.query('UPDATE reconciliations SET customers_compared = NULL');
    expect((await reconcile(context, 'recent')).latest).toMatchObject({ scope: 'recent', customersCompared: CUSTOMERS });
    expect((await reconcile(context, 'recent')).latest).toMatchObject({ scope: 'recent', customersCompared: 0 });
  });

  it('is of the orders alone as long as the customers have not been pulled', async () => {
    await faulty.owner.query("DELETE FROM imports WHERE resource = 'customers'");
    expect((await reconcile(context)).latest).toMatchObject({ state: 'completed', ordersCompared: ORDERS, customersCompared: null, differencesFound: 0 });
  });

  it('asks for a pull when there are more to repair than one by one', async () => {
    const many = Array.from({ length: 8_100 }, (_, index) => ({ ...theirs(100), id: 9_000_000 + index, updatedAt: minutesAgo(60).toISOString() }));
    for (const customer of many) shopify.restore('customer', customer);
    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ differencesFound: 8_100, differencesRepaired: 8_100, customerDifferencesFound: 8_100 });
    expect(latest?.customerDifferences).toHaveLength(100);
    expect(await faulty.rows("SELECT count(*)::int AS pulls FROM imports WHERE resource = 'customers'")).toEqual([{ pulls: 2 }]);
  });
});

describe('a customer', () => {
  it('who was merged away while nobody told us is gone, and their orders belong to the one who stayed', async () => {
    await reconcile(context);
    // Older than what a recent comparison looks at: only the customer shows it.
    await faulty.owner.query("UPDATE orders SET processed_at = '2024-01-01', paid_at = '2024-01-01', updated_at = '2024-01-01'");
    for (const order of STORE.orders) shopify.restore('order', { ...order, processedAt: '2024-01-01T00:00:00.000Z', updatedAt: '2024-01-01T00:00:00.000Z' });
    await faulty.owner.query("UPDATE customers SET updated_at = now() - interval '1 hour'");
    for (const customer of STORE.customers) shopify.restore('customer', { ...customer, updatedAt: minutesAgo(60).toISOString() });
    expect(await faulty.rows('SELECT 1 FROM orders WHERE customer_id = 101')).not.toEqual([]);
    mergeCustomers(shopify, 100, 101, minutesAgo(30));
    for (const order of STORE.orders) {
      const customerId = order.customerId === 101 ? 100 : order.customerId;
      shopify.restore('order', { ...order, customerId, processedAt: '2024-01-01T00:00:00.000Z', updatedAt: '2024-01-01T00:00:00.000Z' });
    }

    const { latest } = await reconcile(context, 'recent');
    expect(latest).toMatchObject({ scope: 'recent', ordersCompared: 0 });
    expect(await differences()).toContainEqual([101, 'gone', 'repaired']);
    expect(await faulty.rows('SELECT 1 FROM orders WHERE customer_id = 101')).toEqual([]);
    expect(await held(101)).toEqual([]);
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
  });

  it('who was redacted is not missing, does not come back, and is named in no comparison', async () => {
    changeCustomer(shopify, theirs(100), { state: 'ENABLED' }, minutesAgo(20));
    await reconcile(context);
    expect(await differences()).toEqual([[100, 'outdated', 'repaired']]);
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(context, { customerId: 100n, orderIds: [] });
    expect(await differences()).toEqual([]);
    changeCustomer(shopify, theirs(100), { state: 'DISABLED' }, minutesAgo(10));
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
    expect(await held(100)).toEqual([]);
  });

  it('who was redacted between the list and the repair does not come back, and is no difference', async () => {
    changeCustomer(shopify, theirs(100), { state: 'ENABLED' }, minutesAgo(20));
    await stepsUntil(context, { resource: 'customers', state: 'repairing' });
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(context, { customerId: 100n, orderIds: [] });
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
    expect(await held(100)).toEqual([]);
  });

  it('who is deleted after the list was made, by a webhook that we got, is no difference', async () => {
    const customer = addCustomer(shopify, minutesAgo(30));
    await stepsUntil(context, { resource: 'customers', state: 'running' });
    deleteCustomer(shopify, customer, new Date());
    const { loadCustomersById } = await import('#app/adapters/shopify/load-records.server.ts');
    const { storeCustomers } = await import('#app/services/sync/refresh-customer.server.ts');
    const id = BigInt(customer.id);
    await storeCustomers(context, { readings: await loadCustomersById(context.admin, [id]), removed: new Set([id]) });
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
  });

  it('who is not in the list stays when Shopify has them after all', async () => {
    const customer = await aCustomerWithoutOrders();
    shopify.restore('customer', { ...customer, deletedAt: minutesAgo(10).toISOString() });
    await stepsUntil(context, { resource: 'customers', state: 'repairing' });
    expect(await differences()).toEqual([[customer.id, 'gone', 'open']]);
    shopify.restore('customer', customer);
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
    expect(await held(customer.id)).toHaveLength(1);
    expect(await faulty.rows('SELECT 1 FROM tombstones')).toEqual([]);
  });
});

describe('Shopify', () => {
  const whenAskedForCustomers = (answer: string, status = 200) => {
    faulty.proxy.plan = ({ body }) => (body.includes('bulkOperationRunQuery') && body.includes('customers(') ? { kind: 'answer', status, body: answer } : undefined);
  };

  it('refuses to list the customers, and the comparison fails with the orders compared', async () => {
    whenAskedForCustomers('{"errors":[{"message":"access denied"}]}');
    await faulty.owner.query('UPDATE orders SET current_total_minor = 1 WHERE order_id = 1000040');
    expect((await reconcile(context)).recent).toMatchObject([
      { state: 'failed', errorCode: 'request-refused', resource: 'customers', ordersCompared: ORDERS, customersCompared: null, differencesFound: 1, differencesRepaired: 1 },
    ]);
    expect(await faulty.rows('SELECT 1 FROM orders WHERE current_total_minor = 1')).toEqual([]);
  });

  it('does not answer while customers are repaired, and the next turn goes on', async () => {
    await faulty.owner.query("UPDATE customers SET locale = 'xx' WHERE customer_id = 104");
    let isDown = false;
    let isMended = false;
    faulty.proxy.plan = ({ body }) => {
      isDown ||= body.includes('gid://shopify/Customer/104');
      return isDown && !isMended ? { kind: 'answer', status: 503, body: 'no' } : undefined;
    };
    await expect(reconcile(context)).rejects.toThrow('answered 503');
    isMended = true;
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 1, differencesRepaired: 1 });
  });

  it('answers with a customer whom nobody can read, which is said', async () => {
    await faulty.owner.query("UPDATE customers SET locale = 'xx' WHERE customer_id = 104");
    faulty.proxy.plan = ({ body }) =>
      body.includes('gid://shopify/Customer/104')
        ? { kind: 'answer', status: 200, body: JSON.stringify({ data: { nodes: [{ id: 'gid://shopify/Customer/104', createdAt: 'once' }] } }) }
        : undefined;
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 1, differencesRepaired: 0 });
    expect(await differences()).toEqual([[104, 'unequal', 'failed']]);
  });
});
