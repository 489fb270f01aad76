import { describe, expect, it } from 'vitest';
import { OrderColumnsBuilder } from '#app/domain/retention/columns/order-columns-builder.ts';
import { byteSizeOf, msOfSeconds } from '#app/domain/retention/columns/order-columns.ts';
import { UnknownCurrencyError } from '#app/domain/money/currency.ts';
import { anOrder, columnsOf } from '../order-rows.ts';

describe('order columns', () => {
  it('stand sorted by customer, then time, then order id, with guests after the last customer', () => {
    const noon = '2024-05-01T12:00:00Z';
    const columns = columnsOf([
      anOrder({ orderId: 8, customerKey: 'a@example.com', at: noon }),
      anOrder({ orderId: 7, customerKey: null, at: '2024-05-03T00:00:00Z' }),
      anOrder({ orderId: 6, customerKey: 20, at: noon }),
      anOrder({ orderId: 5, customerKey: 3, at: '2024-05-02T00:00:00Z' }),
      anOrder({ orderId: 4, customerKey: 20, at: '2024-04-01T00:00:00Z' }),
      anOrder({ orderId: 3, customerKey: null, at: noon }),
      anOrder({ orderId: 2, customerKey: 20, at: noon }),
      anOrder({ orderId: 1, customerKey: 'b@example.com', at: noon }),
    ]);
    expect([...columns.orderIds]).toEqual([5, 4, 2, 6, 8, 1, 3, 7]);
    expect(columns.customerKeys).toEqual([3, 20, 'a@example.com', 'b@example.com']);
    expect([...columns.customerOffsets]).toEqual([0, 1, 4, 5, 6]);
    expect(columns).toMatchObject({ customerCount: 4, orderCount: 8, timeZone: 'UTC', currency: 'EUR' });
  });

  it('keep a value and its dimensions with their order', () => {
    const columns = columnsOf([
      anOrder({ orderId: 2, at: '2024-05-02T00:00:00Z', valueMinor: 22, country: 'US', channel: 'pos' }),
      anOrder({ orderId: 1, at: '2024-05-01T00:00:00Z', valueMinor: 11, country: 'DE' }),
    ]);
    expect([...columns.valuesMinor]).toEqual([11, 22]);
    const { country, channel, presentmentCurrency } = columns.dimensions;
    expect([...country.codes].map((code) => country.values[code])).toEqual(['DE', 'US']);
    expect([...channel.codes].map((code) => channel.values[code])).toEqual([null, 'pos']);
    expect([...presentmentCurrency.codes]).toEqual([0, 0]);
  });

  it('tell customers apart whose ids differ only in their upper digits', () => {
    const ids = Array.from({ length: 1500 }, (_, index) => (1499 - index) * 2 ** 32 + 7);
    const rows = ids.flatMap((customerKey) => [anOrder({ customerKey, at: '2024-05-01T00:00:00Z' })]);
    const columns = columnsOf([...rows, ...rows.map((row) => ({ ...row, orderId: row.orderId + 10_000 }))]);
    expect([...columns.customerKeys]).toEqual(ids.toReversed());
    expect([...columns.customerOffsets]).toEqual(Array.from({ length: 1501 }, (_, index) => index * 2));
  });

  it('take less than 32 bytes an order where customers have three', () => {
    const rows = Array.from({ length: 9000 }, (_, index) =>
      anOrder({
        customerKey: 6_000_000_000_000 + Math.floor(index / 3),
        at: '2024-05-01T00:00:00Z',
        valueMinor: index,
        country: `C${index % 40}`,
        region: `R${index % 300}`,
        channel: `H${index % 5}`,
        discountCode: `D${index % 500}`,
        presentmentCurrency: `P${index % 9}`,
      }),
    );
    const columns = columnsOf(rows);
    const { instantSeconds, days, valuesMinor, orderIds, customerOffsets, dimensions } = columns;
    const arrays = [instantSeconds, days, valuesMinor, orderIds, customerOffsets, columns.customerKeys];
    const codes = Object.values(dimensions).map((dimension) => dimension.codes);
    const bytes = [...arrays, ...codes].reduce((sum, array) => sum + (array as Uint8Array).byteLength, 0);
    expect(byteSizeOf(columns)).toBeGreaterThanOrEqual(bytes);
    expect(byteSizeOf(columns) / columns.orderCount).toBeLessThan(32);
  });

  it('are of the narrowest kind that holds their numbers', () => {
    const plain = columnsOf([anOrder({ at: '2024-05-01T00:00:00Z' })]);
    expect(plain.instantSeconds).toBeInstanceOf(Uint32Array);
    expect(plain.days).toBeInstanceOf(Uint16Array);
    expect(plain.valuesMinor).toBeInstanceOf(Uint32Array);
    for (const at of ['1969-12-31T23:59:59Z', '2106-02-07T06:28:16Z', '2024-05-01T00:00:00.001Z']) {
      const { instantSeconds } = columnsOf([anOrder({ at })]);
      expect(instantSeconds).toBeInstanceOf(Float64Array);
      expect(msOfSeconds(instantSeconds[0] ?? NaN)).toBe(Date.parse(at));
    }
    expect(columnsOf([anOrder({ at: '1969-12-31T23:59:59Z' })]).days).toBeInstanceOf(Int32Array);
    expect([...columnsOf([anOrder({ at: '2024-05-01T00:00:00Z', valueMinor: 2 ** 32 })]).valuesMinor]).toEqual([2 ** 32]);
  });

  it('sort a customer with very many orders as one with few', () => {
    const rows = Array.from({ length: 500 }, (_, index) =>
      anOrder({ orderId: (index * 7) % 500, at: `2024-05-${String(1 + ((index * 7) % 28)).padStart(2, '0')}T00:00:00Z` }),
    );
    const columns = columnsOf(rows);
    const pairs = [...columns.instantSeconds].map((seconds, index) => [seconds, columns.orderIds[index] ?? NaN] as const);
    expect(pairs).toEqual([...pairs].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
  });

  it('hold more different values than 16 bits can number', () => {
    const rows = Array.from({ length: 70_000 }, (_, index) =>
      anOrder({ orderId: index, customerKey: index, at: '2024-05-01T00:00:00Z', channel: `c${index}` }),
    );
    const { channel } = columnsOf(rows).dimensions;
    expect(channel.values[channel.codes[69_999] ?? 0]).toBe('c69999');
  });

  it('give each order its calendar day in shop time', () => {
    const rows = [anOrder({ at: '2024-03-10T04:59:59Z' }), anOrder({ at: '2024-03-10T05:00:00Z' })];
    expect([...columnsOf(rows, { timeZone: 'America/New_York' }).days]).toEqual([19_791, 19_792]);
  });

  it('never let the days of a customer fall where clocks were set back over midnight', () => {
    const rows = [anOrder({ at: '2010-11-07T02:30:30Z' }), anOrder({ at: '2010-11-07T02:31:30Z' })];
    const [first, second] = columnsOf(rows, { timeZone: 'America/St_Johns' }).days;
    expect(second).toBe(first);
  });

  it.each([
    { valueMinor: -1 },
    { valueMinor: 0.5 },
    { valueMinor: NaN },
    { orderId: 1.5 },
    { processedAtMs: NaN },
    { processedAtMs: 0.5 },
    { processedAtMs: 8.64e15 },
  ])('refuse a row with %j', (wrong) => {
    const builder = new OrderColumnsBuilder({ timeZone: 'UTC', currency: 'EUR' });
    expect(() => builder.append(anOrder({ at: '2024-05-01T00:00:00Z', ...wrong }))).toThrow(RangeError);
  });

  it('refuse a currency without a minor unit', () => {
    expect(() => new OrderColumnsBuilder({ timeZone: 'UTC', currency: 'XAU' })).toThrow(UnknownCurrencyError);
  });
});
