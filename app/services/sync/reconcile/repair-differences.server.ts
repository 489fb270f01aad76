import { countOpen, loadPullSince, settleByPull } from '#app/adapters/db/differences.repository.server.ts';
import { foundIn } from '#app/adapters/db/reconciliations.repository.server.ts';
import type { ComparedRecords } from '#app/domain/sync/reconciliation.ts';
import type { Reconciliation } from '#app/generated/prisma/client.ts';
import { repairCustomers } from '#app/services/sync/reconcile/repair-customers.server.ts';
import { repairOrders } from '#app/services/sync/reconcile/repair-orders.server.ts';
import { requestImports } from '#app/services/sync/record-install.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Beyond this many, one file is sooner here than the records one by one, and costs the shop's limits nothing.
const MAX_SINGLE_REPAIRS: Readonly<Record<ComparedRecords, number>> = { orders: 2_000, customers: 8_000 };

/**
 * Brings some of what differs up to date and notes in the same transaction what became of each, so that a kill undoes
 * both or neither.
 */
export async function repairDifferences(context: ShopContext, run: Reconciliation): Promise<'more' | 'waiting' | 'done'> {
  const { inShop, shop } = context;
  const found = foundIn(run);
  const open = await inShop((db) => countOpen(db, shop, found));
  if (open.all === 0) return 'done';
  if (open.changed > MAX_SINGLE_REPAIRS[found.resource]) return repairByPull(context, run);
  await (found.resource === 'orders' ? repairOrders(context, found) : repairCustomers(context, found));
  return 'more';
}

async function repairByPull(context: ShopContext, run: Reconciliation): Promise<'more' | 'waiting'> {
  const { inShop, shop, now } = context;
  const { resource, reconciliationId } = foundIn(run);
  return inShop(async (db) => {
    const pull = await loadPullSince(db, shop, resource, run.startedAt ?? run.requestedAt);
    if (pull === 'none') await requestImports(context, db);
    if (pull === 'none' || pull === 'unfinished') return 'waiting';
    await settleByPull(db, shop, { resource, reconciliationId }, { isComplete: pull === 'completed', now: now() });
    return 'more';
  });
}
