import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const STORE = generateStore({ seed: 7, orders: 1_500, asOf: '2026-11-20T12:00:00.000Z' });
const DOMAIN = STORE.shop.domain;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

async function count(sql: string): Promise<Record<string, string | null>> {
  const { rows } = await owner.query<Record<string, string | null>>(sql);
  return rows[0] ?? {};
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('pulling the history of a store', () => {
  it('asks for orders and customers once, however often the app is opened', async () => {
    await app.install(DOMAIN);
    const { imports } = await count('SELECT count(*) AS imports FROM imports');
    expect(imports).toBe('2');
  });

  it('brings every order, line, refund and customer, with sums equal to the last minor unit', async () => {
    await pullHistory(context);
    const held = await count(`
      SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM order_lines) AS lines,
        (SELECT count(*) FROM refunds) AS refunds, (SELECT count(*) FROM fulfillments) AS fulfillments,
        (SELECT count(*) FROM customers) AS customers, (SELECT sum(received_minor) FROM orders) AS received,
        (SELECT sum(refunded_minor) FROM orders) AS refunded, (SELECT sum(tip_minor) FROM orders) AS tips,
        (SELECT sum(quantity) FROM order_lines) AS quantity`);
    const orders = STORE.orders.filter((order) => order.deletedAt === null);
    const sum = (values: number[]) => String(values.reduce((total, value) => total + value, 0));
    expect(held).toEqual({
      orders: String(orders.length),
      lines: sum(orders.map((order) => order.lines.length)),
      refunds: sum(orders.map((order) => order.refunds.length)),
      fulfillments: sum(orders.map((order) => order.fulfillments.length)),
      customers: String(STORE.customers.filter((c) => c.mergedIntoId === null && c.deletedAt === null).length),
      received: sum(orders.map((order) => order.received.shop.amountMinor)),
      refunded: sum(orders.flatMap((order) => order.refunds.map((refund) => refund.total.shop.amountMinor))),
      tips: sum(orders.map((order) => order.tip.shop.amountMinor)),
      quantity: sum(orders.flatMap((order) => order.lines.map((line) => line.quantity))),
    });
  });

  it('counts the lines for the operator', async () => {
    const { renderMetrics } = await import('#app/adapters/metrics/expose-metrics.server.ts');
    const { lines } = await count('SELECT sum(objects_stored) AS lines FROM imports');
    const { text } = await renderMetrics();
    expect(text.split('\n')).toContain(`perennial_import_lines_total{outcome="stored"} ${lines}`);
    expect(text.split('\n')).toContain('perennial_import_lines_total{outcome="rejected"} 0');
  });

  it('says truthfully how far it came', async () => {
    const { rows } = await owner.query(
      'SELECT resource, state, objects_reported, objects_stored, objects_rejected, error_detail FROM imports ORDER BY 1',
    );
    const orders = STORE.orders.filter((order) => order.deletedAt === null);
    const lines = orders.reduce((total, order) => total + order.lines.length, 0);
    expect(rows).toEqual([
      expect.objectContaining({ resource: 'customers', state: 'completed', objects_rejected: 0 }),
      expect.objectContaining({
        resource: 'orders',
        state: 'completed',
        objects_reported: orders.length + lines,
        objects_stored: orders.length + lines,
        objects_rejected: 0,
        error_detail: null,
      }),
    ]);
  });

  it('says how many of each kind the store had when it was asked, and how fresh all of it is', async () => {
    const { rows } = await owner.query('SELECT resource, roots_expected, finished_at FROM imports ORDER BY 1');
    const expected = [STORE.customers.filter((c) => c.mergedIntoId === null && c.deletedAt === null).length, STORE.orders.filter((order) => order.deletedAt === null).length];
    expect(rows.map(({ roots_expected }) => roots_expected)).toEqual(expected);
    const latest = new Date(Math.max(...rows.map(({ finished_at }) => finished_at.getTime())));
    expect((await owner.query('SELECT fresh_at FROM shops')).rows).toEqual([{ fresh_at: latest }]);
  });

  it('changes nothing when the same history is pulled again', async () => {
    const hash = () =>
      count(`SELECT md5(string_agg(o::text, '|' ORDER BY order_id)) AS orders FROM (
        SELECT order_id, updated_at, customer_id, current_subtotal_minor,
          (SELECT count(*) FROM order_lines l WHERE l.order_id = orders.order_id) AS lines FROM orders) o`);
    const before = await hash();
    const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
    await restartImports(context);
    const { loadImportProgress } = await import('#app/services/sync/load-import-progress.server.ts');
    // A page tells of the latest pull, not of the first.
    expect((await loadImportProgress(context)).resources.map(({ state }) => state)).toEqual(['requested', 'requested']);
    await pullHistory(context);
    expect(await hash()).toEqual(before);
    await owner.query('UPDATE orders SET deleted_at = now() WHERE order_id = (SELECT min(order_id) FROM orders)');
    const { live } = await count('SELECT count(*) AS live FROM orders WHERE deleted_at IS NULL');
    const { resources } = await loadImportProgress(context);
    expect(resources.find(({ resource }) => resource === 'orders')?.recordsKept).toBe(Number(live));
  });

  it('keeps no name, e-mail or phone of anybody', async () => {
    const someone = STORE.customers.find((customer) => customer.email !== null && (customer.lastName ?? '').length > 4);
    const { rows } = await owner.query<{ dump: string }>(
      "SELECT coalesce(string_agg(c::text, ' '), '') || (SELECT string_agg(o::text, ' ') FROM orders o) AS dump FROM customers c",
    );
    expect(rows[0]?.dump).not.toContain(someone?.email);
    expect(rows[0]?.dump).not.toContain(someone?.lastName);
  });
});
