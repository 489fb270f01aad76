import { expect } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import type { SimStore } from '#test/simulator/state.ts';
import type { FaultyApp } from '#test/support/faulty-app.ts';

const TABLES = 'webhook_inbox, imports, orders, order_lines, refunds, fulfillments, customers, tombstones, customer_merges, reconciliations';

/** Shopify's copy of the store is as it was at first, and so is ours, pulled whole; webhooks reach nobody. */
export async function pullAnew(faulty: FaultyApp, store: SimStore): Promise<{ context: ShopContext; shopify: ShopStore }> {
  const { running, install } = faulty.app;
  const { domain } = store.shop;
  faulty.proxy.clear();
  await faulty.owner.query(`TRUNCATE ${TABLES} CASCADE`);
  await faulty.owner.query('UPDATE shops SET installed_at = null, uninstalled_at = null');
  const shopify = running.simulator.requireStore(domain);
  // What a test added is gone, and what it took away is back.
  for (const order of shopify.orders.values()) shopify.restore('order', { ...order, deletedAt: order.deletedAt ?? new Date(0).toISOString() });
  for (const customer of shopify.customers.values()) shopify.restore('customer', { ...customer, deletedAt: customer.deletedAt ?? new Date(0).toISOString() });
  for (const order of store.orders) shopify.restore('order', order);
  for (const customer of store.customers) shopify.restore('customer', customer);
  running.setUpstream('http://127.0.0.1:9');
  // Full again: one test must not wait for the calls of another.
  running.simulator.bucketOf(domain).fill();
  const context = await install(domain);
  expect(await faulty.pull(context)).toEqual([]);
  await faulty.owner.query("UPDATE shops SET reconcile_due_at = now() + interval '9 hours', freshness_due_at = now() + interval '9 hours'");
  return { context, shopify };
}
