import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerKeyAt } from '#app/domain/retention/columns/order-columns.ts';
import type { ProductScope } from '#app/domain/retention/products/product-scope.ts';
import { computeUrgencies, URGENCY_BITS } from '#app/domain/retention/products/replenishment-urgency.ts';
import { dayNamed } from '../order-rows.ts';
import { naiveReplenishment } from './naive-products.ts';
import { aPurchase, scopeOf } from './purchases.ts';
import { somePurchases } from './some-purchases.ts';

/** Keys of the customers with a bit, or null where nothing is known. */
function withBit(scope: ProductScope, bit: number): string[] | null {
  const urgencies = computeUrgencies(scope)?.ofCustomers;
  if (urgencies === undefined) return null;
  const customers = [...urgencies.keys()].filter((customer) => ((urgencies[customer] ?? 0) & bit) !== 0);
  return customers.map((customer) => String(customerKeyAt(scope.columns, customer))).sort();
}

describe('how customers stand to the products that they bought', () => {
  it('is due or late for at least one of them, as each product counts it', () => {
    const crowd = somePurchases({ customers: 24, hours: 24 * 200, minLength: 250, maxLength: 300 });
    let known = 0;
    fc.assert(
      fc.property(crowd, fc.constantFrom('2025-05-31', '2025-12-31'), (purchases, asOf) => {
        const scope = scopeOf(purchases, asOf);
        const naive = naiveReplenishment(purchases, { day: dayNamed(asOf) });
        const expected = (urgency: 'due' | 'late') => (naive.length === 0 ? null : [...new Set(naive.flatMap((row) => row[urgency]))].sort());
        expect(withBit(scope, URGENCY_BITS.due)).toEqual(expected('due'));
        expect(withBit(scope, URGENCY_BITS.late)).toEqual(expected('late'));
        if (naive.length > 0) known += 1;
      }),
      { numRuns: 30 },
    );
    expect(known).toBeGreaterThan(0);
  });

  it('is not known where no product has a rhythm', () => {
    const purchases = Array.from({ length: 29 }, (_, i) => ['2026-01-01', '2026-01-09'].map((day) => aPurchase({ at: `${day}T12:00:00Z`, customerKey: `c${i}`, of: ['tea'] })));
    expect(computeUrgencies(scopeOf(purchases.flat(), '2026-03-01'))).toBeNull();
  });
});
