import { UNFINISHED_IMPORT_STATES } from '#app/adapters/db/imports.repository.server.ts';
import type { WebhookDelivery } from '#app/generated/prisma/client.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// One time is Shopify's, the other ours. Taken for uninstalled by mistake, a shop installs itself again when it is
// opened; taken for installed by mistake, it would stay so for ever.
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * Forgets the tokens and stops the pulls. The orders stay until shop/redact, so that a merchant who comes back within
 * two days finds everything. A webhook from before the present install is about an earlier one and changes nothing.
 */
export async function recordUninstall(
  { inShop, shop, now }: ShopContext,
  { triggeredAt }: Pick<WebhookDelivery, 'triggeredAt'>,
): Promise<'uninstalled' | 'outdated'> {
  const { shopId } = shop;
  return inShop(async (db) => {
    const { installedAt } = await db.shop.findUniqueOrThrow({ where: { shopId } });
    if (triggeredAt && installedAt && triggeredAt.getTime() + CLOCK_SKEW_MS < installedAt.getTime()) return 'outdated';
    await db.shop.update({ where: { shopId }, data: { uninstalledAt: now() } });
    await db.session.deleteMany({ where: { shopId } });
    await db.import.updateMany({
      where: { shopId, state: { in: UNFINISHED_IMPORT_STATES } },
      data: { state: 'cancelled', errorCode: 'uninstalled', finishedAt: now() },
    });
    return 'uninstalled';
  });
}
