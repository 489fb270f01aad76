import type pg from 'pg';
import { z } from 'zod';

import { answersTo } from '#app/adapters/db/brief-connection.server.ts';
import { earningOrders, LAST_SENT_AT, orderWithPromise } from '#app/adapters/db/loyalty/earning-orders.server.ts';
import type { EarningLineRow, EarningOrderRow, OrderWithPromise } from '#app/adapters/db/loyalty/earning-orders.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import type { EarningOrder } from '#app/domain/loyalty/accrual/earning-order.ts';

/** Where the worker stands: up to which version of the shop's data orders have been awarded, and which it has now. */
export interface AwardMark {
  /** Null while no program is followed. */
  readonly awardedVersion: bigint | null;
  readonly dataVersion: bigint;
}

const big = z.string().transform(BigInt);
const markSchema = z.object({ is_followed: z.boolean().nullable(), orders_version: big.nullable(), data_version: big });

export async function readAwardMark(connection: pg.PoolClient, { shopId }: ShopRef): Promise<AwardMark> {
  const { rows } = await connection.query({
    name: 'read-award-mark',
    text: `SELECT p.is_followed, p.orders_version, s.data_version
      FROM shops s LEFT JOIN loyalty_progress p ON p.shop_id = s.shop_id WHERE s.shop_id = $1`,
    values: [shopId],
  });
  const row = markSchema.parse(rows[0]);
  return { awardedVersion: row.is_followed === true ? row.orders_version : null, dataVersion: row.data_version };
}

export interface ChangedOrders {
  readonly orderIds: readonly bigint[];
  /** Every order that changed up to this version, and after the one asked for, is among them. */
  readonly throughVersion: bigint;
  /** Not all that changed: there are more now, or will be once an import that is under way has brought their lines. */
  readonly rest: 'none' | 'more' | 'importing';
}

interface ChangesAsked {
  readonly after: bigint;
  /** The shop's, read before: what is written in between is above it, and is found again. */
  readonly dataVersion: bigint;
  readonly limit: number;
}

const changedSchema = z.object({ order_id: big, data_version: big, is_importing: z.boolean() });

/**
 * Orders that were written after a version of the shop's data, the earliest first; some more than `limit` where many were
 * written in one. An import brings lines after their orders and gives them no version, so that from the first order on
 * whose import is under way nobody looks further.
 */
export async function readChangedOrders(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { after, dataVersion, limit }: ChangesAsked,
): Promise<ChangedOrders> {
  const found = await connection.query({
    name: 'read-changed-orders',
    text: `SELECT o.order_id, o.data_version, i.import_id IS NOT NULL AS is_importing
      FROM orders o
      LEFT JOIN imports i ON i.shop_id = o.shop_id AND i.import_id = o.import_id AND i.state IN ('requested', 'running', 'storing')
      WHERE o.shop_id = $1 AND o.data_version > $2
      ORDER BY o.data_version
      FETCH FIRST $3 ROWS WITH TIES`,
    values: [shopId, String(after), limit],
  });
  const rows = found.rows.map((row) => changedSchema.parse(row));
  const importing = rows.find((row) => row.is_importing)?.data_version;
  const ready = importing === undefined ? rows : rows.filter((row) => row.data_version < importing);
  const orderIds = ready.map((row) => row.order_id);
  const last = ready.at(-1)?.data_version ?? after;
  if (importing !== undefined) return { orderIds, throughVersion: last, rest: 'importing' };
  if (rows.length >= limit) return { orderIds, throughVersion: last, rest: 'more' };
  return { orderIds, throughVersion: last > dataVersion ? last : dataVersion, rest: 'none' };
}

const orderSchema: z.ZodType<EarningOrderRow> = z.object({
  orderId: big,
  customerId: big.nullable(),
  processedAt: z.date(),
  paidAt: z.date().nullable(),
  fulfilledAt: z.date().nullable(),
  cancelledAt: z.date().nullable(),
  deletedAt: z.date().nullable(),
  isTest: z.boolean(),
  financialStatus: z.string().nullable(),
  fulfillmentStatus: z.string().nullable(),
  currency: z.string(),
  presentmentCurrency: z.string(),
  presentmentSubtotalMinor: big.nullable(),
  taxesIncluded: z.boolean(),
  subtotalMinor: big,
  currentSubtotalMinor: big,
  currentTaxMinor: big,
  currentShippingMinor: big,
  shippingTaxMinor: big,
  tipMinor: big,
  receivedMinor: big,
  refundedMinor: big,
  outstandingMinor: big,
});
const lineSchema: z.ZodType<EarningLineRow> = z.object({
  orderId: big,
  lineId: big,
  productId: big.nullable(),
  quantity: z.number().int(),
  currentQuantity: z.number().int(),
  discountedTotalMinor: big,
  isGiftCard: z.boolean().nullable(),
});

/** As `loadEarningOrders` does, by statements that are planned once. Inside `withBriefConnection`. */
export async function readEarningOrders(connection: pg.PoolClient, shop: ShopRef, orderIds: readonly bigint[]): Promise<EarningOrder[]> {
  const { orders, lines } = await readRows(connection, shop, orderIds);
  return earningOrders(orders, lines);
}

/** Null for one that is not here. Inside `readAtOnce`. */
export async function readOrderWithPromise(connection: pg.PoolClient, shop: ShopRef, orderId: bigint): Promise<OrderWithPromise | null> {
  const { orders, lines } = await readRows(connection, shop, [orderId]);
  return orders[0] === undefined ? null : orderWithPromise(orders[0], lines);
}

async function readRows(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  orderIds: readonly bigint[],
): Promise<{ orders: EarningOrderRow[]; lines: EarningLineRow[] }> {
  const values = [shopId, orderIds.map(String)];
  const [orders, lines] = await answersTo(connection, () => [
    connection.query({ name: 'read-earning-orders', text: ORDERS, values }),
    connection.query({ name: 'read-earning-lines', text: LINES, values }),
  ]);
  return { orders: orders.rows.map((row) => orderSchema.parse(row)), lines: lines.rows.map((row) => lineSchema.parse(row)) };
}

const ORDERS = `
  SELECT order_id AS "orderId", customer_id AS "customerId", processed_at AS "processedAt", paid_at AS "paidAt",
    (SELECT ${LAST_SENT_AT} FROM fulfillments f WHERE f.shop_id = o.shop_id AND f.order_id = o.order_id) AS "fulfilledAt", cancelled_at AS "cancelledAt",
    deleted_at AS "deletedAt", is_test AS "isTest", financial_status AS "financialStatus", fulfillment_status AS "fulfillmentStatus",
    currency, presentment_currency AS "presentmentCurrency", presentment_subtotal_minor AS "presentmentSubtotalMinor",
    taxes_included AS "taxesIncluded", subtotal_minor AS "subtotalMinor", current_subtotal_minor AS "currentSubtotalMinor",
    current_tax_minor AS "currentTaxMinor", current_shipping_minor AS "currentShippingMinor", shipping_tax_minor AS "shippingTaxMinor",
    tip_minor AS "tipMinor", received_minor AS "receivedMinor", refunded_minor AS "refundedMinor", outstanding_minor AS "outstandingMinor"
  FROM orders o WHERE shop_id = $1 AND order_id = ANY($2::bigint[]) ORDER BY order_id`;

const LINES = `
  SELECT order_id AS "orderId", line_id AS "lineId", product_id AS "productId", quantity, current_quantity AS "currentQuantity",
    discounted_total_minor AS "discountedTotalMinor", is_gift_card AS "isGiftCard"
  FROM order_lines WHERE shop_id = $1 AND order_id = ANY($2::bigint[]) ORDER BY order_id, line_id`;
