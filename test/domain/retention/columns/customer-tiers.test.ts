import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countTierValues, placeTiers, selectByTier } from '#app/domain/retention/columns/customer-tiers.ts';
import { computeRetentionReport } from '#app/domain/retention/report/compute-retention-report.ts';
import { ANY_ORDERS } from '../any-orders.ts';
import { anOrder, columnsOf, dayNamed, NONE_EXCLUDED, reportOn } from '../order-rows.ts';

const LEVELS = [
  { id: 'bronze', name: 'Bronze' },
  { id: 'silver', name: 'Silver' },
];
const AS_OF = '2012-03-31';

/** Some customers of ANY_ORDERS and some who have not ordered; some were given no tier, or one that the program no longer has. */
const ANY_MEMBERS = fc.uniqueArray(
  fc.record({ customer: fc.integer({ min: 1, max: 12 }), tierId: fc.constantFrom('bronze', 'silver', 'bygone', null) }),
  { selector: ({ customer }) => customer },
);

describe('the customers of a tier', () => {
  it('have the report that they would have as a shop of their own, and guests are no members', () => {
    fc.assert(
      fc.property(ANY_ORDERS, ANY_MEMBERS, fc.constantFrom('bronze', 'silver', null), (rows, members, tierId) => {
        const columns = columnsOf(rows);
        const tiers = placeTiers(columns, LEVELS, members);
        const tierOf = new Map<unknown, string | null>(members.map((member) => [member.customer, member.tierId === 'silver' ? 'silver' : 'bronze']));
        const own = rows.filter(({ customerKey }) => (tierOf.get(customerKey) ?? null) === tierId);
        const report = computeRetentionReport(columns, { asOfDay: dayNamed(AS_OF), excluded: NONE_EXCLUDED, selection: selectByTier(columns, tiers, tierId) });
        expect(report).toEqual(reportOn(own, AS_OF));
      }),
      { numRuns: 200 },
    );
  });

  it('are counted from the lowest tier on, an empty one too, and those who are no members last', () => {
    const columns = columnsOf([1, 2, 3].map((customerKey) => anOrder({ at: '2012-01-01T00:00:00Z', customerKey })));
    const tiers = placeTiers(columns, LEVELS, [{ customer: 2, tierId: 'silver' }, { customer: 99, tierId: 'bronze' }]);
    expect(countTierValues(tiers)).toEqual([
      { value: 'bronze', name: 'Bronze', customers: 0 },
      { value: 'silver', name: 'Silver', customers: 1 },
      { value: null, customers: 2 },
    ]);
  });

  it('are nobody where the program has no such tier', () => {
    const columns = columnsOf([anOrder({ at: '2012-01-01T00:00:00Z' }), anOrder({ at: '2012-01-01T00:00:00Z', customerKey: null })]);
    const { customers, guestOrders } = selectByTier(columns, placeTiers(columns, LEVELS, []), 'platinum');
    expect([customers.length, guestOrders.length]).toEqual([0, 0]);
  });
});
