import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { ProductScope } from '#app/domain/retention/products/product-scope.ts';
import { computeReplenishment, computeRhythms, listCustomersDue } from '#app/domain/retention/products/replenishment.ts';
import type { LastPurchases } from '#app/domain/retention/products/replenishment.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { expectSameNumbers } from '../close-to.ts';
import { dayNamed } from '../order-rows.ts';
import { naiveReplenishment } from './naive-products.ts';
import { aPurchase, codeOf, scopeOf } from './purchases.ts';
import type { Purchase } from './purchases.ts';
import { somePurchases } from './some-purchases.ts';

const JANUARY_1 = dayNamed('2026-01-01');

/** Buys on the days of January 2026. */
function buyer(customerKey: string | null, days: readonly number[], of: readonly string[] = ['coffee']): Purchase[] {
  return days.map((day) => aPurchase({ at: `${formatDay(JANUARY_1 + day - 1)}T12:00:00Z`, customerKey, of }));
}

function buyers(count: number, days: readonly number[]): Purchase[] {
  return Array.from({ length: count }, (_, i) => buyer(`c${i}`, days)).flat();
}

function namesIn({ columns }: ProductScope, { customers }: LastPurchases): string[] {
  return [...customers].map((customer) => String(customerKeyAt(columns, customer))).sort();
}

describe('the rhythm of a product', () => {
  it('is in the quantiles of the gaps between purchase days', () => {
    // Eight gaps of 5 days, twelve of 10 and ten of 20, by twenty customers.
    const purchases = [
      ...Array.from({ length: 8 }, (_, i) => buyer(`five${i}`, [20, 25])).flat(),
      ...Array.from({ length: 10 }, (_, i) => buyer(`both${i}`, [1, 11, 31])).flat(),
      ...Array.from({ length: 2 }, (_, i) => buyer(`ten${i}`, [1, 11])).flat(),
    ];
    expect(computeReplenishment(scopeOf(purchases, '2026-02-05'))).toEqual([
      {
        product: { id: 'coffee', title: 'The coffee', sku: 'coffee' },
        gaps: 30,
        customers: 20,
        medianDays: 10,
        p25Days: 6.25,
        p75Days: 20,
        // Those of January 25, eleven days before; those of the 31st have had theirs for five, those of the 11th for 25.
        due: 8,
        late: 2,
      },
    ]);
  });

  it('is not told with fewer than 30 gaps or fewer than 20 customers who came again', () => {
    const rowsOf = (purchases: Purchase[]): number => computeReplenishment(scopeOf(purchases, '2026-03-01')).length;
    expect(rowsOf(buyers(29, [1, 9]))).toBe(0);
    expect(rowsOf(buyers(30, [1, 9]))).toBe(1);
    expect(rowsOf(buyers(19, [1, 9, 17, 25]))).toBe(0);
    expect(rowsOf([...buyers(19, [1, 9, 17, 25]), ...buyer('once', [1])])).toBe(0);
    expect(rowsOf([...buyers(19, [1, 9, 17, 25]), ...buyer('guest', [1, 9]).map(asGuest)])).toBe(0);
    expect(rowsOf([...buyers(19, [1, 9, 17, 25]), ...buyer('twice', [1, 2])])).toBe(1);
  });

  it('counts two purchases of one day as one', () => {
    const rhythm = computeRhythms(scopeOf(buyers(30, [1, 1, 8, 8, 8]), '2026-03-01')).get(0);
    expect(rhythm).toEqual({ gaps: 30, customers: 30, medianDays: 7, p25Days: 7, p75Days: 7 });
  });

  it('goes by the days of the shop', () => {
    // 23:30 and 00:30 in Auckland: an hour between them, and a day.
    const purchases = Array.from({ length: 30 }, (_, i) => [
      aPurchase({ at: '2026-01-05T10:30:00Z', customerKey: `c${i}`, of: ['tea'] }),
      aPurchase({ at: '2026-01-05T11:30:00Z', customerKey: `c${i}`, of: ['tea'] }),
    ]).flat();
    expect(computeRhythms(scopeOf(purchases, '2026-03-01')).size).toBe(0);
    expect(computeRhythms(scopeOf(purchases, '2026-03-01', { timeZone: 'Pacific/Auckland' })).get(0)).toMatchObject({
      gaps: 30,
      medianDays: 1,
    });
  });

  it('is of each product by itself, most gaps first', () => {
    const purchases = [
      ...buyers(30, [1, 11]),
      ...Array.from({ length: 30 }, (_, i) => [
        ...buyer(`c${i}`, [3, 6, 8], ['tea']),
        ...buyer(`c${i}`, [2], ['milk']),
      ]).flat(),
    ];
    const rows = computeReplenishment(scopeOf(purchases, '2026-03-01'));
    expect(rows.map(({ product, gaps, medianDays }) => [product.id, gaps, medianDays])).toEqual([
      ['tea', 60, 2.5],
      ['coffee', 30, 10],
    ]);
  });
});

describe('customers due for a product', () => {
  it('are due from the first quartile on, and late from the third', () => {
    const purchases = [
      ...buyers(15, [1, 5]),
      ...Array.from({ length: 15 }, (_, i) => buyer(`d${i}`, [1, 11])).flat(),
      ...buyer('yesterday', [30]),
      ...buyer('four days ago', [27]),
      ...buyer('nine days ago', [22]),
      ...buyer('ten days ago', [21]),
      ...buyer('after the day', [32]),
    ];
    const scope = scopeOf(purchases, '2026-01-31');
    const rhythm = computeRhythms(scope).get(0);
    if (rhythm === undefined) throw new Error('coffee has no rhythm');
    expect([rhythm.p25Days, rhythm.p75Days]).toEqual([4, 10]);
    const { due, late } = listCustomersDue(scope, 0, rhythm);
    expect(namesIn(scope, due)).toEqual(['four days ago', 'nine days ago']);
    expect([...due.lastDays].sort()).toEqual([JANUARY_1 + 21, JANUARY_1 + 26]);
    expect(namesIn(scope, late)).toContain('ten days ago');
    expect(late.customers).toHaveLength(31);
  });

  it('are of the selection alone', () => {
    const scope = scopeOf([...buyers(40, [1, 5])], '2026-01-31');
    const selection = { customers: Uint32Array.from({ length: 35 }, (_, i) => i), guestOrders: new Uint32Array(0) };
    expect(computeReplenishment({ ...scope, selection })[0]).toMatchObject({ gaps: 35, customers: 35, late: 35 });
  });
});

describe('replenishment', () => {
  it('is what the definitions say', () => {
    const crowd = somePurchases({ customers: 24, hours: 24 * 200, minLength: 250, maxLength: 300 });
    fc.assert(
      fc.property(crowd, fc.constantFrom('2025-05-31', '2025-12-31'), (purchases, asOf) => {
        const scope = scopeOf(purchases, asOf);
        const rows = computeReplenishment(scope).map(({ product, ...row }) => {
          const code = codeOf(scope.lines, product.id);
          const { due, late } = listCustomersDue(scope, code, row);
          expect([due.customers.length, late.customers.length]).toEqual([row.due, row.late]);
          return { ...row, id: product.id, due: namesIn(scope, due), late: namesIn(scope, late) };
        });
        const naive = naiveReplenishment(purchases, { day: dayNamed(asOf) });
        expectSameNumbers(sortedById(rows), sortedById(naive));
        expect(rows.map(({ gaps }) => gaps)).toEqual(rows.map(({ gaps }) => gaps).sort((a, b) => b - a));
      }),
      { numRuns: 30 },
    );
  });
});

function asGuest({ order, lines }: Purchase): Purchase {
  return { order: { ...order, customerKey: null }, lines };
}

function sortedById<Row extends { id: unknown }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
}
