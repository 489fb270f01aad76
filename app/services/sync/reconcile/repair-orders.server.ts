import { loadOpen, type FoundIn, type OpenDifference } from '#app/adapters/db/differences.repository.server.ts';
import { loadOrderStands, type OrderStand } from '#app/adapters/db/sql/order-stands.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { loadOrdersById, ORDERS_A_READ } from '#app/adapters/shopify/load-records.server.ts';
import { visibleFromMs } from '#app/domain/sync/reconciliation-schedule.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { noteVerdicts, type Verdict } from '#app/services/sync/reconcile/note-verdicts.server.ts';
import { readApart } from '#app/services/sync/reconcile/read-apart.server.ts';
import { storeOrders, type OrderOutcome } from '#app/services/sync/refresh-order.server.ts';
import { refreshShopFacts } from '#app/services/sync/refresh-shop-facts.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Nothing is removed for being absent from a list: Shopify is asked for each. Nor for being older than what we are
 * shown, which may have shrunk since the list was made.
 */
export async function repairOrders(context: ShopContext, found: FoundIn): Promise<void> {
  const { inShop, shop } = context;
  const batch = await inShop((db) => loadOpen(db, shop, found, ORDERS_A_READ));
  const gone = batch.filter(({ cause }) => cause === 'gone').map(({ id }) => id);
  const removed = new Set(gone.length === 0 ? [] : await chooseVisible(context, gone));
  const asked = batch.filter(({ id, cause }) => cause !== 'gone' || removed.has(id));
  const readings = await readApart(context, asked.map(({ id }) => id), (ids) => loadOrdersById(context.admin, ids));
  const unreadable = (orderId: bigint) => readings.get(orderId)?.kind === 'unreadable';
  await storeOrders(context, {
    readings,
    removed,
    alongside: async (connection, outcomes) => {
      const stands = await loadOrderStands(connection, shop, batch.map(({ id }) => id));
      const verdicts = batch.map((difference): { id: bigint; verdict: Verdict } => {
        const { id } = difference;
        return { id, verdict: unreadable(id) ? 'failed' : judge(difference, stands.get(id), outcomes.get(id)) };
      });
      await noteVerdicts(context, connection, found, verdicts);
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
