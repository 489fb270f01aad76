import { deriveProductActions } from '#app/domain/retention/advice/derive-product-actions.ts';
import type { ProductAction } from '#app/domain/retention/advice/derive-product-actions.ts';
import { areColumnsOf } from '#app/domain/retention/columns/order-columns.ts';
import type { ColumnsShop } from '#app/domain/retention/columns/order-columns.ts';
import { MS_PER_HOUR } from '#app/domain/time/durations.ts';
import { log } from '#app/logging/log.server.ts';
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

/** In which the advice of a shop that is not large is there, where its lines are in memory. */
const PATIENCE_MS = 150;
/** In which the overview of a large shop is shown and its other parts are asked for, before the lines take the processor. */
const HEAD_START_MS = 1_000;
/** Of ten million orders the lines take 160 MB: they are read for who asks for them, and advice is had of them then. */
const MOST_ORDERS_READ_FOR = 2_000_000;
const BYTES_A_SHOP = 2_000;
const SHOPS_KEPT = 1_000;

const cache = new ColumnsCache<ProductActionsOfShop>({ budgetBytes: SHOPS_KEPT * BYTES_A_SHOP, keptMs: 2 * PRODUCT_ACTIONS_SERVE_MS });

export const computeProductActions = computedApart('product-actions', deriveActionsOfShop, { fromOrders: PRODUCTS_APART_FROM_ORDERS });

async function deriveActionsOfShop(context: ShopContext, { asOf }: { asOf: string }): Promise<readonly ProductAction[]> {
  const loaded = await loadProductScope(context, { asOf });
  return loaded.ok ? deriveProductActions(loaded.value.scope) : [];
}

/**
 * What is here in a moment; null where nothing is. Whoever looks at the overview waits for no lines, nor is it worth less
 * without them: what is missing, or more than an hour old, is computed after the answer and there at the next look.
 */
export async function loadProductActions(context: ShopContext, asked: Asked): Promise<ProductActionsOfShop | null> {
  const { wait, shop } = context;
  const { columns } = asked.orders;
  const wanted = wantedOf(context, asked);
  const known = cache.known(shop.shopId);
  const usable = known !== null && wanted.isUsable(known) ? known : null;
  if (usable !== null && wanted.isFresh(usable)) return usable;
  const areLinesHere = hasShopLines(context);
  if (!areWorthReading(context, asked)) return usable;
  const isLarge = columns.orderCount >= PRODUCTS_APART_FROM_ORDERS;
  const begin = () =>
    cache.get(shop.shopId, wanted).catch((error: unknown) => {
      log.error({ err: error, shopId: shop.shopId }, 'What products tell to do could not be computed');
      return usable;
    });
  if (areLinesHere && !isLarge) return Promise.race([begin(), wait(PATIENCE_MS).then(() => usable)]);
  void wait(isLarge ? HEAD_START_MS : 0).then(begin);
  return usable;
}

/** The same for whoever has time to wait for it. */
export async function bringProductActions(context: ShopContext, asked: Asked): Promise<void> {
  if (areWorthReading(context, asked)) await cache.get(context.shop.shopId, wantedOf(context, asked));
}

interface Asked {
  orders: ShopColumns;
  asOf: string;
}

function areWorthReading(context: ShopContext, { orders: { columns } }: Asked): boolean {
  return columns.orderCount <= MOST_ORDERS_READ_FOR || hasShopLines(context);
}

function wantedOf(context: ShopContext, { orders: { columns }, asOf }: Asked) {
  const { timeZone, currency, counting } = columns;
  const isUsable = (known: ProductActionsOfShop) => known.asOf === asOf && areColumnsOf(columns, known.of);
  return {
    isUsable,
    isFresh: (known: ProductActionsOfShop) => isUsable(known) && context.now().getTime() - known.computedAtMs < PRODUCT_ACTIONS_SERVE_MS,
    async bring(): Promise<ProductActionsOfShop> {
      const actions = await computeProductActions(context, { asOf });
      const of = { timeZone, currency, counting };
      return { shopId: context.shop.shopId, asOf, of, actions, computedAtMs: context.now().getTime(), byteSize: BYTES_A_SHOP };
    },
  };
}
