import type pg from 'pg';

import { saveCustomers } from '#app/adapters/db/customers.repository.server.ts';
import { isComparisonUnfinished, isPullUnfinished, loadHeldOrders, type HeldOrder } from '#app/adapters/db/held-orders.server.ts';
import { noteDataChange } from '#app/adapters/db/note-data-change.server.ts';
import { markOrderDeleted, saveOrderLines, saveOrders } from '#app/adapters/db/orders.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { raiseTombstoneOn, Tombstones } from '#app/adapters/db/tombstones.repository.server.ts';
import { loadCustomersById, type CurrentOrder, type Readings } from '#app/adapters/shopify/load-records.server.ts';
import type { CustomerRecord } from '#app/adapters/shopify/parse-customer.ts';
import type { OrderRecord } from '#app/adapters/shopify/order-record.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { withoutBuried } from '#app/services/sync/import/import-source.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * `older`: we hold a later version, or the order was deleted. `not-found`: Shopify has it not, or not any more.
 * `deleted`: the same, and now so here. `nothing-held`: it was to be deleted, and we never had it.
 */
export type OrderOutcome = 'stored' | 'older' | 'not-found' | 'deleted' | 'nothing-held';

interface OrdersToStore {
  readings: Readings<CurrentOrder>;
  /** Orders that are to be deleted here if Shopify has them no more. */
  removed: ReadonlySet<bigint>;
  /** What else belongs in the transaction, such as that the work is done. */
  alongside?: (connection: pg.PoolClient, outcomes: ReadonlyMap<bigint, OrderOutcome>) => Promise<void>;
}

/**
 * Stores what was read of many orders in one transaction, but for those of which we hold a later version. What could not
 * be read has no outcome.
 */
export async function storeOrders(
  context: ShopContext,
  { readings, removed, alongside }: OrdersToStore,
): Promise<Map<bigint, OrderOutcome>> {
  const { pool, shop } = context;
  const bereaved = await loadBereaved(context, [...readings.keys()].filter((orderId) => removed.has(orderId) && readings.get(orderId)?.kind === 'absent'));
  return withTenantConnection(pool, shop, async (connection) => {
    const outcomes = new Map<bigint, OrderOutcome>();
    const found: CurrentOrder[] = [];
    const absent: bigint[] = [];
    for (const [orderId, reading] of readings) {
      if (reading.kind === 'found') found.push(reading.record);
      if (reading.kind !== 'absent') continue;
      outcomes.set(orderId, 'not-found');
      if (removed.has(orderId)) absent.push(orderId);
    }
    const buried = await chooseBuried(connection, context, absent);
    for (const orderId of absent) outcomes.set(orderId, buried.includes(orderId) ? 'deleted' : 'nothing-held');
    if (found.length > 0 || buried.length > 0) {
      await noteDataChange(connection, shop, context.now());
      for (const orderId of buried) await buryOrder(connection, context, orderId);
      await saveUnlessBuried(connection, context, bereaved);
      for (const [orderId, outcome] of await saveFound(connection, context, found)) outcomes.set(orderId, outcome);
    }
    await alongside?.(connection, outcomes);
    return outcomes;
  });
}

/**
 * The customers of orders that are gone, as Shopify has them now: how many orders it counts of them changes with no
 * version of theirs, and no webhook tells.
 */
async function loadBereaved({ pool, shop, admin }: ShopContext, gone: readonly bigint[]): Promise<CustomerRecord[]> {
  if (gone.length === 0) return [];
  const held = await withTenantConnection(pool, shop, (connection) => loadHeldOrders(connection, shop, gone));
  const ownerIds = [...held.values()].flatMap(({ isDeleted, customerId }) => (!isDeleted && customerId !== null && customerId > 0n ? [customerId] : []));
  if (ownerIds.length === 0) return [];
  const readings = await loadCustomersById(admin, [...new Set(ownerIds)]);
  return [...readings.values()].flatMap((reading) => (reading.kind === 'found' ? [reading.record] : []));
}

async function saveUnlessBuried(connection: pg.PoolClient, { shop, sealedBox }: ShopContext, customers: readonly CustomerRecord[]): Promise<void> {
  if (customers.length === 0) return;
  const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);
  const kept = customers.filter(({ customerId }) => !tombstones.buriesCustomer(customerId));
  if (kept.length > 0) await saveCustomers(connection, shop, kept, null);
}

/**
 * An order that is gone leaves a trace here if we hold it, or if a file is under way that may bring it: a pull's, or
 * the list of a comparison, which would miss the order and ask for it in vain. Otherwise nothing could bring it: whatever else stores an order asks Shopify first. So whoever names foreign orders writes
 * nothing.
 */
async function chooseBuried(connection: pg.PoolClient, { shop }: ShopContext, absent: readonly bigint[]): Promise<bigint[]> {
  if (absent.length === 0) return [];
  if (await isPullUnfinished(connection, shop, 'orders')) return [...absent];
  if (await isComparisonUnfinished(connection, shop)) return [...absent];
  const held = await loadHeldOrders(connection, shop, absent);
  return absent.filter((orderId) => held.has(orderId));
}

/** The tombstone comes too, for a file that is under way may bring the order later. */
async function buryOrder(connection: pg.PoolClient, { sealedBox, shop, now }: ShopContext, orderId: bigint): Promise<void> {
  await raiseTombstoneOn(connection, sealedBox, shop, 'order', orderId);
  await markOrderDeleted(connection, shop, orderId, now());
}

async function saveFound(
  connection: pg.PoolClient,
  context: ShopContext,
  found: readonly CurrentOrder[],
): Promise<Map<bigint, OrderOutcome>> {
  if (found.length === 0) return new Map();
  const { shop, sealedBox } = context;
  const tombstones = await Tombstones.loadOn(connection, sealedBox, shop);
  const withheld = found.filter((current) => current.withheld.size > 0).map(({ order }) => order.orderId);
  const held = withheld.length > 0 ? await loadHeldOrders(connection, shop, withheld) : new Map<bigint, HeldOrder>();
  const orders = withoutBuried(
    context,
    tombstones,
    found.map((current) => keepWithheld(current, held.get(current.order.orderId))),
  );
  const taken = new Set(await saveOrders(connection, shop, orders, null));
  await failpoint('webhook-inside-store');
  const lines = found.flatMap(({ order, lines: ofOrder }) =>
    taken.has(order.orderId) ? ofOrder.map((line) => ({ orderId: order.orderId, line })) : [],
  );
  if (lines.length > 0) await saveOrderLines(connection, shop, lines, null);
  const customers = found.flatMap(({ customer }) =>
    customer && !tombstones.buriesCustomer(customer.customerId) ? [customer] : [],
  );
  if (customers.length > 0) await saveCustomers(connection, shop, customers, null);
  return new Map(found.map(({ order }) => [order.orderId, taken.has(order.orderId) ? 'stored' : 'older']));
}

/** What Shopify withholds today it may have told us before: that we may not see it does not make it untrue. */
function keepWithheld({ order, withheld }: CurrentOrder, held: HeldOrder | undefined): OrderRecord {
  if (!held || withheld.size === 0) return order;
  return {
    ...order,
    ...(withheld.has('customer') && order.customerId === null ? { customerId: held.customerId } : {}),
    ...(withheld.has('region') && order.countryCode === null
      ? { countryCode: held.countryCode, provinceCode: held.provinceCode }
      : {}),
  };
}
