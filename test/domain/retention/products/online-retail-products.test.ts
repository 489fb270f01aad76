import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { everyone } from '#app/domain/retention/columns/selection.ts';
import { asOfDayIn } from '#app/domain/retention/columns/time-window.ts';
import { findBoughtTogether } from '#app/domain/retention/products/bought-together.ts';
import { computeFirstProducts } from '#app/domain/retention/products/first-products.ts';
import { buildLineColumns } from '#app/domain/retention/products/line-columns-builder.ts';
import type { OrderLineRow } from '#app/domain/retention/products/line-columns.ts';
import type { ProductScope } from '#app/domain/retention/products/product-scope.ts';
import { computeReplenishment } from '#app/domain/retention/products/replenishment.ts';
import { selectByFirstProduct } from '#app/domain/retention/products/select-by-first-product.ts';
import { anOrder, columnsOf, dayNamed } from '../order-rows.ts';
import { aLine, codeOf } from './purchases.ts';

/**
 * UCI Online Retail (Chen, Sain and Guo 2012; CC BY 4.0). The numbers below were computed outside this project, by a
 * Python script: `itertools.combinations` of the stock codes of each invoice and exact fractions for the lift,
 * `numpy.percentile` (type 7) of the gaps, `scipy.stats.norm` for the tests.
 */
const DATA = join(import.meta.dirname, '../../../../../shared/data/online_retail.csv.gz');
const SHOP = { timeZone: 'Europe/London', currency: 'GBP' };
const LINE = /^"([^"]*)","([^"]*)",("(?:[^"]|"")*"|[^",]*),(-?\d+),"([^"]*)",([^,]*),"?(\d*|NA)"?,/;

let loaded: ProductScope | null = null;

function loadScope(): ProductScope {
  if (loaded !== null) return loaded;
  const invoices = new Map<string, { customerKey: number; startedAt: string }>();
  const rows: OrderLineRow[] = [];
  for (const line of gunzipSync(readFileSync(DATA)).toString('utf8').split('\n').slice(1)) {
    if (line === '') continue;
    const match = LINE.exec(line);
    if (match === null) throw new Error(`a line that is no invoice line: ${line}`);
    const [, invoiceNo = '', sku = '', title = '', quantity = '', startedAt = '', price = '', customer = ''] = match;
    if (customer === '' || customer === 'NA' || invoiceNo.startsWith('C') || Number(quantity) <= 0 || Number(price) <= 0) continue;
    const invoice = invoices.get(invoiceNo) ?? { customerKey: Number(customer), startedAt };
    if (startedAt < invoice.startedAt) invoice.startedAt = startedAt;
    invoices.set(invoiceNo, invoice);
    rows.push(aLine({ orderId: Number(invoiceNo), sku, title, quantity: Number(quantity) }));
  }
  const orders = [...invoices].map(([invoiceNo, { customerKey, startedAt }]) => {
    const at = Temporal.PlainDateTime.from(startedAt).toZonedDateTime(SHOP.timeZone).toInstant().toString();
    return anOrder({ orderId: Number(invoiceNo), customerKey, at });
  });
  const columns = columnsOf(orders, SHOP);
  const asOf = asOfDayIn(SHOP.timeZone, dayNamed('2011-12-09'));
  loaded = { columns, lines: buildLineColumns(rows, columns), selection: everyone(columns), asOf };
  return loaded;
}

const where = existsSync(DATA) ? '' : ' (skipped: ../shared/data/online_retail.csv.gz is not here)';

describe.skipIf(where !== '')(`products of UCI Online Retail${where}`, () => {
  it('are bought together as often as a script outside this project counts', () => {
    const { baskets, minimumBaskets, pairs } = findBoughtTogether(loadScope());
    expect([baskets, minimumBaskets, pairs.length]).toEqual([18_532, 186, 333]);
    expect(pairs.reduce((sum, pair) => sum + pair.baskets, 0)).toBe(88_533);
    expect(pairs.slice(0, 8).map(({ a, b, ...pair }) => [a.id, b.id, pair.baskets])).toEqual([
      ['23171', '23172', 202],
      ['23174', '23175', 206],
      ['23170', '23172', 197],
      ['23170', '23171', 229],
      ['22745', '22746', 205],
      ['21086', '21094', 236],
      ['22746', '22748', 215],
      ['23254', '23256', 214],
    ]);
    expect(pairs[0]).toMatchObject({ basketsWithA: 270, basketsWithB: 224, lift: 61.89589947089947 });
    expect(pairs.at(-1)).toMatchObject({
      a: { id: '22423' },
      b: { id: '85123A' },
      baskets: 234,
      basketsWithA: 1703,
      basketsWithB: 1978,
      lift: 1.2873517084880248,
    });
  });

  it('are so down to pairs of 38 baskets', () => {
    const { minimumBaskets, pairs } = findBoughtTogether(loadScope(), 0.002);
    expect([minimumBaskets, pairs.length]).toEqual([38, 14_764]);
    expect(pairs.reduce((sum, pair) => sum + pair.baskets, 0)).toBe(952_223);
    expect(pairs[0]).toMatchObject({ a: { id: '23554' }, b: { id: '23556' }, baskets: 40, lift: 263.988603988604 });
    expect(pairs.at(-1)).toMatchObject({ a: { id: '84879' }, b: { id: 'POST' }, baskets: 38, lift: 0.46602101083629743 });
  });

  it('have the rhythms that numpy has', () => {
    const rows = computeReplenishment(loadScope());
    const totalOf = (key: 'gaps' | 'due' | 'late'): number => rows.reduce((sum, row) => sum + row[key], 0);
    expect([rows.length, totalOf('gaps'), totalOf('due'), totalOf('late')]).toEqual([813, 96_612, 51_270, 90_011]);
    expect(rows.map(({ product: { id }, gaps, customers, medianDays, p25Days, p75Days, due, late }) =>
      [id, gaps, customers, medianDays, p25Days, p75Days, due, late]).filter((_, i) => i < 4 || i > 810)).toEqual([
      ['85123A', 1092, 405, 48, 22, 95, 258, 473],
      ['85099B', 953, 311, 43, 23, 81, 227, 294],
      ['22423', 811, 328, 51, 23, 98, 260, 510],
      ['20725', 755, 276, 48, 23, 87, 155, 296],
      ['23480', 30, 21, 13, 8, 26, 58, 61],
      ['23494', 30, 21, 18, 7, 31, 59, 67],
    ]);
  });

  it('make customers return as luck would have it, but for seven of 766', () => {
    const { everyone: all, products, productsWithTooFew } = computeFirstProducts(loadScope());
    expect(all).toMatchObject({ customers: 4338, matured: 3370, repeated: 1605 });
    expect([products.length, productsWithTooFew]).toEqual([766, 3471 - 766]);
    expect(products.slice(0, 2).map(({ product, customers, matured, repeated, interval }) =>
      [product.id, customers, matured, repeated, interval.low.toFixed(12), interval.high.toFixed(12)])).toEqual([
      ['22144', 90, 41, 31, '0.606566637774', '0.861749972619'],
      ['22795', 63, 55, 40, '0.597678018883', '0.827192480609'],
    ]);
    const different = products.filter(({ standing }) => standing !== 'unclear');
    expect(different.map(({ product, standing }) => `${product.id} ${standing}`).sort()).toEqual([
      '20828 below',
      '20914 above',
      '22144 above',
      '22666 above',
      '22795 above',
      '22837 above',
      '84029E above',
    ]);
  });

  it('cut the shop by what customers began with', () => {
    const { columns, lines } = loadScope();
    const { customers } = selectByFirstProduct({ columns, lines }, codeOf(lines, '85123A'));
    const orders = customers.reduce((sum, customer) => sum + (columns.customerOffsets[customer + 1] ?? NaN) - (columns.customerOffsets[customer] ?? NaN), 0);
    expect([customers.length, orders]).toEqual([552, 2684]);
  });
});
