import { describe, expect, it } from 'vitest';

import { findNearestPair } from '#app/domain/retention/products/nearest-pair.ts';
import type { NearestPair } from '#app/domain/retention/products/nearest-pair.ts';
import { glanceAtPairs } from '#app/domain/retention/products/products-at-a-glance.ts';
import { formatDay } from '#app/domain/time/calendar-day.ts';
import { dayNamed } from '../order-rows.ts';
import { aPurchase, scopeOf } from './purchases.ts';
import type { Purchase } from './purchases.ts';

const AS_OF = '2026-06-30';
const TODAY = dayNamed(AS_OF);

/** So many orders of the same products, of guests, so many days before the day. */
function times(count: number, daysAgo: number, of: readonly string[]): Purchase[] {
  return Array.from({ length: count }, () => aPurchase({ at: `${formatDay(TODAY - daysAgo)}T12:00:00Z`, customerKey: null, of }));
}

function nearestIn(purchases: Purchase[], minSupport = 0.01): Pick<NearestPair, 'baskets' | 'reachedOn'> & { ids: string } | null {
  const found = findNearestPair(scopeOf(purchases, AS_OF), minSupport);
  return found === null ? null : { ids: `${found.a.id} ${found.b.id}`, baskets: found.baskets, reachedOn: found.reachedOn };
}

const inDays = (days: number) => formatDay(TODAY + days);

describe('the pair of products nearest to being listed', () => {
  it('is the one in most orders, with the day at the pace of three months', () => {
    const shop = [...times(2, 200, ['milk', 'bread']), ...times(1, 10, ['milk', 'bread']), ...times(2, 10, ['tea', 'milk'])];
    // Two more at one in ninety days.
    expect(nearestIn(shop)).toEqual({ ids: 'bread milk', baskets: 3, reachedOn: inDays(180) });
  });

  it('is of several as frequent the one that gained most lately', () => {
    expect(nearestIn([...times(2, 200, ['bread', 'milk']), ...times(2, 10, ['jam', 'tea'])])).toEqual({ ids: 'jam tea', baskets: 2, reachedOn: inDays(135) });
  });

  it('counts an order 89 days ago to the three months and one 90 days ago not', () => {
    expect(nearestIn(times(4, 89, ['bread', 'milk']))?.reachedOn).toBe(inDays(23));
    expect(nearestIn(times(4, 90, ['bread', 'milk']))?.reachedOn).toBeNull();
  });

  it('has no day where it is not bought any more, or orders grow faster than it', () => {
    // In 180 days both are in five orders, of 893.
    const growing = [...times(2, 200, ['bread', 'milk']), ...times(1, 10, ['bread', 'milk']), ...times(296, 10, ['tea'])];
    expect(nearestIn(growing)).toEqual({ ids: 'bread milk', baskets: 3, reachedOn: null });
    expect(nearestIn(growing, 0.001)?.reachedOn).toBe(inDays(180));
  });

  it('waits for the share where that is reached last', () => {
    // 4 of 500, of which 2 and 150 are of three months: a fifth is there after 45 days, and is then one of 575.
    const shop = [...times(348, 200, ['tea']), ...times(2, 200, ['bread', 'milk']), ...times(2, 10, ['bread', 'milk']), ...times(148, 10, ['tea'])];
    expect(nearestIn(shop)?.reachedOn).toBe(inDays(180));
    expect(nearestIn(shop, 0.001)?.reachedOn).toBe(inDays(45));
  });

  it('is none where no order has two products, and none of later than the day', () => {
    expect(nearestIn([...times(3, 10, ['milk']), ...times(3, -1, ['bread', 'milk'])])).toBeNull();
  });

  it('is looked for where there are too few orders, not where the share is what is missed', () => {
    const shop = [...times(4, 10, ['bread', 'milk']), ...times(496, 10, ['tea'])];
    expect(glanceAtPairs(scopeOf(shop, AS_OF), 0.01)).toMatchObject({ hasTooFew: true, nearest: { baskets: 4 } });
    expect(glanceAtPairs(scopeOf([...shop, ...times(1, 10, ['tea'])], AS_OF), 0.01)).toMatchObject({ minimumBaskets: 6, hasTooFew: false, nearest: null });
    expect(glanceAtPairs(scopeOf([...shop, ...times(1, 10, ['bread', 'milk'])], AS_OF), 0)).toMatchObject({ hasTooFew: false, nearest: null });
  });
});
