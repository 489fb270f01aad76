import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { computeOrderMoney, lineNet } from '#test/simulator/order-money.ts';
import type { SimOrder } from '#test/simulator/state.ts';
import { generateStore } from '#test/simulator/store/generate-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const GENERATED = generateStore({ seed: 11, orders: 600, asOf: '2026-11-20T12:00:00.000Z' });
/** One with a gift card among what was generated. */
const STORE = { ...GENERATED, orders: GENERATED.orders.map((order, index) => (index === 0 ? withGiftCard(order) : order)) };
const KEPT = STORE.orders.filter(({ deletedAt }) => deletedAt === null);
const UNKNOWN = '20000000-0000-4000-8000-000000000001';

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let loaded: EarningOrder[];

function withGiftCard(order: SimOrder): SimOrder {
  return { ...order, lines: order.lines.map((line, index) => ({ ...line, isGiftCard: index === 0 })) };
}

async function load(orderIds: bigint[]): Promise<EarningOrder[]> {
  const { loadEarningOrders } = await import('#app/adapters/db/loyalty/earning-orders.server.ts');
  return context.inShop((db) => loadEarningOrders(db, context.shop, orderIds));
}

/** As the worker reads them. */
async function read(orderIds: bigint[]): Promise<EarningOrder[]> {
  const { readEarningOrders } = await import('#app/adapters/db/loyalty/orders-to-award.server.ts');
  const { withBriefConnection } = await import('#app/adapters/db/brief-connection.server.ts');
  return withBriefConnection(context.pool, context.shop, (connection) => readEarningOrders(connection, context.shop, orderIds));
}

async function changed(after: bigint, limit: number) {
  const { readAwardMark, readChangedOrders } = await import('#app/adapters/db/loyalty/orders-to-award.server.ts');
  const { withBriefConnection } = await import('#app/adapters/db/brief-connection.server.ts');
  return withBriefConnection(context.pool, context.shop, async (connection) => {
    const { dataVersion } = await readAwardMark(connection, context.shop);
    return readChangedOrders(connection, context.shop, { after, dataVersion, limit });
  });
}

async function shopVersion(): Promise<bigint> {
  const { rows } = await owner.query<{ version: string }>('SELECT data_version AS version FROM shops');
  return BigInt(rows[0]?.version ?? '0');
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  await pullHistory(context);
  loaded = await load(KEPT.map(({ id }) => BigInt(id)));
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('orders as earning sees them', () => {
  it('are the same for the worker, which reads them by other statements', async () => {
    expect(await read(KEPT.map(({ id }) => BigInt(id)))).toEqual(loaded);
  });

  it('are all that were asked for, by id, with their lines', () => {
    expect(loaded.map(({ orderId }) => orderId)).toEqual(KEPT.map(({ id }) => BigInt(id)).sort((a, b) => Number(a - b)));
    const linesOf = new Map(KEPT.map((order) => [BigInt(order.id), order.lines]));
    for (const { orderId, lines } of loaded) {
      const sold = linesOf.get(orderId) ?? [];
      expect(lines.map(({ lineId }) => lineId)).toEqual(sold.map(({ id }) => BigInt(id)).sort((a, b) => Number(a - b)));
      for (const line of lines) {
        const soldLine = sold.find(({ id }) => BigInt(id) === line.lineId);
        expect(line.productId).toBe(soldLine?.productId);
        expect(line.isGiftCard).toBe(soldLine?.isGiftCard ?? false);
        if (soldLine?.currentQuantity === soldLine?.quantity) expect(line.remainingMinor).toBe(soldLine && lineNet(soldLine).shop.amountMinor);
        if (soldLine?.currentQuantity === 0) expect(line.remainingMinor).toBe(0);
      }
    }
  });

  it('know when they were paid and sent, if Shopify does', () => {
    const whole = (at: string | undefined) => (at === undefined ? null : Math.floor(Date.parse(at) / 1_000) * 1_000);
    const known = { paid: 0, unpaid: 0, sent: 0 };
    for (const { orderId, paidAtMs, fulfilledAtMs } of loaded) {
      const order = KEPT.find(({ id }) => BigInt(id) === orderId);
      const isPaid = (order?.received.shop.amountMinor ?? 0) > 0;
      expect(paidAtMs).toBe(isPaid ? whole(order?.processedAt) : null);
      expect(fulfilledAtMs).toBe(whole(order?.fulfillments.at(-1)?.createdAt));
      known[isPaid ? 'paid' : 'unpaid'] += 1;
      if (fulfilledAtMs !== null) known.sent += 1;
    }
    expect(Math.min(known.paid, known.unpaid, known.sent)).toBeGreaterThan(0);
  });

  it('are the same once they are paid and sent at last, as one request tells it', async () => {
    const { fulfillOrder, payOrder } = await import('#test/simulator/order-changes.ts');
    const { loadOrdersById } = await import('#app/adapters/shopify/load-records.server.ts');
    const { storeOrders } = await import('#app/services/sync/refresh-order.server.ts');
    const store = app.running.simulator.shops.get(STORE.shop.domain);
    const unpaid = KEPT.find(({ financialStatus, cancelledAt, fulfillments }) => financialStatus === 'PENDING' && cancelledAt === null && fulfillments.length === 0);
    if (!store || !unpaid) throw new Error('no order waits for its money');
    const on = (day: string) => new Date(`2026-12-${day}T10:00:00Z`);
    fulfillOrder(store, fulfillOrder(store, payOrder(store, unpaid, on('10')), { isLast: false }, on('12')), { isLast: true }, on('15'));
    const ids = [BigInt(unpaid.id)];
    await storeOrders(context, { readings: await loadOrdersById(context.admin, ids), removed: new Set() });
    const [order] = await load(ids);
    expect(order).toMatchObject({ financialStatus: 'PAID', fulfillmentStatus: 'FULFILLED', paidAtMs: on('10').getTime(), fulfilledAtMs: on('15').getTime() });
    expect(await read(ids)).toEqual([order]);
    loaded = await load(KEPT.map(({ id }) => BigInt(id)));
  });

  it('are worth, in what the shopper paid in, what the shopper saw', () => {
    let foreign = 0;
    for (const { orderId, exclusion, presentmentValue, shopValue } of loaded) {
      const order = KEPT.find(({ id }) => BigInt(id) === orderId);
      if (!order || exclusion !== null || order.taxesIncluded || order.refunds.length > 0 || order.edited || order.financialStatus !== 'PAID') continue;
      const { subtotal } = computeOrderMoney(order);
      if (subtotal.shop.amountMinor === 0) continue;
      expect(shopValue).toEqual(subtotal.shop);
      expect(presentmentValue).toEqual(subtotal.presentment);
      if (order.presentmentCurrency !== STORE.shop.currency) foreign += 1;
    }
    expect(foreign).toBeGreaterThan(10);
  });

  it('are the same whether a file or one request brought them', async () => {
    const { loadOrdersById, ORDERS_A_READ } = await import('#app/adapters/shopify/load-records.server.ts');
    const { storeOrders } = await import('#app/services/sync/refresh-order.server.ts');
    const ids = loaded.slice(0, ORDERS_A_READ).map(({ orderId }) => orderId);
    await owner.query('UPDATE orders SET presentment_subtotal_minor = -1, paid_at = NULL WHERE order_id = ANY($1)', [ids.map(String)]);
    await owner.query('DELETE FROM order_lines WHERE order_id = ANY($1)', [ids.map(String)]);
    await storeOrders(context, { readings: await loadOrdersById(context.admin, ids), removed: new Set() });
    expect(await load(ids)).toEqual(loaded.slice(0, ids.length));
  });
});

describe('orders that changed', () => {
  it('come in the order of their versions, all of one version together', async () => {
    const seen = new Set<bigint>();
    let after = 0n;
    let rest: string = 'more';
    while (rest === 'more') {
      const batch = await changed(after, 100);
      for (const id of batch.orderIds) expect(seen.has(id)).toBe(false);
      batch.orderIds.forEach((id) => seen.add(id));
      expect(batch.throughVersion).toBeGreaterThan(after);
      ({ throughVersion: after, rest } = batch);
    }
    expect(seen.size).toBe(KEPT.length);
    expect(after).toBe(await shopVersion());
    expect(await changed(after, 100)).toEqual({ orderIds: [], throughVersion: after, rest: 'none' });
  });

  it('wait for the lines that their import has yet to bring', async () => {
    const after = await shopVersion();
    const [first, second] = loaded.map(({ orderId }) => String(orderId));
    const touch = async (orderId: string | undefined, importId: string | null) => {
      await owner.query('UPDATE shops SET data_version = data_version + 1');
      await owner.query('UPDATE orders SET import_id = $2 WHERE order_id = $1', [orderId, importId]);
    };
    await owner.query(
      `INSERT INTO imports (shop_id, import_id, resource, state, requested_at) SELECT shop_id, $1, 'orders', 'storing', now() FROM shops`,
      [UNKNOWN],
    );
    await touch(first, null);
    const before = await shopVersion();
    await touch(second, UNKNOWN);
    expect(await changed(after, 100)).toEqual({ orderIds: [BigInt(first ?? 0)], throughVersion: before, rest: 'importing' });
    await owner.query(`UPDATE imports SET state = 'completed' WHERE import_id = $1`, [UNKNOWN]);
    expect(await changed(after, 100)).toMatchObject({ orderIds: [first, second].map((id) => BigInt(id ?? 0)), rest: 'none' });
  });
});
