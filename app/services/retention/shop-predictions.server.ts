import { areColumnsOf } from '#app/domain/retention/columns/order-columns.ts';
import type { AsOf } from '#app/domain/retention/columns/time-window.ts';
import type { Predictions } from '#app/domain/retention/predictions/compute-predictions.ts';
import { MS_PER_MINUTE } from '#app/domain/time/durations.ts';
import { log } from '#app/logging/log.server.ts';
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
const FIT_SERVES_MS = 10 * MS_PER_MINUTE;
/** Nor do those of an hour, so that nobody waits for the next fit: it is there at the next look. */
const FIT_STANDS_IN_MS = 60 * MS_PER_MINUTE;

const SHARE_OF_MEMORY = 1 / 4;
const BYTES_A_MEGABYTE = 2 ** 20;
/** Three counts, three real numbers, a day, and two of the rule. */
const BYTES_A_CUSTOMER = 56;
/** In which what is asked for without predictions is answered, before the fit takes the processor. */
const HEAD_START_MS = 100;

const cache = new ColumnsCache<ShopPredictions>({
  budgetBytes: env.COLUMNS_MEMORY_MB * BYTES_A_MEGABYTE * SHARE_OF_MEMORY,
});

interface Asked {
  orders: ShopColumns;
  asOf: AsOf;
  /** Whether the answer is of no use without them. Else they are computed for the next question. */
  isNeeded: boolean;
}

/**
 * Predictions of the shop, of orders as they were an hour ago at most; null when they are not here and not needed. Where
 * they are older than ten minutes, and something has changed since, newer ones are fitted behind the answer.
 */
export async function loadShopPredictions(context: ShopContext, { orders, asOf, isNeeded }: Asked): Promise<ShopPredictions | null> {
  const { shopId } = context.shop;
  const removedVersion = await loadRemovedVersion(context);
  const serves = (known: ShopPredictions, forMs: number) => {
    if (known.day !== asOf.day || !areColumnsOf(known.orders.columns, orders.columns)) return false;
    if (known.orders.columns === orders.columns) return true;
    // Whoever was forgotten is in no memory of ours for longer than until the next question.
    return known.orders.dataVersion >= removedVersion && context.now().getTime() - known.fittedAtMs < forMs;
  };
  const isFresh = (known: ShopPredictions) => serves(known, FIT_SERVES_MS);
  const bring = async (headStartMs: number): Promise<ShopPredictions> => {
    if (headStartMs > 0) await context.wait(headStartMs);
    const predictions = await fitApart(orders.columns, asOf);
    const byteSize = orders.byteSize + predictions.customers.count * BYTES_A_CUSTOMER;
    return { shopId, day: asOf.day, orders, predictions, fittedAtMs: context.now().getTime(), byteSize };
  };
  const fresh = cache.fresh(shopId, isFresh);
  if (fresh !== null) return fresh;
  const known = cache.known(shopId);
  const isHere = known !== null && serves(known, FIT_STANDS_IN_MS);
  // They are fitted when this question may long have been answered, and stay beside what is predicted.
  keepColumns(orders.columns);
  const found = cache.get(shopId, { isFresh, bring: () => bring(isNeeded && !isHere ? 0 : HEAD_START_MS) });
  if (isNeeded && !isHere) return found;
  found.catch((error: unknown) => log.error({ err: error, shopId }, 'Predictions could not be fitted'));
  return isHere ? known : null;
}

async function loadRemovedVersion({ inShop, shop: { shopId } }: ShopContext): Promise<bigint> {
  const shop = await inShop((db) =>
    db.shop.findUniqueOrThrow({ where: { shopId }, select: { ordersRemovedVersion: true, customersRemovedVersion: true } }),
  );
  const { ordersRemovedVersion: orders, customersRemovedVersion: customers } = shop;
  return orders > customers ? orders : customers;
}
