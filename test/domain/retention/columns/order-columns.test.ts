import { describe, expect, it } from 'vitest';
import { OrderColumnsBuilder } from '#app/domain/retention/columns/order-columns-builder.ts';
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
  ])('refuse a row with %j', (wrong) => {
    const builder = new OrderColumnsBuilder({ timeZone: 'UTC', currency: 'EUR' });
    expect(() => builder.append(anOrder({ at: '2024-05-01T00:00:00Z', ...wrong }))).toThrow(RangeError);
  });

  it('refuse a currency without a minor unit', () => {
    expect(() => new OrderColumnsBuilder({ timeZone: 'UTC', currency: 'XAU' })).toThrow(UnknownCurrencyError);
  });
});
