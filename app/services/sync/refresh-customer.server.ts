import { deleteCustomer, saveCustomers } from '#app/adapters/db/customers.repository.server.ts';
import { noteDataChange } from '#app/adapters/db/note-data-change.server.ts';
import { moveOrdersToCustomer } from '#app/adapters/db/orders.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { raiseTombstoneOn, recordMerge, Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { parseCustomer } from '#app/adapters/shopify/parse-customer.ts';
import { gidOf, requireNumericId } from '#app/adapters/shopify/gid.ts';
import { CustomerByIdDocument } from '#app/generated/admin-api.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Reads a customer as it is now and stores it unless we hold a later version or were told to forget it. */
export async function refreshCustomer(
  context: ShopContext,
  customerId: bigint,
): Promise<'stored' | 'not-found' | 'forgotten'> {
  const { data } = await context.admin(CustomerByIdDocument, { id: gidOf('Customer', customerId) });
  if (!data.customer) return 'not-found';
  const customer = parseCustomer(data.customer);
  return withTenantConnection(context.pool, context.shop, async (connection) => {
    await noteDataChange(connection, context.shop, context.now());
    const tombstones = await Tombstones.loadOn(connection, context.sealedBox, context.shop);
    if (tombstones.buriesCustomer(customerId)) return 'forgotten';
    await saveCustomers(connection, context.shop, [customer], null);
    return 'stored';
  });
}

/** The record goes, and no file of a pull that is under way brings it back; the orders stay, as they do in Shopify. */
export async function removeCustomer(context: ShopContext, customerId: bigint): Promise<'deleted'> {
  await withTenantConnection(context.pool, context.shop, async (connection) => {
    await noteDataChange(connection, context.shop, context.now());
    await raiseTombstoneOn(connection, context.sealedBox, context.shop, 'deleted-customer', customerId);
    await deleteCustomer(connection, context.shop, customerId);
  });
  return 'deleted';
}

/**
 * Two customers turned out to be one: the orders of the one that went belong to the one that stayed. The merge is kept,
 * because Shopify leaves the orders' versions as they were, so a file from before it looks as new as one from after.
 */
export async function mergeCustomers(
  context: ShopContext,
  { keptGid, deletedGid }: { keptGid: string; deletedGid: string },
): Promise<'merged'> {
  const keptId = requireNumericId(keptGid);
  const deletedId = requireNumericId(deletedGid);
  await withTenantConnection(context.pool, context.shop, async (connection) => {
    await noteDataChange(connection, context.shop, context.now());
    const merge = { removedId: deletedId, keptId, mergedAt: context.now() };
    const ownerId = await recordMerge(connection, context.sealedBox, context.shop, merge);
    await moveOrdersToCustomer(connection, context.shop, { fromId: deletedId, toId: ownerId });
    await raiseTombstoneOn(connection, context.sealedBox, context.shop, 'deleted-customer', deletedId);
    await deleteCustomer(connection, context.shop, deletedId);
  });
  await refreshCustomer(context, keptId);
  return 'merged';
}
