import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { OfferCredit } from '#app/generated/prisma/client.ts';

/** Store credit on record: what was meant for one order, and how far it has come. */
export interface RecordedCredit {
  orderId: bigint;
  state: 'intended' | 'given' | 'failed';
  amountMinor: number;
  currency: string;
  endsAtMs: number;
}

const stateSchema = z.enum(['intended', 'given', 'failed']);

function recordedCredit({ orderId, state, amountMinor, currency, endsAt }: OfferCredit): RecordedCredit {
  return { orderId, state: stateSchema.parse(state), amountMinor: Number(amountMinor), currency, endsAtMs: endsAt.getTime() };
}

/** Store credit that the worker should give now, with whom it is for. */
export interface DueCredit extends RecordedCredit {
  attempts: number;
  intendedAtMs: number;
  /** Null where there is nobody to give it to any more: forgotten, or the order is gone. */
  customerId: bigint | null;
  /** Nothing is given for it any more; what was sent before may have been. */
  isCancelled: boolean;
}

export async function loadDueCredits(db: TenantDb, { shopId }: ShopRef, now: Date, limit: number): Promise<DueCredit[]> {
  const rows = await db.offerCredit.findMany({
    where: { shopId, state: 'intended', notBefore: { lte: now } },
    orderBy: [{ intendedAt: 'asc' }, { orderId: 'asc' }],
    take: limit,
  });
  const orders = await db.order.findMany({
    where: { shopId, orderId: { in: rows.map(({ orderId }) => orderId) }, customerId: { gt: 0 }, deletedAt: null },
    select: { orderId: true, customerId: true, cancelledAt: true },
  });
  const known = new Map(orders.map((order) => [order.orderId, order]));
  return rows.map((row) => ({
    ...recordedCredit(row),
    attempts: row.attempts,
    intendedAtMs: row.intendedAt.getTime(),
    customerId: known.get(row.orderId)?.customerId ?? null,
    isCancelled: (known.get(row.orderId)?.cancelledAt ?? null) !== null,
  }));
}

/**
 * Written before it is sent, with when to come back: whoever comes after a crash finds that it may have been sent.
 *
 * @returns false when somebody else has counted meanwhile
 */
export async function countCreditAttempt(
  db: TenantDb,
  { shopId }: ShopRef,
  { orderId, attempts, notBefore }: { orderId: bigint; attempts: number; notBefore: Date },
): Promise<boolean> {
  const { count } = await db.offerCredit.updateMany({
    where: { shopId, orderId, state: 'intended', attempts },
    data: { attempts: attempts + 1, notBefore },
  });
  return count === 1;
}

/** In the transaction of `holdCredit`. */
export async function markGiven(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { orderId, transactionGid, now }: { orderId: bigint; transactionGid: string; now: Date },
): Promise<void> {
  await connection.query(
    `UPDATE offer_credits SET state = 'given', transaction_gid = $3, given_at = $4, last_error = NULL
     WHERE shop_id = $1 AND order_id = $2 AND state = 'intended'`,
    [shopId, String(orderId), transactionGid, now],
  );
}

/** `error` is a word of ours or Shopify's error codes: no personal data. */
export async function noteCredit(
  db: TenantDb,
  { shopId }: ShopRef,
  { orderId, error, notBefore }: { orderId: bigint; error: string; notBefore: Date },
): Promise<void> {
  await db.offerCredit.updateMany({ where: { shopId, orderId, state: 'intended' }, data: { lastError: error, notBefore } });
}

/** Not tried again. */
export async function failCredit(db: TenantDb, { shopId }: ShopRef, orderId: bigint, error: string): Promise<void> {
  await db.offerCredit.updateMany({ where: { shopId, orderId, state: 'intended' }, data: { state: 'failed', lastError: error } });
}
