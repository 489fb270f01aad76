import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countFrequentPairs, findBoughtTogether } from '#app/domain/retention/products/bought-together.ts';
import type { BoughtTogether } from '#app/domain/retention/products/bought-together.ts';
import { minimumSupportCount } from '#app/domain/retention/products/minimum-support.ts';
import { expectSameNumbers } from '../close-to.ts';
import { dayNamed } from '../order-rows.ts';
import { naivePairs } from './naive-products.ts';
import { aPurchase, scopeOf } from './purchases.ts';
import type { Purchase } from './purchases.ts';
import { somePurchases } from './some-purchases.ts';

const AS_OF = '2026-06-30';

function times(count: number, of: readonly string[], customerKey: string | null = 'ann'): Purchase[] {
  return Array.from({ length: count }, () => aPurchase({ at: '2026-06-01T12:00:00Z', customerKey, of }));
}

function pairsIn({ pairs }: BoughtTogether): unknown[] {
  return pairs.map(({ a, b, baskets, lift }) => [a.id, b.id, baskets, lift]);
}

describe('the minimum of baskets', () => {
  it.each([
    [0.01, 1000, 10],
    [0.01, 1001, 11],
    [0.07, 100, 7],
    [0.29, 100, 29],
    [0.0001, 70_000, 7],
    [0.1, 10_000_000, 1_000_000],
    [1e-7, 100_000_000, 10],
    [1, 6, 6],
    [0.3, 20, 6],
    [0, 1_000_000, 5],
    [0.01, 0, 5],
    [0.01, 500, 5],
    [0.01, 501, 6],
  ])('of a share of %d among %i is %i', (minSupport, baskets, minimum) => {
    expect(minimumSupportCount(minSupport, baskets)).toBe(minimum);
  });

  it('is k of every hundred for k per cent', () => {
    for (let percent = 1; percent <= 100; percent += 1) {
      expect(minimumSupportCount(Number(`${percent}e-2`), 700)).toBe(Math.max(5, 7 * percent));
    }
  });

  it.each([-0.01, 1.01, NaN])('refuses %d, which is no share', (minSupport) => {
    expect(() => minimumSupportCount(minSupport, 100)).toThrow(RangeError);
  });
});

describe('products bought together', () => {
  it('have the support, confidence and lift of the book', () => {
    // Of 20 baskets 10 have bread, 8 milk and 6 both: 6/20 against 10/20 x 8/20.
    const purchases = [...times(6, ['milk', 'bread']), ...times(4, ['bread']), ...times(2, ['milk']), ...times(8, ['tea'])];
    const together = findBoughtTogether(scopeOf(purchases, AS_OF), 0.3);
    expect(together).toEqual({
      baskets: 20,
      minSupport: 0.3,
      minimumBaskets: 6,
      pairs: [
        {
          a: { id: 'bread', title: 'The bread', sku: 'bread' },
          b: { id: 'milk', title: 'The milk', sku: 'milk' },
          baskets: 6,
          basketsWithA: 10,
          basketsWithB: 8,
          support: 0.3,
          confidenceAToB: 0.6,
          confidenceBToA: 0.75,
          lift: 1.5,
        },
      ],
    });
  });

  it('are left out one basket below the minimum', () => {
    const purchases = [...times(5, ['milk', 'bread']), ...times(15, ['tea'])];
    expect(findBoughtTogether(scopeOf(purchases, AS_OF), 0.25).pairs).toHaveLength(1);
    expect(findBoughtTogether(scopeOf([...purchases, ...times(1, ['tea'])], AS_OF), 0.25).pairs).toEqual([]);
    expect(findBoughtTogether(scopeOf(purchases.slice(1), AS_OF), 0).pairs).toEqual([]);
  });

  it('come by lift, then support, then ids', () => {
    // Of 56 baskets. Lifts: cd and gh 56/6, yz 56/10; ef and ab 56/12, of which ef has 12 baskets; xy and xz 56/20.
    const purchases = [
      ...times(6, ['h', 'g']),
      ...times(6, ['d', 'c']),
      ...times(6, ['b', 'a']),
      ...times(6, ['b']),
      ...times(12, ['f', 'e']),
      ...times(10, ['x']),
      ...times(5, ['y', 'x']),
      ...times(5, ['x', 'z', 'y']),
    ];
    const ids = findBoughtTogether(scopeOf(purchases, AS_OF), 0).pairs.map(({ a, b }) => `${a.id}${b.id}`);
    expect(ids).toEqual(['cd', 'gh', 'yz', 'ef', 'ab', 'xy', 'xz']);
  });

  it('of one lift and support come by the id of the first, whichever pair ends sooner', () => {
    const purchases = [...times(6, ['a', 'd']), ...times(6, ['b', 'c'])];
    expect(pairsIn(findBoughtTogether(scopeOf(purchases, AS_OF), 0))).toEqual([['a', 'd', 6, 2], ['b', 'c', 6, 2]]);
  });

  it('count the baskets of guests, and none without products or after the day', () => {
    const purchases = [
      ...times(3, ['milk', 'bread'], null),
      ...times(3, ['milk', 'bread']),
      ...times(4, []),
      ...Array.from({ length: 9 }, () => aPurchase({ at: '2026-07-01T00:00:00Z', of: ['milk', 'tea'] })),
      ...Array.from({ length: 9 }, () => aPurchase({ at: '2026-07-01T00:00:00Z', customerKey: null, of: ['milk', 'tea'] })),
    ];
    const together = findBoughtTogether(scopeOf(purchases, AS_OF));
    expect(together.baskets).toBe(6);
    expect(pairsIn(together)).toEqual([['bread', 'milk', 6, 1]]);
  });

  it('are those of the selection alone', () => {
    const purchases = [...times(6, ['milk', 'bread'], 'ann'), ...times(6, ['milk', 'tea'], 'bob'), ...times(6, ['tea', 'cup'], null)];
    const scope = scopeOf(purchases, AS_OF);
    const selection = { customers: Uint32Array.of(1), guestOrders: new Uint32Array(0) };
    expect(pairsIn(findBoughtTogether({ ...scope, selection }))).toEqual([['milk', 'tea', 6, 1]]);
  });

  it('are what the definitions say', () => {
    fc.assert(
      fc.property(somePurchases({ maxLength: 60 }), fc.constantFrom(0, 0.1, 0.3), (purchases, minSupport) => {
        const together = findBoughtTogether(scopeOf(purchases, AS_OF), minSupport);
        const naive = naivePairs(purchases, { day: dayNamed(AS_OF) }, (n) => Math.max(5, Math.ceil((minSupport * 10 * n) / 10)));
        const pairs = together.pairs.map(({ a, b, baskets, support, confidenceAToB, confidenceBToA, lift }) => ({
          a: a.id, b: b.id, baskets, support, confidenceAToB, confidenceBToA, lift,
        }));
        const byIds = (one: { a: unknown; b: unknown }, other: { a: unknown; b: unknown }): number =>
          `${one.a} ${one.b}` < `${other.a} ${other.b}` ? -1 : 1;
        expectSameNumbers([...pairs].sort(byIds), naive.sort(byIds));
        const lifts = together.pairs.map(({ lift }) => lift);
        expect(lifts).toEqual([...lifts].sort((one, other) => other - one));
        expect(lifts.every((lift) => lift > 0)).toBe(true);
      }),
    );
  });

  it('are the same when the triangle of pairs is counted in bands', () => {
    fc.assert(
      fc.property(somePurchases({ maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (purchases, pairsAtOnce) => {
        const { columns, lines } = scopeOf(purchases, '2027-12-31');
        const search = {
          orders: Uint32Array.from(columns.orderIds.keys()),
          basketsWith: Uint32Array.from(lines.dictionary, (_, code) => lines.products.filter((product) => product === code).length),
          minimumBaskets: 1,
        };
        expect(countFrequentPairs(lines, { ...search, pairsAtOnce })).toEqual(countFrequentPairs(lines, search));
      }),
    );
  });
});
