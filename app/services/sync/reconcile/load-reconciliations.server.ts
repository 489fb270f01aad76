import {
  loadCustomerDifferences,
  loadDifferences,
  loadEndedReconciliations,
  loadLatestCompleted,
  loadReconciledDays,
  loadUnfinishedReconciliation,
  reconciliationRun,
} from '#app/adapters/db/reconciliations.repository.server.ts';
import type { ReconciliationReport } from '#app/domain/sync/reconciliation.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What a page tells of the comparisons with Shopify: the latest result, the one under way, and those before. */
export async function loadReconciliations({
  inShop,
  shop,
}: Pick<ShopContext, 'inShop' | 'shop'>): Promise<ReconciliationReport> {
  return inShop(async (db) => {
    const { currency, ianaTimeZone, reconcileDueAt } = await db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId } });
    const completed = await loadLatestCompleted(db, shop);
    const underWay = await loadUnfinishedReconciliation(db, shop);
    const ended = await loadEndedReconciliations(db, shop);
    const customers = completed ? await loadCustomerDifferences(db, shop, completed.reconciliationId) : null;
    const days = completed ? await loadReconciledDays(db, shop, completed.reconciliationId) : [];
    return {
      currency,
      timeZone: ianaTimeZone,
      latest: completed && {
        ...reconciliationRun(completed),
        daysCompared: days.length,
        daysThatDiffer: days.filter(
          (day) => day.ourOrders !== day.theirOrders || day.ourTotalMinor !== day.theirTotalMinor,
        ),
        differences: await loadDifferences(db, shop, completed.reconciliationId),
        customerDifferences: customers?.shown ?? [],
        customerDifferencesFound: customers?.found ?? 0,
      },
      underWay: underWay && reconciliationRun(underWay),
      recent: ended.map(reconciliationRun),
      nextDueAtMs: reconcileDueAt?.getTime() ?? null,
    };
  });
}
