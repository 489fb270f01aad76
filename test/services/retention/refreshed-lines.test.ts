import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ShopLines } from '#app/services/retention/bring-shop-lines.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { cancelOrder, editOrder, privacyPayload } from '#test/simulator/order-changes.ts';
import type { ShopStore } from '#test/simulator/shop-store.ts';
import { until } from '#test/simulator/simulator-client.ts';
import type { SimOrder } from '#test/simulator/state.ts';
import { seededRandom } from '#test/simulator/store/seeded-random.ts';
import { syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';
import { sendWebhook } from '#test/support/send-webhook.ts';

const ORDERS = 120;
const STORE = syntheticStore(ORDERS);
const { domain: DOMAIN } = STORE.shop;
const AT = new Date('2026-11-10T10:00:00.000Z');
const IMPORT_ID = '00000000-0000-4000-8000-000000000001';

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let shopify: ShopStore;
let known: ShopLines;

async function bring(from: ShopLines | null): Promise<ShopLines> {
  const { bringShopColumns } = await import('#app/services/retention/bring-shop-columns.server.ts');
  const { bringShopLines } = await import('#app/services/retention/bring-shop-lines.server.ts');
  const orders = await bringShopColumns(context, from?.orders ?? null);
  return bringShopLines(context, { orders, known: from, nowMs: AT.getTime() });
}

/** Brings the lines of now, compares them with all read anew, and answers with how many orders' lines were read. */
async function refresh(): Promise<ShopLines['read']> {
  const before = structuredClone(known.lines);
  const refreshed = await bring(known);
  expect(known.lines).toEqual(before);
  expect(refreshed.lines).toEqual((await bring(null)).lines);
  known = refreshed;
  return refreshed.read;
}

const readOf = (orders: number) => ({ orders, isWhole: false });

async function settle(): Promise<void> {
  const pending = () => app.running.simulator.webhooks.deliveries().filter(({ status }) => status === 'pending').length;
  await until(pending, (count) => count === 0);
  await handle();
}

async function handle(): Promise<void> {
  const { handleWebhooks } = await import('#app/services/sync/webhooks/handle-webhooks.server.ts');
  expect(await handleWebhooks(context)).toEqual([]);
}

async function placeOrder(id: number): Promise<SimOrder> {
  const order = syntheticOrder(id, { name: `#${id}`, customerId: 100, at: '2026-11-02T10:00:00.000Z', isRefunded: false });
  shopify.save('order', order);
  shopify.emit('orders/create', order);
  await settle();
  return order;
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
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

describe('lines that are refreshed are those that would be read anew', () => {
  it('when nothing has changed, and then they are the very same', async () => {
    const { lines } = known;
    expect(known.read.isWhole).toBe(true);
    expect(await refresh()).toEqual(readOf(0));
    expect(known.lines).toBe(lines);
  });

  it('after a new order, an edit that takes a line away, and a cancellation', async () => {
    const order = await placeOrder(9_000_000);
    expect(await refresh()).toEqual(readOf(1));
    editOrder(shopify, order, { lineItemId: order.lines[0]?.id ?? 0, quantity: 0 }, AT);
    await settle();
    expect(await refresh()).toMatchObject({ isWhole: false });
    const edited = shopify.orders.get(order.id);
    if (!edited) throw new Error('the order is gone');
    cancelOrder(shopify, edited, AT);
    await settle();
    expect(await refresh()).toMatchObject({ isWhole: false });
  });

  it('after a redaction', async () => {
    const body = JSON.stringify(privacyPayload(shopify, 104));
    await sendWebhook({ appUrl: app.running.appFrontUrl, path: '/webhooks/compliance', topic: 'customers/redact', shop: DOMAIN, body });
    await handle();
    expect((await refresh()).orders).toBeGreaterThan(0);
    expect(known.read.isWhole).toBe(false);
  });

  it('after many changes, after which a product may be called what an order that did not change calls it', async () => {
    const random = seededRandom(5);
    const chance = (below: number) => random.between(0, below - 1);
    let [wanted, written] = [0, 0];
    for (let round = 0; round < 25; round += 1) {
      const { rows } = await owner.query<{ order_id: string }>('SELECT order_id FROM orders ORDER BY order_id');
      const ids = new Set(Array.from({ length: 1 + chance(4) }, () => rows[chance(rows.length)]?.order_id ?? ''));
      for (const id of ids) {
        const [product, title, status] = [1 + chance(4), `Title ${chance(6)}`, chance(4) === 0 ? 'VOIDED' : 'PAID'];
        await owner.query('UPDATE order_lines SET product_id = $2, title = $3, current_quantity = $4 WHERE order_id = $1', [id, product, title, chance(5)]);
        await owner.query("UPDATE orders SET financial_status = $2, processed_at = processed_at + $3 * interval '1 hour' WHERE order_id = $1", [id, status, chance(3)]);
      }
      const { orders, isWhole } = await refresh();
      expect(isWhole).toBe(false);
      expect(orders).toBeGreaterThanOrEqual(ids.size);
      wanted += orders;
      written += ids.size;
    }
    expect(wanted).toBeGreaterThan(written);
  });

  it('after a pull of everything, which writes each order again', async () => {
    const { restartImports } = await import('#app/services/sync/restart-imports.server.ts');
    await restartImports(context);
    await pullHistory(context);
    expect((await refresh()).orders).toBeGreaterThan(ORDERS / 2);
  });

  it('while an import brings lines after their orders, and when it has ended', async () => {
    await owner.query(
      `INSERT INTO imports (shop_id, import_id, resource, state, requested_at) SELECT shop_id, $1, 'orders', 'storing', now() FROM shops WHERE domain = $2`,
      [IMPORT_ID, DOMAIN],
    );
    await owner.query('UPDATE orders SET import_id = $1 WHERE order_id = 1000020', [IMPORT_ID]);
    await owner.query('UPDATE orders SET name = name WHERE order_id = 1000040');
    expect(await refresh()).toEqual(readOf(2));
    const bringLines = (title: string) => owner.query('UPDATE order_lines SET title = $1, product_id = 77, current_quantity = 1 WHERE order_id = 1000020', [title]);
    await bringLines('Late');
    expect(await refresh()).toEqual(readOf(2));
    expect(known.lines.dictionary).toContainEqual(expect.objectContaining({ id: 77, title: 'Late' }));
    await bringLines('Later');
    expect((await bring(null)).settledVersion).toBe(known.settledVersion);
    await owner.query("UPDATE imports SET state = 'completed' WHERE import_id = $1", [IMPORT_ID]);
    expect(await refresh()).toEqual(readOf(2));
    expect(known.lines.dictionary).toContainEqual(expect.objectContaining({ id: 77, title: 'Later' }));
    expect(await refresh()).toEqual(readOf(0));
  });

  it('while an import waits for its first file, of which no order can be, but not when it was asked for again', async () => {
    await owner.query("UPDATE imports SET state = 'running' WHERE import_id = $1", [IMPORT_ID]);
    const nothingYet = (await bring(null)).settledVersion;
    await owner.query('UPDATE imports SET attempts = 1 WHERE import_id = $1', [IMPORT_ID]);
    const askedAgain = (await bring(null)).settledVersion;
    await owner.query("UPDATE imports SET attempts = 0, error_code = 'restored' WHERE import_id = $1", [IMPORT_ID]);
    expect(askedAgain).toBeLessThan(nothingYet);
    expect((await bring(null)).settledVersion).toBe(askedAgain);
    await owner.query("UPDATE imports SET state = 'completed' WHERE import_id = $1", [IMPORT_ID]);
    expect((await bring(null)).settledVersion).toBe(nothingYet);
  });
});

describe('lines are read anew', () => {
  it('when orders were deleted for good', async () => {
    await owner.query('DELETE FROM orders WHERE order_id = 1000080');
    expect((await refresh()).isWhole).toBe(true);
    expect(await refresh()).toEqual(readOf(0));
  });

  it('when the merchant counts orders in another way', async () => {
    await owner.query("UPDATE shops SET counting_preset = 'asShopifyCounts' WHERE domain = $1", [DOMAIN]);
    expect((await refresh()).isWhole).toBe(true);
    expect(await refresh()).toEqual(readOf(0));
  });
});
