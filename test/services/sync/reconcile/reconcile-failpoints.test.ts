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
  process.env['FAILPOINTS'] = 'reconcile-after-ask=throw,reconcile-inside-compare=throw,reconcile-inside-repair=throw';
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(DOMAIN);
  expect(await faulty.pull(context)).toEqual([]);
  await faulty.owner.query("UPDATE shops SET reconcile_due_at = now() + interval '9 hours', freshness_due_at = now() + interval '9 hours'");
});

afterAll(async () => {
  delete process.env['FAILPOINTS'];
  await faulty.stop();
});

const run = async () => (await faulty.rows('SELECT state, differences_found, differences_repaired FROM reconciliations'))[0];
const written = async () =>
  faulty.rows(`SELECT (SELECT count(*)::int FROM reconciliation_days) AS days, (SELECT count(*)::int FROM reconciliation_differences) AS differences,
    (SELECT count(*)::int FROM reconciliation_differences WHERE outcome <> 'open') AS settled`);
const isBroken = () => faulty.rows('SELECT order_id FROM orders WHERE current_total_minor = 1 ORDER BY order_id');

it('a comparison that breaks in the middle of each step goes on from there, and nothing is half done', async () => {
  await faulty.owner.query('UPDATE orders SET current_total_minor = 1 WHERE order_id IN (1000000, 1000050)');

  await expect(reconcile(context)).rejects.toThrow('failpoint reconcile-after-ask');
  expect(await run()).toMatchObject({ state: 'requested' });

  await expect(reconcile(context)).rejects.toThrow('failpoint reconcile-inside-compare');
  expect(await run()).toMatchObject({ state: 'comparing' });
  expect(await written()).toEqual([{ days: 0, differences: 0, settled: 0 }]);

  await expect(reconcile(context)).rejects.toThrow('failpoint reconcile-inside-repair');
  expect(await run()).toMatchObject({ state: 'repairing', differences_found: 2, differences_repaired: 0 });
  expect(await written()).toMatchObject([{ differences: 2, settled: 0 }]);
  expect(await isBroken()).toHaveLength(2);

  expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 2, differencesRepaired: 2 });
  expect(await isBroken()).toEqual([]);
  expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 0 });
});
