import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { deriveEarningMoney, isPaidInFull, remainingOfLineMinor } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningFacts, EarningLine, EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { Prisma } from '#app/generated/prisma/client.ts';

const ORDER_COLUMNS = {
  orderId: true,
  customerId: true,
  processedAt: true,
  paidAt: true,
  cancelledAt: true,
  deletedAt: true,
  isTest: true,
  financialStatus: true,
  fulfillmentStatus: true,
  currency: true,
  presentmentCurrency: true,
  presentmentSubtotalMinor: true,
  taxesIncluded: true,
  subtotalMinor: true,
  currentSubtotalMinor: true,
  currentTaxMinor: true,
  currentShippingMinor: true,
  shippingTaxMinor: true,
  tipMinor: true,
  receivedMinor: true,
  refundedMinor: true,
  outstandingMinor: true,
} as const satisfies Prisma.OrderSelect;

const LINE_COLUMNS = {
  orderId: true,
  lineId: true,
  productId: true,
  quantity: true,
  currentQuantity: true,
  discountedTotalMinor: true,
  isGiftCard: true,
} as const satisfies Prisma.OrderLineSelect;

export type EarningOrderRow = Prisma.OrderGetPayload<{ select: typeof ORDER_COLUMNS }> & {
  /** Of the last parcel that was sent. */
  readonly fulfilledAt: Date | null;
};
export type EarningLineRow = Prisma.OrderLineGetPayload<{ select: typeof LINE_COLUMNS }>;

/** States of a parcel that did not leave. Of those that Shopify invents it is taken to have left: the order says whether all of it did. */
const NEVER_SENT = ['CANCELLED', 'ERROR', 'FAILURE'] as const;

/** Of fulfillments `f`: when the last that left did. Grain: what they are grouped by. */
export const LAST_SENT_AT = `max(f.created_at) FILTER (WHERE f.status NOT IN ('${NEVER_SENT.join("', '")}'))`;

/**
 * Orders in the facts that earning goes by, by their id; those that are not here are left out. Which collections a product
 * is in is nothing that an order says: see `findCollections`.
 */
export async function loadEarningOrders(
  db: TenantDb,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<EarningOrder[]> {
  const where = { shopId, orderId: { in: [...orderIds] } };
  const orders = await db.order.findMany({ where, select: ORDER_COLUMNS, orderBy: { orderId: 'asc' } });
  const parcels = await db.fulfillment.groupBy({ by: ['orderId'], where: { ...where, status: { notIn: [...NEVER_SENT] } }, _max: { createdAt: true } });
  const fulfilledAt = new Map(parcels.map(({ orderId, _max }) => [orderId, _max.createdAt]));
  const rows = orders.map((order) => ({ ...order, fulfilledAt: fulfilledAt.get(order.orderId) ?? null }));
  return earningOrders(rows, await db.orderLine.findMany({ where, select: LINE_COLUMNS, orderBy: [{ orderId: 'asc' }, { lineId: 'asc' }] }));
}

/** @param lineRows of these orders, by order and line */
export function earningOrders(orderRows: readonly EarningOrderRow[], lineRows: readonly EarningLineRow[]): EarningOrder[] {
  const lines = new Map<bigint, EarningLine[]>();
  for (const row of lineRows) {
    const ofOrder = lines.get(row.orderId);
    if (ofOrder === undefined) lines.set(row.orderId, [earningLine(row)]);
    else ofOrder.push(earningLine(row));
  }
  return orderRows.map((row) => earningOrder(row, lines.get(row.orderId) ?? []));
}

/** States out of which an order is paid by itself. */
const TO_BE_PAID: ReadonlySet<string | null> = new Set(['PENDING', 'AUTHORIZED', 'PARTIALLY_PAID']);

/** One order as it stands, and as it will once it is paid and sent: the same where it is, and null where nobody pays for it any more. */
export interface OrderWithPromise {
  readonly order: EarningOrder;
  readonly promised: EarningOrder | null;
}

/** @param lineRows of this order */
export function orderWithPromise(row: EarningOrderRow, lineRows: readonly EarningLineRow[]): OrderWithPromise {
  const lines = lineRows.map(earningLine);
  const order = earningOrder(row, lines);
  const sent = { ...row, fulfillmentStatus: 'FULFILLED' };
  if (isPaidInFull(row)) return { order, promised: earningOrder(sent, lines) };
  if (!TO_BE_PAID.has(row.financialStatus)) return { order, promised: null };
  const receivedMinor = row.receivedMinor + (row.outstandingMinor > 0n ? row.outstandingMinor : 0n);
  return { order, promised: earningOrder({ ...sent, financialStatus: 'PAID', receivedMinor, outstandingMinor: 0n }, lines) };
}

function earningOrder(row: EarningOrderRow, lines: EarningLine[]): EarningOrder {
  const { orderId, customerId, processedAt, paidAt, fulfilledAt, financialStatus, fulfillmentStatus } = row;
  return {
    orderId,
    customerId,
    processedAtMs: processedAt.getTime(),
    paidAtMs: paidAt?.getTime() ?? null,
    fulfilledAtMs: fulfilledAt?.getTime() ?? null,
    financialStatus,
    fulfillmentStatus,
    ...deriveEarningMoney(factsOf(row)),
    lines,
  };
}

function factsOf(row: EarningOrderRow): EarningFacts {
  return {
    test: row.isTest,
    deleted: row.deletedAt !== null,
    cancelledAt: row.cancelledAt?.getTime() ?? null,
    financialStatus: row.financialStatus,
    taxesIncluded: row.taxesIncluded,
    currency: row.currency,
    presentmentCurrency: row.presentmentCurrency,
    presentmentSubtotalMinor: row.presentmentSubtotalMinor === null ? null : Number(row.presentmentSubtotalMinor),
    subtotalMinor: Number(row.subtotalMinor),
    currentSubtotalMinor: Number(row.currentSubtotalMinor),
    currentTaxMinor: Number(row.currentTaxMinor),
    currentShippingTaxMinor: Number(row.shippingTaxMinor),
    currentShippingMinor: Number(row.currentShippingMinor),
    tipMinor: Number(row.tipMinor),
    totalReceivedMinor: Number(row.receivedMinor),
    totalRefundedMinor: Number(row.refundedMinor),
    outstandingMinor: Number(row.outstandingMinor),
  };
}

function earningLine({ lineId, productId, quantity, currentQuantity, discountedTotalMinor, isGiftCard }: EarningLineRow): EarningLine {
  return {
    lineId,
    productId: productId === null ? null : Number(productId),
    collectionIds: [],
    isGiftCard: isGiftCard ?? false,
    remainingMinor: remainingOfLineMinor({ quantity, currentQuantity, discountedTotalMinor: Number(discountedTotalMinor) }),
  };
}
