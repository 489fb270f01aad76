import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { deleteOrder, mergeCustomers, refundOrder } from '#test/simulator/order-changes.ts';
import { syntheticOrder, syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startWebhookedShop, type WebhookedShop } from './webhooked-shop.ts';


let webhooked: WebhookedShop;
let owner: WebhookedShop['owner'];
let context: WebhookedShop['context'];
let shopify: WebhookedShop['shopify'];
let rows: WebhookedShop['rows'];
let settle: WebhookedShop['settle'];
let work: WebhookedShop['work'];
let post: WebhookedShop['post'];

beforeAll(async () => {
  webhooked = await startWebhookedShop([syntheticStore(60)]);
  ({ owner, context, shopify, rows, settle, work, post } = webhooked);
});

afterAll(() => webhooked.stop());

describe('webhooks of orders', () => {
  it('brings a new order with its lines, once, however often it is announced', async () => {
    const order = syntheticOrder(9_000_000, { name: '#9000', customerId: 100, at: '2026-11-02T10:00:00.000Z', isRefunded: false });
    shopify.save('order', order);
    shopify.emit('orders/create', order);
    shopify.emit('orders/updated', order);
    await settle();
    expect(await rows('SELECT customer_id, is_test FROM orders WHERE order_id = 9000000')).toEqual([
      { customer_id: '100', is_test: false },
    ]);
    expect(await rows('SELECT count(*)::int AS lines FROM order_lines WHERE order_id = 9000000')).toEqual([
      { lines: order.lines.length },
    ]);
  });

  it('brings all lines of an order, however many answers they take', async () => {
    const order = syntheticOrder(9_500_000, { name: '#9500', customerId: 101, at: '2026-11-02T10:00:00.000Z' });
    const lines = Array.from({ length: 125 }, (_, index) => order.lines.slice(0, 1).map((line) => ({ ...line, id: order.id + 1 + index }))).flat();
    shopify.save('order', { ...order, lines });
    await post('/webhooks/orders', 'orders/create', JSON.stringify({ id: order.id }));
    await work(context);
    expect(await rows('SELECT count(*)::int AS lines FROM order_lines WHERE order_id = 9500000')).toEqual([{ lines: 125 }]);
  });

  it('keeps nothing of an order that changes between two answers, and brings it whole with the next try', async () => {
    const order = shopify.orders.get(9_500_000);
    if (!order) throw new Error('no order');
    const change = (minute: number) => shopify.save('order', { ...order, name: `#minute-${minute}`, updatedAt: `2026-11-02T11:0${minute}:00.000Z` });
    change(1);
    let answers = 0;
    const admin: ShopContext['admin'] = async (document, variables) => {
      const answer = await context.admin(document, variables);
      answers += 1;
      if (answers === 1) change(2);
      return answer;
    };
    await post('/webhooks/orders', 'orders/updated', JSON.stringify({ id: order.id, updated_at: '2026-11-02T11:01:00.000Z' }));
    await expect(work({ ...context, admin })).rejects.toThrow('webhooks failed');
    expect(await rows('SELECT name FROM orders WHERE order_id = 9500000')).toEqual([{ name: '#9500' }]);
    await owner.query("UPDATE webhook_inbox SET not_before = now() WHERE state = 'waiting'");
    await work(context);
    expect(await rows('SELECT name FROM orders WHERE order_id = 9500000')).toEqual([{ name: '#minute-2' }]);
  });

  it('takes a refund over from the order as it is now', async () => {
    const order = shopify.orders.get(9_000_000);
    if (!order) throw new Error('no order');
    const [line] = order.lines;
    const request = { lines: [{ lineItemId: line?.id ?? 0, quantity: 1 }], everything: false, freeAmountMinor: 50, note: null };
    const refunded = refundOrder(shopify, order, request, new Date('2026-11-03T10:00:00.000Z'));
    await settle();
    const [held] = await rows('SELECT refunded_minor, financial_status FROM orders WHERE order_id = 9000000');
    expect(held).toEqual({
      refunded_minor: String(refunded.refunds[0]?.total.shop.amountMinor),
      financial_status: 'PARTIALLY_REFUNDED',
    });
    expect(await rows('SELECT count(*)::int AS refunds FROM refunds WHERE order_id = 9000000')).toEqual([{ refunds: 1 }]);
  });

  it('leaves a later version alone when an older one arrives', async () => {
    await owner.query("UPDATE orders SET updated_at = '2027-01-01', name = 'later' WHERE order_id = 9000000");
    await post('/webhooks/orders', 'orders/updated', JSON.stringify({ id: 9_000_000 }));
    await work(context);
    expect(await rows('SELECT name FROM orders WHERE order_id = 9000000')).toEqual([{ name: 'later' }]);
  });

  it('reads an order again that changed once more in the second in which we have it', async () => {
    const order = shopify.orders.get(1_000_050);
    if (!order) throw new Error('no order');
    const updatedAt = '2026-11-03T12:00:00.000Z';
    for (const name of ['#first', '#second']) {
      shopify.restore('order', { ...order, name, updatedAt });
      await post('/webhooks/orders', 'orders/updated', JSON.stringify({ id: order.id, updated_at: updatedAt }));
      await work(context);
      expect(await rows('SELECT name FROM orders WHERE order_id = 1000050')).toEqual([{ name }]);
    }
  });

  it('takes a deletion although it was told before the version that we hold', async () => {
    const order = shopify.orders.get(1_000_060);
    if (!order) throw new Error('no order');
    shopify.restore('order', { ...order, deletedAt: '2026-11-05T10:00:00.000Z' });
    await post('/webhooks/orders', 'orders/delete', JSON.stringify({ id: order.id }), { 'X-Shopify-Triggered-At': '2020-01-01T00:00:00.000Z' });
    await work(context);
    expect(await rows('SELECT deleted_at IS NOT NULL AS gone FROM orders WHERE order_id = 1000060')).toEqual([{ gone: true }]);
  });

  it('makes reports anew after each change, and says how fresh they are: of an order, of a customer, and by a deletion', async () => {
    const version = async () => (await rows('SELECT data_version::int AS version, fresh_at > $1 AS is_fresh FROM shops', [startedAt]))[0];
    const order = shopify.orders.get(1_000_070);
    const customer = shopify.customers.get(105);
    if (!order || !customer) throw new Error('no such record');
    const startedAt = new Date();
    const updatedAt = '2026-11-05T11:00:00.000Z';
    const changes = [
      () => shopify.restore('order', { ...order, sourceName: 'pos', updatedAt }),
      () => shopify.restore('customer', { ...customer, locale: 'fr', updatedAt }),
      () => shopify.restore('order', { ...order, deletedAt: updatedAt }),
    ];
    const told = [
      ['/webhooks/orders', 'orders/updated', { id: order.id, updated_at: updatedAt }],
      ['/webhooks/customers', 'customers/update', { id: customer.id, updated_at: updatedAt }],
      ['/webhooks/orders', 'orders/delete', { id: order.id }],
    ] as const;
    for (const [index, [path, topic, body]] of told.entries()) {
      changes[index]?.();
      await owner.query('UPDATE shops SET fresh_at = $1', [startedAt]);
      const before = await version();
      await post(path, topic, JSON.stringify(body));
      await work(context);
      expect([topic, await version()]).toEqual([topic, { version: Number(before?.['version']) + 1, is_fresh: true }]);
    }
  });

  it('brings how many orders Shopify still counts of the buyer of a deleted one, of which no webhook tells', async () => {
    const counted = async () => (await rows('SELECT number_of_orders AS n FROM customers WHERE customer_id = 104'))[0]?.['n'];
    const order = [...shopify.orders.values()].find(({ customerId, deletedAt }) => customerId === 104 && deletedAt === null);
    if (!order) throw new Error('no order');
    const before = Number(await counted());
    shopify.restore('order', { ...order, deletedAt: '2026-11-05T11:30:00.000Z' });
    await post('/webhooks/orders', 'orders/delete', JSON.stringify({ id: order.id }));
    await work(context);
    expect(await counted()).toBe(before - 1);
  });

  it('keeps a deleted order away, even when its deletion comes before the order', async () => {
    const order = syntheticOrder(9_000_100, { name: '#9001', customerId: 101, at: '2026-11-04T10:00:00.000Z', isRefunded: false });
    shopify.save('order', { ...order, deletedAt: '2026-11-04T11:00:00.000Z' });
    await post('/webhooks/orders', 'orders/delete', JSON.stringify({ id: order.id }));
    await work(context);
    await post('/webhooks/orders', 'orders/create', JSON.stringify({ id: order.id }));
    // It may be that Shopify does not know of it yet.
    await expect(work(context)).rejects.toThrow('webhooks failed');
    await owner.query("UPDATE webhook_inbox SET attempts = 3, not_before = now() WHERE state = 'waiting'");
    await work(context);
    expect(await rows('SELECT 1 FROM orders WHERE order_id = 9000100')).toEqual([]);

    const known = shopify.orders.get(1_000_000);
    if (!known) throw new Error('no order');
    deleteOrder(shopify, known, new Date('2026-11-05T10:00:00.000Z'));
    await settle();
    expect(await rows('SELECT deleted_at IS NOT NULL AS gone FROM orders WHERE order_id = 1000000')).toEqual([{ gone: true }]);
  });

  it('remembers a deletion of an order that is not here while Shopify\'s list of orders may still have it', async () => {
    const tombstones = async () => (await rows('SELECT 1 FROM tombstones')).length;
    await owner.query("UPDATE imports SET state = 'completed', finished_at = now() WHERE finished_at IS NULL");
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    const before = await tombstones();
    await post('/webhooks/orders', 'orders/delete', JSON.stringify({ id: 9_000_200 }));
    await work(context);
    expect(await tombstones()).toBe(before);
    // Of a comparison or a pull, from its beginning to its end.
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    const unfinished = [
      ...['requested', 'running', 'comparing', 'repairing'].map((state) => ['reconciliations', state] as const),
      ...['requested', 'running', 'storing'].map((state) => ['imports', state] as const),
    ];
    const [pull] = await rows("SELECT import_id FROM imports WHERE resource = 'orders' LIMIT 1");
    for (const [index, [table, state]] of unfinished.entries()) {
      if (table === 'imports') await owner.query('TRUNCATE reconciliations CASCADE');
      await owner.query(`UPDATE ${table} SET state = $1 ${table === 'imports' ? 'WHERE import_id = $2' : ''}`, table === 'imports' ? [state, pull?.['import_id']] : [state]);
      await post('/webhooks/orders', 'orders/delete', JSON.stringify({ id: 9_000_201 + index }));
      await work(context);
      expect([table, state, await tombstones()]).toEqual([table, state, before + 1 + index]);
    }
    await owner.query("UPDATE imports SET state = 'completed'");
  });

  it('deletes nothing that Shopify still has, asked several times', async () => {
    await post('/webhooks/orders', 'orders/delete', JSON.stringify({ id: 1_000_020 }));
    await post('/webhooks/customers', 'customers/delete', JSON.stringify({ id: 110 }));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(work(context)).rejects.toThrow('webhooks failed');
      await owner.query("UPDATE webhook_inbox SET not_before = now() WHERE state = 'waiting'");
    }
    await work(context);
    expect(await rows("SELECT outcome FROM webhook_inbox WHERE topic IN ('orders/delete', 'customers/delete') AND attempts = 4")).toEqual([
      { outcome: 'still-there' },
      { outcome: 'still-there' },
    ]);
    expect(await rows('SELECT 1 FROM orders WHERE order_id = 1000020 AND deleted_at IS NULL')).toHaveLength(1);
    expect(await rows('SELECT 1 FROM customers WHERE customer_id = 110')).toHaveLength(1);
  });

  it('keeps the customer and the region that it knows when Shopify withholds them today', async () => {
    const held = () => rows('SELECT customer_id, country_code, province_code, source_name FROM orders WHERE order_id = 1000030');
    const [known] = await held();
    expect(known).toMatchObject({ customer_id: '103', country_code: 'DE' });
    const order = shopify.orders.get(1_000_030);
    if (!order) throw new Error('no order');
    shopify.save('order', { ...order, sourceName: 'pos', updatedAt: '2026-11-05T12:00:00.000Z' });
    await post('/webhooks/orders', 'orders/updated', JSON.stringify({ id: order.id, updated_at: '2026-11-05T12:00:00.000Z' }));
    // As the answer is once access to protected data is gone: the fields are null, and errors name their paths.
    const admin: ShopContext['admin'] = async (document, variables) => {
      const { data } = await context.admin(document, variables);
      const denied = { customer: null, shippingAddress: null, billingAddress: null };
      const nodes = (data as { nodes?: object[] }).nodes?.map((node) => ({ ...node, ...denied }));
      return { data: { ...data, nodes }, withheld: Object.keys(denied).map((field) => `nodes.0.${field}`) };
    };
    await work({ ...context, admin });
    expect(await held()).toEqual([{ ...known, source_name: 'pos' }]);
  });

  it('gives the orders of a merged customer to the one that stayed, and leaves no difference that names who went', async () => {
    const [before] = await rows('SELECT count(*)::int AS orders FROM orders WHERE customer_id IN (102, 103)');
    await owner.query(
      `WITH run AS (INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at) VALUES ($1, gen_random_uuid(), 'asked', 'all', 'completed', now()) RETURNING *)
       INSERT INTO reconciliation_customer_differences (shop_id, reconciliation_id, customer_id, cause, outcome) SELECT shop_id, reconciliation_id, 103, 'missing', 'repaired' FROM run`,
      [context.shop.shopId],
    );
    mergeCustomers(shopify, 102, 103, new Date('2026-11-06T10:00:00.000Z'));
    await settle();
    // No other webhook tells how many orders Shopify counts by now.
    expect(await rows('SELECT number_of_orders AS orders FROM customers WHERE customer_id = 102')).toEqual(
      await rows('SELECT count(*)::int AS orders FROM orders WHERE customer_id = 102 AND deleted_at IS NULL'),
    );
    expect(await rows('SELECT count(*)::int AS orders FROM orders WHERE customer_id = 102')).toEqual([before]);
    expect(await rows('SELECT 1 FROM customers WHERE customer_id = 103')).toEqual([]);
    expect(await rows('SELECT 1 FROM reconciliation_customer_differences WHERE customer_id = 103')).toEqual([]);
  });
});

describe('webhooks of the shop', () => {
  it.each([
    ['its time zone', { ianaTimezone: 'Asia/Tokyo' }, 'iana_time_zone', 'Asia/Tokyo'],
    ['its currency', { currency: 'JPY' }, 'currency', 'JPY'],
  ])('bring %s, and make reports anew, which are made by it', async (_what, facts, column, told) => {
    const [before] = await rows('SELECT data_version FROM shops');
    const sound = { ...shopify.shop };
    Object.assign(shopify.shop, facts);
    try {
      await post('/webhooks/app', 'shop/update', '{}');
      await work(context);
    } finally {
      Object.assign(shopify.shop, sound);
    }
    expect(await rows(`SELECT ${column} AS told, data_version FROM shops`)).toEqual([{ told, data_version: String(Number(before?.['data_version']) + 1) }]);
    await post('/webhooks/app', 'shop/update', '{}');
    await work(context);
  });
});
