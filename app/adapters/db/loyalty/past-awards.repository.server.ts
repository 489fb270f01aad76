import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { PastOrders } from '#app/domain/loyalty/accrual/past-awards.ts';

/** Half-open, of when the orders were processed. */
export interface PastRange {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Awarding orders of before the program: customer by customer in rising order, so that all of one are in the same turn. */
export interface PastMark extends PastRange {
  /** Up to and with this customer all is done. */
  readonly after: bigint;
  /** An import is under way, which brings lines after their orders: nobody looks back meanwhile. */
  readonly isImporting: boolean;
}

/** What of an import is not over. */
const IMPORTING = ['requested', 'running', 'storing'];

const big = z.string().transform(BigInt);
const markSchema = z.object({ past_from: z.date(), past_until: z.date(), past_after: big, is_importing: z.boolean() });

/** Null while there is nothing to award. */
export async function readPastMark(connection: pg.PoolClient, { shopId }: ShopRef): Promise<PastMark | null> {
  const { rows } = await connection.query({
    name: 'read-past-mark',
    text: `SELECT past_from, past_until, past_after,
        EXISTS (SELECT FROM imports i WHERE i.shop_id = $1 AND i.state = ANY($2)) AS is_importing
      FROM loyalty_progress WHERE shop_id = $1 AND is_followed AND past_after IS NOT NULL`,
    values: [shopId, IMPORTING],
  });
  if (rows[0] === undefined) return null;
  const { past_from: from, past_until: until, past_after: after, is_importing: isImporting } = markSchema.parse(rows[0]);
  return { fromMs: from.getTime(), untilMs: until.getTime(), after, isImporting };
}

export interface PastPiece {
  readonly orderIds: readonly bigint[];
  /** All orders of all customers up to this one are among them; null where nobody is left. */
  readonly through: bigint | null;
}

/** Orders of the next customers; more than `limit` where the last of them has many. Index: orders_shop_id_customer_id_idx. */
export async function readPastOrders(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { fromMs, untilMs, after, limit }: PastRange & { after: bigint; limit: number },
): Promise<PastPiece> {
  const { rows } = await connection.query({
    name: 'read-past-orders',
    text: `SELECT order_id, customer_id FROM orders
      WHERE shop_id = $1 AND customer_id > $2 AND processed_at >= $3 AND processed_at < $4
      ORDER BY customer_id FETCH FIRST $5 ROWS WITH TIES`,
    values: [shopId, String(after), new Date(fromMs), new Date(untilMs), limit],
  });
  const found = rows.map((row) => z.object({ order_id: big, customer_id: big }).parse(row));
  return { orderIds: found.map((row) => row.order_id), through: found.at(-1)?.customer_id ?? null };
}

/** Unless it was begun anew meanwhile. */
export async function movePastMark(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { mark, through, ordersSeen }: { mark: PastMark; through: bigint | null; ordersSeen: number },
): Promise<void> {
  await connection.query({
    name: 'move-past-mark',
    text: `UPDATE loyalty_progress SET past_after = $2, past_orders_seen = past_orders_seen + $3
      WHERE shop_id = $1 AND past_after = $4 AND past_from = $5`,
    values: [shopId, through === null ? null : String(through), ordersSeen, String(mark.after), new Date(mark.fromMs)],
  });
}

/** What looking back would look at. Index: orders_shop_id_processed_at_idx. */
export async function countPastOrders(db: TenantDb, { shopId }: ShopRef, { fromMs, untilMs }: PastRange): Promise<PastOrders> {
  const processedAt = { gte: new Date(fromMs), lt: new Date(untilMs) };
  const { _count: orders, _sum } = await db.order.aggregate({
    where: { shopId, customerId: { not: null }, processedAt },
    _count: true,
    _sum: { currentSubtotalMinor: true },
  });
  return { orders, goodsMinor: Number(_sum.currentSubtotalMinor ?? 0n) };
}

/** Orders of before are on their way, and nobody can say yet what they come to. */
export async function isImporting(db: TenantDb, { shopId }: ShopRef): Promise<boolean> {
  return (await db.import.count({ where: { shopId, state: { in: IMPORTING } } })) > 0;
}

/** Begins at the first customer, whatever was under way: the same order is never awarded twice. */
export async function beginPastAwards(db: TenantDb, { shopId }: ShopRef, { fromMs, untilMs, orders }: PastRange & { orders: number }): Promise<void> {
  await db.loyaltyProgress.update({
    where: { shopId },
    data: { pastFrom: new Date(fromMs), pastUntil: new Date(untilMs), pastAfter: 0n, pastOrders: orders, pastOrdersSeen: 0 },
  });
}

export interface PastProgress {
  readonly fromMs: number;
  readonly isUnderWay: boolean;
  readonly orders: number;
  readonly ordersSeen: number;
}

/** Null where nobody has looked back. */
export async function loadPastProgress(db: TenantDb, { shopId }: ShopRef): Promise<PastProgress | null> {
  const progress = await db.loyaltyProgress.findUnique({ where: { shopId } });
  if (progress === null || progress.pastFrom === null) return null;
  return {
    fromMs: progress.pastFrom.getTime(),
    isUnderWay: progress.isFollowed && progress.pastAfter !== null,
    orders: progress.pastOrders,
    ordersSeen: progress.pastOrdersSeen,
  };
}

/** When the oldest order was placed that is here; null where there is none. */
export async function findOldestOrderMs(db: TenantDb, { shopId }: ShopRef): Promise<number | null> {
  const oldest = await db.order.findFirst({ where: { shopId }, orderBy: { processedAt: 'asc' }, select: { processedAt: true } });
  return oldest?.processedAt.getTime() ?? null;
}
