import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { areGivenUp } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const DAY = parseDay('2026-11-01') ?? NaN;
const STORE = syntheticStore(200, { shop: { id: 1, domain: 'shop-1.myshopify.com' } });

let app: AppUnderTest;
let owner: pg.Client;
let shop: ShopContext;

async function load(): Promise<ShopColumns> {
  const { loadShopColumns } = await import('#app/services/retention/shop-columns.server.ts');
  const loaded = await loadShopColumns(shop);
  if (loaded === null) throw new Error('the shop is not known');
  return loaded.orders;
}

/** What a page asks for: the columns while it is computed, and nothing of them afterwards. */
async function compute<T>(work: (orders: ShopColumns) => Promise<T> | T): Promise<T> {
  const { readingColumns } = await import('#app/services/retention/columns-readers.server.ts');
  return readingColumns(async () => work(await load()));
}

async function readAnew(): Promise<ShopColumns> {
  const { bringShopColumns } = await import('#app/services/retention/bring-shop-columns.server.ts');
  return bringShopColumns(shop, null);
}

/** Nothing moves. */
const change = () =>
  owner.query('UPDATE orders SET current_subtotal_minor = current_subtotal_minor + 1 WHERE shop_id = $1 AND order_id = 1000020', [shop.shop.shopId]);

/** An order of another time stands elsewhere. */
const move = () =>
  owner.query("UPDATE orders SET processed_at = processed_at + interval '40 days' WHERE shop_id = $1 AND order_id = 1000020", [shop.shop.shopId]);

function sumOf({ valuesMinor }: OrderColumns): number {
  let sum = 0;
  for (const value of valuesMinor) sum += value;
  return sum;
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: [STORE] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  shop = await app.install('shop-1.myshopify.com');
  await pullHistory(shop);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('columns that were read', () => {
  it('are given up for newer ones when nobody reads them any more', async () => {
    const before = await compute((orders) => orders);
    await change();
    const after = await compute((orders) => orders);
    expect([areGivenUp(before.columns), areGivenUp(after.columns)]).toEqual([true, false]);
    expect(after.columns).toStrictEqual((await readAnew()).columns);
  });

  it('stay as they are for a page that is still being computed', async () => {
    const seen = await compute(async ({ columns }) => {
      const sum = sumOf(columns);
      await change();
      const newer = await compute((orders) => sumOf(orders.columns));
      return { isWhole: !areGivenUp(columns), isSame: sumOf(columns) === sum, gained: newer - sum };
    });
    expect(seen).toEqual({ isWhole: true, isSame: true, gained: 1 });
  });

  it('stay as they are for whoever asked outside of a computation, and for lines and predictions', async () => {
    const { keepColumns } = await import('#app/services/retention/columns-readers.server.ts');
    const asked = await load();
    await change();
    await compute(() => null);
    expect(areGivenUp(asked.columns)).toBe(false);
    const beside = await compute((orders) => {
      keepColumns(orders.columns);
      return orders;
    });
    const sum = sumOf(beside.columns);
    // The next ones share with them all that did not change, and are themselves given up for others.
    await change();
    await compute(() => null);
    await move();
    await compute(() => null);
    expect([areGivenUp(beside.columns), sumOf(beside.columns)]).toEqual([false, sum]);
  });

  it('are all read anew where what was known is given up and the newer ones never came', async () => {
    const before = await compute((orders) => orders);
    await change();
    await compute(() => null);
    expect(areGivenUp(before.columns)).toBe(true);
    const { bringShopColumns } = await import('#app/services/retention/bring-shop-columns.server.ts');
    expect((await bringShopColumns(shop, before)).read).toEqual({ orders: 200, isWhole: true });
  });

  it('are not given up by pages of lines and predictions, which are of the columns that they were made of', async () => {
    const { loadCustomers } = await import('#app/services/retention/customer-scope.server.ts');
    const { readingColumns } = await import('#app/services/retention/columns-readers.server.ts');
    const all = { asOf: null, needs: { lines: true, urgencies: true, tiers: true, predictions: true } };
    const customers = () => readingColumns(() => loadCustomers(shop, all));
    const before = await customers();
    await change();
    await compute(() => null);
    await change();
    await compute(() => null);
    const after = await customers();
    if (before === null || after === null) throw new Error('the shop is not known');
    expect([before, after].map(({ scope }) => areGivenUp(scope.columns))).toEqual([false, false]);
    expect(after.scope.predictions?.count).toBe(after.scope.rows.count);
  });

  it('are not fitted once they are given up, while models of another day are', async () => {
    const { loadShopPredictions } = await import('#app/services/retention/shop-predictions.server.ts');
    const held: (() => void)[] = [];
    const holding = { ...shop, wait: (ms: number) => (ms === 0 ? Promise.resolve() : new Promise<void>((resolve) => held.push(resolve))) };
    const ask = (day: number, of: ShopContext, isNeeded: boolean) =>
      compute(async (orders) => ({ orders, found: await loadShopPredictions(of, { orders, asOf: asOfDayIn(orders.columns.timeZone, day), isNeeded }) }));
    expect((await ask(DAY, shop, true)).found?.day).toBe(DAY);
    await change();
    expect((await ask(DAY - 1, holding, false)).found).toBeNull();
    await change();
    const { orders, found } = await ask(DAY, holding, false);
    expect(found?.day).toBe(DAY);
    await change();
    await compute(() => null);
    expect(areGivenUp(orders.columns)).toBe(true);
    for (const goOn of held) goOn();
    await expect.poll(async () => (await ask(DAY - 1, holding, false)).found?.day).toBe(DAY - 1);
    expect(held).toHaveLength(1);
  });
});
