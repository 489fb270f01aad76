import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { readOrdersExport } from '#app/adapters/orders-export/read-orders-export.ts';
import type { OrdersExportOptions } from '#app/adapters/orders-export/read-orders-export.ts';
import { DEFAULT_COUNTING } from '#app/domain/retention/metrics/order-value.ts';
import { aLineRow, anOrderRow, EXPORT_HEADER, exportFile, inPieces } from '#test/support/orders-export-file.ts';

interface ReadFile {
  problems: string[];
  /** Of each order: customer, value in minor units, instant. */
  orders: [customer: string | null, valueMinor: number, at: string][];
  read: Awaited<ReturnType<typeof readOrdersExport>>;
}

async function read(content: string | Uint8Array, changes: Partial<OrdersExportOptions> & { pieceBytes?: number } = {}): Promise<ReadFile> {
  const { pieceBytes, ...options } = changes;
  const problems: string[] = [];
  const result = await readOrdersExport(inPieces(content, pieceBytes), {
    timeZone: 'Europe/Berlin',
    currency: null,
    counting: DEFAULT_COUNTING,
    onProblem: (line, reason) => problems.push(`${line}: ${reason}`),
    ...options,
  });
  const { columns } = result;
  const customerOf = (order: number): string | null => {
    for (let customer = 0; customer < columns.customerCount; customer += 1) {
      const [first = 0, end = 0] = columns.customerOffsets.subarray(customer, customer + 2);
      if (order >= first && order < end) return String(columns.customerKeys[customer]);
    }
    return null;
  };
  const orders = Array.from({ length: columns.orderCount }, (_, order): ReadFile['orders'][number] => [
    customerOf(order),
    columns.valuesMinor[order] ?? NaN,
    new Date((columns.instantSeconds[order] ?? NaN) * 1000).toISOString(),
  ]);
  return { problems, orders, read: result };
}

const valuesOf = async (content: string, changes: Partial<OrdersExportOptions> = {}) =>
  (await read(content, changes)).orders.map(([, valueMinor]) => valueMinor);

const productsOf = ({ lines }: ReadFile['read']) =>
  Array.from(lines.products, (code) => lines.dictionary[code]?.title).toSorted();

describe('reading a Shopify orders export', () => {
  it('takes an order’s fields from its first row and its products from all of them', async () => {
    const rows = [
      anOrderRow('#1', { Subtotal: '15.00', 'Created at': '2026-03-01 23:30:00 -0500', Source: 'web', 'Shipping Country': 'DE', 'Discount Code': 'spring, vip' }),
      aLineRow('#1', { 'Lineitem name': 'Cup', 'Lineitem sku': 'CUP' }),
      anOrderRow('#2', { Email: '' }),
    ];
    const { orders, problems, read: result } = await read(exportFile(rows));
    expect(orders).toEqual([
      ['ann@example.com', 1500, '2026-03-02T04:30:00.000Z'],
      [null, 1000, '2026-03-01T10:00:00.000Z'],
    ]);
    expect(problems).toEqual([]);
    expect(productsOf(result)).toEqual(['Cup', 'Tea', 'Tea']);
    const { dimensions } = result.columns;
    const first = (name: keyof typeof dimensions) => dimensions[name].values[dimensions[name].codes[0] ?? 0];
    expect([first('country'), first('channel'), first('discountCode'), first('presentmentCurrency')]).toEqual(['DE', 'web', 'SPRING', 'EUR']);
  });

  it('counts an order once whose fields are repeated on each of its rows', async () => {
    const row = anOrderRow('#1', { Subtotal: '15.00', 'Refunded Amount': '5.00', 'Financial Status': 'partially_refunded' });
    expect(await valuesOf(exportFile([row, { ...row, 'Lineitem name': 'Cup' }]))).toEqual([1000]);
  });

  it('knows a customer by the e-mail address, without case and outer blanks', async () => {
    const { read: result } = await read(exportFile([anOrderRow('#1', { Email: ' Ann@Example.COM ' }), anOrderRow('#2')]));
    expect([...Array(result.columns.customerCount).keys()].map((index) => String(result.columns.customerKeys[index]))).toEqual(['ann@example.com']);
  });

  it.each([
    ['a byte order mark and CRLF', (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n')}`],
    ['semicolons and decimal commas', () => exportFile([anOrderRow('#1', { Subtotal: '12,5', Total: '12,50', 'Refunded Amount': '0,00' })], { delimiter: ';' })],
    ['tabs', () => exportFile([anOrderRow('#1', { Subtotal: '12.50' })], { delimiter: '\t' })],
    ['columns in another order, unknown ones and repeated titles', () =>
      exportFile([anOrderRow('#1', { Subtotal: '12.50', Notes: 'a "note"\nof two lines, with comma' })], { columns: ['Notes', ...EXPORT_HEADER.toReversed(), 'Vendor', 'Subtotal '] })],
    ['titles in other case', (text: string) => text.replace(/^.*$/m, (header) => header.toUpperCase())],
    ['an empty line at the end', (text: string) => `${text}\n\n`],
  ])('reads a file with %s', async (_, change) => {
    expect(await valuesOf(change(exportFile([anOrderRow('#1', { Subtotal: '12.50' })])))).toEqual([1250]);
  });

  it('reads UTF-16, as office programs save it, and gzip, cut anywhere', async () => {
    const text = exportFile([anOrderRow('#1', { Email: 'zoë@example.com' })]);
    const expected = [['zoë@example.com', 1000, '2026-03-01T10:00:00.000Z']];
    expect((await read(text, { pieceBytes: 1 })).orders).toEqual(expected);
    expect((await read(Buffer.from(`\uFEFF${text}`, 'utf16le'), { pieceBytes: 3 })).orders).toEqual(expected);
    expect((await read(gzipSync(text), { pieceBytes: 1 })).orders).toEqual(expected);
  });

  it('needs few columns', async () => {
    const columns = ['Name', 'Email', 'Financial Status', 'Currency', 'Subtotal', 'Created at'];
    expect(await valuesOf(exportFile([anOrderRow('#1')], { columns }))).toEqual([1000]);
    const withoutCurrency = exportFile([anOrderRow('#1')], { columns: columns.filter((column) => column !== 'Currency') });
    expect(await valuesOf(withoutCurrency, { currency: 'JPY' })).toEqual([10]);
  });

  it('reads an order’s sum of lines less the discount where its Subtotal is empty', async () => {
    const order = anOrderRow('#1', { Subtotal: '', Total: '', 'Discount Amount': '3.00', 'Lineitem quantity': '2' });
    expect(await valuesOf(exportFile([order, aLineRow('#1', { 'Lineitem name': 'Cup' })]))).toEqual([2200]);
  });
});

describe('what an order of an export is worth', () => {
  const cases: [name: string, fields: Record<string, string>, valueMinor: number[]][] = [
    ['nothing taxed: subtotal less refund', { Subtotal: '80.00', Shipping: '5.00', Total: '85.00', 'Refunded Amount': '30.01' }, [4999]],
    ['a refund beyond the goods was of shipping', { Subtotal: '80.00', Shipping: '5.00', Total: '85.00', 'Refunded Amount': '82.00' }, [0]],
    ['tax on top', { Subtotal: '100.00', Shipping: '10.00', Taxes: '20.00', Total: '130.00' }, [10_000]],
    ['tax on top, half of goods and tax refunded', { Subtotal: '100.00', Taxes: '20.00', Total: '120.00', 'Refunded Amount': '60.00' }, [5_000]],
    ['tax in the prices', { Subtotal: '120.00', Shipping: '10.00', Taxes: '20.00', Total: '130.00' }, [10_000]],
    ['tax on top and a tip', { Subtotal: '100.00', Taxes: '20.00', Total: '125.00' }, [10_000]],
    ['tax on top and shipping given away', { Subtotal: '100.00', Shipping: '10.00', Taxes: '20.00', Total: '120.00', 'Discount Amount': '10.00' }, [10_000]],
    ['everything refunded: no purchase', { 'Financial Status': 'refunded', 'Refunded Amount': '10.00' }, []],
    ['everything refunded, without saying so', { 'Financial Status': 'partially_refunded', 'Refunded Amount': '10.00' }, []],
    ['refunded without an amount', { 'Financial Status': 'refunded' }, []],
    ['a gift', { Subtotal: '0.00' }, [0]],
    ['not paid yet', { 'Financial Status': 'pending' }, [1000]],
    ['yen have no decimals', { Currency: 'JPY', Subtotal: '1500', Total: '1500' }, [1500]],
    ['dinars have three', { Currency: 'KWD', Subtotal: '1.234', Total: '1.234' }, [1234]],
    ['added up in floats by a script', { Subtotal: '139.11999999999998', Total: '139.11999999999998', 'Refunded Amount': '0.010000000000000002' }, [13_911]],
    ['yen added up in floats', { Currency: 'JPY', Subtotal: '1999.9999999999998', Total: '2000.0000000000002' }, [2000]],
    ['cancelled', { 'Cancelled at': '2026-03-02 10:00:00 +0000' }, []],
    ['in a state that nobody knows', { 'Financial Status': 'chargeback' }, []],
  ];
  it.each(cases)('%s', async (_, fields, expected) => {
    expect(await valuesOf(exportFile([anOrderRow('#1', fields)]))).toEqual(expected);
  });

  it('tells why orders do not count, and counts refunded ones as Shopify does when asked to', async () => {
    const file = exportFile([
      anOrderRow('#1', { 'Financial Status': 'refunded', 'Refunded Amount': '10.00' }),
      anOrderRow('#2', { 'Financial Status': 'Voided' }),
      anOrderRow('#3', { 'Financial Status': 'on hold' }),
      anOrderRow('#4', { 'Financial Status': '' }),
      anOrderRow('#5', { 'Cancelled at': '2026-03-02 10:00:00 +0000', 'Financial Status': 'refunded' }),
    ]);
    expect((await read(file)).read.excluded).toEqual({ test: 0, deleted: 0, cancelled: 1, refunded: 1, unknownState: 2 });
    expect(await valuesOf(file, { counting: { preset: 'asShopifyCounts', value: 'goods' } })).toEqual([0, 1000]);
  });
});

describe('when an order of an export was', () => {
  it.each([
    ['2026-03-29 01:59:59 +0100', '2026-03-29T00:59:59.000Z'],
    ['2026-03-29T03:00:00+02:00', '2026-03-29T01:00:00.000Z'],
    ['2026-03-29 01:00:00 UTC', '2026-03-29T01:00:00.000Z'],
    // Without an offset: Berlin, where 02:30 of that day was left out and an hour of October comes twice.
    ['2026-03-29 01:30', '2026-03-29T00:30:00.000Z'],
    ['2026-03-29 02:30:00', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25 02:30:00', '2026-10-25T00:30:00.000Z'],
    ['2026-07-01', '2026-06-30T22:00:00.000Z'],
  ])('%s', async (text, instant) => {
    const { orders, problems } = await read(exportFile([anOrderRow('#1', { 'Created at': text })]));
    expect([orders[0]?.[2], problems]).toEqual([instant, []]);
  });

  it('is Created at, though it was paid later, and Paid at where that is empty', async () => {
    const paidAt = { 'Paid at': '2026-04-01 00:00:00 +0000' };
    const { orders } = await read(exportFile([anOrderRow('#1', paidAt), anOrderRow('#2', { ...paidAt, 'Created at': '' })]));
    expect(orders.map(([, , at]) => at)).toEqual(['2026-03-01T10:00:00.000Z', '2026-04-01T00:00:00.000Z']);
  });
});
