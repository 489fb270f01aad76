import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildLineColumns } from '#app/domain/retention/products/line-columns-builder.ts';
import { byteSizeOfLines } from '#app/domain/retention/products/line-columns.ts';
import type { OrderLineRow } from '#app/domain/retention/products/line-columns.ts';
import { anOrder, columnsOf } from '../order-rows.ts';
import { aLine, setsOf } from './purchases.ts';

const EARLY = anOrder({ at: '2026-01-01T10:00:00Z', orderId: 900 });
const LATE = anOrder({ at: '2026-02-01T10:00:00Z', orderId: 100 });
const GUEST = anOrder({ at: '2026-01-15T10:00:00Z', orderId: 500, customerKey: null });
const COLUMNS = columnsOf([LATE, GUEST, EARLY]);

function dictionaryOf(rows: readonly OrderLineRow[]): unknown[] {
  return buildLineColumns(rows, COLUMNS).dictionary.map(({ id, title, sku }) => [id, title, sku]);
}

describe('the lines of orders as columns', () => {
  it('stand beside the order that they are of, each product once, by code', () => {
    const lines = buildLineColumns(
      [
        aLine({ orderId: 500, sku: 'TEA' }),
        aLine({ orderId: 900, sku: 'TEA' }),
        aLine({ orderId: 900, sku: 'COFFEE', quantity: 3 }),
        aLine({ orderId: 500, sku: 'CUP' }),
        aLine({ orderId: 900, sku: 'TEA' }),
      ],
      COLUMNS,
    );
    expect(setsOf({ columns: COLUMNS, lines })).toEqual([
      [900, ['COFFEE', 'TEA']],
      [100, []],
      [500, ['CUP', 'TEA']],
    ]);
    expect([...lines.lineOffsets]).toEqual([0, 2, 2, 4]);
    expect(lines.products).toEqual(Uint8Array.of(0, 2, 1, 2));
  });

  it('count the titles of their products among what they hold in memory', () => {
    const sizeWith = (title: string) => byteSizeOfLines(buildLineColumns([aLine({ orderId: 900, sku: 'TEA', title })], COLUMNS));
    expect(sizeWith('t'.repeat(1_000)) - sizeWith('t')).toBe(2 * 999);
  });

  it('leave out what was removed or returned, and orders that do not count', () => {
    const lines = buildLineColumns(
      [
        aLine({ orderId: 900, sku: 'TEA', quantity: 0 }),
        aLine({ orderId: 900, sku: 'CUP', quantity: -1 }),
        aLine({ orderId: 777, sku: 'SOCKS' }),
        aLine({ orderId: 100, sku: 'COFFEE' }),
      ],
      COLUMNS,
    );
    expect(lines.dictionary.map(({ id }) => id)).toEqual(['COFFEE']);
    expect(setsOf({ columns: COLUMNS, lines })).toEqual([[900, []], [100, ['COFFEE']], [500, []]]);
  });

  it('leave out what nothing is known of', () => {
    expect(dictionaryOf([aLine({ orderId: 900, title: ' ', sku: '' }), aLine({ orderId: 900, productId: 3, title: '' })])).toEqual([[3, '', null]]);
  });

  it('know a product by its id, else by its SKU, else by its name', () => {
    expect(
      dictionaryOf([
        aLine({ orderId: 900, productId: 12, sku: 'A-S', title: 'Shirt' }),
        aLine({ orderId: 100, productId: 12, sku: 'A-L', title: 'Shirt' }),
        aLine({ orderId: 900, productId: 9, sku: 'A-S', title: 'Hat' }),
        aLine({ orderId: 900, productId: '90071992547409930', title: 'Far', sku: null }),
        aLine({ orderId: 900, sku: ' B ', title: 'Mug' }),
        aLine({ orderId: 100, sku: 'B', title: 'Big mug' }),
        aLine({ orderId: 900, sku: '', title: ' Gift wrap' }),
      ]),
    ).toEqual([
      [9, 'Hat', 'A-S'],
      [12, 'Shirt', 'A-L'],
      ['90071992547409930', 'Far', null],
      ['B', 'Big mug', 'B'],
      ['Gift wrap', ' Gift wrap', ''],
    ]);
  });

  it('show a product by the title of its latest order, whatever the ids say', () => {
    const rows = [
      aLine({ orderId: 100, productId: 1, title: 'New name' }),
      aLine({ orderId: 900, productId: 1, title: 'Old name' }),
      aLine({ orderId: 500, productId: 1, title: 'Between' }),
    ];
    expect(dictionaryOf(rows)).toEqual([[1, 'New name', null]]);
    expect(dictionaryOf(rows.toReversed())).toEqual([[1, 'New name', null]]);
  });

  it('forget the title of an order that does not count', () => {
    const rows = [aLine({ orderId: 777, productId: 1, title: 'Cancelled' }), aLine({ orderId: 900, productId: 1, title: 'Bought' })];
    expect(dictionaryOf(rows)).toEqual([[1, 'Bought', null]]);
  });

  it('refuse an order id that is none', () => {
    expect(() => buildLineColumns([aLine({ orderId: NaN })], COLUMNS)).toThrow('NaN is not an order id');
  });

  it('of no lines are empty sets', () => {
    expect(buildLineColumns([], COLUMNS)).toMatchObject({ orderCount: 3, dictionary: [], lineOffsets: new Uint32Array(4) });
  });

  it('widen their codes when a byte holds too few', () => {
    const skus = Array.from({ length: 300 }, (_, i) => `S${String(i).padStart(3, '0')}`);
    const lines = buildLineColumns(skus.toReversed().map((sku) => aLine({ orderId: 900, sku })), COLUMNS);
    expect(lines.products).toEqual(Uint16Array.from(skus.keys()));
  });

  it('are the same whatever order the lines came in', () => {
    const line = fc.record({
      orderId: fc.constantFrom(900, 100, 500, 777),
      productId: fc.constantFrom(null, 1, 2, 300),
      title: fc.constantFrom('Tea', 'Green tea', 'Cup'),
      sku: fc.constantFrom(null, 'T', 'C'),
      quantity: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 60 }).chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        ([rows, shuffled]) => {
          expect(buildLineColumns(shuffled, COLUMNS)).toEqual(buildLineColumns(rows, COLUMNS));
        },
      ),
    );
  });

  it('find every order among ids that share their low bits', () => {
    const orders = Array.from({ length: 5000 }, (_, i) => anOrder({ at: '2026-01-01T00:00:00Z', customerKey: i, orderId: (i + 1) * 2 ** 33 }));
    const columns = columnsOf(orders);
    const lines = buildLineColumns(orders.map(({ orderId }) => aLine({ orderId, productId: orderId })), columns);
    expect(setsOf({ columns, lines })).toEqual([...columns.orderIds].map((orderId) => [orderId, [orderId]]));
  });
});
