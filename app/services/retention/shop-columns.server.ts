import { requireCounting } from '#app/adapters/db/shop-state.server.ts';
import { areColumnsOf } from '#app/domain/retention/columns/order-columns.ts';
import type { OrderCounting } from '#app/domain/retention/metrics/order-value.ts';
import { env } from '#app/env.server.ts';
import { bringShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import type { ShopColumns } from '#app/services/retention/bring-shop-columns.server.ts';
import { areUnread, noteReader } from '#app/services/retention/columns-readers.server.ts';
import { ColumnsCache } from '#app/services/retention/columns-cache.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const BYTES_A_MEGABYTE = 2 ** 20;

export const COLUMNS_BUDGET_BYTES = env.COLUMNS_MEMORY_MB * BYTES_A_MEGABYTE;

const cache = new ColumnsCache<ShopColumns>({ budgetBytes: COLUMNS_BUDGET_BYTES });

/** What a page says of a shop beside its numbers. */
export interface ShopFacts {
  /** IANA name. */
  timeZone: string;
  /** ISO 4217 code. */
  currency: string;
  /** How the merchant wants orders counted. */
  counting: OrderCounting;
  dataVersion: bigint;
  /** When our copy last took in a change or found that there was none; epoch milliseconds. */
  freshAtMs: number | null;
  /** How many days of orders Shopify lets us read; null for all of them. */
  historyDays: number | null;
}

/**
 * The shop's columns, at least as new as its data was when this was called; null when nothing is known of the shop yet,
 * or any more.
 */
export async function loadShopColumns(context: ShopContext): Promise<{ facts: ShopFacts; orders: ShopColumns } | null> {
  const { shopId } = context.shop;
  const facts = await loadFacts(context);
  if (facts === null) {
    cache.forget(shopId);
    return null;
  }
  const orders = await cache.get(shopId, {
    // Newer than we saw: brought meanwhile, or from before a backup was restored. To look again costs little.
    isFresh: ({ columns, dataVersion }) => dataVersion === facts.dataVersion && areColumnsOf(columns, facts),
    bring: (known) => bringShopColumns(context, known, { mayGiveUp: () => known !== null && areUnread(known.columns) }),
  });
  noteReader(orders.columns);
  return { facts, orders };
}

async function loadFacts({ inShop, shop: { shopId } }: ShopContext): Promise<ShopFacts | null> {
  const shop = await inShop((db) => db.shop.findUnique({ where: { shopId } }));
  if (shop === null || shop.ianaTimeZone === null || shop.currency === null) return null;
  return {
    timeZone: shop.ianaTimeZone,
    currency: shop.currency,
    counting: requireCounting(shop.countingPreset, shop.orderValue),
    dataVersion: shop.dataVersion,
    freshAtMs: shop.freshAt?.getTime() ?? null,
    historyDays: shop.historyDays,
  };
}
