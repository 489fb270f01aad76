import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { cancelOrder, deleteOrder, editOrder, mergeCustomers, privacyPayload, refundOrder } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { until } from '#test/simulator/simulator-client.ts';
import type { SimOrder } from '#test/simulator/state.ts';
import { syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { reconcile } from '#test/support/reconcile.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';

const ORDERS = 120;
const STORE = syntheticStore(ORDERS);
const OTHER = syntheticStore(9, { shop: { id: 2, domain: 'other.myshopify.com' } });
const { domain: DOMAIN } = STORE.shop;
const AT = new Date('2026-11-10T10:00:00.000Z');

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;
let known: ShopColumns;

async function bring(from: ShopColumns | null, of = context): Promise<ShopColumns> {
  const { bringShopColumns } = await import('#app/services/retention/bring-shop-columns.server.ts');
  return bringShopColumns(of, from);
}

/** What reports are made of; how it came to be is left out. */
function contentsOf({ read: _, byteSize: __, ...contents }: ShopColumns): unknown {
  return contents;
}

/** Refreshes, compares with all read anew, and answers with how many orders the refresh has read. */
async function refresh(): Promise<number> {
  const before = contentsOf(structuredClone(known));
  const refreshed = await bring(known);
  // Whoever still reads the old ones finds them as they were.
  expect(contentsOf(known)).toEqual(before);
  expect(contentsOf(refreshed)).toEqual(contentsOf(await bring(null)));
  expect(refreshed.lastOrderDay).toBe(Math.max(...refreshed.columns.days));
  expect(refreshed.read.isWhole).toBe(false);
  known = refreshed;
  return refreshed.read.orders;
}

async function settle(): Promise<void> {
  const pending = () => app.running.simulator.webhooks.deliveries().filter(({ status }) => status === 'pending').length;
  await until(pending, (count) => count === 0);
  await handle();
}

async function handle(): Promise<void> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  expect(await handleWebhooks(context)).toEqual([]);
}

function orderOf(id: number): SimOrder {
  const order = shopify.orders.get(id);
  if (!order) throw new Error(`no order ${id}`);
  return order;
}

async function placeOrder(id: number, customerId: number | null): Promise<SimOrder> {
  const order = syntheticOrder(id, { name: `#${id}`, customerId: customerId ?? 100, at: '2026-11-02T10:00:00.000Z', isRefunded: false });
  const placed = customerId === null ? { ...order, customerId: null } : order;
  shopify.save('order', placed);
  shopify.emit('orders/create', placed);
  await settle();
  return placed;
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(DOMAIN);
  await pullHistory(context);
  shopify = app.running.simulator.requireStore(DOMAIN);
  known = await bring(null);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('columns that are refreshed are those that would be read anew', () => {
  it('when nothing has changed, of which nothing is read', async () => {
    expect(known.read).toEqual({ orders: ORDERS, isWhole: true });
    expect(await refresh()).toBe(0);
  });

  it('after new orders, of a customer and of a guest', async () => {
    await placeOrder(9_000_000, 100);
    expect(await refresh()).toBe(1);
    await placeOrder(9_000_020, null);
    expect(await refresh()).toBe(1);
    expect(known.columns.orderCount + known.leftOut.ids.length).toBe(ORDERS + 2);
  });

  it('after a refund in part, which changes a value, and one of everything, which leaves the order out', async () => {
    const before = known.excluded.refunded;
    const some = { lines: [], everything: false, freeAmountMinor: 50, note: null };
    refundOrder(shopify, orderOf(9_000_000), some, AT);
    await settle();
    expect(await refresh()).toBe(1);
    expect(known.excluded.refunded).toBe(before);
    refundOrder(shopify, orderOf(9_000_000), { ...some, freeAmountMinor: 0, everything: true }, AT);
    await settle();
    expect(await refresh()).toBe(1);
    expect(known.excluded.refunded).toBe(before + 1);
  });

  it('after an edit and a cancellation', async () => {
    const order = await placeOrder(9_000_040, 101);
    const [line] = order.lines;
    editOrder(shopify, order, { lineItemId: line?.id ?? 0, quantity: 1 }, AT);
    await settle();
    expect(await refresh()).toBe(1);
    const before = known.excluded.cancelled;
    cancelOrder(shopify, orderOf(9_000_040), AT);
    await settle();
    expect(await refresh()).toBe(1);
    expect(known.excluded.cancelled).toBe(before + 1);
  });

  it('after a deletion', async () => {
    deleteOrder(shopify, orderOf(1_000_000), AT);
    await settle();
    expect(await refresh()).toBe(1);
    expect(known.excluded.deleted).toBe(1);
  });

  it('after a merge of two customers', async () => {
    const theirs = [...shopify.orders.values()].filter(({ customerId }) => customerId === 102).length;
    mergeCustomers(shopify, 103, 102, AT);
    await settle();
    expect(theirs).toBeGreaterThan(0);
    expect(await refresh()).toBeGreaterThanOrEqual(theirs);
    expect(known.columns.customerKeys).not.toContain(102);
  });

  it('after a redaction, of which neither the customer nor a region or a code stays', async () => {
    const body = JSON.stringify(privacyPayload(shopify, 104));
    await sendWebhook({ appUrl: app.running.appFrontUrl, path: '/webhooks/compliance', topic: 'customers/redact', shop: DOMAIN, body });
    await handle();
    expect(await refresh()).toBeGreaterThan(0);
    expect(known.columns.customerKeys).not.toContain(104);
  });

  it('after a customer without orders came, ordered, and went', async () => {
    const before = known.prospects.ids.length;
    const customer = shopify.customers.get(100);
    if (!customer) throw new Error('no customer');
    shopify.save('customer', { ...customer, id: 7_777 });
    shopify.emit('customers/create', { ...customer, id: 7_777 });
    await settle();
    expect(await refresh()).toBe(0);
    expect(known.prospects.ids.length).toBe(before + 1);
    await placeOrder(9_000_060, 7_777);
    await refresh();
    expect(known.prospects.ids.length).toBe(before);
    await owner.query('UPDATE customers SET number_of_orders = 0 WHERE customer_id = 7777');
    await owner.query('UPDATE orders SET customer_id = 100 WHERE customer_id = 7777');
    expect(await refresh()).toBe(1);
    expect(known.prospects.ids.length).toBe(before + 1);
    const { storeCustomers } = await import('#app/services/sync/refresh-customer.server.ts');
    await storeCustomers(context, { readings: new Map([[7_777n, { kind: 'absent' }]]), removed: new Set([7_777n]) });
    expect(await refresh()).toBe(0);
    expect(known.prospects.ids.length).toBe(before);
  });

  it('after a comparison with Shopify has repaired what was lost', async () => {
    // What was changed by hand above.
    await reconcile(context);
    await refresh();
    await owner.query('UPDATE orders SET current_subtotal_minor = current_subtotal_minor + 1 WHERE order_id = 1000020');
    expect(await refresh()).toBe(1);
    await reconcile(context);
    expect(await refresh()).toBe(1);
  });

  it('after a pull of everything, which writes each order again', async () => {
    const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
    await restartImports(context);
    await pullHistory(context);
    expect(await refresh()).toBeGreaterThan(ORDERS / 2);
  });

  it('after a statement by hand, which has told nobody', async () => {
    await owner.query("UPDATE orders SET source_name = 'by hand' WHERE order_id IN (1000040, 1000060)");
    expect(await refresh()).toBe(2);
    expect(known.columns.dimensions.channel.values).toContain('by hand');
  });
});

describe('columns are read anew', () => {
  const readAnew = async () => {
    known = await bring(known);
    expect(contentsOf(known)).toEqual(contentsOf(await bring(null)));
    return known.read.isWhole;
  };

  it('when the shop has another time zone or currency', async () => {
    await owner.query("UPDATE shops SET iana_time_zone = 'Asia/Tokyo' WHERE domain = $1", [DOMAIN]);
    expect(await readAnew()).toBe(true);
    expect(known.columns.timeZone).toBe('Asia/Tokyo');
    await owner.query("UPDATE shops SET currency = 'JPY' WHERE domain = $1", [DOMAIN]);
    expect(await readAnew()).toBe(true);
    expect(known.columns.orderCount).toBe(0);
    expect(known.inOtherCurrency).toBeGreaterThan(ORDERS / 2);
    await owner.query("UPDATE shops SET currency = 'USD' WHERE domain = $1", [DOMAIN]);
    expect(await readAnew()).toBe(true);
  });

  it('when the merchant counts orders in another way, by which they are refreshed from then on', async () => {
    const count = (preset: string, value: string) =>
      owner.query('UPDATE shops SET counting_preset = $2, order_value = $3 WHERE domain = $1', [DOMAIN, preset, value]);
    await owner.query("UPDATE shops SET currency = 'EUR' WHERE domain = $1", [DOMAIN]);
    expect(await readAnew()).toBe(true);
    const { orderCount } = known.columns;
    const { refunded } = known.excluded;
    expect(refunded).toBeGreaterThan(0);
    await count('asShopifyCounts', 'totalBeforeRefunds');
    expect(await readAnew()).toBe(true);
    expect(known.columns.counting).toEqual({ preset: 'asShopifyCounts', value: 'totalBeforeRefunds' });
    expect([known.columns.orderCount, known.excluded.refunded]).toEqual([orderCount + refunded, 0]);
    await owner.query('UPDATE orders SET current_shipping_minor = current_shipping_minor + 1 WHERE order_id = 1000100');
    expect(await readAnew()).toBe(false);
    expect(known.read.orders).toBe(1);
    await count('perennial', 'goods');
    expect(await readAnew()).toBe(true);
    expect(known.excluded.refunded).toBe(refunded);
  });

  it('when orders were deleted for good', async () => {
    await owner.query('DELETE FROM orders WHERE order_id = 1000080');
    expect(await readAnew()).toBe(true);
    expect(await readAnew()).toBe(false);
  });

  it('when two orders may have one number', async () => {
    await owner.query('UPDATE orders SET order_id = 9007199254740993 WHERE order_id = 1000100');
    expect(await readAnew()).toBe(true);
    await owner.query('UPDATE orders SET order_id = 1000100 WHERE order_id = 9007199254740993');
  });
});
