import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { BROWSER_AGENT, startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const ORDERS = 60;
const STORE = syntheticStore(ORDERS);
const OTHER = syntheticStore(3, { shop: { id: 2, domain: 'other.myshopify.com' } });
const OURS: OrderCounting = { preset: 'perennial', value: 'goods' };
const SHOPIFYS: OrderCounting = { preset: 'asShopifyCounts', value: 'totalBeforeRefunds' };
const AS_OF = '2026-11-20';
/** Fully refunded, by hand. */
const REFUNDED = 5;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let other: ShopContext;

async function post(fields: Record<string, string>): Promise<number> {
  const { action } = await import('#app/routes/app.settings.counting.tsx');
  const token = new URL(app.openRequest(STORE.shop.domain, '/app/settings/counting').url).searchParams.get('id_token') ?? '';
  const request = new Request(`${app.running.appFrontUrl}/app/settings/counting`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { 'User-Agent': BROWSER_AGENT, Authorization: `Bearer ${token}` },
  });
  return (await action({ request, params: {}, context: {} })).status;
}

async function countingOf(of = context): Promise<OrderCounting> {
  const { getCounting } = await import('#app/services/retention/save-counting.server.ts');
  return (await getCounting(of)).counting;
}

/** How each page says it counts, and how many orders or customers it finds. */
async function askEveryPage() {
  const [{ getOverview }, { getCohorts }, { listCustomers }, { getCustomer }, { getProducts }, { getPredictions }, { getSegments }] = await Promise.all([
    import('#app/services/retention/get-overview.server.ts'),
    import('#app/services/retention/get-cohorts.server.ts'),
    import('#app/services/retention/list-customers.server.ts'),
    import('#app/services/retention/get-customer.server.ts'),
    import('#app/services/retention/get-products.server.ts'),
    import('#app/services/retention/get-predictions.server.ts'),
    import('#app/services/segments/get-segments.server.ts'),
  ]);
  const everybody = { segment: { match: 'all', conditions: [] }, sort: { by: 'lastOrder', isDescending: true }, after: null, before: null, search: null } as const;
  const overview = await getOverview(context, { asOf: AS_OF, days: 365 });
  if (!overview.ok) throw new Error(overview.reason);
  const cohorts = await getCohorts(context, { asOf: AS_OF, period: 'month', cut: null, compare: null });
  const list = await listCustomers(context, { asOf: AS_OF, ...everybody });
  const customer = await getCustomer(context, { customerId: 100n, asOf: AS_OF });
  const products = await getProducts(context, { asOf: AS_OF, cut: null, minSupport: 0.01 });
  const predictions = await getPredictions(context, { asOf: AS_OF });
  const segments = await getSegments(context, { asOf: AS_OF });
  const said = [overview.value, cohorts, list, customer, products, predictions, segments].map((page) => page?.counting);
  const { inputs, overall } = overview.value.report;
  return {
    said,
    refunded: inputs.excluded.refunded,
    orders: overall.orders,
    revenueMinor: overall.revenueMinor,
    spentMinor: list?.rows.reduce((sum, { spentMinor }) => sum + spentMinor, 0),
    baskets: products?.boughtTogether.baskets,
    ofCustomer: customer?.orders.reduce((sum, { valueMinor }) => sum + (valueMinor ?? 0), 0),
  };
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, OTHER] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  other = await app.install(OTHER.shop.domain);
  await pullHistory(context);
  await owner.query("UPDATE orders SET financial_status = 'PAID', refunded_minor = 0, received_minor = current_total_minor, outstanding_minor = 0");
  await owner.query(
    `UPDATE orders SET financial_status = 'REFUNDED', refunded_minor = received_minor
     WHERE order_id IN (SELECT order_id FROM orders ORDER BY order_id LIMIT ${REFUNDED})`,
  );
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

beforeEach(() => owner.query("UPDATE shops SET counting_preset = 'perennial', order_value = 'goods'"));

describe('how orders are counted', () => {
  it('is Perennial’s own way until the merchant chooses, and then theirs alone', async () => {
    expect(await countingOf()).toEqual(OURS);
    expect(await post({ ...SHOPIFYS })).toBe(200);
    expect(await countingOf()).toEqual(SHOPIFYS);
    expect(await countingOf(other)).toEqual(OURS);
  });

  it.each([
    ['an unknown way', { preset: 'klaviyo', value: 'goods' }, 422],
    ['an unknown value', { preset: 'perennial', value: 'gross' }, 422],
    ['half of it', { preset: 'perennial' }, 400],
    ['a novel', { preset: 'perennial', value: 'goods'.repeat(1000) }, 400],
  ])('stays as it was after %s', async (_name, fields, status) => {
    expect(await post(fields)).toBe(status);
    expect(await countingOf()).toEqual(OURS);
  });

  it('is kept to by every page at once, by those too that keep what they have read', async () => {
    const sumOf = async (expression: string, where = 'true') =>
      Number((await owner.query<{ sum: string }>(`SELECT sum(${expression}) AS sum FROM orders WHERE ${where}`)).rows[0]?.sum);
    const before = await askEveryPage();
    expect(before.said).toEqual(Array.from({ length: 7 }, () => OURS));
    expect(before).toMatchObject({ refunded: REFUNDED, orders: ORDERS - REFUNDED, baskets: ORDERS - REFUNDED });
    // Prices contain their tax in this store.
    const goods = 'current_subtotal_minor - current_tax_minor + shipping_tax_minor';
    expect(before.revenueMinor).toBe(await sumOf(goods, "financial_status = 'PAID'"));

    expect(await post({ ...SHOPIFYS })).toBe(200);
    const after = await askEveryPage();
    expect(after.said).toEqual(Array.from({ length: 7 }, () => SHOPIFYS));
    expect(after).toMatchObject({ refunded: 0, orders: ORDERS, baskets: ORDERS });
    expect(after.revenueMinor).toBe(await sumOf('current_total_minor'));
    expect(after.spentMinor).toBe(await sumOf('current_total_minor', 'customer_id IS NOT NULL'));
    expect(after.ofCustomer).toBe(await sumOf('current_total_minor', 'customer_id = 100'));

    expect(await post({ ...OURS })).toBe(200);
    expect(await askEveryPage()).toEqual(before);
  });
});
