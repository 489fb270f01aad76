import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { ProductsOfShop } from '#app/services/retention/get-products.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const ORDERS = 120;
const STORE = syntheticStore(ORDERS);
const UNKNOWN = syntheticStore(1, { shop: { id: 2, domain: 'unknown.myshopify.com' } });
const AS_OF = '2026-11-01';
const LOOKED_AT_MS = Date.parse('2026-11-01T09:00:00Z');

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, UNKNOWN] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = { ...(await app.install(STORE.shop.domain)), now: () => new Date(LOOKED_AT_MS) };
  await pullHistory(context);
  // Every second order has a cup with its tea.
  await owner.query("UPDATE order_lines SET product_id = 20, title = 'Cup' WHERE line_id % 10 = 2 AND line_id / 10 % 2 = 0");
  await owner.query('UPDATE orders SET name = name WHERE order_id = 1000000');
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

async function products(question: { cut?: Cut; minSupport?: number } = {}): Promise<ProductsOfShop> {
  const { getProducts } = await import('#app/services/retention/get-products.server.ts');
  const found = await getProducts(context, { asOf: AS_OF, cut: null, minSupport: 0.01, ...question });
  if (found === null) throw new Error('the shop is not known');
  return found;
}

async function dueFor(product: string) {
  const { listDueCustomers } = await import('#app/services/retention/list-due-customers.server.ts');
  return listDueCustomers(context, { asOf: AS_OF, cut: null, product });
}

describe('the page of products', () => {
  it('has all three lists, of one reading', async () => {
    const found = await products();
    expect(found).toMatchObject({ asOf: AS_OF, today: AS_OF, currency: 'EUR', readAtMs: LOOKED_AT_MS });
    expect(found.firstProducts.everyone.customers).toBe(ORDERS / 3);
    expect(found.replenishment.rows.map(({ product, customers }) => [product.title, customers])).toEqual([['Tea', 40], ['Cup', 20]]);
    expect(found.boughtTogether.pairs).toMatchObject({ count: 1, rows: [{ baskets: ORDERS / 2 }] });
  });

  it('is of a part of the customers, and of rarer pairs, where that is asked for', async () => {
    expect((await products({ cut: { dimension: 'country', value: 'FR' } })).boughtTogether.baskets).toBe(0);
    expect((await products({ minSupport: 0.5 })).boughtTogether).toMatchObject({ minimumBaskets: 60, pairs: { count: 1 } });
    expect((await products({ minSupport: 0.51 })).boughtTogether.pairs.count).toBe(0);
  });

  it('hands over its lists whole, as files', async () => {
    const { loader } = await import('#app/routes/app.export.products[.]csv.ts');
    const ask = async (list: string) => {
      const opened = app.openRequest(STORE.shop.domain, '/app/export/products.csv');
      return loader({ request: new Request(`${opened.url}&list=${list}&asOf=${AS_OF}`, opened), params: {}, context: {} });
    };
    const linesOf = async (list: string) => (await (await ask(list)).text()).trim().split('\r\n');
    const [header, ...pairs] = await linesOf('pairs');
    expect(header).toContain('"Product ID A","Product A"');
    expect(pairs.map((line) => line.split(','))).toEqual([
      ['"10"', '"Tea"', '"TEA-S"', '"20"', '"Cup"', '"TEA-S"', '60', '0.5', '0.5', '1', '1'],
    ]);
    const first = await linesOf('first-products');
    expect(first).toHaveLength(1 + (await products()).firstProducts.products.count);
    expect((await ask('everything')).status).toBe(404);
  });

  it('is told together with the customers who are due and late, as many as it counts', async () => {
    const tea = (await products()).replenishment.rows[0];
    const listed = await dueFor('10');
    const late = listed?.customers.filter(({ isLate }) => isLate) ?? [];
    expect(listed).toMatchObject({ asOf: AS_OF, title: 'Tea' });
    expect([listed?.customers.length, late.length]).toEqual([(tea?.due ?? NaN) + (tea?.late ?? NaN), tea?.late]);
    expect(listed?.customers.length).toBeGreaterThan(0);
    const { rows } = await owner.query(
      `SELECT customer_id::text AS id, max(processed_at AT TIME ZONE $1)::date::text AS day FROM orders
       WHERE customer_id IS NOT NULL AND cancelled_at IS NULL GROUP BY 1`,
      [STORE.shop.ianaTimezone],
    );
    const lastDays = new Map(rows.map(({ id, day }) => [id, day]));
    for (const { customerKey, lastPurchase } of listed?.customers ?? []) expect([customerKey, lastPurchase]).toEqual([customerKey, lastDays.get(String(customerKey))]);
  });

  it('lists nobody for a product that has no rhythm, or is none', async () => {
    expect(await dueFor('999')).toBeNull();
  });

  it('is not there before the shop’s first pull', async () => {
    const { getProducts } = await import('#app/services/retention/get-products.server.ts');
    const unknown = await app.install(UNKNOWN.shop.domain);
    expect(await getProducts(unknown, { asOf: null, cut: null, minSupport: 0.01 })).toBeNull();
  });
});

describe('a part of the customers by the product they began with', () => {
  async function cohorts(cut: Cut | null) {
    const { getCohorts } = await import('#app/services/retention/get-cohorts.server.ts');
    const found = await getCohorts(context, { asOf: AS_OF, period: 'month', cut, compare: null });
    if (found === null) throw new Error('the shop is not known');
    return found;
  }
  const productsOf = ({ cuts }: { cuts: readonly OfferedCut[] }) => cuts.find(({ dimension }) => dimension === 'firstProduct')?.values;
  const FIRST_ORDERS = `SELECT DISTINCT ON (customer_id) order_id FROM orders
    WHERE customer_id IS NOT NULL AND cancelled_at IS NULL ORDER BY customer_id, processed_at, order_id`;

  it('is asked for by name, or as the one that most begin with, and is the same on every page', async () => {
    const most = await cohorts({ dimension: 'firstProduct', value: '' });
    expect(most).toMatchObject({ cut: 'firstProduct:10', customers: ORDERS / 3 });
    const { rows } = await owner.query(`SELECT count(*)::integer AS cups FROM order_lines WHERE product_id = 20 AND order_id IN (${FIRST_ORDERS})`);
    const [{ cups }] = rows;
    expect(productsOf(most)).toEqual([{ value: '10', name: 'Tea', customers: ORDERS / 3 }, { value: '20', name: 'Cup', customers: cups }]);
    const cup: Cut = { dimension: 'firstProduct', value: '20' };
    expect(await cohorts(cup)).toMatchObject({ cut: 'firstProduct:20', customers: cups });
    const { getOverview } = await import('#app/services/retention/get-overview.server.ts');
    expect(await getOverview(context, { asOf: AS_OF, days: 365, cut: cup })).toMatchObject({
      value: { cut: 'firstProduct:20', report: { overall: { customers: cups }, inputs: { excluded: { cancelled: 0 } } }, actions: [], standing: null },
    });
    const { firstProducts, ...page } = await products({ cut: cup });
    expect([firstProducts.everyone.customers, page.cut, productsOf(page)]).toEqual([cups, 'firstProduct:20', productsOf(most)]);
  });

  it('is nobody for a product that nobody began with, which is still there to be chosen', async () => {
    const none = await cohorts({ dimension: 'firstProduct', value: '999' });
    expect([none.customers, none.cut, productsOf(none)?.at(-1)]).toEqual([0, 'firstProduct:999', { value: '999', customers: 0 }]);
  });

  it('is offered beside others without its products, whose lines nobody reads for those', async () => {
    expect(productsOf(await cohorts(null))).toEqual([]);
    expect((await cohorts({ dimension: 'country', value: 'FR' })).customers).toBe(0);
  });
});

describe('the page of predictions', () => {
  it('says what is missing where there is too little, and goes by the rule', async () => {
    const { getPredictions } = await import('#app/services/retention/get-predictions.server.ts');
    const found = await getPredictions(context, { asOf: AS_OF });
    expect(found).toMatchObject({ asOf: AS_OF, currency: 'EUR', fittedAtMs: LOOKED_AT_MS, backtest: null, aliveBands: null });
    expect(found?.rule?.missing).toContainEqual(expect.objectContaining({ what: 'customers', has: ORDERS / 3, needs: 500 }));
    expect(found?.totals.inUse).toBe('simpleRule');
    const states = Object.values(found?.rule?.states ?? {}).reduce((sum, customers) => sum + customers, 0);
    expect(states).toBe(ORDERS / 3);
  });

  it('is not there before the shop’s first pull', async () => {
    const { getPredictions } = await import('#app/services/retention/get-predictions.server.ts');
    const unknown = await app.install(UNKNOWN.shop.domain);
    expect(await getPredictions(unknown, { asOf: null })).toBeNull();
  });
});
