import { areColumnsOf } from '#app/domain/retention/columns/order-columns.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { env } from '#app/env.server.ts';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import { bringShopLines } from '#app/services/retention/bring-shop-lines.server.ts';
import type { ShopLines } from '#app/services/retention/bring-shop-lines.server.ts';
import { ColumnsCache } from '#app/services/retention/columns-cache.server.ts';
import { loadShopColumns } from '#app/services/retention/shop-columns.server.ts';
import type { ShopFacts } from '#app/services/retention/shop-columns.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** A busy shop changes every minute and its products' rhythms do not, so what was read serves this long. */
export const LINES_SERVE_MS = 10 * 60 * MS_PER_SECOND;

const SHARE_OF_MEMORY = 1 / 2;
const BYTES_A_MEGABYTE = 2 ** 20;

const cache = new ColumnsCache<ShopLines>({ budgetBytes: env.COLUMNS_MEMORY_MB * BYTES_A_MEGABYTE * SHARE_OF_MEMORY });

/** Columns and lines of the shop that belong together; null when nothing is known of the shop yet, or any more. */
export async function loadShopLines(context: ShopContext): Promise<{ facts: ShopFacts; kept: ShopLines } | null> {
  const loaded = await loadShopColumns(context);
  if (loaded === null) {
    cache.forget(context.shop.shopId);
    return null;
  }
  const removedVersion = await loadRemovedVersion(context);
  const kept = await cache.get(context.shop.shopId, {
    isFresh: (known) => serves(known, { now: loaded.orders, removedVersion, nowMs: context.now().getTime() }),
    bring: (known) => bringShopLines(context, { orders: loaded.orders, known, nowMs: context.now().getTime() }),
  });
  return { facts: loaded.facts, kept };
}

/** Whether lines of the shop are in memory, for whoever would not have them read. */
export function hasShopLines({ shop: { shopId } }: ShopContext): boolean {
  return cache.has(shopId);
}

interface Asked {
  now: ShopColumns;
  removedVersion: bigint;
  nowMs: number;
}

/** Whoever was forgotten, and whatever was deleted, is on no page from then on. */
function serves({ orders, readAtMs }: ShopLines, { now, removedVersion, nowMs }: Asked): boolean {
  if (orders.dataVersion === now.dataVersion && orders.columns === now.columns) return true;
  if (!areColumnsOf(orders.columns, now.columns)) return false;
  return orders.dataVersion >= removedVersion && orders.dataVersion < now.dataVersion && nowMs - readAtMs < LINES_SERVE_MS;
}

async function loadRemovedVersion({ inShop, shop: { shopId } }: ShopContext): Promise<bigint> {
  const shop = await inShop((db) =>
    db.shop.findUniqueOrThrow({
      where: { shopId },
      select: { ordersRemovedVersion: true, customersRemovedVersion: true },
    }),
  );
  const { ordersRemovedVersion: orders, customersRemovedVersion: customers } = shop;
  return orders > customers ? orders : customers;
}
