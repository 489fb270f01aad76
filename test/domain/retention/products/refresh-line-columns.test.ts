import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderColumns } from '#app/domain/retention/columns/order-columns.ts';
import { buildLineColumns } from '#app/domain/retention/products/line-columns-builder.ts';
import type { LineColumns, OrderLineRow } from '#app/domain/retention/products/line-columns.ts';
import { refreshLineColumns } from '#app/domain/retention/products/refresh-line-columns.ts';
import type { RefreshedLines } from '#app/domain/retention/products/refresh-line-columns.ts';
import { anOrder, columnsOf } from '../order-rows.ts';
import { aLine } from './purchases.ts';

/** One order as it stands at some moment. */
interface Stand {
  customerKey: number | null;
  hour: number;
  /** An order that does not count has lines as well. */
  isCounted: boolean;
  lines: Pick<OrderLineRow, 'productId' | 'title' | 'sku' | 'quantity'>[];
}

type Store = ReadonlyMap<number, Stand>;

/** Few products with several titles each, so that what one is called moves from order to order. */
const ANY_LINE = fc.record({
  productId: fc.constantFrom(1, 2, 3, 40, null),
  title: fc.constantFrom('Tea', 'Green tea', 'Cup'),
  sku: fc.constantFrom(null, 'T-1', 'C-1'),
  quantity: fc.constantFrom(1, 1, 2, 0),
});

const ANY_STAND: fc.Arbitrary<Stand> = fc.record({
  customerKey: fc.option(fc.integer({ min: 1, max: 6 }), { freq: 5 }),
  hour: fc.integer({ min: 0, max: 60 }),
  isCounted: fc.integer({ min: 0, max: 4 }).map((one) => one > 0),
  lines: fc.array(ANY_LINE, { maxLength: 4 }),
});

const ANY_ID = fc.integer({ min: 1, max: 40 });
const ANY_STORE = fc.array(fc.tuple(ANY_ID, ANY_STAND), { maxLength: 40 }).map((entries) => new Map(entries));

function columnsIn(store: Store): OrderColumns {
  const counted = [...store].filter(([, { isCounted }]) => isCounted);
  return columnsOf(counted.map(([orderId, { customerKey, hour }]) => anOrder({ orderId, customerKey, at: new Date(Date.UTC(2026, 0, 1, hour)).toISOString() })));
}

function linesIn(store: Store, of: Iterable<number> = store.keys()): OrderLineRow[] {
  return [...of].flatMap((orderId) => (store.get(orderId)?.lines ?? []).map((line) => ({ orderId, ...line })));
}

const readWhole = (store: Store): LineColumns => buildLineColumns(linesIn(store), columnsIn(store));

function refresh(before: Store, after: Store, changedIds: readonly number[]): RefreshedLines {
  const known = { columns: columnsIn(before), lines: readWhole(before) };
  return refreshLineColumns(known, columnsIn(after), { orderIds: changedIds, rows: linesIn(after, changedIds) });
}

describe('refreshed lines', () => {
  it('are those that are read whole, whatever came, changed or counts no more', () => {
    let wanted = 0;
    fc.assert(
      fc.property(ANY_STORE, ANY_STORE, fc.uniqueArray(ANY_ID, { maxLength: 3 }), (before, written, others) => {
        const after = new Map([...before, ...written]);
        const changedIds = [...new Set([...written.keys(), ...others])];
        const untouched = readWhole(before);
        let refreshed = refresh(before, after, changedIds);
        if (refreshed.kind === 'wanting') {
          wanted += 1;
          expect(refreshed.orderIds.filter((orderId) => changedIds.includes(orderId))).toEqual([]);
          refreshed = refresh(before, after, [...changedIds, ...refreshed.orderIds]);
        }
        expect(refreshed).toStrictEqual({ kind: 'refreshed', lines: readWhole(after) });
        expect(readWhole(before)).toStrictEqual(untouched);
      }),
      { numRuns: 2000 },
    );
    expect(wanted).toBeGreaterThan(20);
  });

  it('ask what a product is called when the order that said so counts no more', () => {
    const tea = (title: string) => [{ productId: 1, title, sku: null, quantity: 1 }];
    const early: Stand = { customerKey: 1, hour: 1, isCounted: true, lines: tea('Tea') };
    const late: Stand = { customerKey: 2, hour: 2, isCounted: true, lines: tea('Green tea') };
    const before = new Map([[10, early], [20, late]]);
    const after = new Map([[10, early], [20, { ...late, isCounted: false }]]);
    expect(refresh(before, after, [20])).toEqual({ kind: 'wanting', orderIds: [10] });
    expect(refresh(before, after, [20, 10])).toMatchObject({ lines: { dictionary: [{ id: 1, title: 'Tea' }] } });
  });

  it('narrow and widen their codes with the number of products', () => {
    const before = new Map([[1, { customerKey: 1, hour: 0, isCounted: true, lines: [] } satisfies Stand]]);
    const many = Array.from({ length: 300 }, (_, product) => ({ productId: product + 1, title: 'Bead', sku: null, quantity: 1 }));
    const after = new Map([...before, [2, { customerKey: 2, hour: 1, isCounted: true, lines: many } satisfies Stand]]);
    expect(refresh(before, after, [2])).toStrictEqual({ kind: 'refreshed', lines: readWhole(after) });
    expect(refresh(after, before, [2])).toStrictEqual({ kind: 'refreshed', lines: readWhole(before) });
  });

  it('are not made where an order came or went that is no change, or two orders may have one number', () => {
    const one: Stand = { customerKey: 1, hour: 1, isCounted: true, lines: [] };
    expect(refresh(new Map([[1, one]]), new Map([[1, one], [2, one]]), [])).toEqual({ kind: 'unlike' });
    expect(refresh(new Map([[1, one], [2, one]]), new Map([[1, one]]), [])).toEqual({ kind: 'unlike' });
    const known = { columns: columnsOf([]), lines: buildLineColumns([], columnsOf([])) };
    const vast = anOrder({ orderId: 2 ** 53, at: '2026-01-01T00:00:00Z' });
    expect(refreshLineColumns(known, columnsOf([vast]), { orderIds: [vast.orderId], rows: [aLine({ orderId: vast.orderId })] })).toEqual({ kind: 'unlike' });
  });
});
