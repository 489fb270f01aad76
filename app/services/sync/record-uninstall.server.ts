import { abandonOpen } from '#app/adapters/db/differences.repository.server.ts';
import { UNFINISHED_IMPORT_STATES } from '#app/adapters/db/imports.repository.server.ts';
import { UNFINISHED_RECONCILIATION_STATES } from '#app/adapters/db/reconciliations.repository.server.ts';
import { stopAllGifts } from '#app/adapters/db/loyalty/gifts.repository.server.ts';
import { endAllWrites } from '#app/adapters/db/segment-targets.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { requestImports } from '#app/services/sync/record-install.server.ts';
import { holdsGrant } from '#app/services/holds-grant.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Forgets the tokens and stops the pulls. The orders stay until shop/redact, so that a merchant who comes back within
 * two days finds everything. A webhook that comes after the shop has come back is about the install before.
 */
export async function recordUninstall(context: ShopContext): Promise<'uninstalled' | 'installed-again'> {
  const { inShop, shop, now } = context;
  const { shopId } = shop;
  const before = await inShop((db) => tokensOf(db, shopId));
  const isBack = await holdsGrant(context);
  return inShop(async (db) => {
    // Or while we asked.
    if (isBack || (await tokensOf(db, shopId)) > before) {
      // Nobody sent webhooks while it was away, and its install found it installed still.
      await requestImports(context, db);
      return 'installed-again';
    }
    await db.shop.update({ where: { shopId }, data: { uninstalledAt: now(), reconcileDueAt: null, freshnessDueAt: null } });
    await db.session.deleteMany({ where: { shopId } });
    await db.import.updateMany({
      where: { shopId, state: { in: UNFINISHED_IMPORT_STATES } },
      data: { state: 'cancelled', errorCode: 'uninstalled', finishedAt: now() },
    });
    await abandonOpen(db, shop);
    await db.reconciliation.updateMany({
      where: { shopId, state: { in: UNFINISHED_RECONCILIATION_STATES } },
      data: { state: 'cancelled', errorCode: 'uninstalled', finishedAt: now() },
    });
    await endAllWrites(db, shop, now());
    await stopAllGifts(db, shop, now());
    return 'uninstalled';
  });
}

/** When the tokens that we hold were written, in ms since 1970; 0 without any. */
async function tokensOf(db: TenantDb, shopId: number): Promise<number> {
  const latest = await db.session.findFirst({ where: { shopId }, orderBy: { updatedAt: 'desc' } });
  return latest?.updatedAt.getTime() ?? 0;
}
