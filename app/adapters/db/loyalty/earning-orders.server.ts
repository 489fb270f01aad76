import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { deriveEarningMoney, isPaidInFull, remainingOfLineMinor } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { EarningFacts, EarningLine, EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';
import type { Prisma } from '#app/generated/prisma/client.ts';

const ORDER_COLUMNS = {
  orderId: true,
  customerId: true,
  processedAt: true,
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

type OrderRow = Prisma.OrderGetPayload<{ select: typeof ORDER_COLUMNS }>;
type LineRow = Prisma.OrderLineGetPayload<{ select: typeof LINE_COLUMNS }>;

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
  const lines = new Map<bigint, EarningLine[]>();
  for (const row of await db.orderLine.findMany({ where, select: LINE_COLUMNS, orderBy: [{ orderId: 'asc' }, { lineId: 'asc' }] })) {
    const ofOrder = lines.get(row.orderId);
    if (ofOrder === undefined) lines.set(row.orderId, [earningLine(row)]);
    else ofOrder.push(earningLine(row));
  }
  return orders.map((row) => earningOrder(row, lines.get(row.orderId) ?? []));
}

/** States out of which an order is paid by itself. */
const TO_BE_PAID: ReadonlySet<string | null> = new Set(['PENDING', 'AUTHORIZED', 'PARTIALLY_PAID']);

/**
 * One order as it stands, and as it will once it is paid and sent: the same where it is, and null where nobody pays for
 * it any more. Null for one that is not here.
 */
export async function loadOrderWithPromise(
  db: TenantDb,
  { shopId }: ShopRef,
  orderId: bigint,
): Promise<{ order: EarningOrder; promised: EarningOrder | null } | null> {
  const row = await db.order.findUnique({ where: { shopId_orderId: { shopId, orderId } }, select: ORDER_COLUMNS });
  if (row === null) return null;
  const lineRows = await db.orderLine.findMany({ where: { shopId, orderId }, select: LINE_COLUMNS, orderBy: { lineId: 'asc' } });
  const lines = lineRows.map(earningLine);
  const order = earningOrder(row, lines);
  const sent = { ...row, fulfillmentStatus: 'FULFILLED' };
  if (isPaidInFull(row)) return { order, promised: earningOrder(sent, lines) };
  if (!TO_BE_PAID.has(row.financialStatus)) return { order, promised: null };
  const receivedMinor = row.receivedMinor + (row.outstandingMinor > 0n ? row.outstandingMinor : 0n);
  return { order, promised: earningOrder({ ...sent, financialStatus: 'PAID', receivedMinor, outstandingMinor: 0n }, lines) };
}

function earningOrder(row: OrderRow, lines: EarningLine[]): EarningOrder {
  const { orderId, customerId, processedAt, financialStatus, fulfillmentStatus } = row;
  return {
    orderId,
    customerId,
    processedAtMs: processedAt.getTime(),
    financialStatus,
    fulfillmentStatus,
    ...deriveEarningMoney(factsOf(row)),
    lines,
  };
}

function factsOf(row: OrderRow): EarningFacts {
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

function earningLine({ lineId, productId, quantity, currentQuantity, discountedTotalMinor, isGiftCard }: LineRow): EarningLine {
  return {
    lineId,
    productId: productId === null ? null : Number(productId),
    collectionIds: [],
    isGiftCard: isGiftCard ?? false,
    remainingMinor: remainingOfLineMinor({ quantity, currentQuantity, discountedTotalMinor: Number(discountedTotalMinor) }),
  };
}

export interface ChangedOrders {
  orderIds: bigint[];
  /** Every order that changed up to this version, and after the one asked for, is among them. */
  throughVersion: bigint;
  /** Not all that changed: there are more now, or will be once an import that is under way has brought their lines. */
  rest: 'none' | 'more' | 'importing';
}

interface ChangedRow {
  order_id: bigint;
  data_version: bigint;
  is_importing: boolean;
}

/**
 * Orders that were written after a version of the shop's data, the earliest first; some more than `limit` where many were
 * written in one. An import brings lines after their orders and gives them no version, so that from the first order on
 * whose import is under way nobody looks further.
 */
export async function loadChangedOrderIds(
  db: TenantDb,
  { shopId }: ShopRef,
  { after, limit }: { after: bigint; limit: number },
): Promise<ChangedOrders> {
  // Read before the orders: what is written between the two is above this version, and is found again.
  const { dataVersion } = await db.shop.findUniqueOrThrow({ where: { shopId }, select: { dataVersion: true } });
  const rows = await db.$queryRaw<ChangedRow[]>`
    SELECT o.order_id, o.data_version, i.import_id IS NOT NULL AS is_importing
    FROM orders o
    LEFT JOIN imports i ON i.shop_id = o.shop_id AND i.import_id = o.import_id AND i.state IN ('requested', 'running', 'storing')
    WHERE o.shop_id = ${shopId} AND o.data_version > ${after}
    ORDER BY o.data_version
    FETCH FIRST ${limit} ROWS WITH TIES`;
  const importing = rows.find((row) => row.is_importing)?.data_version;
  const ready = importing === undefined ? rows : rows.filter((row) => row.data_version < importing);
  const orderIds = ready.map((row) => row.order_id);
  const last = ready.at(-1)?.data_version ?? after;
  if (importing !== undefined) return { orderIds, throughVersion: last, rest: 'importing' };
  if (rows.length >= limit) return { orderIds, throughVersion: last, rest: 'more' };
  return { orderIds, throughVersion: last > dataVersion ? last : dataVersion, rest: 'none' };
}
