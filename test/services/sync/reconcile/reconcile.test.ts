import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { COMPARED_COLUMNS, NOT_COMPARED_COLUMNS } from '#app/adapters/db/sql/compared-columns.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { mergeCustomers, refundOrder } from '#test/simulator/order-changes.ts';
import { until } from '#test/simulator/simulator-client.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { sameMoney } from '#test/simulator/state.ts';
import { syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { advanceUntilCompared, reconcile, stepsUntil } from '#test/support/reconcile.ts';
import { pullAnew } from './pull-anew.ts';

const ORDERS = 60;
const endsAt = new Date(Date.now() - 3_600_000).toISOString();
const STORE = syntheticStore(ORDERS, { endsAt });
const DOMAIN = STORE.shop.domain;

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
const orderAt = (index: number) => {
  const order = shopify.orders.get(1_000_000 + index * 10);
  if (!order) throw new Error('no order');
  return order;
};
const change = (index: number, at: Date) =>
  refundOrder(shopify, orderAt(index), { lines: [], everything: true, freeAmountMinor: 0, note: null }, at);
const differences = () => faulty.rows('SELECT order_id, cause, outcome FROM reconciliation_differences ORDER BY order_id');

async function stateHash(): Promise<unknown> {
  const { computeStateHash } = await import('#app/adapters/db/checks/state-hash.server.ts');
  const { withTenantConnection } = await import('#app/adapters/db/tenant.server.ts');
  return withTenantConnection(context.pool, context.shop, (connection) => computeStateHash(connection, context.shop));
}

/** What a pull of everything would bring, beside what we hold. */
async function hashAfterPull(): Promise<unknown> {
  await faulty.owner.query('TRUNCATE imports, orders, order_lines, refunds, fulfillments, customers, tombstones');
  const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
  await restartImports(context);
  expect(await faulty.pull(context)).toEqual([]);
  return stateHash();
}

describe('a comparison', () => {
  it('of two equal copies finds nothing, and counts every order on its day', async () => {
    const { latest, underWay, recent, nextDueAtMs } = await reconcile(context);
    expect(latest).toMatchObject({
      state: 'completed', scope: 'all', cause: 'asked', ordersCompared: ORDERS, differencesFound: 0, daysThatDiffer: [], differences: [],
    });
    expect(latest?.daysCompared).toBeGreaterThan(1);
    expect(underWay).toBeNull();
    expect(recent).toHaveLength(1);
    expect(nextDueAtMs).toBeGreaterThan(Date.now());
    const sums = await faulty.rows(
      'SELECT sum(our_orders)::int AS ours, sum(their_orders)::int AS theirs, sum(our_total_minor)::int AS minor FROM reconciliation_days',
    );
    const [total] = await faulty.rows('SELECT sum(current_total_minor)::int AS minor FROM orders');
    expect(sums).toEqual([{ ours: ORDERS, theirs: ORDERS, minor: total?.['minor'] }]);
    const days = await faulty.rows("SELECT to_char(day, 'YYYY-MM-DD') AS day, our_orders AS orders FROM reconciliation_days ORDER BY day");
    // An order an hour: some of them are of another day in the shop than in UTC.
    expect(days).toEqual(
      await faulty.rows("SELECT to_char(processed_at AT TIME ZONE 'Europe/Berlin', 'YYYY-MM-DD') AS day, count(*)::int AS orders FROM orders GROUP BY 1 ORDER BY 1"),
    );
  });

  it('finds what is missing, outdated, unequal and gone, repairs it, and then finds nothing', async () => {
    shopify.save('order', syntheticOrder(7_000_000, { customerId: 100, at: minutesAgo(30).toISOString() }));
    change(3, minutesAgo(20));
    await faulty.owner.query('UPDATE orders SET current_total_minor = 1 WHERE order_id = 1000040');
    await faulty.owner.query('UPDATE order_lines SET current_quantity = 9 WHERE order_id = 1000050');
    await faulty.owner.query('DELETE FROM order_lines WHERE order_id = 1000060');
    await faulty.owner.query('UPDATE orders SET is_test = true WHERE order_id = 1000070');
    await faulty.owner.query("UPDATE orders SET cancelled_at = '2026-01-01' WHERE order_id = 1000080");
    await faulty.owner.query('UPDATE orders SET customer_id = 101 WHERE order_id = 1000090');
    shopify.save('order', { ...orderAt(20), deletedAt: minutesAgo(10).toISOString() });

    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ ordersCompared: ORDERS + 1, differencesFound: 9, differencesRepaired: 9 });
    expect(await differences()).toEqual([
      ['1000030', 'outdated'], ['1000040', 'unequal'], ['1000050', 'unequal'], ['1000060', 'unequal'], ['1000070', 'unequal'],
      ['1000080', 'unequal'], ['1000090', 'unequal'], ['1000200', 'gone'], ['7000000', 'missing'],
    ].map(([order_id, cause]) => ({ order_id, cause, outcome: 'repaired' })));
    expect(latest?.differences).toContainEqual(
      expect.objectContaining({ orderId: '7000000', orderName: '#7000000', cause: 'missing', ourTotalMinor: null, theirTotalMinor: 2700 }),
    );
    expect(latest?.differences).toContainEqual(expect.objectContaining({ orderId: '1000200', cause: 'gone', theirTotalMinor: null }));
    expect(latest?.daysThatDiffer.length).toBeGreaterThan(0);

    const again = await reconcile(context);
    expect(again.latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 0, daysThatDiffer: [] });
    await faulty.owner.query('DELETE FROM orders WHERE deleted_at IS NOT NULL');
    const repaired = await stateHash();
    expect(await hashAfterPull()).toEqual(repaired);
  });

  it('looks at every column that we keep, but where it is said why not', async () => {
    const exempt = new Map<string, object>(Object.entries(NOT_COMPARED_COLUMNS));
    for (const [table, columns] of Object.entries(COMPARED_COLUMNS)) {
      const kept = await faulty.rows('SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1', [table]);
      const known = [...columns, ...Object.keys(exempt.get(table) ?? {})];
      expect([table, known.toSorted()]).toEqual([table, kept.map(({ name }) => String(name)).toSorted()]);
    }
  });

  it('finds each figure that a number is made of when it alone differs, and says in which part', async () => {
    const figures = [
      "currency = 'USD'", 'current_total_minor = 1', 'current_subtotal_minor = 1', 'current_tax_minor = 1', 'received_minor = 1', 'refunded_minor = 1',
      'outstanding_minor = 1', 'is_test = true', "cancelled_at = '2026-01-01'", "financial_status = 'VOIDED'", 'customer_id = 999',
      "processed_at = processed_at - interval '40 days'", 'subtotal_minor = 1', 'current_shipping_minor = 1', 'tip_minor = 1', "source_name = 'pos'",
      "presentment_currency = 'USD'", 'taxes_included = NOT taxes_included', "discount_codes = '{OTHER}'", "name = '#0'", "fulfillment_status = 'UNFULFILLED'",
      "created_at = created_at - interval '1 hour'", 'shipping_tax_minor = 1', 'shipping_code_discount_minor = 1', 'presentment_subtotal_minor = 1', "paid_at = paid_at - interval '1 hour'", "country_code = 'FR'", "province_code = 'BE'",
    ];
    const ofLines = [
      'product_id = 99', 'variant_id = 99', "title = 'Mug'", "sku = 'MUG'", 'quantity = 7', 'original_total_minor = 1', 'discounted_total_minor = 1',
      'is_gift_card = true',
      // As many pieces as before.
      'current_quantity = CASE WHEN line_id % 10 = 1 THEN 1 ELSE 2 END',
    ];
    const ofRefunds = ["created_at = created_at - interval '3 days'", 'refunded_minor = 1'];
    const ofFulfillments = ["status = 'CANCELLED'", "created_at = created_at - interval '3 days'"];
    const columnsOf = (changes: readonly string[]) => changes.map((change) => change.split(' ')[0]).toSorted();
    expect(columnsOf(figures)).toEqual([...COMPARED_COLUMNS.orders].toSorted());
    expect(columnsOf(ofLines)).toEqual([...COMPARED_COLUMNS.order_lines].toSorted());
    expect(columnsOf(ofRefunds)).toEqual([...COMPARED_COLUMNS.refunds].toSorted());
    expect(columnsOf(ofFulfillments)).toEqual([...COMPARED_COLUMNS.fulfillments].toSorted());

    const changes = [
      ...figures.map((change) => ({ table: 'orders', change, part: /^(country|province)/.test(change) ? 'region' : 'details' })),
      ...ofLines.map((change) => ({ table: 'order_lines', change, part: 'lines' })),
      ...ofFulfillments.map((change) => ({ table: 'fulfillments', change, part: 'fulfillments' })),
      ...ofRefunds.map((change) => ({ table: 'refunds', change, part: 'refunds' })),
    ];
    // Every tenth order has a refund.
    const indexOf = ({ table }: { table: string }, index: number) => (table === 'refunds' ? 40 + 10 * (index % 2) : index);
    const orderIdOf = (change: { table: string }, index: number) => String(1_000_000 + indexOf(change, index) * 10);
    for (const [index, one] of changes.entries()) await faulty.owner.query(`UPDATE ${one.table} SET ${one.change} WHERE order_id = $1`, [orderIdOf(one, index)]);
    const { latest } = await reconcile(context);
    const found = new Map(latest?.differences.map(({ orderId, parts }) => [orderId, parts]));
    expect(changes.map((one, index) => ({ ...one, found: found.get(orderIdOf(one, index)) }))).toEqual(changes.map((one) => ({ ...one, found: [one.part] })));
    expect(latest).toMatchObject({ differencesFound: changes.length, differencesRepaired: changes.length });
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
  });

  it('gives orders of before discounts on shipping were kept theirs, where they have a code, and calls that no difference', async () => {
    const off = { code: 'SHIP', title: 'Free shipping', amount: sameMoney(500, 'EUR') };
    const [coded, bare, changed] = [orderAt(1), orderAt(2), orderAt(3)];
    for (const order of [coded, changed]) shopify.restore('order', { ...order, shippingDiscounts: [off], discounts: [{ code: 'SHIP', discountId: null, amount: sameMoney(0, 'EUR') }] });
    await faulty.owner.query("UPDATE orders SET shipping_code_discount_minor = NULL, discount_codes = CASE WHEN order_id = $1 THEN '{}' ELSE '{SHIP}' END::text[] WHERE order_id = ANY($2)", [bare.id, [coded.id, bare.id, changed.id]]);
    await faulty.owner.query('UPDATE orders SET tip_minor = 1 WHERE order_id = $1', [changed.id]);
    const [before] = await faulty.rows('SELECT data_version FROM shops');
    const { latest } = await reconcile(context);
    expect(latest?.differences).toMatchObject([{ orderId: String(changed.id), parts: ['details'], outcome: 'repaired' }]);
    expect(await faulty.rows('SELECT order_id, shipping_code_discount_minor AS minor FROM orders WHERE order_id = ANY($1) ORDER BY 1', [[coded.id, bare.id, changed.id]])).toEqual([
      { order_id: String(coded.id), minor: '500' }, { order_id: String(bare.id), minor: null }, { order_id: String(changed.id), minor: '500' },
    ]);
    // Reports that were made before are stale.
    const [after] = await faulty.rows('SELECT data_version FROM shops');
    expect(Number(after?.['data_version'])).toBeGreaterThan(Number(before?.['data_version']));
  });

  it('finds a region, a refund and a product that changed in Shopify without a word, and lines and refunds too many or too few', async () => {
    const address = { countryCode: 'US', provinceCode: 'OR', city: 'Portland', zip: '97201' };
    const [refunded, lined, forgotten] = [orderAt(20), orderAt(4), orderAt(5)];
    shopify.restore('order', { ...orderAt(1), shippingAddress: address });
    shopify.restore('order', { ...orderAt(2), shippingAddress: null, billingAddress: address });
    shopify.restore('order', { ...orderAt(3), shippingAddress: null, billingAddress: null });
    shopify.restore('order', { ...refunded, refunds: refunded.refunds.map((refund) => ({ ...refund, createdAt: minutesAgo(9_000).toISOString() })) });
    shopify.restore('order', { ...lined, lines: lined.lines.map((line) => ({ ...line, productId: 12, variantId: 13, title: 'Mug', sku: 'MUG' })) });
    // Of a product that was deleted Shopify knows no more which one it was, and what we know stays true.
    shopify.restore('order', { ...forgotten, lines: forgotten.lines.map((line) => ({ ...line, productId: null, variantId: null })) });
    const statements = [
      'INSERT INTO refunds SELECT shop_id, order_id, 5, now(), 1 FROM orders WHERE order_id = 1000060',
      'DELETE FROM refunds WHERE order_id = 1000300',
      'INSERT INTO order_lines SELECT shop_id, order_id, 5, 10, 11, title, sku, 1, 0, 0, 0 FROM order_lines WHERE line_id = 1000071',
      'DELETE FROM order_lines WHERE line_id = 1000081',
      "UPDATE orders SET (country_code, tip_minor) = ('FR', 1) WHERE order_id = 1000090",
    ];
    for (const statement of statements) await faulty.owner.query(statement);

    const { latest } = await reconcile(context);
    const found = latest?.differences.map(({ orderId, cause, outcome, parts }) => [orderId, cause, outcome, ...parts]);
    expect(found?.toSorted()).toEqual([
      ['1000010', 'region'], ['1000020', 'region'], ['1000030', 'region'], ['1000040', 'lines'], ['1000060', 'refunds'], ['1000070', 'lines'],
      ['1000080', 'lines'], ['1000090', 'details', 'region'], ['1000200', 'refunds'], ['1000300', 'refunds'],
    ].map(([orderId, ...parts]) => [orderId, 'unequal', 'repaired', ...parts]));
    expect(await faulty.rows('SELECT DISTINCT country_code, province_code FROM orders WHERE order_id IN (1000010, 1000020)')).toEqual([
      { country_code: 'US', province_code: 'OR' },
    ]);
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
    shopify.restore('order', forgotten);
    const repaired = await stateHash();
    expect(await hashAfterPull()).toEqual(repaired);
  });

  it('leaves to the next what Shopify changed a minute ago, and what we hold in a later version', async () => {
    change(3, minutesAgo(1));
    await faulty.owner.query("UPDATE orders SET updated_at = now(), current_total_minor = 5 WHERE order_id = 1000040");
    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ ordersCompared: ORDERS - 2, differencesFound: 0, daysThatDiffer: [] });
  });

  it('looks at recent orders alone once everything was compared', async () => {
    await reconcile(context);
    shopify.restore('order', syntheticOrder(7_000_000, { at: '2020-01-01T00:00:00.000Z' }));
    await faulty.owner.query("UPDATE orders SET current_total_minor = 1, processed_at = '2020-01-02', created_at = '2020-01-02', updated_at = '2020-01-02' WHERE order_id = 1000000");
    shopify.restore('order', { ...orderAt(0), createdAt: '2020-01-02T00:00:00.000Z', processedAt: '2020-01-02T00:00:00.000Z', updatedAt: '2020-01-02T00:00:00.000Z' });
    const recent = await reconcile(context, 'recent');
    expect(recent.latest).toMatchObject({ scope: 'recent', ordersCompared: ORDERS - 1, differencesFound: 0 });
    expect(recent.latest?.windowFromMs).toBeLessThan(Date.now());
    const whole = await reconcile(context, 'all');
    expect(whole.latest).toMatchObject({ scope: 'all', windowFromMs: null, ordersCompared: ORDERS + 1, differencesFound: 2, differencesRepaired: 2 });
  });

  it('asks for a pull when there is more to repair than one by one', async () => {
    const many = Array.from({ length: 2_100 }, (_, index) => syntheticOrder(8_000_000 + index * 10, { customerId: 100, at: minutesAgo(600).toISOString() }));
    for (const order of many) shopify.restore('order', order);
    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ differencesFound: 2_100, differencesRepaired: 2_100 });
    expect(await faulty.rows("SELECT count(*)::int AS pulls FROM imports WHERE resource = 'orders'")).toEqual([{ pulls: 2 }]);
    expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS + 2_100, differencesFound: 0 });
  });

  it('keeps thirty results, and of three what differed', async () => {
    for (let count = 0; count < 32; count += 1) {
      await faulty.owner.query(
        `INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at, finished_at)
         SELECT shop_id, gen_random_uuid(), 'nightly', 'recent', 'completed', now() - interval '9 days', now() - interval '9 days' FROM shops`,
      );
    }
    for (let count = 0; count < 4; count += 1) await reconcile(context);
    expect(await faulty.rows('SELECT count(*)::int AS kept FROM reconciliations')).toEqual([{ kept: 30 }]);
    expect(await faulty.rows('SELECT count(DISTINCT reconciliation_id)::int AS kept FROM reconciliation_days')).toEqual([{ kept: 3 }]);
  });
});

describe('an order that is gone here', () => {
  it('is not missing when its webhook told us before it came', async () => {
    const { storeOrders } = await import('#app/services/sync/refresh-order.server.ts');
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    shopify.save('order', syntheticOrder(7_000_000, { at: minutesAgo(30).toISOString() }));
    // While the list may be on its way.
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    expect(await storeOrders(context, { readings: new Map([[7_000_000n, { kind: 'absent' }]]), removed: new Set([7_000_000n]) })).toEqual(new Map([[7_000_000n, 'deleted']]));
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
  });

  it('is reported and left when Shopify lists it all the same', async () => {
    await faulty.owner.query("UPDATE orders SET deleted_at = now() - interval '1 hour' WHERE order_id = 1000040");
    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ differencesFound: 1, differencesRepaired: 0 });
    expect(await differences()).toEqual([{ order_id: '1000040', cause: 'unequal', outcome: 'unchanged' }]);
    expect(await faulty.rows('SELECT 1 FROM orders WHERE deleted_at IS NULL AND order_id = 1000040')).toEqual([]);
  });
});

describe('an order that is not in the list', () => {
  it('stays when Shopify has it after all', async () => {
    // The list is made without the order, which is back when Shopify is asked for it.
    shopify.restore('order', { ...orderAt(4), deletedAt: minutesAgo(10).toISOString() });
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    const { advanceReconciliation } = await import('#app/services/sync/reconcile/advance-reconciliation.server.ts');
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    for (let turn = 0; turn < 50; turn += 1) {
      await advanceReconciliation(context);
      if ((await faulty.rows("SELECT 1 FROM reconciliations WHERE state = 'repairing'")).length > 0) break;
    }
    expect(await differences()).toEqual([{ order_id: '1000040', cause: 'gone', outcome: 'open' }]);
    shopify.restore('order', { ...orderAt(4), deletedAt: null });
    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ differencesFound: 0 });
    expect(await faulty.rows('SELECT 1 FROM orders WHERE deleted_at IS NOT NULL')).toEqual([]);
    expect(await faulty.rows('SELECT 1 FROM tombstones')).toEqual([]);
  });

  it('stays when it is older than what we are shown', async () => {
    const { config } = faulty.app.running.simulator;
    const { scopes } = config;
    const madeAt = minutesAgo(61 * 24 * 60).toISOString();
    await faulty.owner.query('UPDATE orders SET created_at = $1 WHERE order_id = 1000040', [madeAt]);
    shopify.restore('order', { ...orderAt(4), createdAt: madeAt });
    config.scopes = scopes.filter((scope) => scope !== 'read_all_orders');
    try {
      await faulty.owner.query('DELETE FROM sessions');
      context = await faulty.app.install(DOMAIN);
      const { latest } = await reconcile(context);
      expect(latest).toMatchObject({ ordersCompared: ORDERS - 1, differences: [] });
      expect(await faulty.rows('SELECT 1 FROM orders WHERE deleted_at IS NOT NULL')).toEqual([]);
    } finally {
      config.scopes = scopes;
      await faulty.owner.query('DELETE FROM sessions');
    }
  });
});

describe('an order that was in no list and is too old by now', () => {
  it('stays, because what we are shown has shrunk meanwhile', async () => {
    const { config } = faulty.app.running.simulator;
    const { scopes } = config;
    const madeAt = minutesAgo(61 * 24 * 60).toISOString();
    await faulty.owner.query('UPDATE orders SET created_at = $1 WHERE order_id = 1000040', [madeAt]);
    // The list is made without the order, which is back before anybody asks for it.
    shopify.restore('order', { ...orderAt(4), createdAt: madeAt, deletedAt: minutesAgo(10).toISOString() });
    await stepsUntil(context, { resource: 'orders', state: 'repairing' });
    expect(await differences()).toEqual([{ order_id: '1000040', cause: 'gone', outcome: 'open' }]);
    shopify.restore('order', { ...orderAt(4), deletedAt: null });
    config.scopes = scopes.filter((scope) => scope !== 'read_all_orders');
    try {
      await faulty.owner.query('DELETE FROM sessions');
      context = await faulty.app.install(DOMAIN);
      await advanceUntilCompared(context);
      expect(await differences()).toEqual([{ order_id: '1000040', cause: 'gone', outcome: 'unchanged' }]);
      expect(await faulty.rows('SELECT 1 FROM orders WHERE deleted_at IS NOT NULL')).toEqual([]);
    } finally {
      config.scopes = scopes;
      await faulty.owner.query('DELETE FROM sessions');
    }
  });
});

describe('customers', () => {
  it('who were merged since the list was made count as equal', async () => {
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    const { advanceReconciliation } = await import('#app/services/sync/reconcile/advance-reconciliation.server.ts');
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    await advanceReconciliation(context);
    const { simulator } = faulty.app.running;
    await until(() => simulator.bulk.list(DOMAIN).at(-1)?.status, (status) => status === 'COMPLETED');
    mergeCustomers(shopify, 100, 101, new Date());
    const merging = await import('#app/services/sync/refresh-customer.server.ts');
    await merging.mergeCustomers(context, { keptGid: 'gid://shopify/Customer/100', deletedGid: 'gid://shopify/Customer/101' });
    expect(await faulty.rows('SELECT 1 FROM orders WHERE customer_id = 101')).toEqual([]);
    expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 0 });
  });

  it('who were redacted do not come back with a repair', async () => {
    const { redactCustomer } = await import('#app/services/privacy/redact-customer.server.ts');
    await redactCustomer(context, { customerId: 100n, orderIds: [1_000_010n] });
    expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 0 });

    // Each of these has to be fetched from Shopify again, where the customer still is.
    change(0, minutesAgo(20));
    await faulty.owner.query('DELETE FROM orders WHERE order_id = 1000200');
    await faulty.owner.query('UPDATE orders SET current_total_minor = 1 WHERE order_id = 1000400');
    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ differencesFound: 3, differencesRepaired: 3 });
    expect(latest?.differences.map(({ orderName }) => orderName)).toEqual(['', '', '']);
    expect(await faulty.rows('SELECT 1 FROM orders WHERE customer_id = 100')).toEqual([]);
    expect(await faulty.rows('SELECT 1 FROM customers WHERE customer_id = 100')).toEqual([]);
    expect(await faulty.rows('SELECT count(*)::int AS orders, count(DISTINCT name)::int AS names FROM orders WHERE customer_id < 0')).toEqual([
      { orders: 3, names: 1 },
    ]);
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
  });
});
