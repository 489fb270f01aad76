import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { hasOrdersBeyond } from '#app/adapters/db/has-orders-beyond.server.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';
import { log } from '#app/logging/log.server.ts';
import { computedApart, LARGE_FROM_ORDERS } from '#app/services/retention/compute-apart.server.ts';
import { FIRST_LOOK, getOverview } from '#app/services/retention/get-overview.server.ts';
import type { OverviewQuestion } from '#app/services/retention/get-overview.server.ts';
import { getPredictions } from '#app/services/retention/get-predictions.server.ts';
import { bringProductActions } from '#app/services/retention/product-actions.server.ts';
import { COLUMNS_BUDGET_BYTES, loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const OPENED_WITHIN_MS = 7 * MS_PER_24_HOURS;
/** Among so many that were opened last, large shops are looked for: memory holds some thirty, and a start waits for the look. */
const MOST_LOOKED_AT = 200;
/** The rest is for shops that were not opened for long, and come back. */
const SHARE_OF_MEMORY = 3 / 4;
/** As COLUMNS_MEMORY_MB says. */
const BYTES_AN_ORDER = 32;

type ContextOf = (shop: ShopRef) => ShopContext;

interface Warming {
  loadShops: (openedSince: Date) => Promise<ShopRef[]>;
  contextOf: ContextOf;
  now: () => Date;
  /** Shops with no more orders than this are shown at once anyway. */
  fromOrders?: number;
  budgetBytes?: number;
}

/**
 * Computes what the merchants of large shops will see first, where they were here within the week, the latest first and as
 * many as memory holds: of a million orders the first look takes seconds, and the next hardly any. Asked again within the
 * hour for which columns are kept, it keeps them, takes in what has changed, and drops who was forgotten. Answers with the
 * shops.
 */
export async function warmOverviews(warming: Warming): Promise<ShopRef[]> {
  const { loadShops, contextOf, now, fromOrders = LARGE_FROM_ORDERS, budgetBytes = COLUMNS_BUDGET_BYTES * SHARE_OF_MEMORY } = warming;
  let bytesLeft = budgetBytes;
  const warm: ShopRef[] = [];
  const opened = await loadShops(new Date(now().getTime() - OPENED_WITHIN_MS));
  for (const shop of opened.slice(0, MOST_LOOKED_AT)) {
    try {
      const context = contextOf(shop);
      if (!(await hasMoreOrders(context, fromOrders))) continue;
      // Columns of the first stay whatever they take, as those of whoever asks do.
      if (bytesLeft < budgetBytes && (await hasMoreOrders(context, Math.max(0, Math.floor(bytesLeft / BYTES_AN_ORDER))))) break;
      bytesLeft -= await warmOverview(context, FIRST_LOOK);
      warm.push(shop);
    } catch (error) {
      log.warn({ err: error, shopId: shop.shopId }, 'What a merchant sees first could not be made ready');
    }
  }
  return warm;
}

/** Fits the models of shops whose overviews are warm, so that nobody waits for it: of a million orders, two seconds. */
export async function warmPredictions(shops: readonly ShopRef[], contextOf: ContextOf): Promise<void> {
  for (const shop of shops) {
    try {
      await getPredictions(contextOf(shop), { asOf: FIRST_LOOK.asOf });
    } catch (error) {
      log.warn({ err: error, shopId: shop.shopId }, 'Predictions could not be made ready');
    }
  }
}

function hasMoreOrders({ inShop, shop }: ShopContext, count: number): Promise<boolean> {
  return inShop((db) => hasOrdersBeyond(db, shop, count));
}

/** With the advice that nobody waits for on the page. Answers with the bytes that the shop's orders take. */
export const warmOverview = computedApart('warm-overview', async (context: ShopContext, question: OverviewQuestion): Promise<number> => {
  const overview = await getOverview(context, question);
  const loaded = await loadShopColumns(context);
  if (!overview.ok || loaded === null) return 0;
  await bringProductActions(context, { orders: loaded.orders, asOf: overview.value.report.asOf });
  // What is to be done this week is chosen anew where products tell something: the rest is kept.
  await getOverview(context, question);
  return loaded.orders.byteSize;
});
