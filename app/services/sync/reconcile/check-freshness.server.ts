import { loadCustomerVersions } from '#app/adapters/db/customers.repository.server.ts';
import {
  loadUnfinishedReconciliation,
  requestReconciliationOf,
  updateUnfinishedReconciliation,
  type ReconciliationWork,
} from '#app/adapters/db/reconciliations.repository.server.ts';
import { loadOrderStands } from '#app/adapters/db/sql/order-stands.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { hasWaitingWebhooks } from '#app/adapters/db/webhook-evidence.server.ts';
import { loadLatestCustomers, loadLatestOrders, type Version } from '#app/adapters/shopify/latest-changes.server.ts';
import { keepSubscriptions, type MissedChange } from '#app/services/sync/reconcile/keep-subscriptions.server.ts';
import { requestImports } from '#app/services/sync/record-install.server.ts';
import { refreshCustomer } from '#app/services/sync/refresh-customer.server.ts';
import { isOfHistory, WEBHOOK_TOPICS } from '#app/services/sync/webhooks/webhook-topics.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// By then a webhook has come, or has failed for the first time.
const SETTLED_AFTER_MS = 5 * 60 * 1000;
const CHANGES_LOOKED_AT = 10;

export type Freshness =
  /** What is still in the inbox would look missed. */
  | { kind: 'not-yet' }
  | ({ kind: 'looked' } & Looked);

export interface Looked {
  missedOrders: number;
  missedCustomers: number;
  /** Of those that were to be made again: each topic and why. The next look asks for them again. */
  refusedSubscriptions: readonly string[];
}

/** Of one kind of record. */
interface Missed {
  missed: number;
  refused: readonly string[];
}

const NONE: Missed = { missed: 0, refused: [] };

type Known = Pick<ReconciliationWork, 'hasHistory' | 'hasCustomers' | 'lastAsOf'>;

/**
 * Asks Shopify for its newest changes, of what was pulled once. When one that is old enough never reached us, it is made up for, orders by a
 * comparison, and the subscriptions are made again where they have fallen silent.
 */
export async function checkFreshness(context: ShopContext, { hasHistory, hasCustomers, lastAsOf }: Known): Promise<Freshness> {
  const { inShop, shop, now } = context;
  const settled = new Date(now().getTime() - SETTLED_AFTER_MS);
  const topics = [...WEBHOOK_TOPICS.orders, ...WEBHOOK_TOPICS.customers].filter(isOfHistory);
  if (await inShop((db) => hasWaitingWebhooks(db, shop, topics, settled))) return { kind: 'not-yet' };
  const orders = hasHistory ? await checkOrders(context, settled, lastAsOf) : NONE;
  const customers = hasCustomers ? await checkCustomers(context, settled) : NONE;
  return {
    kind: 'looked',
    missedOrders: orders.missed,
    missedCustomers: customers.missed,
    refusedSubscriptions: [...orders.refused, ...customers.refused],
  };
}

/** What the latest comparison has looked at is no news: it said so, and another would say the same. */
async function checkOrders(context: ShopContext, settled: Date, lastAsOf: Date | null): Promise<Missed> {
  const changes = await loadLatestOrders(context.admin, settled, CHANGES_LOOKED_AT);
  const missed = await findMissedOrders(context, changes.filter(({ updatedAt }) => lastAsOf === null || updatedAt > lastAsOf));
  if (missed.length === 0) return NONE;
  await requestStale(context);
  return { missed: missed.length, refused: await keepAndCount(context, missed) };
}

async function findMissedOrders(context: ShopContext, changes: readonly Version[]): Promise<MissedChange[]> {
  const { shop, pool, sealedBox } = context;
  if (changes.length === 0) return [];
  const { held, tombstones } = await withTenantConnection(pool, shop, async (connection) => ({
    held: await loadOrderStands(connection, shop, changes.map(({ id }) => id)),
    tombstones: await Tombstones.glanceOn(connection, sealedBox, shop),
  }));
  return changes.flatMap(({ id, updatedAt }): MissedChange[] => {
    const ours = held.get(id);
    if (tombstones.has('order', id) || ours?.isDeleted || (ours && ours.updatedAt >= updatedAt)) return [];
    return [{ topic: ours ? 'orders/updated' : 'orders/create', changedAt: updatedAt }];
  });
}

/**
 * The few that were seen are read at once. How many more a silent subscription has cost nobody knows, so they are all
 * pulled again, once: from then on there are subscriptions of this shop's own.
 */
async function checkCustomers(context: ShopContext, settled: Date): Promise<Missed> {
  const { inShop, shop, pool, sealedBox } = context;
  const changes = await loadLatestCustomers(context.admin, settled, CHANGES_LOOKED_AT);
  const { held, tombstones } = await withTenantConnection(pool, shop, async (connection) => ({
    held: await loadCustomerVersions(connection, shop, changes.map(({ id }) => id)),
    tombstones: await Tombstones.glanceOn(connection, sealedBox, shop),
  }));
  const missed = changes.filter(({ id, updatedAt }) => {
    const ours = held.get(id);
    return !tombstones.buriesCustomer(id) && (ours === undefined || ours < updatedAt);
  });
  if (missed.length === 0) return NONE;
  for (const { id } of missed) await refreshCustomer(context, id);
  const { made, refused } = await keepSubscriptions(
    context,
    missed.map(({ id, updatedAt }) => ({ topic: held.has(id) ? 'customers/update' : 'customers/create', changedAt: updatedAt })),
  );
  if (made > 0) {
    await inShop((db) => requestImports(context, db));
    await requestStale(context);
    await countMade(context, made);
  }
  return { missed: missed.length, refused };
}

async function requestStale({ inShop, shop, newId, now }: ShopContext): Promise<void> {
  await inShop((db) => requestReconciliationOf(db, shop, { reconciliationId: newId(), scope: 'recent', cause: 'stale', now: now() }));
}

/** @returns each topic whose subscription was refused, and why */
export async function keepAndCount(context: ShopContext, missed: readonly MissedChange[]): Promise<readonly string[]> {
  const { made, refused } = await keepSubscriptions(context, missed);
  await countMade(context, made);
  return refused;
}

/** The unfinished comparison tells the merchant how many subscriptions were made. */
async function countMade({ inShop, shop }: ShopContext, made: number): Promise<void> {
  if (made === 0) return;
  await inShop(async (db) => {
    const run = await loadUnfinishedReconciliation(db, shop);
    if (run === null) return;
    await updateUnfinishedReconciliation(db, shop, run.reconciliationId, { subscriptionsMade: { increment: made } });
  });
}
