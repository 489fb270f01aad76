import { numberAt } from '../columns/number-column.ts';
import { describeGroup, tallyFirstOrders } from './first-order-tally.ts';
import type { CustomersBegun } from './first-order-tally.ts';
import { productAt } from './line-columns.ts';
import type { Product } from './line-columns.ts';
import type { ProductScope } from './product-scope.ts';
import { upperNormalQuantile, wilsonInterval } from './wilson-interval.ts';
import type { ShareInterval } from './wilson-interval.ts';

/** Fewer matured customers than this, and a share says nothing that a merchant should act on. */
export const LEAST_MATURED_CUSTOMERS = 30;
/** One of the horizons of the matured repeat rates. */
export const DEFAULT_WITHIN_DAYS = 90;
/** How often, at most, any product of the list may be called different by luck alone. */
const FALSE_ALARMS = 0.05;

/** `unclear`: luck alone would often make such a difference. */
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
 * A product stands above or below the shop when the shop's rate lies outside its Wilson interval, drawn so wide that all
 * products together are wrong one time in twenty (Bonferroni): of a hundred products that do not differ, five would else
 * be found to. The shop's rate has the product's own customers in it, which brings the two closer, so this errs towards
 * "unclear". It is no proof of a cause: who begins with a gift set may be somebody else than who begins with a sample.
 */
export function computeFirstProducts(scope: ProductScope, withinDays: number = DEFAULT_WITHIN_DAYS): FirstProducts {
  const { lines } = scope;
  const tally = tallyFirstOrders(scope, withinDays);
  const everyone = describeGroup(tally, lines.dictionary.length);
  const codes = [...lines.dictionary.keys()].filter((code) => numberAt(tally.customers, code) > 0);
  const listed = codes.filter((code) => numberAt(tally.matured, code) >= LEAST_MATURED_CUSTOMERS);
  const wideZ = upperNormalQuantile(FALSE_ALARMS / 2 / Math.max(1, listed.length));
  const products = listed.map((code) => {
    const begun = describeGroup(tally, code);
    return {
      product: productAt(lines, code),
      ...begun,
      interval: wilsonInterval(begun.repeated, begun.matured),
      standing: standingOf(wilsonInterval(begun.repeated, begun.matured, wideZ), everyone.repeatRate),
    };
  });
  return {
    withinDays,
    leastMatured: LEAST_MATURED_CUSTOMERS,
    everyone,
    products: products.sort((a, b) => b.interval.low - a.interval.low),
    productsWithTooFew: codes.length - listed.length,
  };
}

function standingOf({ low, high }: ShareInterval, shopRate: number | null): Standing {
  if (shopRate === null || (low <= shopRate && shopRate <= high)) return 'unclear';
  return shopRate < low ? 'above' : 'below';
}
