import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import { computeFirstProducts, LEAST_MATURED_CUSTOMERS } from '#app/domain/retention/products/first-products.ts';
import { tallyFirstOrders, describeGroup } from '#app/domain/retention/products/first-order-tally.ts';
import { selectByFirstProduct } from '#app/domain/retention/products/select-by-first-product.ts';
import { upperNormalQuantile, wilsonInterval } from '#app/domain/retention/products/wilson-interval.ts';
import { expectSameNumbers } from '../close-to.ts';
import { dayNamed } from '../order-rows.ts';
import { naiveFirstProducts } from './naive-products.ts';
import type { NaiveBeginning } from './naive-products.ts';
import { aPurchase, codeOf, scopeOf } from './purchases.ts';
import type { Purchase } from './purchases.ts';
import { somePurchases } from './some-purchases.ts';

const AS_OF = '2026-12-31';

let nextCustomer = 1;

/** So many customers who began with the products, the first `returning` of whom came back a week later for socks. */
function beginners(count: number, of: readonly string[], returning: number): Purchase[] {
  return Array.from({ length: count }, (_, i) => {
    const customerKey = nextCustomer++;
    const first = aPurchase({ at: '2025-06-01T12:00:00Z', customerKey, of, valueMinor: 1000 + i });
    return i < returning ? [first, aPurchase({ at: '2025-06-08T12:00:00Z', customerKey, of: ['socks'], valueMinor: 500 })] : [first];
  }).flat();
}

describe("Wilson's interval", () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the published one', (hits, tries, low, high) => {
    const interval = wilsonInterval(hits, tries);
    expect([Number(interval.low.toFixed(4)), Number(interval.high.toFixed(4))]).toEqual([low, high]);
  });

  it('holds its share, stays within 0 and 1, and of nothing is everything', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, part) => {
        const hits = Math.round(tries * part);
        const { low, high } = wilsonInterval(hits, tries);
        expect(0 <= low && low <= hits / tries && hits / tries <= high && high <= 1).toBe(true);
      }),
    );
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  // Quantiles of the normal distribution from its tables.
  it.each([[0.025, 1.95996], [0.005, 2.57583], [0.0005, 3.29053], [0.00005, 3.89059]])('knows that %d lies above %d', (probability, z) => {
    expect(Math.abs(upperNormalQuantile(probability) - z)).toBeLessThan(4.5e-4);
  });
});

describe('first products', () => {
  it('have the return rate, the interval and the first year of their customers beside those of all', () => {
    const purchases = [...beginners(40, ['sampler'], 30), ...beginners(60, ['poster'], 6)];
    const { everyone, products, productsWithTooFew, withinDays } = computeFirstProducts(scopeOf(purchases, AS_OF));
    expect({ withinDays, productsWithTooFew }).toEqual({ withinDays: 90, productsWithTooFew: 0 });
    expect(everyone).toMatchObject({ customers: 100, matured: 100, repeated: 36, repeatRate: 0.36 });
    expect(products.map(({ product, standing }) => [product.id, standing])).toEqual([['sampler', 'above'], ['poster', 'below']]);
    const revenue = 40 * 1000 + (39 * 40) / 2 + 30 * 500;
    expect(products[0]).toMatchObject({
      customers: 40,
      matured: 40,
      repeated: 30,
      repeatRate: 0.75,
      interval: wilsonInterval(30, 40),
      maturedYear: 40,
      yearRevenueMinor: revenue,
      yearRevenuePerCustomerMinor: revenue / 40,
    });
  });

  it('are unclear where luck would do the same, the more so the more of them are looked at', () => {
    const standingOfA = (purchases: Purchase[]): unknown =>
      computeFirstProducts(scopeOf(purchases, AS_OF)).products.find(({ product }) => product.id === 'a')?.standing;
    expect(standingOfA([...beginners(50, ['a'], 24), ...beginners(300, ['b'], 127)])).toBe('unclear');
    expect(standingOfA([...beginners(50, ['a'], 31), ...beginners(300, ['b'], 127)])).toBe('above');
    expect(standingOfA([...beginners(50, ['a'], 12), ...beginners(300, ['b'], 127)])).toBe('below');
    const others = Array.from({ length: 40 }, (_, i) => beginners(40, [`p${i}`], 17)).flat();
    expect(standingOfA([...beginners(50, ['a'], 31), ...others])).toBe('unclear');
    expect(standingOfA([...beginners(50, ['a'], 38), ...others])).toBe('above');
  });

  it('need customers enough', () => {
    const few = computeFirstProducts(scopeOf(beginners(LEAST_MATURED_CUSTOMERS - 1, ['a'], 5), AS_OF));
    expect([few.products.length, few.productsWithTooFew]).toEqual([0, 1]);
    const enough = computeFirstProducts(scopeOf(beginners(LEAST_MATURED_CUSTOMERS, ['a'], 5), AS_OF));
    expect([enough.products.length, enough.productsWithTooFew]).toEqual([1, 0]);
    expect(computeFirstProducts(scopeOf([], AS_OF))).toMatchObject({ products: [], everyone: { customers: 0, repeatRate: null } });
  });

  it('include the last instant of each horizon', () => {
    // The end is midnight after 31 December: 365 and 90 times 24 hours after these first orders.
    const beginnersAt = (at: string): unknown =>
      computeFirstProducts(scopeOf([aPurchase({ at, customerKey: 'ann', of: ['a'] })], AS_OF)).everyone;
    expect(beginnersAt('2026-01-01T00:00:00Z')).toMatchObject({ matured: 1, maturedYear: 1 });
    expect(beginnersAt('2026-01-01T00:00:01Z')).toMatchObject({ matured: 1, maturedYear: 0 });
    expect(beginnersAt('2026-10-03T00:00:00Z')).toMatchObject({ matured: 1, maturedYear: 0 });
    expect(beginnersAt('2026-10-03T00:00:01Z')).toMatchObject({ matured: 0, maturedYear: 0 });

    const spentUntil = (...later: string[]): unknown => {
      const purchases = ['2025-01-01T00:00:00Z', ...later].map((at) => aPurchase({ at, customerKey: 'ann', of: ['a'] }));
      return computeFirstProducts(scopeOf(purchases, AS_OF)).everyone;
    };
    expect(spentUntil('2026-01-01T00:00:00Z')).toMatchObject({ repeated: 0, yearRevenueMinor: 2000 });
    expect(spentUntil('2026-01-01T00:00:01Z')).toMatchObject({ repeated: 0, yearRevenueMinor: 1000 });
    expect(spentUntil('2025-04-01T00:00:00Z')).toMatchObject({ repeated: 1, yearRevenueMinor: 2000 });
    expect(spentUntil('2025-04-01T00:00:01Z')).toMatchObject({ repeated: 0, yearRevenueMinor: 2000 });
  });

  it('are what the definitions say', () => {
    fc.assert(
      fc.property(
        somePurchases({ customers: 12, maxLength: 50 }),
        fc.constantFrom('2025-09-30', '2026-03-31', AS_OF),
        fc.constantFrom(30, 90, 365),
        (purchases, asOf, withinDays) => {
          const scope = scopeOf(purchases, asOf);
          const tally = tallyFirstOrders(scope, withinDays);
          const groups = ['', ...scope.lines.dictionary.map(({ id }) => String(id))].map((id) => ({
            id,
            ...describeGroup(tally, id === '' ? scope.lines.dictionary.length : codeOf(scope.lines, id)),
          }));
          const naive = naiveFirstProducts(purchases, { day: dayNamed(asOf) }, withinDays);
          expectSameNumbers(
            groups.filter(({ customers }) => customers > 0).sort(byId),
            [...naive].map(([id, group]) => ({ id, ...described(group) })).sort(byId),
          );
        },
      ),
    );
  });
});

describe('a selection by first product', () => {
  it('is of those whose first order has the product, and of such orders of guests', () => {
    const scope = scopeOf(
      [
        aPurchase({ at: '2026-01-01T00:00:00Z', customerKey: 'ann', of: ['tea', 'cup'] }),
        aPurchase({ at: '2026-02-01T00:00:00Z', customerKey: 'bob', of: ['tea'] }),
        aPurchase({ at: '2026-01-01T00:00:00Z', customerKey: 'bob', of: ['milk'] }),
        aPurchase({ at: '2026-03-01T00:00:00Z', customerKey: 'eve', of: ['tea'] }),
        aPurchase({ at: '2026-01-01T00:00:00Z', customerKey: null, of: ['milk'] }),
        aPurchase({ at: '2026-01-02T00:00:00Z', customerKey: null, of: ['tea', 'milk'] }),
      ],
      AS_OF,
    );
    const { customers, guestOrders } = selectByFirstProduct(scope, codeOf(scope.lines, 'tea'));
    expect([...customers].map((customer) => customerKeyAt(scope.columns, customer))).toEqual(['ann', 'eve']);
    expect(guestOrders).toEqual(Uint32Array.of(5));
    expect(selectByFirstProduct(scope, codeOf(scope.lines, 'cup')).customers).toHaveLength(1);
  });
});

function described({ yearsMinor, ...counts }: NaiveBeginning): object {
  const n = yearsMinor.length;
  const sum = yearsMinor.reduce((total, minor) => total + minor, 0);
  const squares = yearsMinor.reduce((total, minor) => total + (minor - sum / n) ** 2, 0);
  return {
    ...counts,
    repeatRate: counts.matured === 0 ? null : counts.repeated / counts.matured,
    maturedYear: n,
    yearRevenueMinor: sum,
    yearRevenuePerCustomerMinor: n === 0 ? null : sum / n,
    yearRevenueStandardErrorMinor: n < 2 ? null : Math.sqrt(squares / (n - 1) / n),
  };
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
