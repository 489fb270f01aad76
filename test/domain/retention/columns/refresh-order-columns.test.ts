import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areGivenUp, byteSizeOf, numberColumnsOf } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderColumns, OrderRow } from '#app/domain/retention/columns/order-columns.ts';
import { refreshOrderColumns } from '#app/domain/retention/columns/refresh-order-columns.ts';
import { anOrder, columnsOf } from '../order-rows.ts';

const HOUR_MS = 3_600_000;

/** Few customers, values and moments, so that customers and countries come and go; sometimes wide numbers. */
const ANY_ROW: fc.Arbitrary<OrderRow> = fc.record({
  orderId: fc.integer({ min: 1, max: 60 }),
  customerKey: fc.option(
    fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 12 }) },
      { weight: 1, arbitrary: fc.constantFrom('a@example.com', 'B@example.com') },
    ),
    { freq: 6 },
  ),
  processedAtMs: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 0, max: 300 }).map((hour) => Date.UTC(2010, 10, 1) + hour * HOUR_MS) },
    { weight: 1, arbitrary: fc.constantFrom(-5 * HOUR_MS, Date.UTC(2010, 10, 7) + 123, Date.UTC(2150, 0), Date.UTC(2010, 10, 7, 2, 31)) },
  ),
  valueMinor: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(0, 1000, 2500) },
    { weight: 1, arbitrary: fc.constant(2 ** 40) },
  ),
  country: fc.constantFrom('DE', 'FR', 'US', null),
  region: fc.constantFrom('US-CA', 'US-NY', null),
  channel: fc.constantFrom('web', 'pos', null),
  discountCode: fc.option(fc.integer({ min: 1, max: 400 }).map((number) => `CODE${number}`), { freq: 3 }),
  presentmentCurrency: fc.constantFrom('EUR', 'USD'),
});

/** Of an order that stays its customer's, at its moment. */
const ANY_CHANGE: fc.Arbitrary<Partial<OrderRow>> = fc.record(
  {
    valueMinor: fc.constantFrom(0, 1000, 2500, 2 ** 40),
    country: fc.constantFrom('DE', 'FR', 'US', 'AT', null),
    discountCode: fc.constantFrom('CODE1', 'NEW', null),
  },
  { requiredKeys: [] },
);

const ANY_CHANGES = fc.array(fc.tuple(fc.nat(), ANY_CHANGE), { maxLength: 20 });

const ANY_ROWS = fc.uniqueArray(ANY_ROW, { selector: ({ orderId }) => orderId, maxLength: 50 });

/** Some of the orders as the changes say, each once. */
function changedOf(orders: readonly OrderRow[], changes: readonly (readonly [number, Partial<OrderRow>])[]): OrderRow[] {
  const changed = new Map<number, OrderRow>();
  for (const [which, change] of changes) {
    const row = orders[which % Math.max(1, orders.length)];
    if (row) changed.set(row.orderId, { ...row, ...change });
  }
  return [...changed.values()];
}

/** All orders after those with the ids went and the rows came. */
function ordersAfter(orders: readonly OrderRow[], removedOrderIds: readonly number[], rows: readonly OrderRow[]): OrderRow[] {
  const gone = new Set([...removedOrderIds, ...rows.map(({ orderId }) => orderId)]);
  return [...orders.filter(({ orderId }) => !gone.has(orderId)), ...rows];
}

describe('refreshed order columns', () => {
  it('are those that a builder makes of the changed orders, whatever came, changed or went', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });
    const zones = fc.constantFrom('UTC', 'America/St_Johns', 'Pacific/Apia');
    fc.assert(
      fc.property(ANY_ROWS, ids, ANY_ROWS, zones, (before, removedOrderIds, rows, timeZone) => {
        const after = ordersAfter(before, removedOrderIds, rows);
        const columns = columnsOf(before, { timeZone });
        const untouched = columnsOf(before, { timeZone });
        expect(refreshOrderColumns(columns, { removedOrderIds, rows })).toStrictEqual(columnsOf(after, { timeZone }));
        expect(columns).toStrictEqual(untouched);
        expect(refreshOrderColumns(columns, { removedOrderIds, rows }, { isGivenUp: true })).toStrictEqual(columnsOf(after, { timeZone }));
      }),
      { numRuns: 1000 },
    );
  });

  it('are the same where the old ones are given up, one change after the other', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 20 });
    const steps = fc.array(fc.tuple(ids, ANY_ROWS), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(ANY_ROWS, steps, (before, changes) => {
        let orders = before;
        let columns = columnsOf(before);
        for (const [removedOrderIds, rows] of changes) {
          orders = ordersAfter(orders, removedOrderIds, rows);
          columns = refreshOrderColumns(columns, { removedOrderIds, rows }, { isGivenUp: true });
          expect(columns).toStrictEqual(columnsOf(orders));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are the same where many customers come, leave, grow and shrink side by side', () => {
    const numbersOfOrders = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })), { maxLength: 60 });
    fc.assert(
      fc.property(numbersOfOrders, fc.boolean(), (customers, isGivenUp) => {
        const rowsOf = (side: 0 | 1): OrderRow[] =>
          customers.flatMap((numbers, customerKey) =>
            Array.from({ length: numbers[side] }, (_, nth) => anOrder({ orderId: customerKey * 10 + nth, customerKey, at: '2024-05-01T00:00:00Z' })),
          );
        const [before, after] = [rowsOf(0), rowsOf(1)];
        const [known, staying] = [before, after].map((rows) => new Set(rows.map(({ orderId }) => orderId)));
        const removedOrderIds = before.map(({ orderId }) => orderId).filter((id) => !staying?.has(id));
        const rows = after.filter(({ orderId }) => !known?.has(orderId));
        expect(refreshOrderColumns(columnsOf(before), { removedOrderIds, rows }, { isGivenUp })).toStrictEqual(columnsOf(after));
      }),
      { numRuns: 500 },
    );
  });

  it('leave columns that stay as they were, also where newer ones that share some with them are given up', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 3 });
    // Changes that move nothing are what lets columns be shared.
    const step = fc.record({
      removedOrderIds: fc.oneof(fc.constant<number[]>([]), ids),
      rows: fc.oneof(fc.constant<OrderRow[]>([]), ANY_ROWS),
      changes: ANY_CHANGES,
      isGivenUp: fc.boolean(),
    });
    fc.assert(
      fc.property(ANY_ROWS, fc.array(step, { minLength: 2, maxLength: 5 }), (before, steps) => {
        let orders = before;
        let columns = columnsOf(before);
        const staying: { columns: OrderColumns; orders: readonly OrderRow[] }[] = [];
        for (const { removedOrderIds, rows: others, changes, isGivenUp } of steps) {
          if (!isGivenUp) staying.push({ columns, orders });
          const arriving = new Set(others.map(({ orderId }) => orderId));
          const rows = [...others, ...changedOf(orders, changes).filter(({ orderId }) => !arriving.has(orderId))];
          columns = refreshOrderColumns(columns, { removedOrderIds, rows }, { isGivenUp });
          orders = ordersAfter(orders, removedOrderIds, rows);
          expect(columns).toStrictEqual(columnsOf(orders));
          for (const kept of staying) expect(kept.columns).toStrictEqual(columnsOf(kept.orders));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('take the memory of those that are given up, which then have nothing to read', () => {
    const rows = [1, 2, 3].map((orderId) => anOrder({ orderId, customerKey: 1, at: `2024-05-0${orderId}T00:00:00Z`, country: 'DE' }));
    const next = anOrder({ orderId: 9, customerKey: 1, at: '2024-05-02T12:00:00Z', country: 'DE' });
    const newcomers = anOrder({ orderId: 10, customerKey: 0, at: '2024-06-02T12:00:00Z', country: 'DE' });
    const built = columnsOf(rows);
    const [bytes, byteSize] = [built.orderIds.buffer.byteLength, byteSizeOf(built)];
    expect(areGivenUp(built)).toBe(false);
    const refreshed = refreshOrderColumns(built, { removedOrderIds: [], rows: [next, newcomers] }, { isGivenUp: true });
    expect([...refreshed.orderIds]).toEqual([10, 1, 2, 9, 3]);
    expect([refreshed.orderIds.buffer.byteLength, byteSizeOf(refreshed)]).toEqual([bytes, byteSize]);
    expect([areGivenUp(built), areGivenUp(refreshed)]).toEqual([true, false]);
    expect(numberColumnsOf(built).map(({ length }) => length)).toEqual(numberColumnsOf(built).map(() => 0));
  });

  it('are the same when orders stay where they are and only what is known of them changes', () => {
    fc.assert(
      fc.property(ANY_ROWS, ANY_CHANGES, ANY_ROWS, fc.boolean(), (before, changes, fresh, isWithOthers) => {
        const others = isWithOthers ? fresh.map((row) => ({ ...row, orderId: row.orderId + 60 })) : [];
        const rows = [...others, ...changedOf(before, changes)];
        const columns = columnsOf(before);
        const untouched = columnsOf(before);
        expect(refreshOrderColumns(columns, { removedOrderIds: [], rows })).toStrictEqual(columnsOf(ordersAfter(before, [], rows)));
        expect(columns).toStrictEqual(untouched);
      }),
      { numRuns: 1000 },
    );
  });

  it('share with the old ones every column of which nothing changed', () => {
    const rows = [1, 2, 3].map((orderId) => anOrder({ orderId, customerKey: 1, at: `2024-05-0${orderId}T00:00:00Z`, country: 'DE' }));
    const columns = columnsOf(rows);
    const [, second] = rows;
    if (!second) throw new Error('there are three');
    const refreshed = refreshOrderColumns(columns, { removedOrderIds: [], rows: [{ ...second, valueMinor: 7 }] });
    expect([...refreshed.valuesMinor][1]).toBe(7);
    expect(refreshed.valuesMinor).not.toBe(columns.valuesMinor);
    expect(refreshed.orderIds).toBe(columns.orderIds);
    expect(refreshed.days).toBe(columns.days);
    expect(refreshed.customerOffsets).toBe(columns.customerOffsets);
    expect(refreshed.dimensions.country).toBe(columns.dimensions.country);
  });

  it('widen their codes when more values come than the narrow ones can number, and narrow them again', () => {
    const rows = Array.from({ length: 400 }, (_, index) =>
      anOrder({ orderId: index, customerKey: index % 90, at: '2024-05-01T00:00:00Z', discountCode: `CODE${index}` }),
    );
    const few = columnsOf(rows.slice(0, 200));
    expect(few.dimensions.discountCode.codes).toBeInstanceOf(Uint8Array);
    const many = refreshOrderColumns(few, { removedOrderIds: [], rows: rows.slice(200) });
    expect(many).toStrictEqual(columnsOf(rows));
    const gone = rows.slice(200).map(({ orderId }) => orderId);
    expect(refreshOrderColumns(many, { removedOrderIds: gone, rows: [] })).toStrictEqual(few);
  });

  it('keep a later day after clocks were set back, when the order before it comes late', () => {
    const early = anOrder({ at: '2010-11-07T02:30:30Z' });
    const late = anOrder({ at: '2010-11-07T02:31:30Z' });
    const shop = { timeZone: 'America/St_Johns' };
    const refreshed = refreshOrderColumns(columnsOf([late], shop), { removedOrderIds: [], rows: [early] });
    expect([...refreshed.days]).toEqual([...columnsOf([early, late], shop).days]);
    expect(refreshed.days[1]).toBe(refreshed.days[0]);
  });

  it('refuse an order that comes twice, and ids that no number holds', () => {
    const columns = columnsOf([anOrder({ orderId: 1, at: '2024-05-01T00:00:00Z' })]);
    const row = anOrder({ orderId: 2, at: '2024-05-01T00:00:00Z' });
    expect(() => refreshOrderColumns(columns, { removedOrderIds: [], rows: [row, row] })).toThrow(/comes twice/);
    const vast = anOrder({ orderId: 2 ** 53, at: '2024-05-01T00:00:00Z' });
    expect(() => refreshOrderColumns(columns, { removedOrderIds: [], rows: [vast] })).toThrow(RangeError);
    expect(() => refreshOrderColumns(columnsOf([vast]), { removedOrderIds: [1], rows: [] })).toThrow(RangeError);
  });
});
