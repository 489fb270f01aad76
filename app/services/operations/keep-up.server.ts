import { forgetFlowEvents } from '#app/adapters/db/loyalty/flow-events.repository.server.ts';
import { forgetPoolCodes } from '#app/adapters/db/offers/pool-stock.repository.server.ts';
import { forgetImports } from '#app/adapters/db/imports.repository.server.ts';
import { forgetMembersOfOldTargets, forgetWrites } from '#app/adapters/db/segment-targets.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import { forgetWebhooks } from '#app/adapters/db/webhook-inbox.repository.server.ts';
import { holdsGrant } from '#app/services/holds-grant.server.ts';
import { tidyDiscounts } from '#app/services/operations/tidy-discounts.server.ts';
import { forgetShop } from '#app/services/privacy/redact-shop.server.ts';
import { daysBefore, KEPT_DAYS } from '#app/services/privacy/retention-periods.ts';
import { forgetReconciliations } from '#app/services/sync/reconcile/forget-reconciliations.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';
import { writeThemeTexts } from '#app/services/texts/write-theme-texts.server.ts';
import type { ThemeTextsProblem } from '#app/services/texts/write-theme-texts.server.ts';

const UPKEEP_EVERY_MS = 24 * 60 * 60 * 1000;
/** What was broken off, or found Shopify away, is taken up again. */
const TRY_AGAIN_MS = 2 * 60 * 1000;

// A busy shop's inbox of a day may hold a million, and a segment that was written has as many members. Each batch holds
// up the shop's webhooks for some forty milliseconds, and a turn of them the other shops for two seconds.
const LIMITS = { batchRows: 5_000, batchesATurn: 50 };

/**
 * Once a day and shop, and when it is asked for: lets go of what is kept no longer, sees that Shopify has the merchant's texts
 * for the storefront and no discounts that ended unused, and says when to come back, which is at once as long as there are
 * old webhooks, or members of segments, and soon as long as there are discounts. It goes on after an uninstall, so that a
 * shop whose shop/redact got lost is forgotten all the same. Answers with what kept it from Shopify.
 */
export async function keepUp(context: ShopContext, limits = LIMITS): Promise<ThemeTextsProblem | null> {
  const { inShop, shop, now } = context;
  const found = await inShop((db) => db.shop.findUnique({ where: { shopId: shop.shopId } }));
  if (await isLongGone(context, found?.uninstalledAt ?? null)) {
    await forgetShop(context);
    return null;
  }
  const { shopId } = shop;
  const until = (days: number) => daysBefore(now(), days);
  const oldWebhooks = {
    handledBefore: until(KEPT_DAYS.handledWebhook),
    deadBefore: until(KEPT_DAYS.deadWebhook),
    dismissedBefore: until(KEPT_DAYS.dismissedWebhook),
    limit: limits.batchRows,
  };
  if (!(await forgetInBatches(context, limits, (db) => forgetWebhooks(db, shop, oldWebhooks)))) return null;
  const oldMembers = { targetsUntil: until(KEPT_DAYS.segmentUndo), limit: limits.batchRows };
  if (!(await forgetInBatches(context, limits, (db) => forgetMembersOfOldTargets(db, shop, oldMembers)))) return null;
  const againAt = new Date(now().getTime() + TRY_AGAIN_MS);
  await inShop(async (db) => {
    // First, as in every change of a shop's data.
    await db.shop.update({ where: { shopId }, data: { upkeepDueAt: againAt } });
    const old = { shopId, answerSealed: { not: null }, answeredAt: { lt: until(KEPT_DAYS.answer) } };
    // The hash was for finding the answer.
    const dropped = { answerSealed: null, customerHash: null };
    await db.privacyRequest.updateMany({ where: { ...old, outcome: 'answered' }, data: { ...dropped, outcome: 'expired' } });
    await db.privacyRequest.updateMany({ where: old, data: dropped });
    await db.import.updateMany({
      where: { shopId, errorDetail: { not: null }, finishedAt: { lt: until(KEPT_DAYS.importProblems) } },
      data: { errorDetail: null },
    });
    await forgetImports(db, shop, { changesUntil: until(KEPT_DAYS.changesPull), until: until(KEPT_DAYS.replacedImport) });
    await forgetWrites(db, shop, { runsUntil: until(KEPT_DAYS.segmentRun), targetsUntil: until(KEPT_DAYS.segmentUndo) });
    await forgetFlowEvents(db, shop, until(KEPT_DAYS.flowEvent));
    await forgetPoolCodes(db, shop, now());
    await db.personalDataAccess.deleteMany({ where: { shopId, accessedAt: { lt: until(KEPT_DAYS.access) } } });
  });
  await forgetReconciliations(context);
  const isInstalled = found !== null && found.installedAt !== null && found.uninstalledAt === null;
  const texts = isInstalled ? await writeThemeTexts(context) : null;
  const tidied = isInstalled && texts !== 'unavailable' ? await tidyDiscounts(context) : 'done';
  const problem = texts ?? (tidied === 'done' || tidied === 'more' ? null : tidied);
  // Who has asked for it meanwhile is not put off.
  if (problem !== 'unavailable' && tidied !== 'more' && tidied !== 'unavailable') {
    await inShop((db) => db.shop.updateMany({ where: { shopId, upkeepDueAt: againAt }, data: { upkeepDueAt: new Date(now().getTime() + UPKEEP_EVERY_MS) } }));
  }
  return problem;
}

/** @returns whether none is left */
async function forgetInBatches({ inShop }: ShopContext, { batchRows, batchesATurn }: typeof LIMITS, forget: (db: TenantDb) => Promise<number>): Promise<boolean> {
  for (let batch = 0; batch < batchesATurn; batch += 1) {
    if ((await inShop(forget)) < batchRows) return true;
  }
  return false;
}

async function isLongGone(context: ShopContext, leftAt: Date | null): Promise<boolean> {
  return leftAt !== null && leftAt < daysBefore(context.now(), KEPT_DAYS.shopThatLeft) && !(await holdsGrant(context));
}
