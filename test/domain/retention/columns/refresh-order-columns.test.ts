import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areGivenUp, byteSizeOf } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderRow } from '#app/domain/retention/columns/order-columns.ts';
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

const ANY_ROWS = fc.uniqueArray(ANY_ROW, { selector: ({ orderId }) => orderId, maxLength: 50 });

describe('refreshed order columns', () => {
  it('are those that a builder makes of the changed orders, whatever came, changed or went', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });
    const zones = fc.constantFrom('UTC', 'America/St_Johns', 'Pacific/Apia');
    fc.assert(
      fc.property(ANY_ROWS, ids, ANY_ROWS, zones, (before, removedOrderIds, rows, timeZone) => {
        const gone = new Set([...removedOrderIds, ...rows.map(({ orderId }) => orderId)]);
        const after = [...before.filter(({ orderId }) => !gone.has(orderId)), ...rows];
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
          const gone = new Set([...removedOrderIds, ...rows.map(({ orderId }) => orderId)]);
          orders = [...orders.filter(({ orderId }) => !gone.has(orderId)), ...rows];
          columns = refreshOrderColumns(columns, { removedOrderIds, rows }, { isGivenUp: true });
          expect(columns).toStrictEqual(columnsOf(orders));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('take the memory of those that are given up, which then have nothing to read', () => {
    const rows = [1, 2, 3].map((orderId) => anOrder({ orderId, customerKey: 1, at: `2024-05-0${orderId}T00:00:00Z`, country: 'DE' }));
    const next = anOrder({ orderId: 9, customerKey: 1, at: '2024-05-02T12:00:00Z', country: 'DE' });
    const last = anOrder({ orderId: 10, customerKey: 1, at: '2024-06-02T12:00:00Z', country: 'DE' });
    // Columns that were built have no room to spare, those that were refreshed do.
    const roomy = refreshOrderColumns(columnsOf(rows), { removedOrderIds: [], rows: [next] });
    const [bytes, byteSize] = [roomy.orderIds.buffer.byteLength, byteSizeOf(roomy)];
    expect(areGivenUp(roomy)).toBe(false);
    const refreshed = refreshOrderColumns(roomy, { removedOrderIds: [], rows: [last] }, { isGivenUp: true });
    expect([...refreshed.orderIds]).toEqual([1, 2, 9, 3, 10]);
    expect([refreshed.orderIds.buffer.byteLength, byteSizeOf(refreshed)]).toEqual([bytes, byteSize]);
    expect([areGivenUp(roomy), areGivenUp(refreshed)]).toEqual([true, false]);
    expect([roomy.orderIds.length, roomy.days.length, roomy.dimensions.country.codes.length]).toEqual([0, 0, 0]);
  });

  it('are the same when orders stay where they are and only what is known of them changes', () => {
    const changed = fc.array(fc.tuple(fc.nat(), ANY_CHANGE), { maxLength: 20 });
    fc.assert(
      fc.property(ANY_ROWS, changed, ANY_ROWS, fc.boolean(), (before, changes, fresh, isWithOthers) => {
        const others = isWithOthers ? fresh.map((row) => ({ ...row, orderId: row.orderId + 60 })) : [];
        const updates = new Map<number, OrderRow>();
        for (const [which, change] of changes) {
          const row = before[which % Math.max(1, before.length)];
          if (row) updates.set(row.orderId, { ...row, ...change });
        }
        const rows = [...others, ...updates.values()];
        const after = [...before.filter(({ orderId }) => !updates.has(orderId)), ...rows];
        const columns = columnsOf(before);
        const untouched = columnsOf(before);
        expect(refreshOrderColumns(columns, { removedOrderIds: [], rows })).toStrictEqual(columnsOf(after));
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
