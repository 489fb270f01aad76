import { loadOpen, type FoundIn, type OpenDifference } from '#app/adapters/db/differences.repository.server.ts';
import { loadOrderIdsOf } from '#app/adapters/db/held-orders.server.ts';
import { loadCustomerStands, type CustomerStand } from '#app/adapters/db/sql/customer-stands.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import {
  CUSTOMERS_A_READ,
  loadCustomersById,
  loadOrdersById,
  ORDERS_A_READ,
  type Reading,
} from '#app/adapters/shopify/load-records.server.ts';
import type { CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { noteVerdicts, type Verdict } from '#app/services/sync/reconcile/note-verdicts.server.ts';
import { readApart } from '#app/services/sync/reconcile/read-apart.server.ts';
import { storeCustomers } from '#app/services/sync/refresh-customer.server.ts';
import { storeOrders } from '#app/services/sync/refresh-order.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** As of orders. All customers are shown to us however old they are, so one whom Shopify says it has not is gone. */
export async function repairCustomers(context: ShopContext, found: FoundIn): Promise<void> {
  const { inShop, shop } = context;
  const batch = await inShop((db) => loadOpen(db, shop, found, CUSTOMERS_A_READ));
  const ids = batch.map(({ id }) => id);
  const readings = await readApart(context, ids, (asked) => loadCustomersById(context.admin, asked));
  const absent = ids.filter((id) => readings.get(id)?.kind === 'absent');
  for (const customerId of absent) await rereadOrdersOf(context, customerId);
  await storeCustomers(context, {
    readings,
    removed: new Set(absent),
    alongside: async (connection) => {
      const stands = await loadCustomerStands(connection, shop, ids);
      const verdicts = batch.map((difference) => {
        const { id } = difference;
        return { id, verdict: judge(difference, readings.get(id), stands.get(id)) };
      });
      await noteVerdicts(context, connection, found, verdicts);
      await failpoint('reconcile-inside-repair-customers');
    },
  });
}

/**
 * Whoever was merged into somebody else leaves orders behind, which Shopify gives to that one without a new version of
 * them. Who that is only the orders tell; those that Shopify does not show stay as they are.
 */
async function rereadOrdersOf(context: ShopContext, customerId: bigint): Promise<void> {
  const { pool, shop, admin } = context;
  const orderIds = await withTenantConnection(pool, shop, (connection) => loadOrderIdsOf(connection, shop, customerId));
  for (let first = 0; first < orderIds.length; first += ORDERS_A_READ) {
    const ids = orderIds.slice(first, first + ORDERS_A_READ);
    const readings = await readApart(context, ids, (asked) => loadOrdersById(admin, asked));
    await storeOrders(context, { readings, removed: new Set() });
  }
}

/** Whoever brought the customer up to date: this repair, or a webhook since the list was made. */
function judge(
  { cause, theirUpdatedAt, ourFingerprint }: OpenDifference,
  reading: Reading<CustomerRecord> | undefined,
  stand: CustomerStand | undefined,
): Verdict {
  if (reading === undefined || reading.kind === 'unreadable') return 'failed';
  // Gone since the list was made, or not in it because they are.
  if (reading.kind === 'absent') return cause === 'missing' ? 'none' : 'repaired';
  // The list had not got that far.
  if (cause === 'gone') return 'none';
  // Redacted since.
  if (stand === undefined) return 'none';
  if (theirUpdatedAt !== null && stand.updatedAt < theirUpdatedAt) return 'unchanged';
  return cause === 'unequal' && stand.fingerprint === ourFingerprint ? 'none' : 'repaired';
}
