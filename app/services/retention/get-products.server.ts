import { offerCuts } from '#app/domain/retention/columns/cut-values.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { DimensionCut } from '#app/domain/retention/columns/selection.ts';
import { computeProductsAtAGlance } from '#app/domain/retention/products/products-at-a-glance.ts';
import type { ProductsAtAGlance } from '#app/domain/retention/products/products-at-a-glance.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadProductScope } from '#app/services/retention/get-product-report.server.ts';
import type { ProductScopeOfShop } from '#app/services/retention/get-product-report.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface ProductsOfShop extends ProductsAtAGlance, Omit<ProductScopeOfShop, 'scope'> {
  timeZone: string;
  currency: string;
  cuts: OfferedCut[];
}

export interface ProductsQuestion {
  /** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
  asOf: string | null;
  cut: DimensionCut | null;
  /** 0 to 1. */
  minSupport: number;
}

/** What a page shows of a shop's products; null while currency and time zone are not known. */
export const getProducts = computedApart('products', computeProductsOfShop);

async function computeProductsOfShop(context: ShopContext, { minSupport, ...question }: ProductsQuestion): Promise<ProductsOfShop | null> {
  const loaded = await loadProductScope(context, question);
  if (!loaded.ok) return null;
  const { scope, ...about } = loaded.value;
  const { timeZone, currency } = scope.columns;
  return { ...about, timeZone, currency, cuts: offerCuts(scope.columns), ...computeProductsAtAGlance(scope, minSupport) };
}
