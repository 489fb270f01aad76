import { cutToQuery } from '#app/domain/retention/columns/cut-query.ts';
import { offerCuts } from '#app/domain/retention/columns/cut-values.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { DimensionCut } from '#app/domain/retention/columns/selection.ts';
import type { LineColumns } from '#app/domain/retention/products/line-columns.ts';
import type { ProductScope } from '#app/domain/retention/products/product-scope.ts';
import { glanceAtPairs, glanceAtProducts } from '#app/domain/retention/products/products-at-a-glance.ts';
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

/** Up to here the lists of products take some twenty milliseconds. */
export const PRODUCTS_APART_FROM_ORDERS = 50_000;

/** What a page shows of a shop's products; null while currency and time zone are not known. */
export const getProducts = computedApart('products', computeProductsOfShop, { fromOrders: PRODUCTS_APART_FROM_ORDERS });

async function computeProductsOfShop(context: ShopContext, { minSupport, ...question }: ProductsQuestion): Promise<ProductsOfShop | null> {
  const loaded = await loadProductScope(context, question);
  if (!loaded.ok) return null;
  const { scope, ...about } = loaded.value;
  const { timeZone, currency } = scope.columns;
  const whose = `${about.asOf} ${question.cut === null ? '' : cutToQuery(question.cut)}`;
  return {
    ...about,
    timeZone,
    currency,
    cuts: offerCuts(scope.columns),
    ...keptOr(keptProducts, scope, whose, glanceAtProducts),
    boughtTogether: keptOr(keptPairs, scope, `${minSupport} ${whose}`, () => glanceAtPairs(scope, minSupport)),
  };
}

/** Of a million orders each takes a third of a second: looking at the page again, or at rarer pairs, need not wait for it. */
const keptProducts = new WeakMap<LineColumns, Map<string, Omit<ProductsAtAGlance, 'boughtTogether'>>>();
const keptPairs = new WeakMap<LineColumns, Map<string, ProductsAtAGlance['boughtTogether']>>();
const GLANCES_KEPT = 20;

/** Of each reading of the lines the glances at it that were asked for last; they go when it does. */
function keptOr<Glance>(
  kept: WeakMap<LineColumns, Map<string, Glance>>,
  scope: ProductScope,
  key: string,
  compute: (scope: ProductScope) => Glance,
): Glance {
  const ofLines = kept.get(scope.lines) ?? new Map<string, Glance>();
  kept.set(scope.lines, ofLines);
  const glance = ofLines.get(key) ?? compute(scope);
  ofLines.delete(key);
  ofLines.set(key, glance);
  const [oldest] = ofLines.keys();
  if (ofLines.size > GLANCES_KEPT && oldest !== undefined) ofLines.delete(oldest);
  return glance;
}
