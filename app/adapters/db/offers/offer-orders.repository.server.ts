import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { CustomerHistory, OfferOrder } from '#app/domain/offers/decide-offer.ts';

/** An order as an offer is decided by it, in the currency that the shop had, but for what is asked seldom. */
export interface LoadedOfferOrder extends Omit<OfferOrder, 'productIds'> {
  readonly currency: string;
  readonly processedAtMs: number;
}

/** Null while we do not have it. A deleted order counts as one that we do not have. */
export async function loadOfferOrder(db: TenantDb, { shopId }: ShopRef, orderId: bigint): Promise<LoadedOfferOrder | null> {
  const row = await db.order.findUnique({
    where: { shopId_orderId: { shopId, orderId }, deletedAt: null },
    select: {
      ...{ customerId: true, createdAt: true, processedAt: true, isTest: true, cancelledAt: true },
      ...{ currency: true, subtotalMinor: true, countryCode: true, provinceCode: true },
    },
  });
  if (row === null) return null;
  return {
    orderId,
    customerId: row.customerId,
    createdAtMs: row.createdAt.getTime(),
    processedAtMs: row.processedAt.getTime(),
    isTest: row.isTest,
    isCancelled: row.cancelledAt !== null,
    subtotalMinor: Number(row.subtotalMinor),
    countryCode: row.countryCode,
    provinceCode: row.provinceCode,
    currency: row.currency,
  };
}

/** What an order holds, by the numbers of the products. */
export async function loadProductIds(db: TenantDb, { shopId }: ShopRef, orderId: bigint): Promise<string[]> {
  const lines = await db.orderLine.findMany({ where: { shopId, orderId, productId: { not: null } }, select: { productId: true } });
  return lines.map(({ productId }) => String(productId));
}

const heldSchema = z.tuple([z.object({ held: z.boolean() })]);

/**
 * Until the transaction ends, offers for orders of this customer are decided by it alone: the codes that they may hold are
 * counted by who decides, and what is counted must stand. A lock of its own, for there may be no row of theirs to hold.
 *
 * @returns false, without waiting, while another transaction has it
 */
export async function tryHoldOffersOfCustomer(db: TenantDb, { shopId }: ShopRef, customerId: bigint): Promise<boolean> {
  const rows = await db.$queryRaw`SELECT pg_try_advisory_xact_lock(hashtextextended(${`offers ${shopId}/${customerId}`}, 0)) AS held`;
  return heldSchema.parse(rows)[0].held;
}

export interface CustomerStanding {
  readonly history: CustomerHistory;
  /** Codes given for their other orders that still work. */
  readonly openCodes: number;
}

const standingSchema = z.tuple([
  z.object({ counted_orders: z.number().int(), number_of_orders: z.number().int().nullable(), updated_at: z.date().nullable(), open_codes: z.number().int() }),
]);

/**
 * Who placed an order. A code works until it ends or is in one of their orders: one that they passed on and somebody else
 * used counts as open until its end. In one statement, since a page waits. Indexes: orders by customer, and primary keys.
 */
export async function loadCustomerStanding(
  db: TenantDb,
  { shopId }: ShopRef,
  { orderId, customerId, createdAtMs, now }: { orderId: bigint; customerId: bigint; createdAtMs: number; now: Date },
): Promise<CustomerStanding> {
  const rows = await db.$queryRaw`
    WITH mine AS MATERIALIZED (
      SELECT order_id, created_at, is_test, cancelled_at, discount_codes FROM orders
      WHERE shop_id = ${shopId} AND customer_id = ${customerId} AND deleted_at IS NULL
    )
    SELECT
      (SELECT count(*)::int FROM mine WHERE NOT is_test AND cancelled_at IS NULL
        AND (created_at, order_id) <= (${new Date(createdAtMs)}::timestamptz, ${orderId})) AS counted_orders,
      (SELECT count(*)::int FROM mine
        JOIN offer_codes c ON c.shop_id = ${shopId} AND c.order_id = mine.order_id AND c.state IN ('intended', 'issued')
        JOIN offer_discounts d ON d.shop_id = c.shop_id AND d.discount_key = c.discount_key AND d.ends_at > ${now}
        WHERE mine.order_id <> ${orderId} AND NOT EXISTS (SELECT FROM mine used, unnest(used.discount_codes) u (code) WHERE upper(u.code) = c.code)) AS open_codes,
      u.number_of_orders, u.updated_at
    FROM (SELECT) one LEFT JOIN customers u ON u.shop_id = ${shopId} AND u.customer_id = ${customerId}`;
  const [row] = standingSchema.parse(rows);
  const { number_of_orders: numberOfOrders, updated_at: updatedAt } = row;
  const shopify = numberOfOrders === null || updatedAt === null ? null : { numberOfOrders, readAsOfMs: updatedAt.getTime() };
  return { history: { countedOrders: row.counted_orders, shopify }, openCodes: row.open_codes };
}

/** The changes of a customer's tier, in the order in which they were added; none for who is in no program. */
export async function loadTierChanges(db: TenantDb, { shopId }: ShopRef, customerId: bigint): Promise<{ tierId: string; effectiveAtMs: number }[]> {
  const member = await db.loyaltyMember.findUnique({
    where: { shopId_customerId: { shopId, customerId } },
    select: { tierChanges: { select: { tierId: true, effectiveAt: true }, orderBy: { changeNo: 'asc' } } },
  });
  return (member?.tierChanges ?? []).map(({ tierId, effectiveAt }) => ({ tierId, effectiveAtMs: effectiveAt.getTime() }));
}
