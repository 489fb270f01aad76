import { cutToQuery } from '#app/domain/retention/columns/cut-query.ts';
import type { Cut } from '#app/domain/retention/columns/cut-query.ts';
import type { OfferedCut } from '#app/domain/retention/columns/cut-values.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { glanceAtPairs, glanceAtProducts } from '#app/domain/retention/products/products-at-a-glance.ts';
import type { ProductsAtAGlance } from '#app/domain/retention/products/products-at-a-glance.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadProductScope } from '#app/services/retention/get-product-report.server.ts';
import type { ProductScopeOfShop } from '#app/services/retention/get-product-report.server.ts';
import { KeptAnswers } from '#app/services/retention/kept-answers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface ProductsOfShop extends ProductsAtAGlance, Omit<ProductScopeOfShop, 'scope' | 'cut' | 'offer' | 'source'> {
  timeZone: string;
  currency: string;
  counting: OrderCounting;
  /** As addresses carry it, a product by its key; null for everybody. */
  cut: string | null;
  cuts: OfferedCut[];
}

export interface ProductsQuestion {
  /** `YYYY-MM-DD`; null or anything else leaves the choice to `chooseAsOfDay`. */
  asOf: string | null;
  cut: Cut | null;
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
  const { scope, cut: chosen, offer, source, ...about } = loaded.value;
  const { timeZone, currency, counting } = scope.columns;
  const cut = chosen === null ? null : cutToQuery(chosen);
  const whose = `${about.asOf} ${cut ?? ''}`;
  return {
    ...about,
    timeZone,
    currency,
    counting,
    cut,
    cuts: offer(),
    ...keptProducts.of(source, whose, () => glanceAtProducts(scope)),
    boughtTogether: keptPairs.of(source, `${minSupport} ${whose}`, () => glanceAtPairs(scope, minSupport)),
  };
}

/** Of a million orders each takes a third of a second: looking at the page again, or at rarer pairs, need not wait for it. */
const GLANCES_KEPT = 20;
const keptProducts = new KeptAnswers<object, Omit<ProductsAtAGlance, 'boughtTogether'>>(GLANCES_KEPT);
const keptPairs = new KeptAnswers<object, ProductsAtAGlance['boughtTogether']>(GLANCES_KEPT);
