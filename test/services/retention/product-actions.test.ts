import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { ShopContext } from '#app/services/shop-context.server.ts';
import { syntheticStore } from '#test/simulator/synthetic-store.ts';
import { startAppUnderTest } from '#test/support/app-under-test.ts';
import type { AppUnderTest } from '#test/support/app-under-test.ts';
import { pullHistory } from '#test/support/pull-history.ts';

const STORE = syntheticStore(3);
const AS_OF = '2026-11-20';
const AS_OF_MS = Date.parse(`${AS_OF}T12:00:00Z`);
const DAY_MS = 86_400_000;

let app: AppUnderTest;
let owner: pg.Client;
let context: ShopContext;
let nowMs = AS_OF_MS;

/** Somebody buys one tea so many days ago, for 20.00. */
async function buy(customerId: number, daysAgo: readonly number[]): Promise<void> {
  for (const days of daysAgo) {
    const orderId = customerId * 1_000 + days;
    const at = new Date(AS_OF_MS - days * DAY_MS);
    await owner.query(
      `INSERT INTO orders (shop_id, order_id, name, customer_id, processed_at, created_at, updated_at, is_test, financial_status, currency,
         presentment_currency, taxes_included, subtotal_minor, current_subtotal_minor, current_tax_minor, current_shipping_minor,
         shipping_tax_minor, tip_minor, current_total_minor, received_minor, refunded_minor, outstanding_minor, discount_codes)
       VALUES ($1, $2, '#' || $2::bigint, $3, $4, $4, $4, false, 'PAID', 'EUR', 'EUR', false, 2000, 2000, 0, 0, 0, 0, 2000, 2000, 0, 0, '{}')`,
      [context.shop.shopId, orderId, customerId, at],
    );
    await owner.query(
      `INSERT INTO order_lines (shop_id, order_id, line_id, product_id, title, quantity, current_quantity, original_total_minor, discounted_total_minor)
       VALUES ($1, $2, $2, 77, 'Green tea', 1, 1, 2000, 2000)`,
      [context.shop.shopId, orderId],
    );
  }
}

async function overview(of: Partial<ShopContext> = {}) {
  const { getOverview } = await import('#app/services/retention/get-overview.server.ts');
  const found = await getOverview({ ...context, ...of }, { asOf: AS_OF, days: 365 });
  if (!found.ok) throw new Error(found.reason);
  return found.value;
}

const refillIn = async (of: Partial<ShopContext> = {}) => (await overview(of)).actions.find(({ kind }) => kind === 'refill');

beforeAll(async () => {
  app = await startAppUnderTest({ store: STORE });
  owner = new pg.Client({ connectionString: app.ownerUrl });
  await owner.connect();
  context = { ...(await app.install(STORE.shop.domain)), now: () => new Date(nowMs) };
  await pullHistory(context);
  // 40 bought it again after 20 days and 20 after 30; 8 are between the two now.
  for (let key = 0; key < 60; key += 1) await buy(10_000 + key, key < 40 ? [400, 380] : [400, 370]);
  for (let key = 0; key < 8; key += 1) await buy(20_000 + key, [25]);
});

afterAll(async () => {
  await owner.end();
  await app.stop();
});

it('the overview reads no lines of orders before its answer, and has what they tell at a later look', async () => {
  const held: (() => void)[] = [];
  const holding = { wait: () => new Promise<void>((resolve) => held.push(resolve)) };
  const { hasShopLines } = await import('#app/services/retention/shop-lines.server.ts');
  for (const _ of [1, 2]) {
    const look = await overview(holding);
    expect(look.report.overall.customers).toBeGreaterThan(60);
    expect(look.actions.map(({ kind }) => kind)).not.toContain('refill');
    expect(hasShopLines(context)).toBe(false);
  }
  for (const goOn of held) goOn();
  await expect.poll(() => refillIn()).toMatchObject({
    ...{ productTitle: 'Green tea', customers: 8, fromDays: 20, toDays: 29, earlier: 80, usualShare: 20 / 80 },
    stake: { number: 8, chance: 0.25, orderMinor: 20_00, worthMinor: 40_00 },
  });
});

it('what the lines told serves for an hour, and no longer than orders are counted in one way', async () => {
  expect(await refillIn()).toMatchObject({ customers: 8 });
  await buy(20_100, [25]);
  expect(await refillIn()).toMatchObject({ customers: 8 });
  nowMs += 3_600_000;
  // Read anew beside the answer, which has what was known before where that takes long.
  await expect.poll(() => refillIn()).toMatchObject({ customers: 9 });
  await owner.query("UPDATE orders SET financial_status = 'REFUNDED' WHERE customer_id = 20100");
  await owner.query("UPDATE shops SET counting_preset = 'asShopifyCounts'");
  await expect.poll(() => refillIn()).toMatchObject({ customers: 9 });
  await owner.query("UPDATE shops SET counting_preset = 'perennial'");
  const said: unknown[] = [];
  await expect.poll(async () => said.push(await refillIn()) && said.at(-1)).toMatchObject({ customers: 8 });
  // It may be missing for a moment; what was counted in the other way is never shown.
  expect(said).not.toContainEqual(expect.objectContaining({ customers: 9 }));
});

it('what the lines told of one day is nothing of another', async () => {
  const { loadShopColumns } = await import('#app/services/retention/shop-columns.server.ts');
  const { loadProductActions } = await import('#app/services/retention/product-actions.server.ts');
  const loaded = await loadShopColumns(context);
  if (loaded === null) throw new Error('nothing is known of the shop');
  // Whoever asks waits for as long as it takes.
  const patient = { ...context, wait: () => new Promise<void>(() => {}) };
  for (const asOf of [AS_OF, '2026-11-10']) expect(await loadProductActions(patient, { orders: loaded.orders, asOf })).toMatchObject({ asOf });
});

it('the overview is shown without what products tell where their lines cannot be read', async () => {
  expect(await refillIn()).toMatchObject({ customers: 8 });
  nowMs += 3_600_000;
  await buy(20_200, [25]);
  const { loadShopColumns } = await import('#app/services/retention/shop-columns.server.ts');
  await loadShopColumns(context);
  let refused = 0;
  const pool = Object.assign(Object.create(context.pool) as pg.Pool, {
    async connect() {
      const connection = await context.pool.connect();
      return Object.assign(Object.create(connection) as pg.PoolClient, {
        query(statement: unknown, values?: unknown[]) {
          if (typeof statement !== 'string' || !statement.includes('REPEATABLE READ')) return connection.query(statement as string, values);
          refused += 1;
          return Promise.reject(new Error('no snapshot'));
        },
      });
    },
  });
  expect(await refillIn({ pool })).toMatchObject({ customers: 8 });
  expect(refused).toBe(1);
});
