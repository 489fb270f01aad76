import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { bulkLine, bulkOrder, jsonLines } from '#test/support/bulk-lines.ts';
import { startFaultyApp, type FaultyApp } from '#test/support/faulty-app.ts';
import { advanceUntilCompared, reconcile } from '#test/support/reconcile.ts';
import { scriptBulk, type ScriptedOperation } from '#test/support/scripted-bulk.ts';

const ORDERS = 12;
// An order has two lines.
const OBJECTS = 3 * ORDERS;
const STORE = syntheticStore(ORDERS);
const DOMAIN = STORE.shop.domain;
const FIRST_ID = 1_000_000;
const ORDER_TOPICS = ['ORDERS_CREATE', 'ORDERS_UPDATED', 'ORDERS_DELETE'];

let faulty: FaultyApp;
let context: ShopContext;

beforeAll(async () => {
  faulty = await startFaultyApp(STORE);
  context = await faulty.app.install(DOMAIN);
  expect(await faulty.pull(context)).toEqual([]);
});

beforeEach(async () => {
  faulty.proxy.clear();
  await faulty.owner.query('TRUNCATE reconciliations CASCADE');
  await faulty.owner.query("UPDATE shops SET reconcile_due_at = now() + interval '9 hours', freshness_due_at = now() + interval '9 hours'");
});

afterAll(() => faulty.stop());

const runs = () => faulty.rows('SELECT state, attempts, error_code, orders_compared, differences_found FROM reconciliations');
const kept = () =>
  faulty.rows('SELECT (SELECT count(*)::int FROM orders WHERE deleted_at IS NULL) AS orders, (SELECT count(*)::int FROM reconciliation_days) AS days');

/** The list of our orders as they are: each, and then the lines of all. */
async function listLines(): Promise<Record<string, unknown>[]> {
  const orders = await faulty.rows(`
    SELECT o.*, (SELECT jsonb_agg(to_jsonb(r)) FROM refunds r WHERE r.order_id = o.order_id) AS refunds,
      (SELECT jsonb_agg(to_jsonb(f)) FROM fulfillments f WHERE f.order_id = o.order_id) AS fulfillments FROM orders o ORDER BY order_id`);
  const lines = await faulty.rows('SELECT * FROM order_lines ORDER BY order_id, line_id');
  const money = (minor: unknown) => ({ shopMoney: { amount: (Number(minor) / 100).toFixed(2), currencyCode: 'EUR' } });
  const iso = (at: unknown) => (at instanceof Date ? at.toISOString() : null);
  const refunds = z.array(z.object({ refund_id: z.number(), created_at: z.string(), refunded_minor: z.number() })).nullable();
  const fulfillments = z.array(z.object({ fulfillment_id: z.number(), status: z.string(), created_at: z.string() })).nullable();
  return [
    ...orders.map((row) => ({
      ...bulkOrder(String(row['order_id'])),
      name: row['name'],
      createdAt: iso(row['created_at']),
      updatedAt: iso(row['updated_at']),
      processedAt: iso(row['processed_at']),
      displayFinancialStatus: row['financial_status'],
      displayFulfillmentStatus: row['fulfillment_status'],
      sourceName: row['source_name'],
      presentmentCurrencyCode: row['presentment_currency'],
      taxesIncluded: row['taxes_included'],
      discountCodes: row['discount_codes'],
      shippingAddress: { countryCodeV2: row['country_code'], provinceCode: row['province_code'] },
      subtotalPriceSet: { ...money(row['subtotal_minor']), presentmentMoney: money(row['subtotal_minor']).shopMoney },
      currentShippingPriceSet: money(row['current_shipping_minor']),
      shippingLine: { discountedPriceSet: money(row['current_shipping_minor']), taxLines: [{ priceSet: money(row['shipping_tax_minor']) }], discountAllocations: [] },
      totalTipReceivedSet: money(row['tip_minor']),
      customer: { id: `gid://shopify/Customer/${String(row['customer_id'])}` },
      currentSubtotalPriceSet: money(row['current_subtotal_minor']),
      currentTotalTaxSet: money(row['current_tax_minor']),
      currentTotalPriceSet: money(row['current_total_minor']),
      totalReceivedSet: money(row['received_minor']),
      totalRefundedSet: money(row['refunded_minor']),
      totalOutstandingSet: money(row['outstanding_minor']),
      refunds: (refunds.parse(row['refunds']) ?? []).map(({ refund_id: id, created_at: at, refunded_minor: minor }) => ({
        id: `gid://shopify/Refund/${id}`, createdAt: new Date(at).toISOString(), totalRefundedSet: money(minor),
      })),
      transactions: row['paid_at'] === null ? [] : [{ kind: 'SALE', status: 'SUCCESS', processedAt: iso(row['paid_at']) }],
      fulfillments: (fulfillments.parse(row['fulfillments']) ?? []).map(({ fulfillment_id: id, status, created_at: at }) => ({
        id: `gid://shopify/Fulfillment/${id}`, status, createdAt: new Date(at).toISOString(), deliveredAt: null,
      })),
    })),
    ...lines.map((row) =>
      bulkLine(String(row['order_id']), String(row['line_id']), {
        quantity: row['quantity'],
        currentQuantity: row['current_quantity'],
        originalTotalSet: money(row['original_total_minor']),
        discountedTotalSet: money(row['discounted_total_minor']),
      }),
    ),
  ];
}

describe('a list that is not whole', () => {
  const bad: [string, (whole: string) => ScriptedOperation, string][] = [
    ['failed', () => ({ status: 'FAILED', errorCode: 'INTERNAL_SERVER_ERROR', objectCount: 5, file: null }), 'INTERNAL_SERVER_ERROR'],
    ['expired', () => ({ status: 'EXPIRED', objectCount: 5, file: null }), 'EXPIRED'],
    ['was cancelled', () => ({ status: 'CANCELED', objectCount: 5, file: null }), 'CANCELED'],
    ['has no file', () => ({ objectCount: OBJECTS, file: null }), 'file-cut-short'],
    ['lacks a line', (whole) => ({ objectCount: OBJECTS, file: whole.slice(0, whole.lastIndexOf('\n', whole.length - 2) + 1) }), 'file-cut-short'],
    ['ends within a line', (whole) => ({ objectCount: OBJECTS, file: whole.slice(0, -40) }), 'file-cut-short'],
    ['has a line of no order', (whole) => ({ objectCount: OBJECTS + 1, file: `${whole}{"id":"x"}\n` }), 'file-cut-short'],
    ['is gone', (whole) => ({ objectCount: OBJECTS, file: whole, fileFault: { kind: 'answer', status: 403, body: 'no' } }), 'file-gone'],
  ];

  it.each(bad)('because it %s is asked for three times and never called equal', async (_what, operationOf, code) => {
    const script = scriptBulk([operationOf(jsonLines(await listLines()))]);
    faulty.proxy.plan = script;
    const { latest, recent } = await reconcile(context);
    expect(latest).toBeNull();
    expect(recent).toMatchObject([{ state: 'failed', errorCode: code }]);
    expect(await runs()).toEqual([{ state: 'failed', attempts: 3, error_code: code, orders_compared: 0, differences_found: 0 }]);
    expect(script.started()).toBe(3);
    expect(await kept()).toEqual([{ orders: ORDERS, days: 0 }]);
  });

  it('is asked for again, and the next one counts', async () => {
    const whole = jsonLines(await listLines());
    const cut = { objectCount: OBJECTS, file: whole.slice(0, -40) };
    faulty.proxy.plan = scriptBulk([cut, { objectCount: OBJECTS, file: whole }]);
    expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 0, errorCode: null });
  });

  it('does not take orders for gone when it is empty and Shopify has them', async () => {
    faulty.proxy.plan = scriptBulk([{ objectCount: 0, file: null }]);
    expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 0 });
    expect(await kept()).toMatchObject([{ orders: ORDERS }]);
  });
});

it('of an order that the list has several times the latest version counts, and no line that cannot be read', async () => {
  const lines = await listLines();
  const earlier = { ...lines[4], updatedAt: '2020-01-01T00:00:00Z' };
  const unreadable = { ...lines[4], currentTotalPriceSet: { shopMoney: { amount: '1.2345', currencyCode: 'EUR' } } };
  faulty.proxy.plan = scriptBulk([{ objectCount: OBJECTS + 2, file: jsonLines([earlier, ...lines, unreadable]) }]);
  expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 0 });
});

it('an order that was deleted here since the list was made is left to the next comparison', async () => {
  await faulty.owner.query('UPDATE orders SET deleted_at = now() WHERE order_id = $1', [FIRST_ID]);
  const { latest } = await reconcile(context);
  await faulty.owner.query('UPDATE orders SET deleted_at = NULL');
  expect(latest).toMatchObject({ ordersCompared: ORDERS - 1, differencesFound: 0 });
});

it('of orders in another currency than the shop has by now no totals are summed or shown, and each counts on its day', async () => {
  const shopify = faulty.app.running.simulator.requireStore(DOMAIN);
  const before = shopify.shop;
  shopify.save('shop', { ...before, currency: 'USD' });
  try {
    await faulty.owner.query('UPDATE orders SET current_total_minor = 1 WHERE order_id = $1', [FIRST_ID + 40]);
    const { latest } = await reconcile(context);
    expect(latest?.differences).toMatchObject([{ orderId: String(FIRST_ID + 40), cause: 'unequal', ourTotalMinor: null, theirTotalMinor: null }]);
  } finally {
    shopify.save('shop', before);
  }
  const sums = await faulty.rows(
    'SELECT sum(our_orders)::int AS ours, sum(their_orders)::int AS theirs, sum(our_total_minor)::int AS "ourMinor", sum(their_total_minor)::int AS "theirMinor" FROM reconciliation_days',
  );
  expect(sums).toEqual([{ ours: ORDERS, theirs: ORDERS, ourMinor: 0, theirMinor: 0 }]);
});

describe('a line that cannot be read', () => {
  it('is a difference, which is repaired when the order itself can be read', async () => {
    const lines = await listLines();
    const file = jsonLines(lines.map((line, index) => (index === 4 ? { ...line, currentTotalPriceSet: { shopMoney: { amount: '1.2345', currencyCode: 'EUR' } } } : line)));
    faulty.proxy.plan = scriptBulk([{ objectCount: OBJECTS, file }]);
    expect((await reconcile(context)).latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 1 });
  });

  it('is a difference of the order when it is one of its goods', async () => {
    const lines = await listLines();
    const file = jsonLines(lines.map((line, index) => (index === lines.length - 3 ? { ...line, quantity: 'two' } : line)));
    faulty.proxy.plan = scriptBulk([{ objectCount: OBJECTS, file }]);
    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ ordersCompared: ORDERS, differencesFound: 1, differencesRepaired: 0 });
    expect(latest?.differences).toMatchObject([{ cause: 'unequal', parts: ['lines'], outcome: 'unchanged' }]);
  });

  it('of an order that we lack is said to have failed when the order cannot be read either', async () => {
    const file = jsonLines([...(await listLines()), { ...bulkOrder(5), test: 'perhaps' }]);
    const script = scriptBulk([{ objectCount: OBJECTS + 1, file }]);
    const unreadable = { data: { nodes: [{ ...bulkOrder(5), test: 'perhaps', lineItems: { edges: [], pageInfo: { hasNextPage: false, endCursor: null } } }] } };
    faulty.proxy.plan = (request) =>
      request.body.includes('gid://shopify/Order/5') ? { kind: 'answer', status: 200, body: JSON.stringify(unreadable) } : script(request);
    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ differencesFound: 1, differencesRepaired: 0 });
    expect(latest?.differences).toMatchObject([{ orderId: '5', orderName: null, cause: 'missing', outcome: 'failed' }]);
  });
});

describe('a record for which Shopify always fails', () => {
  const UNAVAILABLE = { kind: 'answer', status: 200, body: JSON.stringify({ errors: [{ message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }) } as const;

  it('keeps no other away, and is said to have failed until it can be read', async () => {
    await faulty.owner.query('UPDATE orders SET current_total_minor = 1');
    faulty.proxy.plan = ({ body }) => (body.includes(`gid://shopify/Order/${FIRST_ID + 30}`) ? UNAVAILABLE : undefined);
    const { latest } = await reconcile(context);
    expect(latest).toMatchObject({ differencesFound: ORDERS, differencesRepaired: ORDERS - 1 });
    expect(latest?.differences.filter(({ outcome }) => outcome === 'failed')).toMatchObject([{ orderId: String(FIRST_ID + 30) }]);
    faulty.proxy.clear();
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 1, differencesRepaired: 1 });
  });
});

describe('Shopify', () => {
  it('does not let us see regions any more, so that everything else is compared', async () => {
    await faulty.owner.query("UPDATE orders SET country_code = 'FR' WHERE order_id = $1", [FIRST_ID]);
    await faulty.owner.query('UPDATE orders SET tip_minor = 1 WHERE order_id = $1', [FIRST_ID + 10]);
    const bare = (await listLines()).map(({ shippingAddress: _shipping, billingAddress: _billing, ...line }, index) => (index === 1 ? { ...line, totalTipReceivedSet: { shopMoney: { amount: '0.0', currencyCode: 'EUR' } } } : line));
    const denied = { status: 'FAILED', errorCode: 'ACCESS_DENIED', objectCount: 0, file: null };
    const script = scriptBulk([denied, { objectCount: OBJECTS, file: jsonLines(bare) }]);
    const asked: boolean[] = [];
    faulty.proxy.plan = (request) => {
      if (request.body.includes('bulkOperationRunQuery')) asked.push(request.body.includes('shippingAddress'));
      return script(request);
    };
    const { latest } = await reconcile(context);
    expect(asked.slice(0, 2)).toEqual([true, false]);
    expect(latest?.differences).toMatchObject([{ orderId: String(FIRST_ID + 10), parts: ['details'], outcome: 'repaired' }]);
    faulty.proxy.clear();
    expect((await reconcile(context)).latest?.differences).toMatchObject([{ orderId: String(FIRST_ID), parts: ['region'], outcome: 'repaired' }]);
  });

  it('has no place for another operation, so the comparison waits', async () => {
    let isBusy = true;
    faulty.proxy.plan = ({ body }) => {
      if (!isBusy || !body.includes('bulkOperationRunQuery')) return undefined;
      const userErrors = [{ field: null, message: 'busy', code: 'OPERATION_IN_PROGRESS' }];
      return { kind: 'answer', status: 200, body: JSON.stringify({ data: { bulkOperationRunQuery: { bulkOperation: null, userErrors } } }) };
    };
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    const { advanceReconciliation } = await import('#app/services/sync/reconcile/advance-reconciliation.server.ts');
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    expect(await advanceReconciliation(context)).toMatchObject({ isWaiting: true, ended: null });
    expect(await runs()).toMatchObject([{ state: 'requested', attempts: 0 }]);
    isBusy = false;
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 0 });
  });

  it('does not answer while a difference is repaired, and the next turn goes on', async () => {
    await faulty.owner.query('UPDATE orders SET current_total_minor = 1 WHERE order_id IN ($1, $2)', [FIRST_ID, FIRST_ID + 10]);
    let isDown = false;
    let isMended = false;
    faulty.proxy.plan = ({ body }) => {
      isDown ||= body.includes(`gid://shopify/Order/${FIRST_ID + 10}`);
      return isDown && !isMended ? { kind: 'answer', status: 503, body: 'no' } : undefined;
    };
    await expect(reconcile(context)).rejects.toThrow('answered 503');
    isMended = true;
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 2, differencesRepaired: 2 });
  });

  it('takes our grant away while a difference is repaired, and no trace of the order stays behind', async () => {
    await faulty.owner.query('UPDATE orders SET current_total_minor = 1 WHERE order_id = $1', [FIRST_ID]);
    faulty.proxy.plan = ({ body }) => (body.includes(`gid://shopify/Order/${FIRST_ID}`) ? { kind: 'answer', status: 402, body: 'no' } : undefined);
    const { recent } = await reconcile(context);
    expect(recent).toMatchObject([{ state: 'failed', errorCode: 'access-lost', differencesFound: 1, differencesRepaired: 0 }]);
    expect(await faulty.rows('SELECT outcome, our_fingerprint FROM reconciliation_differences')).toEqual([{ outcome: 'failed', our_fingerprint: null }]);
    faulty.proxy.clear();
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: 1, differencesRepaired: 1 });
    expect(await faulty.rows('SELECT 1 FROM reconciliation_differences WHERE our_fingerprint IS NOT NULL')).toEqual([]);
  });

  it('refuses a subscription, and the comparison that has repaired everything counts', async () => {
    await faulty.owner.query("UPDATE shops SET installed_at = '2000-01-01'");
    await faulty.owner.query("UPDATE orders SET updated_at = '2001-01-01' WHERE order_id = $1", [FIRST_ID]);
    const userErrors = [{ field: null, message: 'Address is not allowed' }];
    faulty.proxy.plan = ({ body }) =>
      body.includes('webhookSubscriptionCreate')
        ? { kind: 'answer', status: 200, body: JSON.stringify({ data: { webhookSubscriptionCreate: { webhookSubscription: null, userErrors } } }) }
        : undefined;
    const { requestReconciliation } = await import('#app/services/sync/reconcile/request-reconciliation.server.ts');
    await requestReconciliation(context, { scope: 'all', cause: 'asked' });
    const turns = await advanceUntilCompared(context);
    expect(turns.at(-1)?.refusedSubscriptions).toEqual(ORDER_TOPICS.map((topic) => `${topic}: Address is not allowed`));
    expect(turns.at(-1)?.ended).toMatchObject({ differencesFound: 1, differencesRepaired: 1, errorCode: 'subscriptions-refused' });
  });

  it('refuses the question, so the comparison fails and says so', async () => {
    faulty.proxy.plan = ({ body }) =>
      body.includes('bulkOperationRunQuery') ? { kind: 'answer', status: 200, body: '{"errors":[{"message":"no such field"}]}' } : undefined;
    expect((await reconcile(context)).recent).toMatchObject([{ state: 'failed', errorCode: 'request-refused' }]);
  });

  it('breaks off the pull that was to repair, and nothing counts as repaired until the next comparison', async () => {
    const lines = await listLines();
    await faulty.owner.query('UPDATE orders SET current_total_minor = 1');
    // More than are repaired one by one.
    const unknown = Array.from({ length: 2_000 }, (_, index) => bulkOrder(index + 1));
    const ended = { status: 'CANCELED', objectCount: 5, file: null };
    const noCustomers = { objectCount: 0, file: null };
    faulty.proxy.plan = scriptBulk([{ objectCount: OBJECTS + 2_000, file: jsonLines([...lines, ...unknown]) }, ended, ended, noCustomers]);
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: ORDERS + 2_000, differencesRepaired: 0 });
    expect(await faulty.rows('SELECT cause, outcome, count(*)::int AS count FROM reconciliation_differences GROUP BY 1, 2 ORDER BY 1')).toEqual([
      { cause: 'missing', outcome: 'failed', count: 2_000 },
      { cause: 'unequal', outcome: 'failed', count: ORDERS },
    ]);
    faulty.proxy.clear();
    expect((await reconcile(context)).latest).toMatchObject({ differencesFound: ORDERS, differencesRepaired: ORDERS });
  });
});
