import { findBoughtTogether } from './bought-together.ts';
import type { ProductPair } from './bought-together.ts';
import { computeFirstProducts } from './first-products.ts';
import type { FirstProducts } from './first-products.ts';
import type { ProductScope } from './product-scope.ts';
import { computeReplenishment } from './replenishment.ts';
import type { Replenishment } from './replenishment.ts';

/** METRICS section 7, and the products that customers begin with. */
export interface ProductReport {
  /** Products with gaps enough to have a rhythm, those with most gaps first. */
  readonly replenishment: readonly Replenishment[];
  /** Each pair once, by falling lift, then falling support, then ascending ids. */
  readonly boughtTogether: readonly ProductPair[];
  /** What `boughtTogether` was counted in. */
  readonly boughtTogetherBasis: {
    /** Orders with a product, guests' among them: support is over these. */
    readonly baskets: number;
    readonly minSupport: number;
    /** Baskets that a pair has to be in: max(5, ceil(minSupport x baskets)). */
    readonly minimumBaskets: number;
  };
  readonly firstProducts: FirstProducts;
}

export interface ProductReportOptions {
  /** 0 to 1. */
  minSupport?: number | undefined;
  /** The horizon of the first products' repeat rate. */
  withinDays?: number | undefined;
}

export function computeProductReport(scope: ProductScope, options: ProductReportOptions = {}): ProductReport {
  const { pairs, ...boughtTogetherBasis } = findBoughtTogether(scope, options.minSupport);
  return {
    replenishment: computeReplenishment(scope),
    boughtTogether: pairs,
    boughtTogetherBasis,
    firstProducts: computeFirstProducts(scope, options.withinDays),
  };
}
