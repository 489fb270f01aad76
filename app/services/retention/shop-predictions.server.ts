import { areColumnsOf } from '#app/domain/retention/columns/order-columns.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import type { Predictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { env } from '#app/env.server.ts';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import { keepColumns } from '#app/services/retention/columns-readers.server.ts';
import { ColumnsCache } from '#app/services/retention/columns-cache.server.ts';
import { fitApart } from '#app/services/retention/fit-apart.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What is predicted of a shop's customers as of a day, with the columns that it was computed from. */
export interface ShopPredictions {
  readonly shopId: number;
  readonly day: number;
  readonly orders: ShopColumns;
  readonly predictions: Predictions;
  readonly fittedAtMs: number;
  readonly byteSize: number;
}

/** A fit of a million orders takes two seconds, and a few orders more do not change what it says of the others. */
export const FIT_SERVES_MS = 10 * 60 * MS_PER_SECOND;

const SHARE_OF_MEMORY = 1 / 4;
const BYTES_A_MEGABYTE = 2 ** 20;
/** Three counts, three real numbers, a day, and two of the rule. */
const BYTES_A_CUSTOMER = 56;
/** In which what is asked for without predictions is answered, before the fit takes the processor. */
const HEAD_START_MS = 100;

const cache = new ColumnsCache<ShopPredictions>({
  budgetBytes: env.COLUMNS_MEMORY_MB * BYTES_A_MEGABYTE * SHARE_OF_MEMORY,
  keptMs: FIT_SERVES_MS,
});

interface Asked {
  orders: ShopColumns;
  asOf: AsOf;
  /** Whether the answer is of no use without them. Else they are computed for the next question. */
  isNeeded: boolean;
}

/** Predictions of the shop, at most ten minutes old; null when they are not here and not needed. */
export async function loadShopPredictions(context: ShopContext, { orders, asOf, isNeeded }: Asked): Promise<ShopPredictions | null> {
  const removedVersion = await loadRemovedVersion(context);
  const isFresh = (known: ShopPredictions) => {
    if (known.day !== asOf.day || !areColumnsOf(known.orders.columns, orders.columns)) return false;
    if (known.orders.columns === orders.columns) return true;
    // Whoever was forgotten is in no memory of ours for longer than until the next question.
    return known.orders.dataVersion >= removedVersion && context.now().getTime() - known.fittedAtMs < FIT_SERVES_MS;
  };
  const known = cache.known(context.shop.shopId);
  // They are fitted when this question may long have been answered, and stay beside what is predicted.
  if (known === null || !isFresh(known)) keepColumns(orders.columns);
  const bring = async (): Promise<ShopPredictions> => {
    if (!isNeeded) await context.wait(HEAD_START_MS);
    const predictions = await fitApart(orders.columns, asOf);
    const byteSize = orders.byteSize + predictions.customers.count * BYTES_A_CUSTOMER;
    return { shopId: context.shop.shopId, day: asOf.day, orders, predictions, fittedAtMs: context.now().getTime(), byteSize };
  };
  const found = cache.get(context.shop.shopId, { isFresh, bring });
  return isNeeded ? found : Promise.race([found, context.wait(0).then(() => null)]);
}

async function loadRemovedVersion({ inShop, shop: { shopId } }: ShopContext): Promise<bigint> {
  const shop = await inShop((db) =>
    db.shop.findUniqueOrThrow({ where: { shopId }, select: { ordersRemovedVersion: true, customersRemovedVersion: true } }),
  );
  const { ordersRemovedVersion: orders, customersRemovedVersion: customers } = shop;
  return orders > customers ? orders : customers;
}
