import { numberAt } from '../columns/number-column.ts';
import { describeGroup, tallyFirstOrders } from './first-order-tally.ts';
import type { CustomersBegun, FirstOrderTally } from './first-order-tally.ts';
import { productAt } from './line-columns.ts';
import type { Product } from './line-columns.ts';
import type { ProductScope } from './product-scope.ts';
import { upperNormalQuantile, wilsonInterval } from './wilson-interval.ts';
import type { ShareInterval } from './wilson-interval.ts';

/** Fewer matured customers than this, and a share says nothing that a merchant should act on. */
export const LEAST_MATURED_CUSTOMERS = 30;
/** One of the horizons of the matured repeat rates. */
export const DEFAULT_WITHIN_DAYS = 90;
/** Of the products called different, the share that may be so by luck alone. */
const FALSE_DISCOVERIES = 0.1;

/** `unclear`: among so many products, luck alone makes such a difference. */
export type Standing = 'above' | 'below' | 'unclear';

export interface FirstProduct extends CustomersBegun {
  readonly product: Product;
  /** Wilson's, of 95 %, for the repeat rate. */
  readonly interval: ShareInterval;
  /** Against the shop's own rate. */
  readonly standing: Standing;
}

export interface FirstProducts {
  readonly withinDays: number;
  readonly leastMatured: number;
  /** All customers of the selection, whatever they began with. */
  readonly everyone: CustomersBegun;
  /** Products with customers enough, by falling low end of the interval, then id: the best proven first. */
  readonly products: readonly FirstProduct[];
  /** Products that first orders contain and that have too few matured customers to be listed. */
  readonly productsWithTooFew: number;
}

/**
 * Which products customers begin with who come back. A first order of two products speaks for both.
 *
 * A product stands above or below when the shop's rate lies outside the Wilson interval drawn as wide as Benjamini and
 * Hochberg (1995) ask for so many comparisons: on average, at most a tenth of the products called different are so by
 * luck. With the 95 % interval that is shown, five of a hundred products that do not differ would be. The shop's rate has
 * the product's own customers in it, which brings the two closer, so this errs towards "unclear". It is no proof of a
 * cause: who begins with a gift set may be somebody else than who begins with a sample.
 */
export function computeFirstProducts(scope: ProductScope, withinDays: number = DEFAULT_WITHIN_DAYS): FirstProducts {
  const { lines } = scope;
  const tally = tallyFirstOrders(scope, withinDays);
  const everyone = describeGroup(tally, lines.dictionary.length);
  const codes = [...lines.dictionary.keys()].filter((code) => numberAt(tally.customers, code) > 0);
  const listed = codes.filter((code) => numberAt(tally.matured, code) >= LEAST_MATURED_CUSTOMERS);
  const standings = findStandings(listed.map((code) => scoreOf(tally, code)));
  const products = listed.map((code, i) => {
    const begun = describeGroup(tally, code);
    const interval = wilsonInterval(begun.repeated, begun.matured);
    return { product: productAt(lines, code), ...begun, interval, standing: standings[i] ?? 'unclear' };
  });
  return {
    withinDays,
    leastMatured: LEAST_MATURED_CUSTOMERS,
    everyone,
    products: products.sort((a, b) => b.interval.low - a.interval.low),
    productsWithTooFew: codes.length - listed.length,
  };
}

/**
 * How many standard errors, by the shop's rate, the product's rate lies from it: the test whose intervals are Wilson's.
 * 0 where everybody comes back or nobody, since then no product differs.
 */
function scoreOf(tally: FirstOrderTally, code: number): number {
  const shop = describeGroup(tally, tally.customers.length - 1);
  const { matured, repeatRate } = describeGroup(tally, code);
  if (repeatRate === null || shop.repeatRate === null || repeatRate === shop.repeatRate) return 0;
  return (repeatRate - shop.repeatRate) / Math.sqrt((shop.repeatRate * (1 - shop.repeatRate)) / matured);
}

/** The k furthest, for the largest k whose k-th lies as far out as luck brings only a share of k / all. */
function findStandings(scores: readonly number[]): Standing[] {
  const distances = scores.map(Math.abs).sort((a, b) => b - a);
  const leastOf = (k: number): number => upperNormalQuantile((FALSE_DISCOVERIES * k) / (2 * scores.length));
  const different = distances.findLastIndex((distance, i) => distance >= leastOf(i + 1));
  const least = distances[different] ?? Infinity;
  return scores.map((score) => (Math.abs(score) < least ? 'unclear' : score > 0 ? 'above' : 'below'));
}
