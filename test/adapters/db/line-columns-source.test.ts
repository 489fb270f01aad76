import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { loadLineColumns } from '#app/adapters/db/line-columns-source.server.ts';
import { loadOrderColumns } from '#app/adapters/db/order-columns-source.server.ts';
import type { ProductKey } from '#app/domain/retention/products/line-columns.ts';
import { createTestDatabase } from '#test/support/database.ts';
import type { TestDatabase } from '#test/support/database.ts';

const SHOP = { shopId: 1, domain: 'one.myshopify.com' };
const OTHER = { shopId: 2, domain: 'two.myshopify.com' };
const CLOCK = { timeZone: 'America/New_York', currency: 'USD' };

/** A paid order of customer 7, as the sync stores it. */
const PAID = {
  shop_id: 1,
  order_id: 1001,
  name: '#1001',
  customer_id: 7,
  processed_at: '2026-03-01T05:00:00Z',
  created_at: '2026-03-01T05:00:00Z',
  updated_at: '2026-03-01T05:00:00Z',
  is_test: false,
  financial_status: 'PAID',
  currency: 'USD',
  presentment_currency: 'USD',
  taxes_included: false,
  subtotal_minor: 10_000,
  current_subtotal_minor: 10_000,
  current_tax_minor: 0,
  current_shipping_minor: 0,
  shipping_tax_minor: 0,
  tip_minor: 0,
  current_total_minor: 10_000,
  received_minor: 10_000,
  refunded_minor: 0,
  outstanding_minor: 0,
  discount_codes: [] as string[],
};

const LINE = {
  shop_id: 1,
  order_id: 1001,
  line_id: 1,
  product_id: 501 as number | string | null,
  variant_id: 601,
  title: 'Coffee',
  sku: 'COF-250' as string | null,
  quantity: 2,
  current_quantity: 2,
  original_total_minor: 10_000,
  discounted_total_minor: 10_000,
};

let database: TestDatabase;
let owner: pg.Client;
let pool: pg.Pool;
let nextLineId = 1;

async function insert(table: 'orders' | 'order_lines', row: Record<string, unknown>): Promise<void> {
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  await owner.query(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`, Object.values(row));
}

const insertOrder = (order: Partial<typeof PAID>): Promise<void> => insert('orders', { ...PAID, ...order });

const insertLine = (line: Partial<typeof LINE>): Promise<void> =>
  insert('order_lines', { ...LINE, line_id: nextLineId++, ...line });

/** The ids of the products in each order. */
async function load(shop = SHOP): Promise<{ sets: [number, ProductKey[]][]; titles: string[] }> {
  const { columns } = await loadOrderColumns({ pool, shop }, CLOCK);
  const { lineOffsets, products, dictionary } = await loadLineColumns({ pool, shop }, columns);
  const sets = [...columns.orderIds].map((orderId, i): [number, ProductKey[]] => [
    orderId,
    [...products.subarray(lineOffsets[i], lineOffsets[i + 1])].map((code) => dictionary[code]?.id ?? ''),
  ]);
  return { sets, titles: dictionary.map(({ title }) => title) };
}

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query("INSERT INTO shops (shop_id, domain) VALUES (1, 'one.myshopify.com'), (2, 'two.myshopify.com')");
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
});

afterAll(async () => {
  await pool.end();
  await owner.end();
  await database.drop();
});

beforeEach(() => owner.query('TRUNCATE orders CASCADE'));

describe('reading the lines of a shop’s orders into columns', () => {
  it('puts the products beside their order, by Shopify’s id, else SKU, else title', async () => {
    await insertOrder({ order_id: 1002, processed_at: '2026-03-02T05:00:00Z' });
    await insertOrder({});
    await insertLine({});
    await insertLine({ product_id: 77, title: 'Filter\tpapers\n', sku: null });
    await insertLine({ order_id: 1002, product_id: null, title: 'Engraving', sku: 'ENG' });
    await insertLine({ order_id: 1002, product_id: null, title: 'Grüße', sku: null });
    await insertLine({ order_id: 1002, product_id: '9007199254740993', title: 'Far', sku: null });
    expect(await load()).toEqual({
      sets: [[1001, [77, 501]], [1002, ['9007199254740993', 'ENG', 'Grüße']]],
      titles: ['Filter\tpapers\n', 'Coffee', 'Far', 'Engraving', 'Grüße'],
    });
  });

  it('leaves out lines that were removed or returned, and orders that do not count', async () => {
    await insertOrder({});
    await insertOrder({ order_id: 1002, is_test: true });
    await insertLine({});
    await insertLine({ product_id: 502, current_quantity: 0 });
    await insertLine({ order_id: 1002, product_id: 503 });
    expect(await load()).toEqual({ sets: [[1001, [501]]], titles: ['Coffee'] });
  });

  it('takes the title of the latest order', async () => {
    await insertOrder({});
    await insertOrder({ order_id: 900, processed_at: '2026-04-01T05:00:00Z' });
    await insertLine({ order_id: 900, title: 'Coffee, 250 g' });
    await insertLine({});
    expect((await load()).titles).toEqual(['Coffee, 250 g']);
  });

  it('reads no other shop’s lines', async () => {
    await insertOrder({});
    await insertOrder({ shop_id: 2 });
    await insertLine({});
    await insertLine({ shop_id: 2, product_id: 999, title: 'Theirs' });
    expect(await load()).toEqual({ sets: [[1001, [501]]], titles: ['Coffee'] });
    expect(await load(OTHER)).toEqual({ sets: [[1001, [999]]], titles: ['Theirs'] });
  });
});
