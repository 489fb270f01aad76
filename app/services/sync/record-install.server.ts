import { randomUUID } from 'node:crypto';

import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What a pull asks for, one bulk operation each. */
export const IMPORTED_RESOURCES = ['orders', 'customers'] as const;
export type ImportedResource = (typeof IMPORTED_RESOURCES)[number];

/**
 * Marks the shop as installed and asks for its history, once for each install. Safe to repeat: a shop that is
 * installed already is left as it is.
 */
export async function recordInstall({ shop, inShop, now }: Pick<ShopContext, 'shop' | 'inShop' | 'now'>): Promise<void> {
  const { shopId } = shop;
  await inShop(async (db) => {
    const { count } = await db.shop.updateMany({
      where: { shopId, OR: [{ installedAt: null }, { uninstalledAt: { not: null } }] },
      data: { installedAt: now(), uninstalledAt: null },
    });
    if (count === 0) return;
    await requestImports(db, shopId, now());
  });
}

/** Adds one import a resource unless one is unfinished. The unique index is the judge, not this code. */
export async function requestImports(
  db: Parameters<Parameters<ShopContext['inShop']>[0]>[0],
  shopId: number,
  requestedAt: Date,
): Promise<void> {
  for (const resource of IMPORTED_RESOURCES) {
    await db.$executeRaw`
      INSERT INTO imports (shop_id, import_id, resource, state, requested_at)
      VALUES (${shopId}, ${randomUUID()}::uuid, ${resource}, 'requested', ${requestedAt})
      ON CONFLICT (shop_id, resource) WHERE state IN ('requested', 'running', 'storing') DO NOTHING`;
  }
}
