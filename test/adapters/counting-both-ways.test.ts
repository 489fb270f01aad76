import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadOrderColumns } from '#app/adapters/db/order-columns-source.server.ts';
import { readOrdersExport } from '#app/adapters/orders-export/read-orders-export.ts';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import type { CountingPreset, OrderCounting, OrderValueVariant } from '#app/domain/retention/metrics/order-value.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import type { ExcludedCounts } from '#app/domain/retention/report/report.ts';
import { parseDay } from '#app/domain/time/calendar-day.ts';
import { createTestDatabase } from '#test/support/database.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { anOrderRow, exportFile, inPieces } from '#test/support/orders-export-file.ts';
import type { ExportRow } from '#test/support/orders-export-file.ts';

const SHOP = { shopId: 1, domain: 'one.myshopify.com' };
const CLOCK = { timeZone: 'UTC', currency: 'EUR' };

interface BothWays {
  what: string;
  buyer: 'ann' | 'bob' | 'cai';
  /** In order: goods, goodsBeforeRefunds, total, totalBeforeRefunds; null for an order that never counts. */
  worth: readonly [number, number, number, number] | null;
  /** Columns of the table of orders that are not those of goods of 100.00, tax of 20.00 on top and shipping of 5.00. */
  stored: Record<string, unknown>;
  /** The same of the export. */
  exported: ExportRow;
}

const WITHOUT_TAX = { current_tax_minor: 0, received_minor: 10_500 };
const TAX_INSIDE = { taxes_included: true, subtotal_minor: 12_000, current_subtotal_minor: 12_000 };

/** Each worked out by hand. What an order cost is 125.00 wherever there is tax. */
const ORDERS: readonly BothWays[] = [
  { what: 'plain', buyer: 'ann', worth: [10_000, 10_000, 12_500, 12_500], stored: {}, exported: {} },
  {
    // 40.00 of goods with 8.00 of tax.
    what: 'of which a line came back',
    buyer: 'ann',
    worth: [6_000, 10_000, 7_700, 12_500],
    stored: { current_subtotal_minor: 6_000, current_tax_minor: 1_200, refunded_minor: 4_800, financial_status: 'PARTIALLY_REFUNDED' },
    exported: { 'Refunded Amount': '48.00', 'Financial Status': 'partially_refunded' },
  },
  {
    // 24.00 for nothing in particular: 20.00 of goods with 4.00 of tax.
    what: 'with money back for nothing returned',
    buyer: 'bob',
    worth: [8_000, 10_000, 10_100, 12_500],
    stored: { refunded_minor: 2_400, financial_status: 'PARTIALLY_REFUNDED' },
    exported: { 'Refunded Amount': '24.00', 'Financial Status': 'partially_refunded' },
  },
  {
    what: 'that came back whole',
    buyer: 'bob',
    worth: [0, 10_000, 0, 12_500],
    stored: {
      current_subtotal_minor: 0, current_tax_minor: 0, current_shipping_minor: 0, refunded_minor: 12_500, financial_status: 'REFUNDED',
    },
    exported: { 'Refunded Amount': '125.00', 'Financial Status': 'refunded' },
  },
  {
    what: 'whose prices contain the tax',
    buyer: 'ann',
    worth: [10_000, 10_000, 12_500, 12_500],
    stored: TAX_INSIDE,
    exported: { Subtotal: '120.00' },
  },
  {
    what: 'whose prices contain the tax, of which half came back',
    buyer: 'cai',
    worth: [5_000, 10_000, 6_500, 12_500],
    stored: { ...TAX_INSIDE, current_subtotal_minor: 6_000, current_tax_minor: 1_000, refunded_minor: 6_000, financial_status: 'PARTIALLY_REFUNDED' },
    exported: { Subtotal: '120.00', 'Refunded Amount': '60.00', 'Financial Status': 'partially_refunded' },
  },
  {
    what: 'with a tip of 3.00',
    buyer: 'cai',
    worth: [10_000, 10_000, 10_500, 10_500],
    stored: { ...WITHOUT_TAX, tip_minor: 300, received_minor: 10_800 },
    exported: { Taxes: '0.00', Total: '108.00' },
  },
  {
    what: 'that is not paid yet',
    buyer: 'cai',
    worth: [10_000, 10_000, 10_500, 10_500],
    stored: { ...WITHOUT_TAX, received_minor: 0, outstanding_minor: 10_500, financial_status: 'PENDING' },
    exported: { Taxes: '0.00', Total: '105.00', 'Financial Status': 'pending' },
  },
  {
    what: 'that was cancelled',
    buyer: 'ann',
    worth: null,
    stored: { cancelled_at: '2026-04-01T00:00:00Z' },
    exported: { 'Cancelled at': '2026-04-01 00:00:00 +0000' },
  },
];

const VARIANTS: readonly OrderValueVariant[] = ['goods', 'goodsBeforeRefunds', 'total', 'totalBeforeRefunds'];
const REFUNDED_WHOLE = 3;

/** Sums of the table above by hand: without the order that came back whole, and with it. */
const REVENUE: Record<OrderValueVariant, Record<CountingPreset, number>> = {
  goods: { perennial: 59_000, asShopifyCounts: 59_000 },
  goodsBeforeRefunds: { perennial: 70_000, asShopifyCounts: 80_000 },
  total: { perennial: 70_300, asShopifyCounts: 70_300 },
  totalBeforeRefunds: { perennial: 83_500, asShopifyCounts: 96_000 },
};

const idOf = (place: number): number => 1_001 + place;
const dayOf = (place: number): string => `2026-03-${String(place + 1).padStart(2, '0')}`;

let database: TestDatabase;
let owner: pg.Client;
let pool: pg.Pool;

async function insert(place: number, { buyer, stored }: BothWays): Promise<void> {
  const order = {
    shop_id: 1, order_id: idOf(place), name: `#${idOf(place)}`, customer_id: ['ann', 'bob', 'cai'].indexOf(buyer) + 1,
    processed_at: `${dayOf(place)}T10:00:00Z`, created_at: `${dayOf(place)}T10:00:00Z`, updated_at: '2026-04-02T00:00:00Z',
    is_test: false, financial_status: 'PAID', currency: 'EUR', presentment_currency: 'EUR', taxes_included: false,
    subtotal_minor: 10_000, current_subtotal_minor: 10_000, current_tax_minor: 2_000, current_shipping_minor: 500,
    shipping_tax_minor: 0, tip_minor: 0, current_total_minor: 12_500, received_minor: 12_500, refunded_minor: 0,
    outstanding_minor: 0, discount_codes: [], ...stored,
  }; // prettier-ignore
  const names = Object.keys(order);
  const places = names.map((_, index) => `$${index + 1}`);
  await owner.query(`INSERT INTO orders (${names.join(', ')}) VALUES (${places.join(', ')})`, Object.values(order));
}

const EXPORT = exportFile(
  ORDERS.map(({ buyer, exported }, place) =>
    anOrderRow(`#${idOf(place)}`, {
      Id: String(idOf(place)), Email: `${buyer}@example.com`, 'Created at': `${dayOf(place)} 10:00:00 +0000`,
      Subtotal: '100.00', Taxes: '20.00', Shipping: '5.00', Total: '125.00', ...exported,
    }),
  ),
); // prettier-ignore

interface Read {
  columns: OrderColumns;
  excluded: ExcludedCounts;
}

const ofDatabase = (counting: OrderCounting): Promise<Read> => loadOrderColumns({ pool, shop: SHOP }, { ...CLOCK, counting });

const ofExport = (counting: OrderCounting): Promise<Read> =>
  readOrdersExport(inPieces(EXPORT), {
    ...CLOCK,
    counting,
    onProblem: (line, reason) => {
      throw new Error(`line ${line}: ${reason}`);
    },
  });

function valuesById({ orderIds, valuesMinor }: OrderColumns): Record<number, number> {
  return Object.fromEntries([...orderIds].map((id, i) => [id, valuesMinor[i] ?? NaN]));
}

function reportOf({ columns, excluded }: Read) {
  return computeRetentionReport(columns, { asOfDay: parseDay('2026-03-31') ?? NaN, excluded, prospects: 0 });
}

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query("INSERT INTO shops (shop_id, domain) VALUES (1, 'one.myshopify.com')");
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  for (const [place, order] of ORDERS.entries()) await insert(place, order);
});

afterAll(async () => {
  await pool.end();
  await owner.end();
  await database.drop();
});

const WAYS = (['perennial', 'asShopifyCounts'] as const).flatMap((preset) => VARIANTS.map((value) => ({ preset, value })));

describe.each(WAYS)('orders counted by $preset, worth $value', (counting) => {
  const { preset, value } = counting;
  const expected = Object.fromEntries(
    ORDERS.flatMap(({ worth }, place) =>
      worth === null || (preset === 'perennial' && place === REFUNDED_WHOLE) ? [] : [[idOf(place), worth[VARIANTS.indexOf(value)]]],
    ),
  );

  it('have from the database the values that were worked out by hand', async () => {
    expect(valuesById((await ofDatabase(counting)).columns)).toEqual(expected);
  });

  it('have from an export the values that were worked out by hand', async () => {
    expect(valuesById((await ofExport(counting)).columns)).toEqual(expected);
  });

  it('give one report, whichever way they came', async () => {
    const [stored, exported] = [reportOf(await ofDatabase(counting)), reportOf(await ofExport(counting))];
    const orders = preset === 'perennial' ? 7 : 8;
    expect(stored.overall).toMatchObject({ customers: 3, orders, revenueMinor: REVENUE[value][preset], aovMinor: REVENUE[value][preset] / orders });
    // Bob's second order is the one that came back whole.
    expect(stored.overall.repeatCustomers).toBe(preset === 'perennial' ? 2 : 3);
    expect(stored.inputs.excluded).toMatchObject({ cancelled: 1, refunded: preset === 'perennial' ? 1 : 0 });
    expect(exported).toEqual(stored);
  });
});

describe('columns', () => {
  it('say by which way their orders were counted', async () => {
    expect((await ofDatabase({ preset: 'asShopifyCounts', value: 'total' })).columns.counting).toEqual({ preset: 'asShopifyCounts', value: 'total' });
    expect((await loadOrderColumns({ pool, shop: SHOP }, CLOCK)).columns.counting).toEqual({ preset: 'perennial', value: 'goods' });
  });
});
