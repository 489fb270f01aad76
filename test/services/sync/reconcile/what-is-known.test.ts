import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { insertOrder } from '#test/services/offers/offer-orders.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';

const STORE = syntheticStore(1);
const NOON = new Date('2026-11-01T12:00:00.000Z');
const atHour = (hour: number) => new Date(NOON.getTime() + (hour - 12) * 3_600_000);

let faulty: FaultyApp;
let context: ShopContext;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(STORE.shop.domain);
});

beforeEach(() => faulty.owner.query('TRUNCATE webhook_inbox, imports, reconciliations CASCADE'));

afterAll(() => faulty.stop());

describe('a webhook that waits', () => {
  const waits = async () => {
    const { hasWaitingWebhooks } = await import('#app/adapters/db/webhook-evidence.server.ts');
    return context.inShop((db) => hasWaitingWebhooks(db, context.shop, ['orders/updated'], NOON));
  };
  const came = (values: { triggeredAt: Date | null; outages?: number }) =>
    faulty.owner.query(
      "INSERT INTO webhook_inbox (shop_id, webhook_id, topic, api_version, triggered_at, outages) SELECT shop_id, gen_random_uuid()::text, 'orders/updated', '2026-10', $1, $2 FROM shops",
      [values.triggeredAt, values.outages ?? 0],
    );

  it('is waited for although it does not say when it was sent', async () => {
    expect(await waits()).toBe(false);
    await came({ triggeredAt: null });
    expect(await waits()).toBe(true);
  });

  it('is not waited for once Shopify has failed to answer for an hour', async () => {
    await came({ triggeredAt: atHour(11), outages: 20 });
    expect(await waits()).toBe(false);
    await came({ triggeredAt: atHour(11), outages: 19 });
    expect(await waits()).toBe(true);
  });
});

it('a pull counts as a repair when it is of everything and was asked for after the list', async () => {
  const { loadPullSince } = await import('#app/adapters/db/differences.repository.server.ts');
  const pulled = (requestedAt: Date, updatedSince: Date | null) =>
    faulty.owner.query(
      "INSERT INTO imports (shop_id, import_id, resource, state, requested_at, finished_at, updated_since) SELECT shop_id, gen_random_uuid(), 'orders', 'completed', $1, now(), $2 FROM shops",
      [requestedAt, updatedSince],
    );
  const since = () => context.inShop((db) => loadPullSince(db, context.shop, 'orders', NOON));
  await pulled(atHour(11), null);
  await pulled(atHour(13), atHour(10));
  expect(await since()).toBe('none');
  await pulled(NOON, null);
  expect(await since()).toBe('completed');
});

it('a comparison that has begun is not widened, since its list is asked for', async () => {
  const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
  await requestReconciliation(context, { scope: 'recent', cause: 'asked' });
  await faulty.owner.query("UPDATE reconciliations SET state = 'running'");
  await requestReconciliation(context, { scope: 'all', cause: 'asked' });
  expect(await faulty.rows('SELECT scope, state FROM reconciliations')).toEqual([{ scope: 'recent', state: 'running' }]);
});

it('the latest of the changes that never came says whether a subscription is silent', async () => {
  const { loadMissed } = await import('#app/adapters/db/differences.repository.server.ts');
  const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
  await requestReconciliation(context, { scope: 'all', cause: 'asked' });
  const [run] = await faulty.rows('SELECT reconciliation_id AS id FROM reconciliations');
  for (const [id, hour] of [[1, 9], [2, 11], [3, 10]]) {
    await faulty.owner.query(
      "INSERT INTO reconciliation_customer_differences (shop_id, reconciliation_id, customer_id, cause, outcome, their_updated_at) SELECT shop_id, $1, $2, 'outdated', 'repaired', $3 FROM shops",
      [run?.['id'], id, atHour(hour ?? 0)],
    );
  }
  const missed = await context.inShop((db) => loadMissed(db, context.shop, { reconciliationId: String(run?.['id']), resource: 'customers' }));
  expect(missed).toEqual([{ cause: 'outdated', changedAt: atHour(11) }]);
});

it('of what a comparison found, that which is not right yet comes first, and the latest before the earlier', async () => {
  const { loadCustomerDifferences, loadDifferences } = await import('#app/adapters/db/reconciliations.repository.server.ts');
  const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
  await requestReconciliation(context, { scope: 'all', cause: 'asked' });
  const [run] = await faulty.rows('SELECT reconciliation_id AS id FROM reconciliations');
  const reconciliationId = String(run?.['id']);
  for (const [id, day, outcome] of [[1, '2026-11-02', 'failed'], [2, '2026-11-01', 'failed'], [3, '2026-11-02', 'unchanged'], [4, '2026-11-03', 'repaired']]) {
    await faulty.owner.query(
      "INSERT INTO reconciliation_differences (shop_id, reconciliation_id, order_id, day, cause, outcome) SELECT shop_id, $1, $2, $3, 'outdated', $4 FROM shops",
      [reconciliationId, id, day, outcome],
    );
    await faulty.owner.query(
      "INSERT INTO reconciliation_customer_differences (shop_id, reconciliation_id, customer_id, cause, outcome) SELECT shop_id, $1, $2, 'outdated', $3 FROM shops",
      [reconciliationId, id, outcome],
    );
  }
  const orders = await context.inShop((db) => loadDifferences(db, context.shop, reconciliationId));
  const customers = await context.inShop((db) => loadCustomerDifferences(db, context.shop, reconciliationId));
  expect(orders.map(({ orderId }) => orderId)).toEqual(['3', '1', '2', '4']);
  expect(customers.shown.map(({ customerId }) => customerId)).toEqual(['3', '2', '1', '4']);
});

describe('a pull that was to repair', () => {
  const settled = async (isComplete: boolean) => {
    const { settleByPull } = await import('#app/adapters/db/differences.repository.server.ts');
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    const [run] = await faulty.rows('SELECT reconciliation_id AS id FROM reconciliations');
    const reconciliationId = String(run?.['id']);
    await faulty.owner.query('DELETE FROM orders');
    // Each changed at noon in Shopify: the pull brought the first, and of the second a version of before.
    for (const [orderId, hour] of [[1, 12], [2, 11], [4, 12], [5, 12]]) {
      await insertOrder(faulty.owner, context.shop.shopId, { orderId: orderId ?? 0, createdAt: atHour(hour ?? 0) });
    }
    for (const [id, cause, outcome] of [[1, 'outdated', 'open'], [2, 'outdated', 'open'], [3, 'missing', 'open'], [4, 'gone', 'open'], [5, 'outdated', 'unchanged']]) {
      await faulty.owner.query(
        "INSERT INTO reconciliation_differences (shop_id, reconciliation_id, order_id, day, cause, outcome, their_updated_at) SELECT shop_id, $1, $2, '2026-11-01', $3, $4, $5 FROM shops",
        [reconciliationId, id, cause, outcome, NOON],
      );
    }
    await context.inShop((db) => settleByPull(db, context.shop, { reconciliationId, resource: 'orders' }, { isComplete, now: atHour(13) }));
    return (await faulty.rows('SELECT outcome, repaired_at FROM reconciliation_differences ORDER BY order_id')).map(({ outcome, repaired_at: at }) => (at === null ? outcome : `${String(outcome)} then`));
  };

  it('repaired what it brought up to date, and neither what it did not nor what is gone', async () => {
    expect(await settled(true)).toEqual(['repaired then', 'failed', 'failed', 'open', 'unchanged']);
  });

  it('repaired nothing when it broke off', async () => {
    expect(await settled(false)).toEqual(['failed', 'failed', 'failed', 'open', 'unchanged']);
  });
});
