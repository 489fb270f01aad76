import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { loadOrderColumns } from '#app/adapters/db/order-columns-source.server.ts';
import type { LoadedOrders } from '#app/adapters/db/order-columns-source.server.ts';
import { msOfSeconds } from '#app/domain/retention/columns/order-columns.ts';
import { createTestDatabase } from '#test/support/database.ts';
import type { TestDatabase } from '#test/support/database.ts';

const SHOP = { shopId: 1, domain: 'one.myshopify.com' };
const OTHER = { shopId: 2, domain: 'two.myshopify.com' };
const CLOCK = { timeZone: 'America/New_York', currency: 'USD' };

/** A paid order of 100.00 before a tax of 8.00, as the sync stores it. */
const PAID = {
  shop_id: 1,
  order_id: 1001,
  name: '#1001',
  customer_id: 7,
  processed_at: '2026-03-01T04:59:59.123Z',
  created_at: '2026-03-01T04:59:59.123Z',
  updated_at: '2026-03-01T04:59:59.123Z',
  cancelled_at: null as string | null,
  deleted_at: null as string | null,
  is_test: false,
  financial_status: 'PAID',
  source_name: 'web' as string | null,
  country_code: 'US' as string | null,
  currency: 'USD',
  presentment_currency: 'EUR',
  taxes_included: false,
  subtotal_minor: 10_000,
  current_subtotal_minor: 10_000,
  current_tax_minor: 800,
  current_shipping_minor: 500,
  shipping_tax_minor: 0,
  tip_minor: 0,
  current_total_minor: 11_300,
  received_minor: 11_300,
  refunded_minor: 0,
  outstanding_minor: 0,
  discount_codes: [] as string[],
};

type StoredOrder = Omit<typeof PAID, 'customer_id'> & { customer_id: number | null };

let database: TestDatabase;
let owner: pg.Client;
let pool: pg.Pool;

async function insert(...changes: Partial<StoredOrder>[]): Promise<void> {
  for (const change of changes) {
    const order = { ...PAID, ...change };
    const names = Object.keys(order);
    const places = names.map((_, index) => `$${index + 1}`);
    await owner.query(`INSERT INTO orders (${names.join(', ')}) VALUES (${places.join(', ')})`, Object.values(order));
  }
}

const load = (shop = SHOP): Promise<LoadedOrders> => loadOrderColumns({ pool, shop }, CLOCK);

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

describe('reading a shop’s orders into columns', () => {
  it('gives an order’s instant, day in the shop’s zone, value and dimensions', async () => {
    await insert({});
    const { columns } = await load();
    expect([...columns.customerKeys]).toEqual([7]);
    expect([...columns.orderIds]).toEqual([1001]);
    expect([...columns.instantSeconds].map(msOfSeconds)).toEqual([Date.parse('2026-03-01T04:59:59.123Z')]);
    // The last second of February in New York.
    expect([...columns.days]).toEqual([Date.UTC(2026, 1, 28) / 86_400_000]);
    expect([...columns.valuesMinor]).toEqual([10_000]);
    expect(columns.dimensions.country.values[columns.dimensions.country.codes[0] ?? 0]).toBe('US');
    expect(columns.dimensions.presentmentCurrency.values).toContain('EUR');
  });

  it('takes tax, free refunds and shipping out of the value as the definition says', async () => {
    await insert(
      { order_id: 1, taxes_included: true, current_subtotal_minor: 10_800, received_minor: 11_300 },
      { order_id: 2, refunded_minor: 5_400, financial_status: 'PARTIALLY_REFUNDED' },
    );
    const { columns } = await load();
    expect([...columns.valuesMinor]).toEqual([10_000, 5_000]);
  });

  it('counts what does not count, by its first reason', async () => {
    await insert(
      { order_id: 1, is_test: true, cancelled_at: '2026-03-02T00:00:00Z' },
      { order_id: 2, cancelled_at: '2026-03-02T00:00:00Z' },
      { order_id: 3, deleted_at: '2026-03-02T00:00:00Z' },
      { order_id: 4, financial_status: 'REFUNDED', refunded_minor: 11_300 },
      { order_id: 5, financial_status: 'SOMETHING_NEW' },
    );
    const { columns, excluded } = await load();
    expect(columns.orderCount).toBe(0);
    expect(excluded).toEqual({ test: 1, deleted: 1, cancelled: 1, refunded: 1, unknownState: 1 });
  });

  it('leaves orders in a currency that is not the shop’s out of every sum, and says how many', async () => {
    await insert({ order_id: 1 }, { order_id: 2, currency: 'CAD' });
    const { columns, inOtherCurrency } = await load();
    expect([columns.orderCount, inOtherCurrency]).toEqual([1, 1]);
  });

  it('puts guests after customers', async () => {
    await insert({ order_id: 1, customer_id: null }, { order_id: 2, customer_id: 9 });
    const { columns } = await load();
    expect([...columns.orderIds]).toEqual([2, 1]);
    expect([...columns.customerOffsets]).toEqual([0, 1]);
  });

  it('reads text with tabs, backslashes, line ends and any script as it was stored', async () => {
    const sources = ['tab\there', 'back\\slash \\N', 'line\nend', 'متجر 商店 🌱'];
    await insert(...sources.map((source_name, index) => ({ order_id: index + 1, source_name })), { order_id: 9, source_name: null });
    const { columns } = await load();
    expect(columns.orderCount).toBe(5);
    expect(columns.dimensions.channel.values.toSorted()).toEqual([...sources, null].toSorted());
  });

  it('sees one shop and no other', async () => {
    await insert({ order_id: 1 }, { order_id: 2, shop_id: 2 }, { order_id: 3, shop_id: 2 });
    expect((await load(OTHER)).columns.orderCount).toBe(2);
    expect((await load()).columns.orderCount).toBe(1);
  });

  it('keeps customers apart whose ids no number holds, and their orders', async () => {
    await insert({ customer_id: null }, { order_id: 1002, customer_id: null });
    await owner.query('UPDATE orders SET order_id = 9007199254740993, customer_id = 9007199254740993 WHERE order_id = 1001');
    await owner.query('UPDATE orders SET order_id = 9007199254740992, customer_id = 9007199254740992 WHERE order_id = 1002');
    const { columns } = await load();
    expect(columns).toMatchObject({ customerCount: 2, orderCount: 2, customerKeys: ['9007199254740992', '9007199254740993'] });
  });

  it('refuses an amount that a number cannot hold exactly', async () => {
    await insert({});
    await owner.query('UPDATE orders SET current_subtotal_minor = 9007199254740993');
    await expect(load()).rejects.toThrow(/safe integer/);
    expect(pool.totalCount - pool.idleCount).toBe(0);
  });

  it('asks PostgreSQL as often for 20,000 orders as for one', async () => {
    await insert({});
    const ofOne = await countStatements();
    const others = Object.keys(PAID).filter((name) => name !== 'order_id' && name !== 'customer_id').join(', ');
    await owner.query(
      `INSERT INTO orders (order_id, customer_id, ${others})
       SELECT 2000 + n, n % 7000, ${others} FROM orders, generate_series(1, 20000) n WHERE order_id = 1001`,
    );
    const ofMany = await countStatements();
    expect(ofOne.orders).toBe(1);
    expect(ofMany).toEqual({ orders: 20_001, statements: ofOne.statements });
  });
});

async function countStatements(): Promise<{ orders: number; statements: number }> {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    const { columns } = await load();
    return { orders: columns.orderCount, statements: query.mock.calls.length };
  } finally {
    query.mockRestore();
  }
}
