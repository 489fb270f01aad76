import { afterAll, beforeAll, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { reconcile } from '#test/support/reconcile.ts';

const ORDERS = 30;
const STORE = syntheticStore(ORDERS);
const DOMAIN = STORE.shop.domain;

let faulty: FaultyApp;
let context: ShopContext;

beforeAll(async () => {
  // Read when the app is first imported. Each breaks once, the first time that it is passed.
  process.env['FAILPOINTS'] = 'reconcile-after-ask=throw,reconcile-inside-compare=throw,reconcile-inside-repair=throw,'
    + 'reconcile-inside-compare-customers=throw,reconcile-inside-repair-customers=throw';
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(DOMAIN);
  expect(await faulty.pull(context)).toEqual([]);
  await faulty.owner.query("UPDATE shops SET reconcile_due_at = now() + interval '9 hours', freshness_due_at = now() + interval '9 hours'");
});

afterAll(async () => {
  delete process.env['FAILPOINTS'];
  await faulty.stop();
});

const run = async () => (await faulty.rows('SELECT resource, state, differences_found, differences_repaired FROM reconciliations'))[0];
const written = async () =>
  faulty.rows(`SELECT (SELECT count(*)::int FROM reconciliation_days) AS days, (SELECT count(*)::int FROM reconciliation_differences) AS differences,
    (SELECT count(*)::int FROM reconciliation_differences WHERE outcome <> 'open') AS settled`);
const customersWritten = () =>
  faulty.rows(`SELECT count(*)::int AS differences, (count(*) FILTER (WHERE outcome <> 'open'))::int AS settled FROM reconciliation_customer_differences`);
const isForeign = () => faulty.rows("SELECT customer_id FROM customers WHERE locale = 'xx'");
const isBroken = () => faulty.rows('SELECT order_id FROM orders WHERE current_total_minor = 1 ORDER BY order_id');

it('a comparison that breaks in the middle of each step goes on from there, and nothing is half done', async () => {
  await faulty.owner.query('UPDATE orders SET current_total_minor = 1 WHERE order_id IN (1000000, 1000050)');
  // Of nobody whom the repair of an order brings.
  await faulty.owner.query("UPDATE customers SET locale = 'xx' WHERE customer_id NOT IN (SELECT customer_id FROM orders WHERE order_id IN (1000000, 1000050))");
  const outdated = (await isForeign()).length;
  expect(outdated).toBeGreaterThan(0);

  await expect(reconcile(context)).rejects.toThrow('failpoint reconcile-after-ask');
  expect(await run()).toMatchObject({ state: 'requested' });

  await expect(reconcile(context)).rejects.toThrow('failpoint reconcile-inside-compare');
  expect(await run()).toMatchObject({ state: 'comparing' });
  expect(await written()).toEqual([{ days: 0, differences: 0, settled: 0 }]);

  await expect(reconcile(context)).rejects.toThrow('failpoint reconcile-inside-repair');
  expect(await run()).toMatchObject({ state: 'repairing', differences_found: 2, differences_repaired: 0 });
  expect(await written()).toMatchObject([{ differences: 2, settled: 0 }]);
  expect(await isBroken()).toHaveLength(2);

  await expect(reconcile(context)).rejects.toThrow('failpoint reconcile-inside-compare-customers');
  expect(await run()).toMatchObject({ resource: 'customers', state: 'comparing', differences_found: 2, differences_repaired: 2 });
  expect(await customersWritten()).toEqual([{ differences: 0, settled: 0 }]);
  expect(await isBroken()).toEqual([]);

  await expect(reconcile(context)).rejects.toThrow('failpoint reconcile-inside-repair-customers');
  expect(await run()).toMatchObject({ resource: 'customers', state: 'repairing', differences_found: 2 + outdated, differences_repaired: 2 });
  expect(await customersWritten()).toEqual([{ differences: outdated, settled: 0 }]);
  expect(await isForeign()).toHaveLength(outdated);

  const { latest } = await reconcile(context);
  expect(latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 2 + outdated, differencesRepaired: 2 + outdated });
  expect(await isForeign()).toEqual([]);
  expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 0 });
});
