import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ProductReportOfShop } from '#app/services/retention/get-product-report.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const ORDERS = 120;
const STORE = syntheticStore(ORDERS);
const UNKNOWN = syntheticStore(1, { shop: { id: 2, domain: 'unknown.myshopify.com' } });
const LOOKED_AT_MS = Date.parse('2026-11-01T09:00:00Z');
const A_MINUTE_MS = 60_000;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;

async function report(afterMs = 0, question: { cut?: { dimension: 'country'; value: string } } = {}): Promise<ProductReportOfShop> {
  const { getProductReport } = await import('#app/services/retention/get-product-report.server.ts');
  const at = { ...context, now: () => new Date(LOOKED_AT_MS + afterMs) };
  const result = await getProductReport(at, { asOf: '2026-11-01', ...question });
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

function pairsIn({ report: { boughtTogether } }: ProductReportOfShop): unknown[] {
  return boughtTogether.map(({ a, b, baskets }) => [a.id, a.title, b.id, b.title, baskets]);
}

/** Lines of the orders at hand become cups, and their orders are written with them, which raises the version of the shop's data. */
async function makeCups(remainder: number, of: number): Promise<void> {
  await owner.query("UPDATE order_lines SET product_id = 20, title = 'Cup' WHERE line_id % 10 = 2 AND line_id / 10 % $2 = $1", [remainder, of]);
  await owner.query('UPDATE orders SET name = name WHERE order_id IN (SELECT order_id FROM order_lines WHERE product_id = 20)');
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE, UNKNOWN] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = await app.install(STORE.shop.domain);
  await pullHistory(context);
  await makeCups(0, 2);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('the products of a shop', () => {
  it('are reported from its orders and their lines', async () => {
    const found = await report();
    expect(found).toMatchObject({ asOf: '2026-11-01', today: '2026-11-01', readAtMs: LOOKED_AT_MS });
    expect(found.report.boughtTogetherBasis).toEqual({ baskets: ORDERS, minSupport: 0.01, minimumBaskets: 5 });
    expect(pairsIn(found)).toEqual([[10, 'Tea', 20, 'Cup', ORDERS / 2]]);
    expect(found.report.firstProducts.everyone.customers).toBe(ORDERS / 3);
    // Forty customers with three orders each; every second of them has had a cup each time.
    expect(found.report.replenishment.map(({ product, gaps, customers }) => [product.id, gaps, customers])).toEqual([
      [10, 80, 40],
      [20, 40, 20],
    ]);
  });

  it('can be those of a part of its customers', async () => {
    expect(pairsIn(await report(0, { cut: { dimension: 'country', value: 'DE' } }))).toHaveLength(1);
    expect(pairsIn(await report(0, { cut: { dimension: 'country', value: 'FR' } }))).toEqual([]);
  });

  it('are those of one reading for ten minutes, and then read anew', async () => {
    await makeCups(1, 4);
    expect(pairsIn(await report(9 * A_MINUTE_MS))).toEqual([[10, 'Tea', 20, 'Cup', ORDERS / 2]]);
    const later = await report(10 * A_MINUTE_MS);
    expect(later.readAtMs).toBe(LOOKED_AT_MS + 10 * A_MINUTE_MS);
    expect(pairsIn(later)).toEqual([[10, 'Tea', 20, 'Cup', (ORDERS * 3) / 4]]);
  });

  it('are read anew at once when somebody was forgotten', async () => {
    await makeCups(3, 4);
    await owner.query('DELETE FROM customers WHERE customer_id = 100');
    expect(pairsIn(await report(11 * A_MINUTE_MS))).toEqual([[10, 'Tea', 20, 'Cup', ORDERS]]);
  });

  it('are not told before the shop’s first pull', async () => {
    const { getProductReport } = await import('#app/services/retention/get-product-report.server.ts');
    const unknown = await app.install(UNKNOWN.shop.domain);
    expect(await getProductReport(unknown, { asOf: null })).toEqual({ ok: false, reason: 'shop-not-known-yet' });
  });
});
