import { dayAhead, daysAtPace, PACE_DAYS } from '../metrics/day-at-pace.ts';
import { countBaskets, countFrequentPairs } from './bought-together.ts';
import type { PairCount } from './bought-together.ts';
import { productAt } from './line-columns.ts';
import type { Product } from './line-columns.ts';
import { LEAST_BASKETS } from './minimum-support.ts';
import { listOrders } from './product-scope.ts';
import type { ProductScope } from './product-scope.ts';

/** Two products that some have bought together, of a shop where no two are in orders enough. */
export interface NearestPair {
  readonly a: Product;
  readonly b: Product;
  /** Baskets with both. */
  readonly baskets: number;
  /** `YYYY-MM-DD`: when it will be listed at the pace of the last three months; null where that is years away. */
  readonly reachedOn: string | null;
}

/**
 * The pair in most baskets, of several the one that gained most in the last three months. Null where no basket has two
 * products. To be asked only where every pair is below `LEAST_BASKETS`, which leaves the baskets few.
 *
 * @param minSupport 0 to 1
 */
export function findNearestPair(scope: ProductScope, minSupport: number): NearestPair | null {
  const { columns, lines, asOf } = scope;
  const orders = listOrders(scope);
  const whole = countBaskets(lines, orders);
  const most = pairsInMost(scope, orders, whole.basketsWith);
  const recentOrders = orders.filter((order) => (columns.days[order] ?? NaN) > asOf.day - PACE_DAYS);
  const recent = countBaskets(lines, recentOrders);
  const gains = new Map(countFrequentPairs(lines, { orders: recentOrders, basketsWith: recent.basketsWith, minimumBaskets: 1 }).map((pair) => [keyOf(pair), pair.baskets]));
  const gainOf = (pair: PairCount) => gains.get(keyOf(pair)) ?? 0;
  const [nearest] = most.sort((one, other) => gainOf(other) - gainOf(one) || one.a - other.a || one.b - other.b);
  if (nearest === undefined) return null;
  const daysLeft = daysUntilListed({ minSupport, pair: { has: nearest.baskets, gained: gainOf(nearest) }, all: { has: whole.baskets, gained: recent.baskets } });
  return { a: productAt(lines, nearest.a), b: productAt(lines, nearest.b), baskets: nearest.baskets, reachedOn: dayAhead(asOf, daysLeft) };
}

function keyOf({ a, b }: PairCount): string {
  return `${a} ${b}`;
}

/** From the highest number that a pair can have, so that the products that are in fewer baskets are not looked at. */
function pairsInMost({ lines }: ProductScope, orders: Uint32Array, basketsWith: Uint32Array): PairCount[] {
  for (let minimumBaskets = LEAST_BASKETS - 1; minimumBaskets > 0; minimumBaskets -= 1) {
    const found = countFrequentPairs(lines, { orders, basketsWith, minimumBaskets });
    if (found.length > 0) return found;
  }
  return [];
}

interface Grown {
  has: number;
  gained: number;
}

/** Orders become more as well, and with them those that the share asks for: it has to be met on the day of the least. */
function daysUntilListed({ minSupport, pair, all }: { minSupport: number; pair: Grown; all: Grown }): number {
  const beyondShare = { has: pair.has - minSupport * all.has, gained: pair.gained - minSupport * all.gained };
  const days = Math.max(daysAtPace({ ...pair, needs: LEAST_BASKETS }), daysAtPace({ ...beyondShare, needs: 0 }));
  const then = beyondShare.has + (beyondShare.gained * days) / PACE_DAYS;
  // What is meant for zero, a float may have a little below it.
  return then >= -1e-9 ? days : Infinity;
}
