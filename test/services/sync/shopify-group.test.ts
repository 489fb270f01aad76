import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { jsonLines } from '#test/support/bulk-lines.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { reconcile } from '#test/support/reconcile.ts';
import { scriptBulk } from '#test/support/scripted-bulk.ts';

const STORE = syntheticStore(12, { endsAt: new Date(Date.now() - 3_600_000).toISOString() });
const DOMAIN = STORE.shop.domain;
const ID = 103;
const GID = `gid://shopify/Customer/${ID}`;

let faulty: FaultyApp;
let context: ShopContext;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(DOMAIN);
});

beforeEach(async () => {
  faulty.proxy.clear();
  await faulty.owner.query('TRUNCATE imports, orders, order_lines, customers, tombstones, reconciliations CASCADE');
  await faulty.owner.query("UPDATE shops SET reconcile_due_at = now() + interval '9 hours', freshness_due_at = now() + interval '9 hours'");
});

afterAll(() => faulty.stop());

async function pull(): Promise<void> {
  const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
  await restartImports(context);
  expect(await faulty.pull(context)).toEqual([]);
}

async function refresh(): Promise<string> {
  const { refreshCustomer } = await import('#app/services/sync/refresh-customer.server.ts');
  return refreshCustomer(context, BigInt(ID));
}

const groups = async () => (await faulty.rows('SELECT DISTINCT shopify_rfm_group AS name FROM customers ORDER BY 1')).map(({ name }) => name);
const groupOf = async () => (await faulty.rows('SELECT shopify_rfm_group AS name FROM customers WHERE customer_id = $1', [ID]))[0]?.['name'];
const facts = { id: GID, createdAt: '2020-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z', state: 'ENABLED', locale: 'en', numberOfOrders: '1' };
const answer = (body: object) => ({ kind: 'answer', status: 200, body: JSON.stringify(body) }) as const;
const denied = (path: (string | number)[]) => ({ message: 'Access denied', path, extensions: { code: 'ACCESS_DENIED' } });
const isOfCustomers = (body: string) => body.includes('CustomersById');

it('a pull brings the group that Shopify gives each customer', async () => {
  await pull();
  expect(await groups()).toEqual(['ACTIVE']);
});

it('a single customer brings it too, with a name that nobody has heard of', async () => {
  faulty.proxy.plan = ({ body }) => (isOfCustomers(body) ? answer({ data: { nodes: [{ ...facts, statistics: { rfmGroup: 'SUPER_FANS' } }] } }) : undefined);
  expect(await refresh()).toBe('stored');
  expect(await groupOf()).toBe('SUPER_FANS');
});

it.each([
  ['does not tell it', { statistics: { rfmGroup: null } }],
  ['was not asked for it, as with an order', {}],
])('it stays when Shopify %s', async (_why, statistics) => {
  await pull();
  faulty.proxy.plan = ({ body }) => (isOfCustomers(body) ? answer({ data: { nodes: [{ ...facts, updatedAt: new Date().toISOString(), ...statistics }] } }) : undefined);
  expect(await refresh()).toBe('stored');
  expect(await groupOf()).toBe('ACTIVE');
});

it('a customer comes without it when Shopify withholds it, and is never taken for deleted', async () => {
  const asked: unknown[] = [];
  faulty.proxy.plan = ({ body }) => {
    if (!isOfCustomers(body)) return undefined;
    const { variables } = JSON.parse(body) as { variables: { withGroup: boolean } };
    asked.push(variables.withGroup);
    return variables.withGroup ? answer({ data: { nodes: [null] }, errors: [denied(['nodes', 0, 'statistics'])] }) : answer({ data: { nodes: [facts] } });
  };
  expect(await refresh()).toBe('stored');
  expect(asked).toEqual([true, false]);
  expect(await groupOf()).toBeNull();
});

it('a pull that may not see it comes without it', async () => {
  await pull();
  const asked: string[] = [];
  const lines = STORE.customers.map(({ id }) => ({ ...facts, id: `gid://shopify/Customer/${id}` }));
  const script = scriptBulk([
    { status: 'FAILED', errorCode: 'ACCESS_DENIED', objectCount: 0, file: null },
    { objectCount: lines.length, file: jsonLines(lines) },
  ]);
  faulty.proxy.plan = (request) => {
    if (request.body.includes('bulkOperationRunQuery')) asked.push(request.body);
    return script(request);
  };
  await faulty.owner.query('TRUNCATE imports, customers');
  await faulty.owner.query("INSERT INTO imports (shop_id, import_id, resource, state, requested_at) SELECT shop_id, gen_random_uuid(), 'customers', 'requested', now() FROM shops");
  expect(await faulty.pull(context)).toEqual([]);
  expect(await faulty.rows('SELECT state FROM imports')).toEqual([{ state: 'completed' }]);
  expect(asked.map((body) => body.includes('rfmGroup'))).toEqual([true, false]);
  expect(await groups()).toEqual([null]);
});

it('moves by itself: the nightly comparison takes it over and calls it no difference', async () => {
  await pull();
  await faulty.owner.query("UPDATE customers SET shopify_rfm_group = 'DORMANT' WHERE customer_id = $1", [ID]);
  const version = async () => Number((await faulty.rows('SELECT data_version FROM shops'))[0]?.['data_version']);
  const before = await version();
  expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0, customersCompared: STORE.customers.length });
  expect(await groups()).toEqual(['ACTIVE']);
  expect(await version()).toBe(before + 1);
  await reconcile(context);
  expect(await version()).toBe(before + 1);
});
