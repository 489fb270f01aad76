import {
  countOpen,
  dropOpen,
  loadOpen,
  loadPullSince,
  settle,
  settleByPull,
  type OpenDifference,
} from '#app/adapters/db/differences.repository.server.ts';
import { loadHeldOrders, type HeldOrder } from '#app/adapters/db/sql/order-fingerprints.server.ts';
import { loadGoneOrders } from '#app/adapters/shopify/order-listing.server.ts';
import { ShopifyRecordError } from '#app/adapters/shopify/parse-order.ts';
import { visibleFromMs } from '#app/domain/sync/reconciliation-schedule.ts';
import type { DifferenceOutcome } from '#app/domain/sync/reconciliation.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { Reconciliation } from '#app/generated/prisma/client.ts';
import { requestImports } from '#app/services/sync/record-install.server.ts';
import { refreshOrder, removeOrder } from '#app/services/sync/refresh-order.server.ts';
import { refreshShopFacts } from '#app/services/sync/refresh-shop-facts.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// A turn is short, so that other shops get theirs.
const REPAIRS_A_TURN = 50;
// Beyond this many, one file is sooner here than the orders one by one, and costs the shop's limits nothing.
const MAX_SINGLE_REPAIRS = 2_000;

/**
 * Brings some of what differs up to date and notes what became of each. Safe to repeat: an order is judged by how it
 * stands here now, not by what this turn did to it.
 */
export async function repairDifferences(context: ShopContext, run: Reconciliation): Promise<'more' | 'waiting' | 'done'> {
  const { inShop, shop } = context;
  const { reconciliationId } = run;
  const open = await inShop((db) => countOpen(db, shop, reconciliationId));
  if (open.changed > MAX_SINGLE_REPAIRS) return repairByPull(context, run);
  if (open.changed > 0) {
    await repairChanged(context, reconciliationId);
    return 'more';
  }
  if (open.gone > 0) {
    await removeGone(context, reconciliationId);
    return 'more';
  }
  return 'done';
}

async function repairByPull(context: ShopContext, { reconciliationId, startedAt, requestedAt }: Reconciliation): Promise<'more' | 'waiting'> {
  const { inShop, shop, now } = context;
  return inShop(async (db) => {
    const pull = await loadPullSince(db, shop, startedAt ?? requestedAt);
    if (pull === 'none') await requestImports(context, db);
    if (pull === 'none' || pull === 'unfinished') return 'waiting';
    await settleByPull(db, shop, reconciliationId, { isComplete: pull === 'completed', now: now() });
    return 'more';
  });
}

async function repairChanged(context: ShopContext, reconciliationId: string): Promise<void> {
  const { inShop, shop } = context;
  const batch = await inShop((db) => loadOpen(db, shop, reconciliationId, { isGone: false, limit: REPAIRS_A_TURN }));
  const unreadable = new Set<bigint>();
  for (const { orderId } of batch) {
    try {
      await refreshOrder(context, orderId);
    } catch (error) {
      if (!(error instanceof ShopifyRecordError)) throw error;
      unreadable.add(orderId);
    }
    await failpoint('reconcile-inside-repair');
  }
  const held = await inShop((db) => loadHeldOrders(db, shop, batch.map(({ orderId }) => orderId)));
  const outcomeOf = (difference: OpenDifference) =>
    unreadable.has(difference.orderId) ? 'failed' : judge(difference, held.get(difference.orderId));
  await settleEach(context, reconciliationId, batch, outcomeOf);
}

/** Whoever brought the order up to date: this repair, one that was killed, or a webhook. */
function judge({ cause, theirUpdatedAt, ourFingerprint }: OpenDifference, held: HeldOrder | undefined): DifferenceOutcome {
  if (!held || held.isDeleted) return 'unchanged';
  const isChanged = cause === 'unequal' && ourFingerprint !== null ? held.fingerprint !== ourFingerprint : true;
  const isCurrent = theirUpdatedAt === null || held.updatedAt >= theirUpdatedAt;
  return isChanged && isCurrent ? 'repaired' : 'unchanged';
}

/**
 * Nothing is removed for being absent from a list: Shopify is asked for each. Nor for being older than what we are
 * shown, which may have shrunk since the list was made.
 */
async function removeGone(context: ShopContext, reconciliationId: string): Promise<void> {
  const { inShop, shop, now } = context;
  await refreshShopFacts(context);
  const { batch, held, fromMs } = await inShop(async (db) => {
    const found = await loadOpen(db, shop, reconciliationId, { isGone: true, limit: REPAIRS_A_TURN });
    const { historyDays } = await db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } });
    const ours = await loadHeldOrders(db, shop, found.map(({ orderId }) => orderId));
    return { batch: found, held: ours, fromMs: visibleFromMs(historyDays, now().getTime()) };
  });
  const visible = batch.filter(({ orderId }) => fromMs === null || (held.get(orderId)?.createdAt.getTime() ?? 0) > fromMs);
  const gone = visible.length === 0 ? [] : await loadGoneOrders(context.admin, visible.map(({ orderId }) => orderId));
  for (const orderId of gone ?? []) {
    await removeOrder(context, orderId);
    await failpoint('reconcile-inside-repair');
  }
  const removed = new Set(gone ?? []);
  const stillThere = gone === null ? [] : visible.filter(({ orderId }) => !removed.has(orderId));
  // The list had not got that far; it is no difference.
  await inShop((db) => dropOpen(db, shop, reconciliationId, stillThere.map(({ orderId }) => orderId)));
  const rest = batch.filter((difference) => !stillThere.includes(difference));
  await settleEach(context, reconciliationId, rest, ({ orderId }) => (removed.has(orderId) ? 'repaired' : 'unchanged'));
}

async function settleEach(
  { inShop, shop, now }: ShopContext,
  reconciliationId: string,
  differences: readonly OpenDifference[],
  outcomeOf: (difference: OpenDifference) => DifferenceOutcome,
): Promise<void> {
  await inShop(async (db) => {
    for (const outcome of ['repaired', 'unchanged', 'failed'] as const) {
      const settled = differences.filter((difference) => outcomeOf(difference) === outcome);
      await settle(db, shop, reconciliationId, { orderIds: settled.map(({ orderId }) => orderId), outcome, now: now() });
    }
  });
}
