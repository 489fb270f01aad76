import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest, type AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const [FIRST, SECOND, THIRD] = [30, 50, 1_500].map((orders, index) =>
  syntheticStore(orders, { shop: { id: index + 1, domain: `shop-${index + 1}.myshopify.com` } }),
);

let app: AppUnderTest;
let owner: pg.Client;
let first: ShopContext;
let second: ShopContext;

async function load(of: ShopContext): Promise<ShopColumns> {
  const { loadShopColumns } = await import('#app/services/retention/shop-columns.server.ts');
  const loaded = await loadShopColumns(of);
  if (loaded === null) throw new Error('the shop is not known');
  return loaded.orders;
}

const touch = (of: ShopContext) =>
  owner.query('UPDATE orders SET tip_minor = tip_minor WHERE shop_id = $1 AND order_id = 1000020', [of.shop.shopId]);

beforeAll(async () => {
  if (!FIRST || !SECOND || !THIRD) throw new Error('no stores');
  app = await startAppUnderTest({ store: [FIRST, SECOND, THIRD] });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  first = await app.install('shop-1.myshopify.com');
  second = await app.install('shop-2.myshopify.com');
  await pullHistory(first);
  await pullHistory(second);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

describe('the columns of shops', () => {
  it('are read once for requests that come at the same time, and stay while nothing changes', async () => {
    const [one, other] = await Promise.all([load(first), load(first), load(first)]);
    expect(one.read).toEqual({ orders: 30, isWhole: true });
    expect(other).toBe(one);
    expect(await load(first)).toBe(one);
  });

  it('are read anew after a failure, which is not kept', async () => {
    const lost = { connect: () => Promise.reject(new Error('no database')) };
    await expect(load({ ...second, pool: Object.assign(Object.create(second.pool) as pg.Pool, lost) })).rejects.toThrow('no database');
    expect((await load(second)).read).toEqual({ orders: 50, isWhole: true });
  });

  it('take in what has changed in their shop, and only there', async () => {
    const [before, others] = [await load(first), await load(second)];
    await touch(first);
    const [after, othersAfter] = await Promise.all([load(first), load(second)]);
    expect(after.read).toEqual({ orders: 1, isWhole: false });
    expect([after.shopId, after.columns.orderCount]).toEqual([first.shop.shopId, before.columns.orderCount]);
    expect(othersAfter).toBe(others);
  });

  it('are at least as new as the data was when they were asked for', async () => {
    const versions: bigint[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      await touch(first);
      versions.push(...(await Promise.all([load(first), load(first)])).map(({ dataVersion }) => dataVersion));
    }
    const { rows } = await owner.query<{ version: string }>('SELECT data_version AS version FROM shops WHERE shop_id = $1', [first.shop.shopId]);
    expect(versions.at(-1)).toBe(BigInt(rows[0]?.version ?? 0));
    expect(versions).toEqual(versions.toSorted((a, b) => Number(a - b)));
  });

  it('follow an import that is running, and are right at each version they have', async () => {
    const { bringShopColumns } = await import('#app/services/retention/bring-shop-columns.server.ts');
    const third = await app.install('shop-3.myshopify.com');
    const { refreshShopFacts } = await import('#app/services/sync/refresh-shop-facts.server.ts');
    await refreshShopFacts(third);
    const contentsOf = ({ read: _, byteSize: __, ...contents }: ShopColumns) => contents;
    let isPulled = false;
    const pulled = pullHistory(third).then(() => (isPulled = true));
    let known = await bringShopColumns(third, null);
    const versions = new Set([known.dataVersion]);
    while (!isPulled) {
      known = await bringShopColumns(third, known);
      versions.add(known.dataVersion);
      const fresh = await bringShopColumns(third, null);
      if (fresh.dataVersion === known.dataVersion) expect(contentsOf(known)).toEqual(contentsOf(fresh));
    }
    await pulled;
    known = await bringShopColumns(third, known);
    expect(contentsOf(known)).toEqual(contentsOf(await bringShopColumns(third, null)));
    expect(known.columns.orderCount + known.leftOut.ids.length).toBe(1_500);
    expect(versions.size).toBeGreaterThan(1);
  });

  it('are read anew when the data is older than they are, as after a backup was restored', async () => {
    const before = await load(second);
    await owner.query('UPDATE shops SET data_version = data_version - 1 WHERE shop_id = $1', [second.shop.shopId]);
    const after = await load(second);
    expect([after.dataVersion, after.read.isWhole]).toEqual([before.dataVersion - 1n, true]);
  });

  it('are nobody’s any more when the shop is gone', async () => {
    const { forgetShop } = await import('#app/services/privacy/redact-shop.server.ts');
    const { loadShopColumns } = await import('#app/services/retention/shop-columns.server.ts');
    await load(second);
    await forgetShop(second);
    expect(await loadShopColumns(second)).toBeNull();
  });
});

describe('the report of a shop', () => {
  it('has parts that add up to the whole when it is cut', async () => {
    const { getRetentionReport } = await import('#app/services/retention/get-retention-report.server.ts');
    const reportOf = async (cut: { dimension: 'country'; value: string | null } | null) => {
      const found = await getRetentionReport(first, { asOf: null, cut });
      if (!found.ok) throw new Error(found.reason);
      return found.value.report;
    };
    const whole = await reportOf(null);
    const { columns } = await load(first);
    const parts = await Promise.all(columns.dimensions.country.values.map((value) => reportOf({ dimension: 'country', value })));
    const sum = (of: (report: typeof whole) => number) => parts.reduce((total, part) => total + of(part), 0);
    expect(parts.length).toBeGreaterThan(1);
    expect(sum(({ overall }) => overall.orders)).toBe(whole.overall.orders);
    expect(sum(({ overall }) => overall.customers)).toBe(whole.overall.customers);
    expect(sum(({ overall }) => overall.revenueMinor)).toBe(whole.overall.revenueMinor);
  });
});
