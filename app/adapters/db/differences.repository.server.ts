import type pg from 'pg';
import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { DifferenceCause, DifferenceOutcome } from '#app/domain/sync/reconciliation.ts';
import { UNFINISHED_IMPORT_STATES } from '#app/adapters/db/imports.repository.server.ts';

/** A difference that nobody has looked at yet. */
export interface OpenDifference {
  orderId: bigint;
  cause: DifferenceCause;
  /** Null for an order whose line in the list could not be read, and for one that is not in it. */
  theirUpdatedAt: Date | null;
  ourFingerprint: string | null;
}

const causeSchema = z.enum(['missing', 'outdated', 'unequal', 'gone']);

const openIn = ({ shopId }: ShopRef, reconciliationId: string) => ({ shopId, reconciliationId, outcome: 'open' });

export async function countOpen(
  db: TenantDb,
  shop: ShopRef,
  reconciliationId: string,
): Promise<{ changed: number; all: number }> {
  const where = openIn(shop, reconciliationId);
  return {
    changed: await db.reconciliationDifference.count({ where: { ...where, cause: { not: 'gone' } } }),
    all: await db.reconciliationDifference.count({ where }),
  };
}

export async function loadOpen(
  db: TenantDb,
  shop: ShopRef,
  reconciliationId: string,
  limit: number,
): Promise<OpenDifference[]> {
  const rows = await db.reconciliationDifference.findMany({
    where: openIn(shop, reconciliationId),
    orderBy: { orderId: 'asc' },
    take: limit,
  });
  return rows.map(({ orderId, cause, theirUpdatedAt, ourFingerprint }) => ({
    orderId,
    cause: causeSchema.parse(cause),
    theirUpdatedAt,
    ourFingerprint,
  }));
}

/**
 * What became of some of them, in the transaction that repaired them. The fingerprint goes: it would tell what a
 * redacted order was.
 */
export async function settle(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  reconciliationId: string,
  { orderIds, outcome, now }: { orderIds: readonly bigint[]; outcome: DifferenceOutcome; now: Date },
): Promise<void> {
  if (orderIds.length === 0) return;
  await connection.query(
    `UPDATE reconciliation_differences SET outcome = $4, our_fingerprint = NULL, repaired_at = $5
     WHERE shop_id = $1 AND reconciliation_id = $2 AND outcome = 'open' AND order_id = ANY($3::bigint[])`,
    [shopId, reconciliationId, orderIds.map(String), outcome, outcome === 'repaired' ? now : null],
  );
}

/** For those that nobody will look at any more, because their comparison ended early. */
export async function abandonOpen(db: TenantDb, { shopId }: ShopRef): Promise<void> {
  await db.reconciliationDifference.updateMany({
    where: { shopId, outcome: 'open' },
    data: { outcome: 'failed', ourFingerprint: null },
  });
}

/** For orders that turned out not to differ. */
export async function dropDifferences(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  reconciliationId: string,
  orderIds: readonly bigint[],
): Promise<void> {
  if (orderIds.length === 0) return;
  await connection.query(
    `DELETE FROM reconciliation_differences
     WHERE shop_id = $1 AND reconciliation_id = $2 AND outcome = 'open' AND order_id = ANY($3::bigint[])`,
    [shopId, reconciliationId, orderIds.map(String)],
  );
}

/** After a pull that began later than the list: what it has brought up to date is repaired, the rest failed. */
export async function settleByPull(
  db: TenantDb,
  { shopId }: ShopRef,
  reconciliationId: string,
  { isComplete, now }: { isComplete: boolean; now: Date },
): Promise<void> {
  await db.$executeRaw`
    UPDATE reconciliation_differences d
    SET (outcome, repaired_at, our_fingerprint) = (
      SELECT CASE WHEN count(o.order_id) > 0 AND ${isComplete} THEN 'repaired' ELSE 'failed' END,
        CASE WHEN count(o.order_id) > 0 AND ${isComplete} THEN ${now}::timestamptz END, NULL
      FROM orders o
      WHERE o.shop_id = d.shop_id AND o.order_id = d.order_id AND o.updated_at >= d.their_updated_at)
    WHERE d.shop_id = ${shopId} AND d.reconciliation_id = ${reconciliationId}::uuid AND d.outcome = 'open' AND d.cause <> 'gone'`;
}

/** The latest pull of the orders that was asked for at or after `since`. */
export async function loadPullSince(db: TenantDb, { shopId }: ShopRef, since: Date): Promise<'none' | 'unfinished' | 'completed' | 'failed'> {
  const pull = await db.import.findFirst({
    where: { shopId, resource: 'orders', requestedAt: { gte: since }, updatedSince: null },
    orderBy: { requestedAt: 'desc' },
  });
  if (pull === null) return 'none';
  if (UNFINISHED_IMPORT_STATES.includes(pull.state)) return 'unfinished';
  return pull.state === 'completed' ? 'completed' : 'failed';
}

export async function countDifferences(
  db: TenantDb,
  { shopId }: ShopRef,
  reconciliationId: string,
): Promise<{ found: number; repaired: number }> {
  return {
    found: await db.reconciliationDifference.count({ where: { shopId, reconciliationId } }),
    repaired: await db.reconciliationDifference.count({ where: { shopId, reconciliationId, outcome: 'repaired' } }),
  };
}

/** Changes of orders that never reached us, by their kind the latest of them. */
export async function loadMissed(
  db: TenantDb,
  { shopId }: ShopRef,
  reconciliationId: string,
): Promise<{ cause: 'missing' | 'outdated' | 'gone'; changedAt: Date }[]> {
  const rows = await db.$queryRaw`
    SELECT cause, max(coalesce(their_updated_at, our_updated_at)) AS "changedAt" FROM reconciliation_differences
    WHERE shop_id = ${shopId} AND reconciliation_id = ${reconciliationId}::uuid AND cause IN ('missing', 'outdated', 'gone')
      AND coalesce(their_updated_at, our_updated_at) IS NOT NULL
    GROUP BY cause`;
  return z.array(z.object({ cause: z.enum(['missing', 'outdated', 'gone']), changedAt: z.date() })).parse(rows);
}
