import { deriveProductActions } from '#app/domain/retention/advice/derive-product-actions.ts';
import type { ProductAction } from '#app/domain/retention/advice/derive-product-actions.ts';
import { areColumnsOf } from '#app/domain/retention/columns/order-columns.ts';
import type { ColumnsShop } from '#app/domain/retention/columns/order-columns.ts';
import { MS_PER_HOUR } from '#app/domain/time/durations.ts';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import { ColumnsCache } from '#app/services/retention/columns-cache.server.ts';
import { computedApart } from '#app/services/retention/compute-apart.server.ts';
import { loadProductScope } from '#app/services/retention/get-product-report.server.ts';
import { PRODUCTS_APART_FROM_ORDERS } from '#app/services/retention/get-products.server.ts';
import { hasShopLines } from '#app/services/retention/shop-lines.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What the lines of a shop's orders told to do, and of which orders. No person is in it. */
export interface ProductActionsOfShop {
  readonly shopId: number;
  readonly asOf: string;
  readonly of: ColumnsShop;
  readonly actions: readonly ProductAction[];
  readonly computedAtMs: number;
  readonly byteSize: number;
}

/** Lines of a large shop take seconds to read, and what they tell is of weeks. */
export const PRODUCT_ACTIONS_SERVE_MS = MS_PER_HOUR;

/** Lines of 5,000 orders are read and gone through in less: most shops have all of their advice at the first look. */
const PATIENCE_MS = 150;
/** In which the overview of a large shop is answered, before the lines take the processor. */
const HEAD_START_MS = 100;
/** Of ten million orders the lines take 160 MB: they are read for who asks for them, and advice is had of them then. */
const MOST_ORDERS_READ_FOR = 2_000_000;
const BYTES_A_SHOP = 2_000;
const SHOPS_KEPT = 1_000;

const cache = new ColumnsCache<ProductActionsOfShop>({ budgetBytes: SHOPS_KEPT * BYTES_A_SHOP, keptMs: PRODUCT_ACTIONS_SERVE_MS });

export const computeProductActions = computedApart('product-actions', deriveActionsOfShop, { fromOrders: PRODUCTS_APART_FROM_ORDERS });

async function deriveActionsOfShop(context: ShopContext, { asOf }: { asOf: string }): Promise<readonly ProductAction[]> {
  const loaded = await loadProductScope(context, { asOf });
  return loaded.ok ? deriveProductActions(loaded.value.scope) : [];
}

/**
 * At most an hour old; null when they are not here in a moment, and then they are for the next question. Whoever looks at
 * the overview does not wait for lines, nor is the overview worth less without them.
 */
export async function loadProductActions(
  context: ShopContext,
  { orders: { columns }, asOf }: { orders: ShopColumns; asOf: string },
): Promise<ProductActionsOfShop | null> {
  const mayRead = columns.orderCount <= MOST_ORDERS_READ_FOR || hasShopLines(context);
  if (!mayRead && !cache.has(context.shop.shopId)) return null;
  const isFresh = (known: ProductActionsOfShop) =>
    known.asOf === asOf && areColumnsOf(columns, known.of) && (!mayRead || context.now().getTime() - known.computedAtMs < PRODUCT_ACTIONS_SERVE_MS);
  const { timeZone, currency, counting } = columns;
  const isLarge = columns.orderCount >= PRODUCTS_APART_FROM_ORDERS;
  const bring = async (): Promise<ProductActionsOfShop> => {
    if (isLarge) await context.wait(HEAD_START_MS);
    const actions = await computeProductActions(context, { asOf });
    const of = { timeZone, currency, counting };
    return { shopId: context.shop.shopId, asOf, of, actions, computedAtMs: context.now().getTime(), byteSize: BYTES_A_SHOP };
  };
  const found = cache.get(context.shop.shopId, { isFresh, bring });
  return Promise.race([found, context.wait(isLarge ? 0 : PATIENCE_MS).then(() => null)]);
}
