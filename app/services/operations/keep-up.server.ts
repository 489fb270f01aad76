import { forgetImports } from '#app/adapters/db/imports.repository.server.ts';
import { forgetHandled } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { holdsGrant } from '#app/services/holds-grant.server.ts';
import { forgetShop } from '#app/services/privacy/redact-shop.server.ts';
import { daysBefore, KEPT_DAYS } from '#app/services/privacy/retention-periods.ts';
import { forgetReconciliations } from '#app/services/sync/reconcile/forget-reconciliations.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const UPKEEP_EVERY_MS = 24 * 60 * 60 * 1000;

/**
 * Once a day and shop: lets go of what is kept no longer, and says when to come back. It goes on after an uninstall, so
 * that a shop whose shop/redact got lost is forgotten all the same.
 */
export async function keepUp(context: ShopContext): Promise<void> {
  if (await isLongGone(context)) return forgetShop(context);
  const { inShop, shop, now } = context;
  const { shopId } = shop;
  const until = (days: number) => daysBefore(now(), days);
  await inShop(async (db) => {
    // First, as in every change of a shop's data.
    await db.shop.update({ where: { shopId }, data: { upkeepDueAt: new Date(now().getTime() + UPKEEP_EVERY_MS) } });
    const old = { shopId, answerSealed: { not: null }, answeredAt: { lt: until(KEPT_DAYS.answer) } };
    // The hash was for finding the answer.
    const dropped = { answerSealed: null, customerHash: null };
    await db.privacyRequest.updateMany({ where: { ...old, outcome: 'answered' }, data: { ...dropped, outcome: 'expired' } });
    await db.privacyRequest.updateMany({ where: old, data: dropped });
    await forgetHandled(db, shop, until(KEPT_DAYS.handledWebhook));
    await db.webhookDelivery.deleteMany({ where: { shopId, state: 'dead', receivedAt: { lt: until(KEPT_DAYS.deadWebhook) } } });
    await db.import.updateMany({
      where: { shopId, errorDetail: { not: null }, finishedAt: { lt: until(KEPT_DAYS.importProblems) } },
      data: { errorDetail: null },
    });
    await forgetImports(db, shop, { changesUntil: until(KEPT_DAYS.changesPull), until: until(KEPT_DAYS.replacedImport) });
    await db.personalDataAccess.deleteMany({ where: { shopId, accessedAt: { lt: until(KEPT_DAYS.access) } } });
  });
  await forgetReconciliations(context);
}

async function isLongGone(context: ShopContext): Promise<boolean> {
  const { inShop, shop, now } = context;
  const found = await inShop((db) => db.shop.findUnique({ where: { shopId: shop.shopId } }));
  const leftAt = found?.uninstalledAt ?? null;
  return leftAt !== null && leftAt < daysBefore(now(), KEPT_DAYS.shopThatLeft) && !(await holdsGrant(context));
}
