import { readFileSync } from 'node:fs';

import { parse } from 'smol-toml';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ReconciliationTurn } from '#app/services/sync/reconcile/advance-reconciliation.server.ts';
import { refundOrder } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { advanceUntilCompared, reconcile } from '#test/support/reconcile.ts';

const ORDERS = 20;
const STORE = syntheticStore(ORDERS);
const DOMAIN = STORE.shop.domain;
const ORDER_TOPICS = ['orders/create', 'orders/delete', 'orders/updated'];

let faulty: FaultyApp;
let context: ShopContext;
let shopify: ShopStore;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
});

/** A shop that is pulled whole, whose webhooks reach nobody. */
beforeEach(async () => {
  faulty.proxy.clear();
  await faulty.owner.query('TRUNCATE webhook_inbox, imports, orders, customers, tombstones, reconciliations CASCADE');
  await faulty.owner.query('UPDATE shops SET installed_at = null, uninstalled_at = null');
  faulty.app.running.setUpstream('http://127.0.0.1:9');
  const { simulator } = faulty.app.running;
  shopify = simulator.requireStore(DOMAIN);
  for (const order of STORE.orders) shopify.restore('order', order);
  for (const customer of STORE.customers) shopify.restore('customer', customer);
  context = await faulty.app.install(DOMAIN);
  await faulty.owner.query("UPDATE shops SET installed_at = now() - interval '1 day'");
  for (const { id } of simulator.apiSubscriptions(DOMAIN)) simulator.deleteSubscription(DOMAIN, id);
});

afterAll(() => faulty.stop());

async function advance(): Promise<ReconciliationTurn> {
  const { advanceReconciliation } = await import('#app/services/sync/reconcile/advance-reconciliation.server.ts');
  return advanceReconciliation(context);
}

const runs = () => faulty.rows('SELECT state, cause, scope, error_code, subscriptions_made FROM reconciliations ORDER BY requested_at');
const dueInMinutes = async () => {
  const [row] = await faulty.rows(
    `SELECT round(extract(epoch FROM reconcile_due_at - now()) / 60)::int AS comparison,
       round(extract(epoch FROM freshness_due_at - now()) / 60)::int AS freshness FROM shops`,
  );
  return row ?? {};
};
const setDue = (comparison: string, freshness: string) =>
  faulty.owner.query('UPDATE shops SET reconcile_due_at = now() + $1::interval, freshness_due_at = now() + $2::interval', [comparison, freshness]);
const subscribed = () => faulty.app.running.simulator.apiSubscriptions(DOMAIN).map(({ topic }) => topic).sort();
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

function change(index: number, minutes: number): void {
  const order = shopify.orders.get(1_000_000 + index * 10);
  if (order) refundOrder(shopify, order, { lines: [], everything: false, freeAmountMinor: 1, note: null }, minutesAgo(minutes));
}

async function webhookCame(topic: string, minutes: number, state = 'handled'): Promise<void> {
  await faulty.owner.query(
    `INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, triggered_at, state)
     SELECT shop_id, gen_random_uuid()::text, $1, '2026-10', $2, $3 FROM shops`,
    [topic, minutesAgo(minutes), state],
  );
}

const dueWork = async () =>
  (await faulty.rows("SELECT work FROM due_work(now()) WHERE work IN ('reconcile', 'upkeep') ORDER BY 1")).map(({ work }) => work);

describe('a shop that the version before installed', () => {
  it('is compared and kept up all the same', async () => {
    await faulty.pull(context);
    await faulty.owner.query('UPDATE shops SET reconcile_due_at = null, freshness_due_at = null, upkeep_due_at = null');
    expect(await dueWork()).toEqual(['reconcile', 'upkeep']);
    await advanceUntilCompared(context);
    expect(await runs()).toMatchObject([{ state: 'completed', cause: 'nightly' }]);
    await faulty.owner.query("UPDATE shops SET upkeep_due_at = now() + interval '1 day'");
    expect(await dueWork()).toEqual([]);
  });

  it('or uninstalled, has nothing left to do', async () => {
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    await faulty.owner.query("UPDATE shops SET uninstalled_at = now(), upkeep_due_at = now() + interval '1 day'");
    expect(await dueWork()).toEqual(['reconcile']);
    await advance();
    expect(await dueWork()).toEqual([]);
    expect(await runs()).toMatchObject([{ state: 'cancelled', error_code: 'uninstalled' }]);
  });
});

describe('the nightly comparison', () => {
  it('waits for the first pull, and then looks at everything', async () => {
    expect(await advance()).toMatchObject({ ended: null });
    expect(await runs()).toEqual([]);
    expect(await dueInMinutes()).toEqual({ comparison: 2, freshness: 2 });
    expect(await faulty.pull(context)).toEqual([]);

    await setDue('-1 minute', '1 hour');
    const turns = await advanceUntilCompared(context);
    expect(turns.at(-1)?.ended).toMatchObject({ state: 'completed', cause: 'nightly', scope: 'all', ordersCompared: ORDERS, differencesFound: 0 });
    expect((await dueInMinutes())['comparison']).toBeGreaterThan(0);
    expect((await dueInMinutes())['comparison']).toBeLessThanOrEqual(29 * 60);
  });

  it('that was asked for while the orders are pulled waits, and says nothing is equal that is not here', async () => {
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    await requestReconciliation(context, { scope: 'recent', cause: 'asked' });
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    expect(await advance()).toMatchObject({ isWaiting: true });
    expect(await runs()).toMatchObject([{ state: 'requested', scope: 'all' }]);
    await faulty.owner.query("UPDATE imports SET state = 'cancelled', finished_at = now()");
    await advanceUntilCompared(context);
    expect(await runs()).toMatchObject([{ state: 'failed', error_code: 'no-history' }]);
  });

  it('is not made without a history, and the merchant’s stop is not undone', async () => {
    await faulty.owner.query("UPDATE imports SET state = 'cancelled', finished_at = now()");
    await setDue('-1 minute', '-1 minute');
    expect(await advance()).toMatchObject({ ended: null, missedOrders: 0 });
    expect(await runs()).toEqual([]);
    expect(await faulty.rows("SELECT 1 FROM imports WHERE state = 'requested'")).toEqual([]);
  });

  it('ends when the app is uninstalled, and none is due any more', async () => {
    expect(await faulty.pull(context)).toEqual([]);
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    faulty.app.running.simulator.uninstall(shopify);
    const { recordUninstall } = await import('#app/services/sync/record-uninstall.server.ts');
    expect(await recordUninstall(context)).toBe('uninstalled');
    expect(await runs()).toMatchObject([{ state: 'cancelled', error_code: 'uninstalled' }]);
    expect(await advance()).toMatchObject({ ended: null, isWaiting: false });
    expect(await dueInMinutes()).toEqual({ comparison: null, freshness: null });
  });
});

describe('the hourly look', () => {
  beforeEach(async () => {
    expect(await faulty.pull(context)).toEqual([]);
    await reconcile(context);
    await faulty.owner.query("UPDATE reconciliations SET as_of = as_of - interval '2 hours'");
    await setDue('9 hours', '-1 minute');
  });

  it('finds nothing when we hold the newest change, or when it is too new to tell', async () => {
    change(3, 3);
    expect(await advance()).toMatchObject({ missedOrders: 0, freshnessProblem: null });
    expect(await runs()).toHaveLength(1);
    expect((await dueInMinutes())['freshness']).toBe(50);
  });

  it('asks for a comparison when a change never came, and makes silent subscriptions again', async () => {
    change(3, 20);
    await webhookCame('orders/updated', 30);
    expect(await advance()).toMatchObject({ missedOrders: 1 });
    expect(subscribed()).toEqual(ORDER_TOPICS);
    await advanceUntilCompared(context);
    const { loadReconciliations } = await import('#app/services/sync/reconcile/load-reconciliations.server.ts');
    expect((await loadReconciliations(context)).latest).toMatchObject({
      cause: 'stale', scope: 'recent', differencesFound: 1, differencesRepaired: 1, subscriptionsMade: 3,
    });

    change(4, 10);
    await setDue('9 hours', '-1 minute');
    await faulty.owner.query("UPDATE reconciliations SET as_of = as_of - interval '2 hours'");
    expect(await advance()).toMatchObject({ missedOrders: 1 });
    expect(subscribed()).toEqual(ORDER_TOPICS);
  });

  it('leaves the subscriptions when others have come since: this one was lost on its way', async () => {
    change(3, 20);
    shopify.save('order', syntheticOrder(7_000_000, { customerId: 100, at: minutesAgo(18).toISOString() }));
    await webhookCame('orders/updated', 10);
    await webhookCame('orders/create', 10);
    expect(await advance()).toMatchObject({ missedOrders: 2 });
    expect(subscribed()).toEqual([]);
  });

  it('leaves the subscriptions when the change was made before the install, of which no webhook ever came', async () => {
    await faulty.owner.query("UPDATE shops SET installed_at = now() - interval '10 minutes'");
    change(3, 20);
    expect(await advance()).toMatchObject({ missedOrders: 1 });
    expect(subscribed()).toEqual([]);
  });

  it('waits while webhooks are still to be handled that could tell of what is old enough', async () => {
    change(3, 20);
    await webhookCame('orders/updated', 20, 'waiting');
    expect(await advance()).toMatchObject({ missedOrders: 0 });
    expect(await runs()).toHaveLength(1);
    expect((await dueInMinutes())['freshness']).toBe(2);

    await faulty.owner.query("UPDATE webhook_inbox SET triggered_at = now() - interval '1 minute'");
    await setDue('9 hours', '-1 minute');
    expect(await advance()).toMatchObject({ missedOrders: 1 });
  });

  it('reads customers whose change never came, and pulls them all when their subscriptions are silent', async () => {
    const customer = shopify.customers.get(101);
    if (!customer) throw new Error('no customer');
    shopify.save('customer', { ...customer, locale: 'fr', updatedAt: minutesAgo(20).toISOString() });
    expect(await advance()).toMatchObject({ missedOrders: 0, missedCustomers: 1 });
    expect(await faulty.rows("SELECT customer_id FROM customers WHERE locale = 'fr'")).toEqual([{ customer_id: '101' }]);
    expect(subscribed()).toEqual(['customers/create', 'customers/delete', 'customers/merge', 'customers/update']);
    expect(await faulty.rows("SELECT 1 FROM imports WHERE state = 'requested'")).toHaveLength(2);
    expect((await runs()).at(-1)).toMatchObject({ cause: 'stale', subscriptions_made: 4 });
  });

  // Shopify's search lists for a while what is gone already.
  it.each([
    ['that we hold no more than the mark of', 'DELETE FROM tombstones'],
    ['that we never held', 'DELETE FROM orders WHERE deleted_at IS NOT NULL'],
  ])('misses no order %s, since its deletion was told in time', async (_which, forget) => {
    const { storeOrders } = await import('#app/services/sync/refresh-order.server.ts');
    const deleted = 1_000_030n;
    expect(await storeOrders(context, { readings: new Map([[deleted, { kind: 'absent' }]]), removed: new Set([deleted]) })).toEqual(new Map([[deleted, 'deleted']]));
    await faulty.owner.query(forget);
    change(3, 20);
    expect(await advance()).toMatchObject({ missedOrders: 0, freshnessProblem: null });
    expect(subscribed()).toEqual([]);
    expect(await runs()).toHaveLength(1);

    change(4, 20);
    await setDue('9 hours', '-1 minute');
    expect(await advance()).toMatchObject({ missedOrders: 1 });
  });

  it('misses no customer whose deletion was told in time', async () => {
    const { storeCustomers } = await import('#app/services/sync/refresh-customer.server.ts');
    expect(await storeCustomers(context, { readings: new Map([[101n, { kind: 'absent' }]]), removed: new Set([101n]) })).toEqual(new Map([[101n, 'deleted']]));
    const customer = shopify.customers.get(101);
    if (customer) shopify.save('customer', { ...customer, updatedAt: minutesAgo(20).toISOString() });
    expect(await advance()).toMatchObject({ missedCustomers: 0, freshnessProblem: null });
    expect(subscribed()).toEqual([]);
  });

  it('leaves a redacted customer alone', async () => {
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(context, { customerId: 101n, orderIds: [] });
    const customer = shopify.customers.get(101);
    if (customer) shopify.save('customer', { ...customer, updatedAt: minutesAgo(20).toISOString() });
    expect(await advance()).toMatchObject({ missedCustomers: 0 });
    expect(await faulty.rows('SELECT 1 FROM customers WHERE customer_id = 101')).toEqual([]);
  });

  it('does not ask again for what the latest comparison has seen and could not repair', async () => {
    change(3, 20);
    await faulty.owner.query('UPDATE reconciliations SET as_of = now()');
    expect(await advance()).toMatchObject({ missedOrders: 0 });
    expect(await runs()).toHaveLength(1);
  });

  it('says why Shopify could not be asked, and tries again in the next hour', async () => {
    faulty.proxy.plan = ({ body }) =>
      body.includes('LatestChanges') ? { kind: 'answer', status: 200, body: '{"errors":[{"message":"no such field"}]}' } : undefined;
    expect((await advance()).freshnessProblem).toMatchObject({ name: 'ShopifyRequestError' });
    expect((await dueInMinutes())['freshness']).toBe(50);
  });

  it('goes on when Shopify refuses a subscription, says which and why, and asks for it again in the next hour', async () => {
    change(3, 20);
    const customer = shopify.customers.get(101);
    if (customer) shopify.save('customer', { ...customer, locale: 'fr', updatedAt: minutesAgo(20).toISOString() });
    const refuse = (message: string) => {
      const userErrors = [{ field: ['webhookSubscription'], message }];
      return JSON.stringify({ data: { webhookSubscriptionCreate: { webhookSubscription: null, userErrors } } });
    };
    faulty.proxy.plan = ({ body }) => {
      if (!body.includes('webhookSubscriptionCreate')) return undefined;
      if (body.includes('"ORDERS_CREATE"')) return { kind: 'answer', status: 200, body: refuse('Address is not allowed') };
      if (body.includes('"CUSTOMERS_MERGE"')) return { kind: 'answer', status: 200, body: '{"errors":[{"message":"no such topic"}]}' };
      return undefined;
    };
    const turn = await advance();
    expect(turn).toMatchObject({ missedOrders: 1, missedCustomers: 1, freshnessProblem: null });
    expect(turn.refusedSubscriptions).toEqual(['ORDERS_CREATE: Address is not allowed', 'CUSTOMERS_MERGE: Shopify answered with an error: of no code']);
    expect(subscribed()).toEqual(['customers/create', 'customers/delete', 'customers/update', 'orders/delete', 'orders/updated']);
    expect(await faulty.rows("SELECT customer_id FROM customers WHERE locale = 'fr'")).toEqual([{ customer_id: '101' }]);
    expect((await dueInMinutes())['freshness']).toBe(50);

    faulty.proxy.clear();
    await faulty.owner.query("DELETE FROM imports WHERE state = 'requested'");
    await setDue('9 hours', '-1 minute');
    expect((await advance()).refusedSubscriptions).toEqual([]);
    expect(subscribed()).toEqual(expect.arrayContaining(ORDER_TOPICS));
  });

  it('counts a subscription as made when it turns out to be taken', async () => {
    change(3, 20);
    faulty.proxy.plan = ({ body }) => {
      if (!body.includes('webhookSubscriptionCreate')) return undefined;
      const userErrors = [{ field: ['webhookSubscription'], message: 'Address for this topic has already been taken' }];
      return { kind: 'answer', status: 200, body: JSON.stringify({ data: { webhookSubscriptionCreate: { webhookSubscription: null, userErrors } } }) };
    };
    expect(await advance()).toMatchObject({ missedOrders: 1, freshnessProblem: null });
    expect((await runs()).at(-1)).toMatchObject({ cause: 'stale', subscriptions_made: 3 });
  });
});

describe('a subscription that is made again', () => {
  it('asks for what shopify.app.toml asks for', async () => {
    const { SUBSCRIPTIONS } = await import('#app/services/sync/reconcile/keep-subscriptions.server.ts');
    const toml: unknown = parse(readFileSync('shopify.app.toml', 'utf8'));
    const listed: unknown = Reflect.get(Object(Reflect.get(Object(toml), 'webhooks')), 'subscriptions');
    const ofToml = (Array.isArray(listed) ? listed : [])
      .filter(({ uri }) => ['/webhooks/orders', '/webhooks/customers'].includes(uri))
      .flatMap(({ uri, topics, include_fields: fields }) =>
        topics.map((name: string) => ({ topic: name.replace('/', '_').toUpperCase(), name, path: uri, includeFields: fields ?? null })),
      );
    expect(ofToml).toHaveLength(7);
    expect(SUBSCRIPTIONS).toEqual(ofToml);
  });
});
