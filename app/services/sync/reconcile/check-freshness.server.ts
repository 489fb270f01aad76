import {
  loadUnfinishedReconciliation,
  requestReconciliationOf,
  updateUnfinishedReconciliation,
} from '#app/adapters/db/reconciliations.repository.server.ts';
import { loadOrderStands } from '#app/adapters/db/sql/order-stands.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { hasWaitingWebhooks } from '#app/adapters/db/webhook-evidence.server.ts';
import { loadLatestChanges, type OrderVersion } from '#app/adapters/shopify/order-listing.server.ts';
import { keepSubscriptions, type MissedChange } from '#app/services/sync/reconcile/keep-subscriptions.server.ts';
import { WEBHOOK_TOPICS } from '#app/services/sync/webhooks/webhook-topics.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// By then a webhook has come, or has failed for the first time.
const SETTLED_AFTER_MS = 5 * 60 * 1000;
const CHANGES_LOOKED_AT = 10;

/**
 * Asks Shopify for its newest changes of orders. When one that is old enough never reached us, a comparison is asked
 * for, and the subscriptions are made again where they have fallen silent. What the latest comparison has looked at
 * already is no news: it said so, and another would say the same.
 * @returns how many were missed
 */
export async function checkFreshness(context: ShopContext, lastAsOf: Date | null): Promise<number> {
  const { inShop, shop, now, newId } = context;
  // What is still in the inbox would look missed.
  if (await inShop((db) => hasWaitingWebhooks(db, shop, WEBHOOK_TOPICS.orders))) return 0;
  const settled = new Date(now().getTime() - SETTLED_AFTER_MS);
  const changes = await loadLatestChanges(context.admin, settled, CHANGES_LOOKED_AT);
  const missed = await findMissed(context, changes.filter(({ updatedAt }) => lastAsOf === null || updatedAt > lastAsOf));
  if (missed.length === 0) return 0;
  await inShop((db) => requestReconciliationOf(db, shop, { reconciliationId: newId(), scope: 'recent', cause: 'stale', now: now() }));
  await keepAndCount(context, missed);
  return missed.length;
}

async function findMissed(context: ShopContext, changes: readonly OrderVersion[]): Promise<MissedChange[]> {
  const { shop, pool, sealedBox } = context;
  if (changes.length === 0) return [];
  const { held, tombstones } = await withTenantConnection(pool, shop, async (connection) => ({
    held: await loadOrderStands(connection, shop, changes.map(({ orderId }) => orderId)),
    tombstones: await Tombstones.loadOn(connection, sealedBox, shop),
  }));
  return changes.flatMap(({ orderId, updatedAt }): MissedChange[] => {
    const ours = held.get(orderId);
    if (tombstones.has('order', orderId) || ours?.isDeleted || (ours && ours.updatedAt >= updatedAt)) return [];
    return [{ cause: ours ? 'outdated' : 'missing', changedAt: updatedAt }];
  });
}

/** The unfinished comparison tells the merchant how many subscriptions were made. */
export async function keepAndCount(context: ShopContext, missed: readonly MissedChange[]): Promise<number> {
  const { inShop, shop } = context;
  const made = await keepSubscriptions(context, missed);
  if (made === 0) return 0;
  await inShop(async (db) => {
    const run = await loadUnfinishedReconciliation(db, shop);
    if (run === null) return;
    await updateUnfinishedReconciliation(db, shop, run.reconciliationId, { subscriptionsMade: { increment: made } });
  });
  return made;
}
