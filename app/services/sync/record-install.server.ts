import { UNFINISHED_IMPORT_STATES } from '#app/adapters/db/imports.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What a pull asks for, one bulk operation each. */
export const IMPORTED_RESOURCES = ['orders', 'customers'] as const;

/**
 * Marks the shop as installed and asks for its history, once for each install. Safe to repeat: a shop that is
 * installed already is left as it is.
 */
export async function recordInstall(context: Pick<ShopContext, 'shop' | 'inShop' | 'now' | 'newId'>): Promise<void> {
  const { inShop, shop, now } = context;
  const { shopId } = shop;
  await inShop(async (db) => {
    const { count } = await db.shop.updateMany({
      where: { shopId, OR: [{ installedAt: null }, { uninstalledAt: { not: null } }] },
      data: { installedAt: now(), uninstalledAt: null, reconcileDueAt: now(), freshnessDueAt: now(), upkeepDueAt: now() },
    });
    if (count === 0) return;
    await requestImports(context, db);
  });
}

/** Of a pull whose place was taken by one of everything. */
export const SUPERSEDED = 'superseded';

/**
 * Adds one import a resource unless one is unfinished. The unique index is the judge, not this code. A pull of what
 * changed since gives its place up, for it brings no history.
 */
export async function requestImports(
  { shop, now, newId }: Pick<ShopContext, 'shop' | 'now' | 'newId'>,
  db: TenantDb,
): Promise<void> {
  const changedSince = { shopId: shop.shopId, updatedSince: { not: null }, state: { in: UNFINISHED_IMPORT_STATES } };
  await db.import.updateMany({ where: changedSince, data: { state: 'cancelled', errorCode: SUPERSEDED, finishedAt: now() } });
  for (const resource of IMPORTED_RESOURCES) {
    await db.$executeRaw`
      INSERT INTO imports (shop_id, import_id, resource, state, requested_at)
      VALUES (${shop.shopId}, ${newId()}::uuid, ${resource}, 'requested', ${now()})
      ON CONFLICT (shop_id, resource) WHERE state IN ('requested', 'running', 'storing') DO NOTHING`;
  }
}
