import type pg from 'pg';
import { z } from 'zod';

import { UNFINISHED_IMPORT_STATES } from '#app/adapters/db/imports.repository.server.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { ComparedRecords, DifferenceCause, DifferenceOutcome } from '#app/domain/sync/reconciliation.ts';
import { Prisma } from '#app/generated/prisma/client.ts';

/** What a comparison found of one kind of record. */
export interface FoundIn {
  reconciliationId: string;
  resource: ComparedRecords;
}

/** A difference that nobody has looked at yet. */
export interface OpenDifference {
  id: bigint;
  cause: DifferenceCause;
  /** Null for a record whose line in the list could not be read, and for one that is not in it. */
  theirUpdatedAt: Date | null;
  ourFingerprint: string | null;
}

/** Each kind of record has a table of differences of its own, alike but for the id's name. */
const TABLES = {
  orders: { differences: 'reconciliation_differences', id: 'order_id', records: 'orders' },
  customers: { differences: 'reconciliation_customer_differences', id: 'customer_id', records: 'customers' },
} as const satisfies Record<ComparedRecords, object>;

/** The same names for a statement of Prisma's. */
function namesIn(resource: ComparedRecords): { differences: Prisma.Sql; id: Prisma.Sql; records: Prisma.Sql } {
  const { differences, id, records } = TABLES[resource];
  return { differences: Prisma.raw(differences), id: Prisma.raw(id), records: Prisma.raw(records) };
}

const countsSchema = z.tuple([z.object({ some: z.int(), all: z.int() })]);

export async function countOpen(
  db: TenantDb,
  { shopId }: ShopRef,
  { reconciliationId, resource }: FoundIn,
): Promise<{ changed: number; all: number }> {
  const rows = await db.$queryRaw`
    SELECT (count(*) FILTER (WHERE cause <> 'gone'))::int AS some, count(*)::int AS all FROM ${namesIn(resource).differences}
    WHERE shop_id = ${shopId} AND reconciliation_id = ${reconciliationId}::uuid AND outcome = 'open'`;
  const [{ some, all }] = countsSchema.parse(rows);
  return { changed: some, all };
}

const openSchema = z.object({
  id: z.bigint(),
  cause: z.enum(['missing', 'outdated', 'unequal', 'gone']),
  theirUpdatedAt: z.date().nullable(),
  ourFingerprint: z.string().nullable(),
});

export async function loadOpen(
  db: TenantDb,
  { shopId }: ShopRef,
  { reconciliationId, resource }: FoundIn,
  limit: number,
): Promise<OpenDifference[]> {
  const { differences, id } = namesIn(resource);
  const rows = await db.$queryRaw`
    SELECT ${id} AS id, cause, their_updated_at AS "theirUpdatedAt", our_fingerprint AS "ourFingerprint" FROM ${differences}
    WHERE shop_id = ${shopId} AND reconciliation_id = ${reconciliationId}::uuid AND outcome = 'open'
    ORDER BY ${id} LIMIT ${limit}`;
  return z.array(openSchema).parse(rows);
}

/**
 * What became of some of them, in the transaction that repaired them. The fingerprint goes: it would tell what a
 * redacted order was.
 */
export async function settle(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { reconciliationId, resource }: FoundIn,
  { ids, outcome, now }: { ids: readonly bigint[]; outcome: DifferenceOutcome; now: Date },
): Promise<void> {
  if (ids.length === 0) return;
  const { differences, id } = TABLES[resource];
  await connection.query(
    `UPDATE ${differences} SET outcome = $4, our_fingerprint = NULL, repaired_at = $5
     WHERE shop_id = $1 AND reconciliation_id = $2 AND outcome = 'open' AND ${id} = ANY($3::bigint[])`,
    [shopId, reconciliationId, ids.map(String), outcome, outcome === 'repaired' ? now : null],
  );
}

/** For those that nobody will look at any more, because their comparison ended early. */
export async function abandonOpen(db: TenantDb, { shopId }: ShopRef): Promise<void> {
  const abandoned = { where: { shopId, outcome: 'open' }, data: { outcome: 'failed', ourFingerprint: null } };
  await db.reconciliationDifference.updateMany(abandoned);
  await db.reconciliationCustomerDifference.updateMany(abandoned);
}

/** Of a customer who is not to be named any more, in any comparison. */
export async function forgetDifferencesOf(connection: pg.PoolClient, { shopId }: ShopRef, customerId: bigint): Promise<void> {
  await connection.query('DELETE FROM reconciliation_customer_differences WHERE shop_id = $1 AND customer_id = $2', [
    shopId,
    String(customerId),
  ]);
}

/** For records that turned out not to differ. */
export async function dropDifferences(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { reconciliationId, resource }: FoundIn,
  ids: readonly bigint[],
): Promise<void> {
  if (ids.length === 0) return;
  const { differences, id } = TABLES[resource];
  await connection.query(
    `DELETE FROM ${differences}
     WHERE shop_id = $1 AND reconciliation_id = $2 AND outcome = 'open' AND ${id} = ANY($3::bigint[])`,
    [shopId, reconciliationId, ids.map(String)],
  );
}

/** After a pull that began later than the list: what it has brought up to date is repaired, the rest failed. */
export async function settleByPull(
  db: TenantDb,
  { shopId }: ShopRef,
  { reconciliationId, resource }: FoundIn,
  { isComplete, now }: { isComplete: boolean; now: Date },
): Promise<void> {
  const { differences, id, records } = namesIn(resource);
  await db.$executeRaw`
    UPDATE ${differences} d
    SET (outcome, repaired_at, our_fingerprint) = (
      SELECT CASE WHEN count(r.${id}) > 0 AND ${isComplete} THEN 'repaired' ELSE 'failed' END,
        CASE WHEN count(r.${id}) > 0 AND ${isComplete} THEN ${now}::timestamptz END, NULL
      FROM ${records} r
      WHERE r.shop_id = d.shop_id AND r.${id} = d.${id} AND r.updated_at >= d.their_updated_at)
    WHERE d.shop_id = ${shopId} AND d.reconciliation_id = ${reconciliationId}::uuid AND d.outcome = 'open' AND d.cause <> 'gone'`;
}

/** The latest whole pull of these records that was asked for at or after `since`. */
export async function loadPullSince(
  db: TenantDb,
  { shopId }: ShopRef,
  resource: ComparedRecords,
  since: Date,
): Promise<'none' | 'unfinished' | 'completed' | 'failed'> {
  const pull = await db.import.findFirst({
    where: { shopId, resource, requestedAt: { gte: since }, updatedSince: null },
    orderBy: { requestedAt: 'desc' },
  });
  if (pull === null) return 'none';
  if (UNFINISHED_IMPORT_STATES.includes(pull.state)) return 'unfinished';
  return pull.state === 'completed' ? 'completed' : 'failed';
}

/** Of all kinds of record together. */
export async function countDifferences(
  db: TenantDb,
  { shopId }: ShopRef,
  reconciliationId: string,
): Promise<{ found: number; repaired: number }> {
  const found = { shopId, reconciliationId };
  const repaired = { ...found, outcome: 'repaired' };
  return {
    found: (await db.reconciliationDifference.count({ where: found })) + (await db.reconciliationCustomerDifference.count({ where: found })),
    repaired:
      (await db.reconciliationDifference.count({ where: repaired })) + (await db.reconciliationCustomerDifference.count({ where: repaired })),
  };
}

/** Changes that never reached us, by their kind the latest of them. */
export async function loadMissed(
  db: TenantDb,
  { shopId }: ShopRef,
  { reconciliationId, resource }: FoundIn,
): Promise<{ cause: 'missing' | 'outdated' | 'gone'; changedAt: Date }[]> {
  const rows = await db.$queryRaw`
    SELECT cause, max(coalesce(their_updated_at, our_updated_at)) AS "changedAt" FROM ${namesIn(resource).differences}
    WHERE shop_id = ${shopId} AND reconciliation_id = ${reconciliationId}::uuid AND cause IN ('missing', 'outdated', 'gone')
      AND coalesce(their_updated_at, our_updated_at) IS NOT NULL
    GROUP BY cause`;
  return z.array(z.object({ cause: z.enum(['missing', 'outdated', 'gone']), changedAt: z.date() })).parse(rows);
}
