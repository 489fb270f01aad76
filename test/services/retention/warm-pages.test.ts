import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { followUpsDone } from '#app/services/follow-ups.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const ORDERS = [40, 30, 8];
const STORES = ORDERS.map((orders, index) => syntheticStore(orders, { shop: { id: index + 1, domain: `shop-${index + 1}.myshopify.com` } }));
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let app: AppUnderTest;
let shops: ShopContext[];
/** By place in `ORDERS`. */
let areWarm: () => Promise<boolean[]>;
let warm: (options?: { budgetBytes?: number }) => Promise<ShopRef[]>;
let notedAtInstall: (number | undefined)[];

async function openedAt({ inShop, shop: { shopId } }: ShopContext): Promise<number | undefined> {
  await followUpsDone();
  return inShop(async (db) => (await db.shop.findUniqueOrThrow({ where: { shopId } })).openedAt?.getTime());
}

/** How many days ago each was installed and opened. */
async function letBe(daysAgo: readonly number[]): Promise<void> {
  for (const [place, { inShop, shop, now }] of shops.entries()) {
    const at = new Date(now().getTime() - (daysAgo[place] ?? NaN) * DAY_MS);
    await inShop((db) => db.shop.update({ where: { shopId: shop.shopId }, data: { openedAt: at, installedAt: at } }));
  }
}

/** What is read through it is not. */
const unreachable = (pool: pg.Pool) =>
  Object.assign(Object.create(pool) as pg.Pool, { connect: () => Promise.reject(new Error('no database')) });

/** The columns of a shop go when its currency and time zone do. */
async function forgetColumns(context: ShopContext): Promise<void> {
  const { loadShopColumns } = await import('#app/services/retention/shop-columns.server.ts');
  const { inShop, shop: { shopId } } = context;
  const { currency } = await inShop((db) => db.shop.findUniqueOrThrow({ where: { shopId } }));
  await inShop((db) => db.shop.update({ where: { shopId }, data: { currency: null } }));
  await loadShopColumns(context);
  await inShop((db) => db.shop.update({ where: { shopId }, data: { currency } }));
}

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORES });
  shops = [];
  for (const { shop } of STORES) shops.push(await app.install(shop.domain));
  notedAtInstall = await Promise.all(shops.map(openedAt));
  for (const shop of shops) await pullHistory(shop);
});

beforeEach(async () => {
  const { prisma } = await import('#app/db.server.ts');
  const { shopContext } = await import('#app/context.server.ts');
  const { loadShopsOpenedSince } = await import('#app/adapters/db/shop-registry.server.ts');
  const { loadShopColumns } = await import('#app/services/retention/shop-columns.server.ts');
  const { warmOverviews } = await import('#app/services/retention/warm-pages.server.ts');
  for (const shop of shops) await forgetColumns(shop);
  areWarm = () => Promise.all(shops.map((shop) => loadShopColumns({ ...shop, pool: unreachable(shop.pool) }).then(() => true, () => false)));
  warm = (options = {}) =>
    warmOverviews({ loadShops: (since) => loadShopsOpenedSince(prisma, since), contextOf: shopContext, now: () => new Date(), fromOrders: 20, ...options });
});

afterAll(() => app.stop());

describe('what merchants see first', () => {
  it('is made ready for the large shops that were opened within the week', async () => {
    await letBe([6.9, 7.1, 0]);
    expect(await warm()).toEqual([shops[0]?.shop]);
    expect(await areWarm()).toEqual([true, false, false]);
  });

  it('is made ready where a shop was installed within the week and not opened since', async () => {
    await letBe([30, 30, 30]);
    const [first] = shops;
    await first?.inShop((db) => db.shop.update({ where: { shopId: first.shop.shopId }, data: { openedAt: null, installedAt: new Date() } }));
    await warm();
    expect(await areWarm()).toEqual([true, false, false]);
  });

  it('is made ready of those who were here last, as far as memory goes', async () => {
    await letBe([2, 1, 3]);
    // The one with 30 takes more than this leaves for one with 40.
    await warm({ budgetBytes: 70 * 32 });
    expect(await areWarm()).toEqual([false, true, false]);
  });

  it('is made ready of who was here last, whatever it takes', async () => {
    await letBe([1, 2, 3]);
    await warm({ budgetBytes: 32 });
    expect(await areWarm()).toEqual([true, false, false]);
  });

  it('is made ready of nobody more once it took more memory than was reckoned', async () => {
    const { shopContext } = await import('#app/context.server.ts');
    const { warmOverviews } = await import('#app/services/retention/warm-pages.server.ts');
    const lookedAt: number[] = [];
    await warmOverviews({
      loadShops: () => Promise.resolve(shops.map(({ shop }) => shop)),
      contextOf: (shop) => {
        lookedAt.push(shop.shopId);
        return shopContext(shop);
      },
      now: () => new Date(),
      fromOrders: 0,
      budgetBytes: 40 * 32,
    });
    expect(lookedAt).toEqual(shops.slice(0, 2).map(({ shop }) => shop.shopId));
  });

  it('is made ready of the others where one cannot be read', async () => {
    await letBe([2, 1, 3]);
    const { shopContext } = await import('#app/context.server.ts');
    const { warmOverviews } = await import('#app/services/retention/warm-pages.server.ts');
    const unreadable = shops[1]?.shop.shopId;
    await warmOverviews({
      loadShops: () => Promise.resolve(shops.map(({ shop }) => shop)),
      contextOf: (shop) => {
        if (shop.shopId === unreadable) throw new Error('not this one');
        return shopContext(shop);
      },
      now: () => new Date(),
      fromOrders: 20,
    });
    expect(await areWarm()).toEqual([true, false, false]);
  });

  it('is looked for among the two hundred shops that were opened last', async () => {
    const { shopContext } = await import('#app/context.server.ts');
    const { warmOverviews } = await import('#app/services/retention/warm-pages.server.ts');
    const [large, , small] = shops.map(({ shop }) => shop);
    if (large === undefined || small === undefined) throw new Error('no shops');
    const warmAfter = (count: number) =>
      warmOverviews({ loadShops: () => Promise.resolve([...Array<ShopRef>(count).fill(small), large]), contextOf: shopContext, now: () => new Date(), fromOrders: 20 });
    expect(await warmAfter(200)).toEqual([]);
    expect(await warmAfter(199)).toEqual([large]);
  });

  it('is not made ready where the app was removed', async () => {
    await letBe([1, 1, 1]);
    const [first] = shops;
    await first?.inShop((db) => db.shop.update({ where: { shopId: first.shop.shopId }, data: { uninstalledAt: new Date() } }));
    await warm();
    await first?.inShop((db) => db.shop.update({ where: { shopId: first.shop.shopId }, data: { uninstalledAt: null } }));
    expect(await areWarm()).toEqual([false, true, false]);
  });
});

it('predictions are fitted before anybody asks, also where one shop cannot be read', async () => {
  const { getPredictions } = await import('#app/services/retention/get-predictions.server.ts');
  const { warmPredictions } = await import('#app/services/retention/warm-pages.server.ts');
  const [gone, shop] = shops;
  if (gone === undefined || shop === undefined) throw new Error('no shops');
  const fittedAtMs = Date.now();
  const at = (nowMs: number) => ({ ...shop, now: () => new Date(nowMs) });
  await warmPredictions([gone.shop, shop.shop], ({ shopId }) => {
    if (shopId === gone.shop.shopId) throw new Error('not this one');
    return at(fittedAtMs);
  });
  expect(await getPredictions(at(fittedAtMs + 1_000), { asOf: null })).toMatchObject({ fittedAtMs });
});

describe('that the app was opened', () => {
  it('is noted of each shop whose staff did', () => {
    expect(notedAtInstall).toEqual(shops.map(() => expect.any(Number)));
  });

  it('is noted to the hour', async () => {
    const { noteOpened } = await import('#app/services/retention/note-opened.server.ts');
    const [, , shop] = shops;
    if (shop === undefined) throw new Error('no shop');
    const from = Date.now() + DAY_MS;
    const noteAt = (ms: number) => noteOpened({ ...shop, now: () => new Date(ms) });
    noteAt(from);
    expect(await openedAt(shop)).toBe(from);
    noteAt(from + HOUR_MS - 1);
    expect(await openedAt(shop)).toBe(from);
    noteAt(from + HOUR_MS);
    expect(await openedAt(shop)).toBe(from + HOUR_MS);
  });
});
