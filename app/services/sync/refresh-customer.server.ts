import type pg from 'pg';

import { moveInvite } from '#app/adapters/db/accounts/account-invites.repository.server.ts';
import { deleteCustomer, saveCustomers } from '#app/adapters/db/customers.repository.server.ts';
import { forgetDifferencesOf } from '#app/adapters/db/differences.repository.server.ts';
import { holdsCustomer, isComparisonUnfinished, isPullUnfinished } from '#app/adapters/db/held-orders.server.ts';
import { noteDataChange } from '#app/adapters/db/note-data-change.server.ts';
import { moveDiscounts } from '#app/adapters/db/offers/offer-codes.repository.server.ts';
import { moveOrdersToCustomer } from '#app/adapters/db/orders.repository.server.ts';
import { moveMember } from '#app/adapters/db/segment-members.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { raiseTombstoneOn, recordMerge, Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { requireNumericId } from '#app/adapters/shopify/gid.ts';
import { loadCustomersById, type Readings } from '#app/adapters/shopify/load-records.server.ts';
import type { CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import { mergeMembers } from '#app/services/loyalty/merge-members.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** As of orders. `forgotten`: it was redacted, deleted or merged away. */
export type CustomerOutcome = 'stored' | 'forgotten' | 'not-found' | 'deleted' | 'nothing-held';

interface CustomersToStore {
  readings: Readings<CustomerRecord>;
  /** Customers that are to be deleted here if Shopify has them no more. */
  removed: ReadonlySet<bigint>;
  alongside?: (connection: pg.PoolClient, outcomes: ReadonlyMap<bigint, CustomerOutcome>) => Promise<void>;
}

/** Reads a customer as it is now and stores it unless we hold a later version or were told to forget it. */
export async function refreshCustomer(
  context: ShopContext,
  customerId: bigint,
): Promise<'stored' | 'not-found' | 'forgotten'> {
  const readings = await loadCustomersById(context.admin, [customerId]);
  const reading = readings.get(customerId);
  if (reading?.kind === 'unreadable') throw reading.error;
  const outcome = (await storeCustomers(context, { readings, removed: new Set() })).get(customerId);
  return outcome === 'stored' || outcome === 'forgotten' ? outcome : 'not-found';
}

/** Stores what was read of many customers in one transaction. What could not be read has no outcome. */
export async function storeCustomers(
  context: ShopContext,
  { readings, removed, alongside }: CustomersToStore,
): Promise<Map<bigint, CustomerOutcome>> {
  const { pool, shop, sealedBox } = context;
  return withTenantConnection(pool, shop, async (connection) => {
    const outcomes = new Map<bigint, CustomerOutcome>();
    const found: CustomerRecord[] = [];
    const buried: bigint[] = [];
    for (const [customerId, reading] of readings) {
      if (reading.kind === 'found') found.push(reading.record);
      if (reading.kind !== 'absent') continue;
      const isBuried = removed.has(customerId) && (await mayLeaveTrace(connection, context, customerId));
      if (isBuried) buried.push(customerId);
      outcomes.set(customerId, isBuried ? 'deleted' : removed.has(customerId) ? 'nothing-held' : 'not-found');
    }
    if (found.length > 0 || buried.length > 0) {
      await noteDataChange(connection, shop, context.now());
      for (const customerId of buried) await buryCustomer(connection, context, customerId);
      const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);
      const kept = found.filter((customer) => !tombstones.buriesCustomer(customer.customerId));
      if (kept.length > 0) await saveCustomers(connection, shop, kept, null);
      for (const customer of found) outcomes.set(customer.customerId, kept.includes(customer) ? 'stored' : 'forgotten');
    }
    await alongside?.(connection, outcomes);
    return outcomes;
  });
}

/** Whoever names a customer of another shop must find nothing to write; see `storeOrders`. */
async function mayLeaveTrace(connection: pg.PoolClient, { shop }: ShopContext, customerId: bigint): Promise<boolean> {
  if (await holdsCustomer(connection, shop, customerId)) return true;
  if (await isComparisonUnfinished(connection, shop)) return true;
  return (await isPullUnfinished(connection, shop, 'orders')) || (await isPullUnfinished(connection, shop, 'customers'));
}

/** The record goes, and no file of a pull that is under way brings it back; the orders stay, as they do in Shopify. */
async function buryCustomer(connection: pg.PoolClient, { sealedBox, shop }: ShopContext, customerId: bigint): Promise<void> {
  await raiseTombstoneOn(connection, sealedBox, shop, 'deleted-customer', customerId);
  await deleteCustomer(connection, shop, customerId);
}

/**
 * Two customers turned out to be one: the orders of the one that went belong to the one that stayed. The merge is kept,
 * because Shopify leaves the orders' versions as they were, so a file from before it looks as new as one from after.
 *
 * Asked of Shopify first, because the shop that a webhook names is not signed: `still-there` when it has both customers,
 * which is so for a moment after a merge too; `nothing-held` when we never heard of the one that went.
 */
export async function mergeCustomers(
  context: ShopContext,
  { keptGid, deletedGid }: { keptGid: string; deletedGid: string },
): Promise<'merged' | 'still-there' | 'nothing-held'> {
  const { pool, shop, sealedBox, now } = context;
  const keptId = requireNumericId(keptGid);
  const deletedId = requireNumericId(deletedGid);
  const readings = await loadCustomersById(context.admin, [keptId, deletedId]);
  for (const reading of readings.values()) if (reading.kind === 'unreadable') throw reading.error;
  if (readings.get(deletedId)?.kind !== 'absent') return 'still-there';
  return withTenantConnection(pool, shop, async (connection) => {
    if (!(await mayLeaveTrace(connection, context, deletedId))) return 'nothing-held';
    await noteDataChange(connection, shop, now());
    const moved = { fromId: deletedId, toId: await recordMerge(connection, sealedBox, shop, { removedId: deletedId, keptId, mergedAt: now() }) };
    await moveOrdersToCustomer(connection, shop, moved);
    await moveMember(connection, shop, moved);
    await mergeMembers(context, connection, moved);
    await moveDiscounts(connection, shop, moved);
    await moveInvite(connection, shop, moved);
    await buryCustomer(connection, context, deletedId);
    // A redaction of the one that stayed would not find them.
    await forgetDifferencesOf(connection, shop, deletedId);
    const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);
    const kept = readings.get(keptId);
    if (kept?.kind === 'found' && !tombstones.buriesCustomer(keptId)) await saveCustomers(connection, shop, [kept.record], null);
    return 'merged';
  });
}
