import type { ExpectedDay } from '../metrics/day-at-pace.ts';
import { findBoughtTogether } from './bought-together.ts';
import type { BoughtTogether, ProductPair } from './bought-together.ts';
import { firstProductListedOn } from './first-product-listed-on.ts';
import { computeFirstProducts } from './first-products.ts';
import type { FirstProduct, FirstProducts } from './first-products.ts';
import { LEAST_BASKETS } from './minimum-support.ts';
import { findNearestPair } from './nearest-pair.ts';
import type { NearestPair } from './nearest-pair.ts';
import type { ProductScope } from './product-scope.ts';
import { computeReplenishment, findNearestToRhythm, LEAST_CUSTOMERS, LEAST_GAPS } from './replenishment.ts';
import type { NearestToRhythm, Replenishment } from './replenishment.ts';

/** Longer lists nobody reads through on a page. */
const ROWS_SHOWN = 50;

/** The first rows of a list, and how long it is. */
export interface Head<Row> {
  readonly rows: readonly Row[];
  readonly count: number;
}

/** The report of a shop's products as far as a page shows it. */
export interface ProductsAtAGlance {
  readonly firstProducts: Omit<FirstProducts, 'products'> & { readonly products: Head<FirstProduct>; /** Where none is listed: when one will be, if that can be told. */ readonly listedOn: ExpectedDay | null };
  readonly replenishment: Head<Replenishment> & { readonly leastGaps: number; readonly leastCustomers: number; readonly nearest: NearestToRhythm | null };
  readonly boughtTogether: Omit<BoughtTogether, 'pairs'> & {
    readonly pairs: Head<ProductPair>;
    /** There is none, and it is not for the share that was chosen: there are too few orders. */
    readonly hasTooFew: boolean;
    /** Where there are too few: the pair that lacks least. */
    readonly nearest: NearestPair | null;
  };
}

export function computeProductsAtAGlance(scope: ProductScope, minSupport: number): ProductsAtAGlance {
  return { ...glanceAtProducts(scope), boughtTogether: glanceAtPairs(scope, minSupport) };
}

/** What does not ask how rare a pair may be. */
export function glanceAtProducts(scope: ProductScope): Omit<ProductsAtAGlance, 'boughtTogether'> {
  const { products, ...firstProducts } = computeFirstProducts(scope);
  const replenishment = computeReplenishment(scope);
  const { leastMatured: least, withinDays } = firstProducts;
  const listedOn = products.length > 0 ? null : firstProductListedOn(scope, { least, withinDays });
  return {
    firstProducts: { ...firstProducts, products: headOf(products), listedOn },
    replenishment: { ...headOf(replenishment), leastGaps: LEAST_GAPS, leastCustomers: LEAST_CUSTOMERS, nearest: replenishment.length > 0 ? null : findNearestToRhythm(scope) },
  };
}

export function glanceAtPairs(scope: ProductScope, minSupport: number): ProductsAtAGlance['boughtTogether'] {
  const { pairs, ...boughtTogether } = findBoughtTogether(scope, minSupport);
  const hasTooFew = pairs.length === 0 && boughtTogether.minimumBaskets === LEAST_BASKETS;
  return { ...boughtTogether, pairs: headOf(pairs), hasTooFew, nearest: hasTooFew ? findNearestPair(scope, minSupport) : null };
}

function headOf<Row>(rows: readonly Row[]): Head<Row> {
  return { rows: rows.slice(0, ROWS_SHOWN), count: rows.length };
}
