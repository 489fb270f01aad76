import type pg from 'pg';

import {
  countOpen,
  dropDifferences,
  loadOpen,
  loadPullSince,
  settle,
  settleByPull,
  type OpenDifference,
} from '#app/adapters/db/differences.repository.server.ts';
import { loadOrderStands, type OrderStand } from '#app/adapters/db/sql/order-stands.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { loadOrdersById, ORDERS_A_READ } from '#app/adapters/shopify/load-records.server.ts';
import { visibleFromMs } from '#app/domain/sync/reconciliation-schedule.ts';
import type { DifferenceOutcome } from '#app/domain/sync/reconciliation.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { Reconciliation } from '#app/generated/prisma/client.ts';
import { requestImports } from '#app/services/sync/record-install.server.ts';
import { storeOrders, type OrderOutcome } from '#app/services/sync/refresh-order.server.ts';
import { refreshShopFacts } from '#app/services/sync/refresh-shop-facts.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Beyond this many, one file is sooner here than the orders one by one, and costs the shop's limits nothing.
const MAX_SINGLE_REPAIRS = 2_000;

/**
 * Brings some of what differs up to date and notes in the same transaction what became of each, so that a kill undoes
 * both or neither.
 */
export async function repairDifferences(context: ShopContext, run: Reconciliation): Promise<'more' | 'waiting' | 'done'> {
  const { inShop, shop } = context;
  const open = await inShop((db) => countOpen(db, shop, run.reconciliationId));
  if (open.all === 0) return 'done';
  if (open.changed > MAX_SINGLE_REPAIRS) return repairByPull(context, run);
  await repairSome(context, run.reconciliationId);
  return 'more';
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

/**
 * Nothing is removed for being absent from a list: Shopify is asked for each. Nor for being older than what we are
 * shown, which may have shrunk since the list was made.
 */
async function repairSome(context: ShopContext, reconciliationId: string): Promise<void> {
  const { inShop, shop } = context;
  const batch = await inShop((db) => loadOpen(db, shop, reconciliationId, ORDERS_A_READ));
  const gone = batch.filter(({ cause }) => cause === 'gone').map(({ orderId }) => orderId);
  const removed = new Set(gone.length === 0 ? [] : await chooseVisible(context, gone));
  const asked = batch.filter(({ orderId, cause }) => cause !== 'gone' || removed.has(orderId));
  const readings = await loadOrdersById(context.admin, asked.map(({ orderId }) => orderId));
  const unreadable = (orderId: bigint) => readings.get(orderId)?.kind === 'unreadable';
  await storeOrders(context, {
    readings,
    removed,
    alongside: async (connection, outcomes) => {
      const stands = await loadOrderStands(connection, shop, batch.map(({ orderId }) => orderId));
      const verdicts = batch.map((difference) => {
        const { orderId } = difference;
        return { orderId, verdict: unreadable(orderId) ? 'failed' : judge(difference, stands.get(orderId), outcomes.get(orderId)) };
      });
      await noteVerdicts(context, connection, reconciliationId, verdicts);
      await failpoint('reconcile-inside-repair');
    },
  });
}

async function chooseVisible(context: ShopContext, orderIds: readonly bigint[]): Promise<bigint[]> {
  const { inShop, shop, pool, now } = context;
  await refreshShopFacts(context);
  const { historyDays } = await inShop((db) => db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } }));
  const fromMs = visibleFromMs(historyDays, now().getTime());
  if (fromMs === null) return [...orderIds];
  const stands = await withTenantConnection(pool, shop, (connection) => loadOrderStands(connection, shop, orderIds));
  return orderIds.filter((orderId) => (stands.get(orderId)?.createdAt.getTime() ?? 0) > fromMs);
}

/** `none`: it turned out to be no difference. */
type Verdict = DifferenceOutcome | 'none';

/** Whoever brought the order up to date: this repair, or a webhook since the list was made. */
function judge(
  { cause, theirUpdatedAt, ourFingerprint }: OpenDifference,
  stand: OrderStand | undefined,
  outcome: OrderOutcome | undefined,
): Verdict {
  if (cause === 'gone') {
    if (outcome === 'deleted' || stand === undefined || stand.isDeleted) return 'repaired';
    // Shopify has it: the list had not got that far. Without an outcome it was not asked for.
    return outcome === undefined ? 'unchanged' : 'none';
  }
  if (!stand || stand.isDeleted) return 'unchanged';
  const isCurrent = theirUpdatedAt === null || stand.updatedAt >= theirUpdatedAt;
  const isChanged = cause !== 'unequal' || stand.fingerprint !== ourFingerprint;
  return isCurrent && isChanged ? 'repaired' : 'unchanged';
}

async function noteVerdicts(
  { shop, now }: ShopContext,
  connection: pg.PoolClient,
  reconciliationId: string,
  verdicts: readonly { orderId: bigint; verdict: Verdict }[],
): Promise<void> {
  const idsOf = (wanted: Verdict) => verdicts.filter(({ verdict }) => verdict === wanted).map(({ orderId }) => orderId);
  await dropDifferences(connection, shop, reconciliationId, idsOf('none'));
  for (const outcome of ['repaired', 'unchanged', 'failed'] as const) {
    await settle(connection, shop, reconciliationId, { orderIds: idsOf(outcome), outcome, now: now() });
  }
}
