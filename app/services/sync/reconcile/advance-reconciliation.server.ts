import { abandonOpen } from '#app/adapters/db/differences.repository.server.ts';
import {
  isLostSinceWhole,
  loadReconciliationWork,
  reconciliationRun,
  requestReconciliationOf,
  updateUnfinishedReconciliation,
  type ReconciliationWork,
} from '#app/adapters/db/reconciliations.repository.server.ts';
import { ShopifyAccessError, ShopifyRequestError } from '#app/adapters/shopify/admin-api.server.ts';
import { ShopifyRecordError } from '#app/adapters/shopify/record-schemas.ts';
import { nextNightlyMs, nightlyScope } from '#app/domain/sync/reconciliation-schedule.ts';
import type { ReconciliationRun } from '#app/domain/sync/reconciliation.ts';
import type { Prisma } from '#app/generated/prisma/client.ts';
import { checkFreshness } from '#app/services/sync/reconcile/check-freshness.server.ts';
import { takeReconciliationStep } from '#app/services/sync/reconcile/take-reconciliation-step.server.ts';
import { REMOVALS } from '#app/services/sync/webhooks/webhook-topics.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// With the five minutes that a change is given to settle, a silent subscription is seen within the hour.
const FRESHNESS_EVERY_MS = 50 * 60 * 1000;
// How often it is looked whether the pull or the inbox is done, before which nothing is compared.
const SOON_MS = 2 * 60 * 1000;

const NOT_BY_ASKING_AGAIN = [ShopifyAccessError, ShopifyRequestError, ShopifyRecordError];

export interface ReconciliationTurn {
  /** The comparison that ended in this turn. */
  ended: ReconciliationRun | null;
  /** Nothing can be done before something else has ended: a pull, or other bulk operations. */
  isWaiting: boolean;
  /** Changes that Shopify made some time ago and that never reached us, as far as the hourly look saw. */
  missedOrders: number;
  missedCustomers: number;
  /** Webhook subscriptions that were to be made again: each topic and why Shopify would not. */
  refusedSubscriptions: readonly string[];
  /** Why Shopify could not be asked for its newest changes; the next hour tries again. */
  freshnessProblem: Error | null;
}

/**
 * Takes a shop's comparison with Shopify one step on, begins the next one when it is due, and looks once an hour
 * whether webhooks still come. Each step can be repeated, so a kill at any point costs the step and nothing else. One
 * caller a shop at a time.
 */
export async function advanceReconciliation(context: ShopContext): Promise<ReconciliationTurn> {
  const { inShop, shop, now } = context;
  const idle = { ended: null, isWaiting: false, missedOrders: 0, missedCustomers: 0, refusedSubscriptions: [], freshnessProblem: null };
  const work = await inShop((db) => loadReconciliationWork(db, shop, now()));
  if (!work.isInstalled) {
    await stopAfterUninstall(context, work);
    return idle;
  }
  const freshness = work.isFreshnessDue ? await lookForMissed(context, work) : {};
  if (work.isComparisonDue) await beginNightly(context, work);
  const found = await inShop((db) => loadReconciliationWork(db, shop, now()));
  const { underWay, isImporting } = found;
  if (underWay === null) return { ...idle, ...freshness };
  if (isImporting && underWay.state !== 'repairing') return { ...idle, ...freshness, isWaiting: true };

  const step = await takeReconciliationStep(context, underWay, found);
  const refusedSubscriptions = [...(freshness.refusedSubscriptions ?? []), ...step.refusedSubscriptions];
  const after = await inShop((db) =>
    db.reconciliation.findFirst({ where: { shopId: shop.shopId, reconciliationId: underWay.reconciliationId } }),
  );
  return { ...idle, ...freshness, refusedSubscriptions, isWaiting: step.isWaiting, ended: after?.finishedAt ? reconciliationRun(after) : null };
}

/** The uninstall did so, unless a worker of the version before recorded it. */
async function stopAfterUninstall(context: ShopContext, { underWay }: ReconciliationWork): Promise<void> {
  const { inShop, shop, now } = context;
  await setDue(context, { reconcileDueAt: null, freshnessDueAt: null });
  if (underWay === null) return;
  const ended = { state: 'cancelled', errorCode: 'uninstalled', finishedAt: now() };
  await inShop(async (db) => {
    await abandonOpen(db, shop);
    await updateUnfinishedReconciliation(db, shop, underWay.reconciliationId, ended);
  });
}

async function lookForMissed(
  context: ShopContext,
  work: ReconciliationWork,
): Promise<Partial<ReconciliationTurn>> {
  const inMs = (ms: number) => new Date(context.now().getTime() + ms);
  if (work.isImporting) {
    await setDue(context, { freshnessDueAt: inMs(SOON_MS) });
    return {};
  }
  try {
    const seen = await checkFreshness(context, work);
    await setDue(context, { freshnessDueAt: inMs(seen.kind === 'not-yet' ? SOON_MS : FRESHNESS_EVERY_MS) });
    if (seen.kind === 'not-yet') return {};
    const { missedOrders, missedCustomers, refusedSubscriptions } = seen;
    return { missedOrders, missedCustomers, refusedSubscriptions };
  } catch (error) {
    if (!(error instanceof Error) || !NOT_BY_ASKING_AGAIN.some((type) => error instanceof type)) throw error;
    await setDue(context, { freshnessDueAt: inMs(FRESHNESS_EVERY_MS) });
    return { freshnessProblem: error };
  }
}

async function beginNightly(context: ShopContext, { timeZone, isImporting, hasHistory }: ReconciliationWork): Promise<void> {
  const { inShop, shop, now, newId } = context;
  const nowMs = now().getTime();
  const clock = { nowMs, timeZone, shopId: shop.shopId };
  if (isImporting || !hasHistory) {
    const reconcileDueAt = new Date(isImporting ? nowMs + SOON_MS : nextNightlyMs(clock));
    return setDue(context, { reconcileDueAt });
  }
  await inShop(async (db) => {
    // What was deleted in Shopify is in no list of changes: a comparison that was under way when we lost it made up for nothing.
    const scope = (await isLostSinceWhole(db, shop, REMOVALS)) ? 'all' : nightlyScope(clock);
    const wanted = { reconciliationId: newId(), scope, cause: 'nightly', now: now() } as const;
    await requestReconciliationOf(db, shop, wanted);
    await db.shop.updateMany({ where: { shopId: shop.shopId }, data: { reconcileDueAt: new Date(nextNightlyMs(clock)) } });
  });
}

async function setDue(
  { inShop, shop }: ShopContext,
  data: Pick<Prisma.ShopUncheckedUpdateManyInput, 'reconcileDueAt' | 'freshnessDueAt'>,
): Promise<void> {
  await inShop((db) => db.shop.updateMany({ where: { shopId: shop.shopId }, data }));
}

