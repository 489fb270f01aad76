import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderTotal, refundedTotal } from '#test/simulator/store/order-totals.ts';
import { readOrdersExport } from '#test/simulator/store/orders-export.ts';
import { writeOnlineRetailExport } from './online-retail-export.ts';

const DATA = resolve(import.meta.dirname, '../../../shared/data/online_retail.csv.gz');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'online-retail-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function convert(rows: readonly string[]) {
  const input = join(folder, 'input.csv.gz');
  const output = join(folder, 'export.csv');
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
  await writeFile(input, gzipSync([header, ...rows].join('\n')));
  const written = await writeOnlineRetailExport(input, output);
  const { store } = await readOrdersExport(output, { timeZone: 'Europe/London' });
  const orders = store.orders.map((order) => ({
    name: order.name,
    email: order.email,
    createdAt: order.createdAt,
    status: order.financialStatus,
    receivedMinor: order.received.shop.amountMinor,
    refundedMinor: refundedTotal(order).shop.amountMinor,
  }));
  return { written, orders };
}

describe('Online Retail as an orders export', () => {
  it('gives a return to the latest earlier order with the stock code, and the rest to the one before', async () => {
    const { written, orders } = await convert([
      '1,A,Lamp,2,2011-01-10T09:00:00,5.00,77,United Kingdom',
      '2,A,Lamp,1,2011-02-10T09:00:00,5.00,77,United Kingdom',
      '2,B,Bowl,1,2011-02-10T09:00:00,3.00,77,United Kingdom',
      'C3,A,Lamp,-2,2011-03-10T09:00:00,5.00,77,United Kingdom',
      '4,A,Lamp,9,2011-04-10T09:00:00,5.00,77,United Kingdom',
    ]);
    expect(written).toEqual({ orders: 3, lines: 4, refundsMatched: 1, refundsUnmatched: [] });
    expect(orders).toMatchObject([
      { name: '#1', status: 'PARTIALLY_REFUNDED', refundedMinor: 500 },
      { name: '#2', status: 'PARTIALLY_REFUNDED', refundedMinor: 500 },
      { name: '#4', status: 'PAID', refundedMinor: 0 },
    ]);
  });

  it('lists a return that no order of the customer explains, and one without a customer', async () => {
    const { written, orders } = await convert([
      '1,A,Lamp,1,2011-01-10T09:00:00,5.00,77,United Kingdom',
      'C2,A,Lamp,-3,2011-03-10T09:00:00,5.00,77,United Kingdom',
      'C3,A,Lamp,-1,2011-03-10T09:00:00,5.00,,United Kingdom',
      'C4,B,Bowl,-1,2011-03-10T09:00:00,3.00,78,United Kingdom',
    ]);
    expect(written.refundsMatched).toBe(0);
    expect(written.refundsUnmatched).toEqual([
      { invoice: 'C2', stockCode: 'A', customerId: '77', amountMinor: 1000, reason: 'no-earlier-order' },
      { invoice: 'C3', stockCode: 'A', customerId: null, amountMinor: 500, reason: 'no-customer' },
      { invoice: 'C4', stockCode: 'B', customerId: '78', amountMinor: 300, reason: 'no-earlier-order' },
    ]);
    expect(orders).toMatchObject([{ status: 'REFUNDED', receivedMinor: 500, refundedMinor: 500 }]);
  });

  it("reads the time as London's, and leaves out what has no quantity or price", async () => {
    const { written, orders } = await convert([
      '1,A,Lamp,1,2011-07-10T09:00:00,5.00,,EIRE',
      '1,A,Lamp,-1,2011-07-10T09:00:00,5.00,,EIRE',
      '2,A,Lamp,1,2011-07-10T09:00:00,0.00,77,EIRE',
    ]);
    expect(written).toMatchObject({ orders: 1, lines: 1 });
    expect(orders).toMatchObject([{ name: '#1', email: null, createdAt: '2011-07-10T08:00:00.000Z' }]);
  });
});

if (!existsSync(DATA)) console.warn(`The real Online Retail file is not at ${DATA}; its test is skipped.`);

describe.skipIf(!existsSync(DATA))('the real Online Retail file', () => {
  it('arrives with the published counts and sums, to the penny', async () => {
    const output = join(folder, 'real.csv.gz');
    const written = await writeOnlineRetailExport(DATA, output);
    expect(written).toMatchObject({ orders: 18_532 + 1_428, lines: 397_884 + 132_220, refundsMatched: 7_495 });
    expect(written.refundsMatched + written.refundsUnmatched.length).toBe(9_288);

    const { store, report } = await readOrdersExport(output, { timeZone: 'Europe/London' });
    expect(report).toMatchObject({
      orders: 19_960,
      lines: 530_104,
      customers: 4_338,
      guestOrders: 1_428,
      problems: [],
    });
    const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
    const own = store.orders.filter((order) => order.customerId !== null);
    expect(own).toHaveLength(18_532);
    expect(sum(own.map((order) => order.lines.length))).toBe(397_884);
    expect(sum(own.map((order) => order.received.shop.amountMinor))).toBe(8_911_407_90);
    const guests = store.orders.filter((order) => order.customerId === null);
    expect(sum(guests.map((order) => order.received.shop.amountMinor))).toBe(1_755_276_64);
    expect(
      store.orders.filter((order) => orderTotal(order).shop.amountMinor !== order.received.shop.amountMinor),
    ).toEqual([]);

    // Every returned penny is on an order or in the list.
    const returnedMinor = sum(store.orders.map((order) => refundedTotal(order).shop.amountMinor));
    const listedMinor = sum(written.refundsUnmatched.map((refund) => refund.amountMinor));
    expect(returnedMinor + listedMinor).toBe(896_812_49);
  });
});
