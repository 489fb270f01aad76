import { abandonOpen, countDifferences, loadMissed } from '#app/adapters/db/differences.repository.server.ts';
import { foundIn, updateUnfinishedReconciliation, type ReconciliationWork } from '#app/adapters/db/reconciliations.repository.server.ts';
import { ShopifyAccessError, ShopifyRequestError } from '#app/adapters/shopify/admin-api.server.ts';
import { startBulkQuery } from '#app/adapters/shopify/bulk-operations.server.ts';
import { loadListing, type ListingFacts } from '#app/adapters/shopify/listing.server.ts';
import { visibleFromMs, windowFromMs } from '#app/domain/sync/reconciliation-schedule.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { Prisma, Reconciliation } from '#app/generated/prisma/client.ts';
import { keepAndCount } from '#app/services/sync/reconcile/check-freshness.server.ts';
import { compareListing } from '#app/services/sync/reconcile/compare-listing.server.ts';
import { forgetReconciliations } from '#app/services/sync/reconcile/forget-reconciliations.server.ts';
import type { MissedChange } from '#app/services/sync/reconcile/keep-subscriptions.server.ts';
import { CUSTOMER_LISTING, ORDER_LISTING } from '#app/services/sync/reconcile/listing-source.server.ts';
import { repairDifferences } from '#app/services/sync/reconcile/repair-differences.server.ts';
import { refreshShopFacts } from '#app/services/sync/refresh-shop-facts.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const MAX_ATTEMPTS = 3;
// Of changes that Shopify has just made, the webhooks may still be on their way.
const ON_THE_WAY_MS = 2 * 60 * 1000;

/** What Shopify should have told us of each kind of change. */
const TOLD_BY = {
  orders: { missing: 'orders/create', outdated: 'orders/updated', gone: 'orders/delete' },
  customers: { missing: 'customers/create', outdated: 'customers/update', gone: 'customers/delete' },
} as const;

type Known = Pick<ReconciliationWork, 'hasHistory' | 'hasCustomers' | 'lastAsOf' | 'lastCustomersAsOf'>;

interface Step {
  isWaiting: boolean;
  /** Webhook subscriptions that were to be made again: each topic and why Shopify would not. */
  refusedSubscriptions: readonly string[];
}

const DONE: Step = { isWaiting: false, refusedSubscriptions: [] };
const WAITING: Step = { isWaiting: true, refusedSubscriptions: [] };

/**
 * Ask Shopify for its list, look whether it is ready, compare, repair some, go on to the customers or finish: one of
 * these. The customers come after the orders, whose repair brings many of them.
 */
export async function takeReconciliationStep(context: ShopContext, run: Reconciliation, known: Known): Promise<Step> {
  try {
    if (run.state === 'requested') return await askForListing(context, run, known);
    if (run.state === 'repairing') return await repair(context, run, known);
    return await lookAtListing(context, run, known);
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
async function askForListing(context: ShopContext, run: Reconciliation, known: Known): Promise<Step> {
  const { resource } = foundIn(run);
  if (!known.hasHistory) {
    await fail(context, run, 'no-history');
    return DONE;
  }
  await refreshShopFacts(context);
  const startedAt = context.now();
  const from = windowOf(run, resource === 'orders' ? known.lastAsOf : known.lastCustomersAsOf, startedAt);
  const started = await startBulkQuery(context.admin, (resource === 'orders' ? ORDER_LISTING : CUSTOMER_LISTING).queryFrom(from, run.errorCode));
  // All places are taken by other operations of ours.
  if (!started.ok) return WAITING;
  await failpoint('reconcile-after-ask');
  await change(context, run, {
    state: 'running',
    startedAt,
    ...(resource === 'orders'
      ? { scope: from === null ? 'all' : 'recent', windowFrom: from, bulkOperationId: started.operationId }
      : { customersListId: started.operationId }),
  });
  return DONE;
}

function windowOf({ scope }: Reconciliation, lastAsOf: Date | null, startedAt: Date): Date | null {
  const clock = { nowMs: startedAt.getTime(), lastAsOfMs: lastAsOf?.getTime() ?? null };
  const fromMs = windowFromMs(scope === 'all' ? 'all' : 'recent', clock);
  return fromMs === null ? null : new Date(fromMs);
}

async function lookAtListing(context: ShopContext, run: Reconciliation, known: Known): Promise<Step> {
  const operationId = foundIn(run).resource === 'orders' ? run.bulkOperationId : run.customersListId;
  const listing = operationId === null ? null : await loadListing(context.admin, operationId);
  switch (listing?.status) {
    case undefined:
      await askAgain(context, run, 'operation-lost');
      return DONE;
    case 'COMPLETED':
      if (listing) await compare(context, run, listing, known);
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

async function compare(context: ShopContext, run: Reconciliation, listing: ListingFacts, known: Known): Promise<void> {
  const { inShop, shop } = context;
  const { resource } = foundIn(run);
  const asOf = new Date(listing.createdAt.getTime() - ON_THE_WAY_MS);
  // The next comparison looks back to the earlier of the two.
  await change(context, run, { state: 'comparing', ...(resource === 'orders' ? { asOf } : {}) });
  const { historyDays, ianaTimeZone, currency } = await inShop((db) =>
    db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } }),
  );
  const fromMs = visibleFromMs(historyDays, listing.createdAt.getTime());
  const comparison = {
    reconciliationId: run.reconciliationId,
    asOf,
    windowFrom: resource === 'orders' ? run.windowFrom : windowOf(run, known.lastCustomersAsOf, run.startedAt ?? run.requestedAt),
    visibleFrom: fromMs === null ? null : new Date(fromMs),
    timeZone: ianaTimeZone ?? 'UTC',
    currency: currency ?? '',
  };
  const outcome = await compareListing(context, resource, comparison, listing);
  if (outcome.kind === 'gone') await askAgain(context, run, 'file-gone');
  if (outcome.kind === 'cut-short') await askAgain(context, run, 'file-cut-short');
}

async function repair(context: ShopContext, run: Reconciliation, { hasCustomers }: Known): Promise<Step> {
  const progress = await repairDifferences(context, run);
  if (progress === 'waiting') return WAITING;
  if (progress === 'done') {
    const goesOn = foundIn(run).resource === 'orders' && hasCustomers;
    if (!goesOn) return { isWaiting: false, refusedSubscriptions: await finish(context, run) };
    await change(context, run, { resource: 'customers', state: 'requested', attempts: 0, errorCode: null });
  }
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
  const missed: MissedChange[] = [];
  for (const resource of ['orders', 'customers'] as const) {
    const found = { reconciliationId: run.reconciliationId, resource };
    const changes = await context.inShop((db) => loadMissed(db, context.shop, found));
    missed.push(...changes.map(({ cause, changedAt }) => ({ topic: TOLD_BY[resource][cause], changedAt })));
  }
  try {
    return await keepAndCount(context, missed);
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
  await change(context, run, { state: 'requested', attempts, errorCode, bulkOperationId: null, customersListId: null });
}

async function fail(context: ShopContext, run: Reconciliation, errorCode: string): Promise<void> {
  await context.inShop((db) => abandonOpen(db, context.shop));
  await change(context, run, { state: 'failed', attempts: run.attempts, errorCode, finishedAt: context.now() });
}

async function change(context: ShopContext, run: Reconciliation, data: Prisma.ReconciliationUpdateManyMutationInput): Promise<void> {
  await context.inShop((db) => updateUnfinishedReconciliation(db, context.shop, run.reconciliationId, data));
}
