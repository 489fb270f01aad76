import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SimOrder } from '../state.ts';
import { lineNetMinor, orderTotal } from './order-totals.ts';
import { readOrdersExport, type OrdersExportOptions } from './orders-export.ts';

type Cells = Record<string, string>;

const FIRST_ROW: Cells = {
  Name: '#1001',
  Email: 'ann@example.com',
  'Financial Status': 'paid',
  'Paid at': '2024-03-01 10:00:05 +0000',
  Currency: 'EUR',
  Subtotal: '20.00',
  Shipping: '0.00',
  Taxes: '0.00',
  Total: '20.00',
  'Discount Code': '',
  'Discount Amount': '0.00',
  'Created at': '2024-03-01 10:00:00 +0000',
  'Lineitem quantity': '2',
  'Lineitem name': 'Green tea',
  'Lineitem price': '10.00',
  'Lineitem sku': 'TEA-1',
  'Cancelled at': '',
  'Refunded Amount': '0.00',
};

const anOrderRow = (cells: Cells = {}): Cells => ({ ...FIRST_ROW, ...cells });
const aLineRow = (cells: Cells = {}): Cells => ({
  Name: '#1001',
  'Lineitem quantity': '1',
  'Lineitem name': 'Mug',
  'Lineitem price': '5.00',
  ...cells,
});

function csvOf(rows: readonly Cells[], lineBreak = '\n'): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.map(cell).join(',') + lineBreak)
    .join('');
}

function read(text: string | Buffer, options: Partial<OrdersExportOptions> = {}) {
  return readOrdersExport(Readable.from([Buffer.from(text)]), { timeZone: 'Europe/Berlin', ...options });
}

async function readOne(...rows: Cells[]): Promise<{ order: SimOrder; messages: string[] }> {
  const { store, report } = await read(csvOf(rows));
  const [order] = store.orders;
  if (order === undefined) throw new Error(`No order was read: ${JSON.stringify(report.problems)}`);
  return { order, messages: report.problems.map((problem) => `${problem.line}: ${problem.message}`) };
}

const amount = (minor: number, currency = 'EUR') => ({
  shop: { amountMinor: minor, currency },
  presentment: { amountMinor: minor, currency },
});

describe('an orders export', () => {
  it('gives an order its lines, customer and products', async () => {
    const { store, report } = await read(csvOf([anOrderRow({ Subtotal: '25.00', Total: '25.00' }), aLineRow()]));
    expect(report).toMatchObject({ orders: 1, lines: 2, customers: 1, guestOrders: 0, products: 2, problems: [] });
    expect(store.shop).toMatchObject({ currency: 'EUR', ianaTimezone: 'Europe/Berlin' });
    const [order] = store.orders;
    expect(order).toMatchObject({
      name: '#1001',
      createdAt: '2024-03-01T10:00:00.000Z',
      processedAt: '2024-03-01T10:00:00.000Z',
      updatedAt: '2024-03-01T10:00:05.000Z',
      financialStatus: 'PAID',
      received: amount(2500),
      payments: [{ kind: 'SALE', status: 'SUCCESS', processedAt: '2024-03-01T10:00:05.000Z', amount: amount(2500) }],
      customerId: store.customers[0]?.id,
    });
    expect(order?.lines.map(({ title, sku, quantity, unitPrice }) => ({ title, sku, quantity, unitPrice }))).toEqual([
      { title: 'Green tea', sku: 'TEA-1', quantity: 2, unitPrice: amount(1000) },
      { title: 'Mug', sku: null, quantity: 1, unitPrice: amount(500) },
    ]);
    expect(order?.lines.map((line) => line.productId)).toEqual(store.products.map((product) => product.id));
  });

  it('reads the same from a gzipped file, with a byte order mark, CRLF and in tiny chunks', async () => {
    const rows = [anOrderRow({ 'Lineitem name': 'Tee "grün",\r\nfein' }), anOrderRow({ Name: '#1002' })];
    const plain = await read(csvOf(rows));
    const bytes = Buffer.from(`\uFEFF${csvOf(rows, '\r\n')}`);
    expect(await read(gzipSync(bytes))).toEqual(plain);
    const single = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
    expect(await readOrdersExport(single, { timeZone: 'Europe/Berlin' })).toEqual(plain);
    expect(plain.store.orders[0]?.lines[0]?.title).toBe('Tee "grün",\r\nfein');
  });

  it('reads a file that an office program saved with semicolons', async () => {
    const { report } = await read(csvOf([anOrderRow()]).replaceAll(',', ';'));
    expect(report).toMatchObject({ orders: 1, problems: [] });
  });

  it('takes e-mail addresses that differ in case and spaces for one customer, and none for a guest', async () => {
    const { store, report } = await read(
      csvOf([
        anOrderRow({ Email: ' Ann@Example.com ' }),
        anOrderRow({ Name: '#1002' }),
        anOrderRow({ Name: '#1003', Email: '' }),
      ]),
    );
    expect(report).toMatchObject({ customers: 1, guestOrders: 1 });
    expect(store.orders.map((order) => order.email)).toEqual(['ann@example.com', 'ann@example.com', null]);
    expect(store.orders[2]?.customerId).toBeNull();
  });

  it('gives ids that survive more orders being written before and behind', async () => {
    const rows = [anOrderRow(), anOrderRow({ Name: '#1002', Email: 'bob@example.com', 'Lineitem sku': '' })];
    const short = await read(csvOf(rows));
    const long = await read(
      csvOf([anOrderRow({ Name: '#0999', Email: 'cy@example.com', 'Lineitem sku': 'X' }), ...rows]),
    );
    const idsOf = (records: readonly { id: number }[]) => records.map((record) => record.id);
    expect(idsOf(long.store.orders)).toEqual(expect.arrayContaining(idsOf(short.store.orders)));
    expect(idsOf(long.store.customers)).toEqual(expect.arrayContaining(idsOf(short.store.customers)));
    expect(idsOf(long.store.products)).toEqual(expect.arrayContaining(idsOf(short.store.products)));
  });

  it('keeps the ids that the file has, and makes one from the name where a program has spoiled it', async () => {
    const { store, report } = await read(
      csvOf([anOrderRow({ Id: '5512345678901' }), anOrderRow({ Name: '#1002', Id: '5.51235E+12' })]),
    );
    expect(store.orders[0]?.id).toBe(5_512_345_678_901);
    expect(Number.isSafeInteger(store.orders[1]?.id)).toBe(true);
    expect(report.problems).toEqual([{ line: 3, message: expect.stringContaining('Id') }]);
  });
});

describe('amounts of an orders export', () => {
  it.each([
    ['JPY', '1200', 1200],
    ['JPY', '1200.00', 1200],
    ['KWD', '1.234', 1234],
    ['USD', '0.1', 10],
    ['USD', '1234567.89', 123456789],
  ])('reads %s %s as %d minor units', async (currency, price, minor) => {
    const { order } = await readOne(
      anOrderRow({
        Currency: currency,
        'Lineitem price': price,
        'Lineitem quantity': '1',
        Subtotal: price,
        Total: price,
      }),
    );
    expect(order.lines[0]?.unitPrice).toEqual(amount(minor, currency));
    expect(order.received).toEqual(amount(minor, currency));
  });

  it('spreads a discount over lines so that they sum to Subtotal', async () => {
    const { order } = await readOne(
      anOrderRow({
        Subtotal: '9.98',
        Total: '9.98',
        'Discount Code': 'TEN',
        'Discount Amount': '0.02',
        'Lineitem price': '3.33',
        'Lineitem quantity': '1',
      }),
      aLineRow({ 'Lineitem price': '3.33' }),
      aLineRow({ 'Lineitem price': '3.34', 'Lineitem name': 'Spoon' }),
    );
    expect(order.lines.map((line) => line.discount.shop.amountMinor)).toEqual([1, 0, 1]);
    expect(order.lines.reduce((sum, line) => sum + lineNetMinor(line, 'shop'), 0)).toBe(998);
    expect(order.discounts).toEqual([{ code: 'TEN', discountId: null, amount: amount(2) }]);
  });

  it('believes Subtotal where lines say less, with a line for the difference', async () => {
    const { order } = await readOne(anOrderRow({ Subtotal: '22.50', Total: '22.50' }));
    expect(order.lines.map((line) => [line.title, lineNetMinor(line, 'shop')])).toEqual([
      ['Green tea', 2000],
      ['Adjustment', 250],
    ]);
  });

  it('takes the lines less the discount where there is no Subtotal', async () => {
    const { order } = await readOne(anOrderRow({ Subtotal: '', Total: '', 'Discount Amount': '2.50' }));
    expect(order.received).toEqual(amount(1750));
  });

  it.each<[string, Cells, boolean, number, number]>([
    [
      'inside the prices when Subtotal and Shipping make Total',
      { Taxes: '3.99', Shipping: '5.00', Total: '25.00' },
      true,
      0,
      500,
    ],
    ['on top otherwise', { Taxes: '4.00', Shipping: '5.00', Total: '29.00' }, false, 0, 500],
    ['on top, with what is left as the tip', { Taxes: '4.00', Shipping: '5.00', Total: '31.00' }, false, 200, 500],
    ['inside when they do not fit on top, with the rest as the tip', { Taxes: '4.00', Total: '21.00' }, true, 100, 0],
    ['none, with a tip', { Total: '23.00' }, false, 300, 0],
    [
      'on top beside shipping that a code made free',
      { Taxes: '4.00', Shipping: '5.00', Total: '24.00', 'Discount Code': 'FREE', 'Discount Amount': '5.00' },
      false,
      0,
      0,
    ],
  ])('finds taxes %s', async (_, cells, taxesIncluded, tipMinor, shippingMinor) => {
    const { order, messages } = await readOne(anOrderRow(cells));
    expect(order).toMatchObject({ taxesIncluded, tip: amount(tipMinor), shipping: amount(shippingMinor) });
    expect(order.received).toEqual(orderTotal(order));
    expect(order.lines[0]?.tax.shop.amountMinor).toBe(Math.round(Number(cells['Taxes'] ?? 0) * 100));
    expect(messages).toEqual([]);
  });

  it('records Refunded Amount as money without lines, and never more than was paid', async () => {
    const partly = await readOne(anOrderRow({ 'Financial Status': 'partially_refunded', 'Refunded Amount': '7.50' }));
    expect(partly.order.refunds).toMatchObject([{ total: amount(750), lines: [] }]);
    const tooMuch = await readOne(anOrderRow({ 'Financial Status': 'refunded', 'Refunded Amount': '70.00' }));
    expect(tooMuch.order.refunds).toMatchObject([{ total: amount(2000) }]);
    expect(tooMuch.messages).toEqual(['2: Refunded Amount is more than was paid; the refund is what was paid.']);
  });

  it('takes nothing as paid where the status says so', async () => {
    for (const status of ['pending', 'authorized', 'voided', 'expired']) {
      const { order } = await readOne(anOrderRow({ 'Financial Status': status }));
      expect(order).toMatchObject({ financialStatus: status.toUpperCase(), received: amount(0) });
    }
    const { order } = await readOne(
      anOrderRow({ 'Financial Status': 'partially_paid', 'Outstanding Balance': '5.00' }),
    );
    expect(order.received).toEqual(amount(1500));
  });
});

describe('times of an orders export', () => {
  it.each([
    ['2011-01-04 10:00:00 +0000', '2011-01-04T10:00:00.000Z'],
    ['2011-07-04 10:00:00 -0530', '2011-07-04T15:30:00.000Z'],
    ['2011-07-04T10:00:00+02:00', '2011-07-04T08:00:00.000Z'],
    ['2011-07-04T10:00:00.250Z', '2011-07-04T10:00:00.250Z'],
    ['2011-07-04 10:00:00 UTC', '2011-07-04T10:00:00.000Z'],
    // No offset: Berlin's clock.
    ['2011-07-04 10:00', '2011-07-04T08:00:00.000Z'],
    ['2011-01-04', '2011-01-03T23:00:00.000Z'],
  ])('reads %s', async (text, instant) => {
    expect((await readOne(anOrderRow({ 'Created at': text, 'Paid at': '' }))).order.createdAt).toBe(instant);
  });

  it('keeps an order cancelled whose date of that cannot be read', async () => {
    const { order, messages } = await readOne(anOrderRow({ 'Cancelled at': 'yesterday' }));
    expect(order.cancelledAt).toBe(order.createdAt);
    expect(messages).toEqual(['2: Cancelled at: “yesterday” is not a date and time.']);
  });
});

describe('what is wrong with an orders export', () => {
  it('is reported with its physical line and column while the rest is read', async () => {
    const { store, report } = await read(
      csvOf(
        [
          anOrderRow({ 'Lineitem name': 'two\r\nlines' }),
          anOrderRow({ Name: '#1002', 'Created at': '2024-02-30 10:00:00 +0000' }),
          aLineRow({ Name: '#1002' }),
          anOrderRow({ Name: '#1003', 'Lineitem price': '-3.00' }),
          anOrderRow({ Name: '#1004', 'Lineitem quantity': 'two' }),
          anOrderRow({ Name: '#1005', Total: '1,000.00', Taxes: '0.001' }),
          anOrderRow({ Name: '#1006', 'Financial Status': 'teleported' }),
          anOrderRow({ Name: '', Email: 'x@example.com' }),
          anOrderRow({ Name: '#1007' }),
        ],
        '\r\n',
      ),
    );
    expect(report.problems).toEqual([
      { line: 4, message: 'Created at: “2024-02-30 10:00:00 +0000” is not a date and time.' },
      { line: 6, message: 'Lineitem price: “-3.00” is not an amount in EUR.' },
      { line: 7, message: 'Lineitem quantity: “two” is not a quantity; the line is left out.' },
      { line: 8, message: 'Taxes: “0.001” is not an amount in EUR.' },
      { line: 8, message: 'Total: “1,000.00” is not an amount in EUR.' },
      { line: 9, message: 'Financial Status: “teleported” is not known.' },
      { line: 10, message: 'Name is empty; the row is left out.' },
    ]);
    expect(report).toMatchObject({ orders: 6, ordersLeftOut: 1, linesLeftOut: 5, problemCount: 7 });
    expect(store.orders.map((order) => order.name)).toEqual(['#1001', '#1003', '#1004', '#1005', '#1006', '#1007']);
    expect(
      store.orders.every((order) => order.lines.reduce((sum, line) => sum + lineNetMinor(line, 'shop'), 0) === 2000),
    ).toBe(true);
    expect(store.orders[4]?.financialStatus).toBe('TELEPORTED');
  });

  it('costs one line when a quote never closes', async () => {
    const rows = csvOf([
      anOrderRow(),
      anOrderRow({ Name: '#1002' }),
      anOrderRow({ Name: '#1003', 'Lineitem name': 'a "b"' }),
    ]);
    const { store, report } = await read(rows.replace('#1002,ann', '#1002,"ann'));
    expect(store.orders.map((order) => order.name)).toEqual(['#1001', '#1003']);
    expect(report.problems).toEqual([{ line: 3, message: expect.stringContaining('quote') }]);
  });

  it('names the columns without which nothing can be read', async () => {
    const { store, report } = await read('Name,Currency,Financial Status,Lineitem price\n#1,EUR,paid,1.00\n');
    expect(store.orders).toEqual([]);
    expect(report.problems.map((problem) => problem.message)).toEqual([
      'The column Created at is missing; nothing is read.',
      'The column Lineitem quantity is missing; nothing is read.',
    ]);
    expect((await read('')).report.problems).toEqual([{ line: 1, message: 'The file is empty.' }]);
  });

  it("includes orders in another currency than the shop's, which most of the file has", async () => {
    const { store, report } = await read(
      csvOf([anOrderRow({ Currency: 'USD' }), anOrderRow({ Name: '#1002' }), anOrderRow({ Name: '#1003' })]),
    );
    expect(store.shop.currency).toBe('EUR');
    expect(store.orders.map((order) => order.name)).toEqual(['#1002', '#1003']);
    expect(report.problems).toEqual([
      { line: 2, message: 'Currency: order #1001 is in USD, the shop in EUR; it is left out.' },
    ]);
  });

  it('includes an order that is there twice, but not one that only shares a name or comes in pieces', async () => {
    const { store, report } = await read(
      csvOf([
        anOrderRow({ Id: '1', Subtotal: '25.00', Total: '25.00' }),
        anOrderRow({ Id: '2', Name: '#1002' }),
        aLineRow({ Id: '' }),
        anOrderRow({ Id: '1' }),
        anOrderRow({ Id: '3' }),
      ]),
    );
    expect(store.orders.map((order) => [order.id, order.name, order.lines.length])).toEqual([
      [1, '#1001', 2],
      [2, '#1002', 1],
      [3, '#1001', 1],
    ]);
    expect(report.problems).toEqual([
      { line: 5, message: 'Name: order #1001 is in the file twice; the second is left out.' },
      { line: 6, message: 'Name: another order is called #1001 too; both are read.' },
    ]);
  });

  it('rejects only what is no file or no zone', async () => {
    await expect(readOrdersExport('no-such-file.csv', { timeZone: 'UTC' })).rejects.toThrow('no-such-file.csv');
    await expect(read(gzipSync(csvOf([anOrderRow()])).subarray(0, 60))).rejects.toThrow('unexpected end of file');
    await expect(read(csvOf([anOrderRow()]), { timeZone: 'Mars/Olympus' })).rejects.toThrow(RangeError);
  });
});
