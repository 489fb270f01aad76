import { abandonOpen, countDifferences, loadMissed } from '#app/adapters/db/differences.repository.server.ts';
import { updateUnfinishedReconciliation } from '#app/adapters/db/reconciliations.repository.server.ts';
import { ShopifyAccessError, ShopifyRequestError } from '#app/adapters/shopify/admin-api.server.ts';
import { startBulkQuery } from '#app/adapters/shopify/bulk-operations.server.ts';
import { loadListing, orderListingQuery, type ListingFacts } from '#app/adapters/shopify/order-listing.server.ts';
import { visibleFromMs, windowFromMs } from '#app/domain/sync/reconciliation-schedule.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { Prisma, Reconciliation } from '#app/generated/prisma/client.ts';
import { keepAndCount } from '#app/services/sync/reconcile/check-freshness.server.ts';
import { compareListing } from '#app/services/sync/reconcile/compare-listing.server.ts';
import { forgetReconciliations } from '#app/services/sync/reconcile/forget-reconciliations.server.ts';
import { repairDifferences } from '#app/services/sync/reconcile/repair-differences.server.ts';
import { refreshShopFacts } from '#app/services/sync/refresh-shop-facts.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const MAX_ATTEMPTS = 3;
// Of changes that Shopify has just made, the webhooks may still be on their way.
const ON_THE_WAY_MS = 2 * 60 * 1000;

/** What Shopify should have told us of each kind of change. */
const TOLD_BY = { missing: 'orders/create', outdated: 'orders/updated', gone: 'orders/delete' } as const;

interface Known {
  hasHistory: boolean;
  /** Of the latest comparison that was completed. */
  lastAsOf: Date | null;
}

interface Step {
  isWaiting: boolean;
  /** Webhook subscriptions that were to be made again: each topic and why Shopify would not. */
  refusedSubscriptions: readonly string[];
}

const DONE: Step = { isWaiting: false, refusedSubscriptions: [] };
const WAITING: Step = { isWaiting: true, refusedSubscriptions: [] };

/** Ask Shopify for its list, look whether it is ready, compare, repair some, finish: one of these. */
export async function takeReconciliationStep(context: ShopContext, run: Reconciliation, known: Known): Promise<Step> {
  try {
    if (run.state === 'requested') return await askForListing(context, run, known);
    if (run.state === 'repairing') return await repair(context, run);
    return await lookAtListing(context, run);
  } catch (error) {
    if (!(error instanceof ShopifyAccessError || error instanceof ShopifyRequestError)) throw error;
    // Neither goes away by asking again: the grant is gone or the question is wrong.
    await fail(context, run, error instanceof ShopifyAccessError ? 'access-lost' : 'request-refused');
    return DONE;
  }
}

/**
 * If the answer is lost, an operation of ours goes on that nobody reads; it changes nothing in the shop and ends by
 * itself, so the next step simply asks for another.
 */
async function askForListing(context: ShopContext, run: Reconciliation, { hasHistory, lastAsOf }: Known): Promise<Step> {
  if (!hasHistory) {
    await fail(context, run, 'no-history');
    return DONE;
  }
  await refreshShopFacts(context);
  const scope = run.scope === 'all' ? 'all' : 'recent';
  const fromMs = windowFromMs(scope, { nowMs: context.now().getTime(), lastAsOfMs: lastAsOf?.getTime() ?? null });
  const windowFrom = fromMs === null ? null : new Date(fromMs);
  const started = await startBulkQuery(context.admin, orderListingQuery(windowFrom));
  // All places are taken by other operations of ours.
  if (!started.ok) return WAITING;
  await failpoint('reconcile-after-ask');
  await change(context, run, {
    state: 'running',
    scope: windowFrom === null ? 'all' : 'recent',
    windowFrom,
    bulkOperationId: started.operationId,
    startedAt: context.now(),
  });
  return DONE;
}

async function lookAtListing(context: ShopContext, run: Reconciliation): Promise<Step> {
  const listing = run.bulkOperationId === null ? null : await loadListing(context.admin, run.bulkOperationId);
  switch (listing?.status) {
    case undefined:
      await askAgain(context, run, 'operation-lost');
      return DONE;
    case 'COMPLETED':
      if (listing) await compare(context, run, listing);
      return DONE;
    case 'FAILED':
    case 'EXPIRED':
    case 'CANCELED':
      await askAgain(context, run, listing?.errorCode ?? listing?.status ?? 'FAILED');
      return DONE;
    default:
      return DONE;
  }
}

async function compare(context: ShopContext, run: Reconciliation, listing: ListingFacts): Promise<void> {
  const { inShop, shop } = context;
  const asOf = new Date(listing.createdAt.getTime() - ON_THE_WAY_MS);
  await change(context, run, { state: 'comparing', asOf });
  const { historyDays, ianaTimeZone, currency } = await inShop((db) =>
    db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } }),
  );
  const fromMs = visibleFromMs(historyDays, listing.createdAt.getTime());
  const comparison = {
    reconciliationId: run.reconciliationId,
    asOf,
    windowFrom: run.windowFrom,
    visibleFrom: fromMs === null ? null : new Date(fromMs),
    timeZone: ianaTimeZone ?? 'UTC',
    currency: currency ?? '',
  };
  const outcome = await compareListing(context, comparison, listing);
  if (outcome.kind === 'gone') await askAgain(context, run, 'file-gone');
  if (outcome.kind === 'cut-short') await askAgain(context, run, 'file-cut-short');
}

async function repair(context: ShopContext, run: Reconciliation): Promise<Step> {
  const progress = await repairDifferences(context, run);
  if (progress === 'waiting') return WAITING;
  if (progress === 'done') return { isWaiting: false, refusedSubscriptions: await finish(context, run) };
  await count(context, run);
  return DONE;
}

async function finish(context: ShopContext, run: Reconciliation): Promise<readonly string[]> {
  const { inShop, shop } = context;
  const refused = await keepTold(context, run);
  const errorCode = refused.length > 0 ? 'subscriptions-refused' : null;
  await count(context, run);
  await inShop(async (db) => {
    const finishedAt = context.now();
    await db.shop.update({ where: { shopId: shop.shopId }, data: { freshAt: finishedAt } });
    await updateUnfinishedReconciliation(db, shop, run.reconciliationId, { state: 'completed', finishedAt, errorCode });
  });
  await forgetReconciliations(context);
  return refused;
}

/** Everything is compared and repaired by now, and stays so when Shopify refuses a subscription or to list them. */
async function keepTold(context: ShopContext, run: Reconciliation): Promise<readonly string[]> {
  const missed = await context.inShop((db) => loadMissed(db, context.shop, run.reconciliationId));
  try {
    return await keepAndCount(context, missed.map(({ cause, changedAt }) => ({ topic: TOLD_BY[cause], changedAt })));
  } catch (error) {
    if (!(error instanceof ShopifyAccessError || error instanceof ShopifyRequestError)) throw error;
    return [error.message];
  }
}

async function count({ inShop, shop }: ShopContext, { reconciliationId }: Reconciliation): Promise<void> {
  await inShop(async (db) => {
    const { found, repaired } = await countDifferences(db, shop, reconciliationId);
    const counts = { differencesFound: found, differencesRepaired: repaired };
    await updateUnfinishedReconciliation(db, shop, reconciliationId, counts);
  });
}

async function askAgain(context: ShopContext, run: Reconciliation, errorCode: string): Promise<void> {
  const attempts = run.attempts + 1;
  if (attempts >= MAX_ATTEMPTS) return fail(context, { ...run, attempts }, errorCode);
  await change(context, run, { state: 'requested', attempts, errorCode, bulkOperationId: null });
}

async function fail(context: ShopContext, run: Reconciliation, errorCode: string): Promise<void> {
  await context.inShop((db) => abandonOpen(db, context.shop));
  await change(context, run, { state: 'failed', attempts: run.attempts, errorCode, finishedAt: context.now() });
}

async function change(context: ShopContext, run: Reconciliation, data: Prisma.ReconciliationUpdateManyMutationInput): Promise<void> {
  await context.inShop((db) => updateUnfinishedReconciliation(db, context.shop, run.reconciliationId, data));
}
