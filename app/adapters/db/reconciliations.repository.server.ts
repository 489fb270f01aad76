import type pg from 'pg';
import { z } from 'zod';

import type { FoundIn } from '#app/adapters/db/differences.repository.server.ts';
import { UNFINISHED_IMPORT_STATES } from '#app/adapters/db/imports.repository.server.ts';
import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { UNEQUAL_PARTS } from '#app/domain/sync/reconciliation.ts';
import type {
  CustomerDifference,
  OrderDifference,
  ReconciledDay,
  ReconciliationCause,
  ReconciliationRun,
  ReconciliationScope,
} from '#app/domain/sync/reconciliation.ts';
import { MS_PER_24_HOURS } from '#app/domain/time/durations.ts';
import type { Prisma, Reconciliation, ReconciliationDay } from '#app/generated/prisma/client.ts';

export const UNFINISHED_RECONCILIATION_STATES = ['requested', 'running', 'comparing', 'repairing'];

const ENDED_SHOWN = 10;
const DIFFERENCES_SHOWN = 100;

const resourceSchema = z.enum(['orders', 'customers']);

const runSchema = z.object({
  resource: resourceSchema,
  state: z.enum(['requested', 'running', 'comparing', 'repairing', 'completed', 'failed', 'cancelled']),
  scope: z.enum(['recent', 'all']),
  cause: z.enum(['nightly', 'asked', 'stale', 'lost-webhook']),
});

/**
 * Adds a comparison unless one is unfinished; one that has not begun yet is widened when more is asked for. The unique
 * index is the judge, not this code.
 */
export async function requestReconciliationOf(
  db: TenantDb,
  { shopId }: ShopRef,
  wanted: { reconciliationId: string; scope: ReconciliationScope; cause: ReconciliationCause; now: Date },
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO reconciliations (shop_id, reconciliation_id, cause, scope, state, requested_at)
    VALUES (${shopId}, ${wanted.reconciliationId}::uuid, ${wanted.cause}, ${wanted.scope}, 'requested', ${wanted.now})
    ON CONFLICT (shop_id) WHERE state IN ('requested', 'running', 'comparing', 'repairing') DO UPDATE SET scope = 'all'
      WHERE reconciliations.state = 'requested' AND reconciliations.resource = 'orders' AND excluded.scope = 'all'`;
}

export interface ReconciliationWork {
  isInstalled: boolean;
  timeZone: string;
  /** A pull is under way: to compare meanwhile would find what it is about to bring. */
  isImporting: boolean;
  /** The orders, or the customers, were pulled to their end once, so that there is something to compare. */
  hasHistory: boolean;
  hasCustomers: boolean;
  isComparisonDue: boolean;
  isFreshnessDue: boolean;
  underWay: Reconciliation | null;
  /** Of the latest comparison that was completed, and of the latest of those that compared the customers too. */
  lastAsOf: Date | null;
  lastCustomersAsOf: Date | null;
}

export async function loadReconciliationWork(db: TenantDb, shop: ShopRef, now: Date): Promise<ReconciliationWork> {
  const { shopId } = shop;
  const row = await db.shop.findUniqueOrThrow({ where: { shopId } });
  const unfinished = await db.import.count({ where: { shopId, state: { in: UNFINISHED_IMPORT_STATES } } });
  const last = await loadLatestCompleted(db, shop);
  const lastOfCustomers = await loadLatestCompleted(db, shop, { customersCompared: { not: null } });
  return {
    isInstalled: row.installedAt !== null && row.uninstalledAt === null,
    timeZone: row.ianaTimeZone ?? 'UTC',
    isImporting: unfinished > 0,
    hasHistory: await wasPulled(db, shop, 'orders'),
    hasCustomers: await wasPulled(db, shop, 'customers'),
    // Null of an installed shop: the version before installed it, and knew of neither. Goes with the next release.
    isComparisonDue: row.reconcileDueAt === null || row.reconcileDueAt <= now,
    isFreshnessDue: row.freshnessDueAt === null || row.freshnessDueAt <= now,
    underWay: await loadUnfinishedReconciliation(db, shop),
    lastAsOf: last?.asOf ?? null,
    lastCustomersAsOf: lastOfCustomers?.asOf ?? null,
  };
}

/** To its end, once. */
export async function wasPulled(db: TenantDb, { shopId }: ShopRef, resource: 'orders' | 'customers'): Promise<boolean> {
  return (await db.import.count({ where: { shopId, resource, state: 'completed' } })) > 0;
}

/** Whether a webhook of these topics was given up, and no comparison of everything has looked since it came. */
export async function isLostSinceWhole(db: TenantDb, { shopId }: ShopRef, topics: readonly string[]): Promise<boolean> {
  const whole = await db.reconciliation.aggregate({ where: { shopId, state: 'completed', scope: 'all' }, _max: { asOf: true } });
  const since = whole._max.asOf;
  const lost = await db.webhookDelivery.count({ where: { shopId, state: 'dead', topic: { in: [...topics] }, ...(since && { receivedAt: { gte: since } }) }, take: 1 });
  return lost > 0;
}

export async function loadUnfinishedReconciliation(db: TenantDb, { shopId }: ShopRef): Promise<Reconciliation | null> {
  return db.reconciliation.findFirst({ where: { shopId, state: { in: UNFINISHED_RECONCILIATION_STATES } } });
}

export async function loadLatestCompleted(
  db: TenantDb,
  { shopId }: ShopRef,
  where: Pick<Prisma.ReconciliationWhereInput, 'customersCompared'> = {},
): Promise<Reconciliation | null> {
  return db.reconciliation.findFirst({ where: { ...where, shopId, state: 'completed' }, orderBy: { finishedAt: 'desc' } });
}

export async function loadEndedReconciliations(db: TenantDb, { shopId }: ShopRef): Promise<Reconciliation[]> {
  return db.reconciliation.findMany({
    where: { shopId, finishedAt: { not: null } },
    orderBy: { finishedAt: 'desc' },
    take: ENDED_SHOWN,
  });
}

/** Changes a comparison unless it has ended meanwhile. */
export async function updateUnfinishedReconciliation(
  db: TenantDb,
  { shopId }: ShopRef,
  reconciliationId: string,
  change: Prisma.ReconciliationUpdateManyMutationInput,
): Promise<void> {
  await db.reconciliation.updateMany({
    where: { shopId, reconciliationId, state: { in: UNFINISHED_RECONCILIATION_STATES } },
    data: change,
  });
}

/** Where what an unfinished comparison finds is written down. */
export function foundIn({ reconciliationId, resource }: Reconciliation): FoundIn {
  return { reconciliationId, resource: resourceSchema.parse(resource) };
}

/**
 * In the transaction that wrote the differences down.
 * @returns false when the comparison has ended meanwhile, so that the caller keeps nothing
 */
export async function beginRepairs(
  connection: pg.PoolClient,
  { shopId }: ShopRef,
  { reconciliationId, resource }: FoundIn,
  compared: number,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    `UPDATE reconciliations SET state = 'repairing', ${resource}_compared = $3, differences_found = (
       SELECT count(*) FROM reconciliation_differences WHERE shop_id = $1 AND reconciliation_id = $2) + (
       SELECT count(*) FROM reconciliation_customer_differences WHERE shop_id = $1 AND reconciliation_id = $2)
     WHERE shop_id = $1 AND reconciliation_id = $2 AND state = 'comparing' AND resource = $4`,
    [shopId, reconciliationId, compared, resource],
  );
  return rowCount === 1;
}

export async function loadReconciledDays(
  db: TenantDb,
  { shopId }: ShopRef,
  reconciliationId: string,
): Promise<ReconciledDay[]> {
  const rows = await db.reconciliationDay.findMany({ where: { shopId, reconciliationId }, orderBy: { day: 'desc' } });
  return rows.map(reconciledDay);
}

function reconciledDay({ day, ourOrders, theirOrders, ourTotalMinor, theirTotalMinor }: ReconciliationDay): ReconciledDay {
  return {
    day: dayOf(day),
    ourOrders,
    theirOrders,
    ourTotalMinor: Number(ourTotalMinor),
    theirTotalMinor: Number(theirTotalMinor),
  };
}

const verdictSchema = z.object({
  cause: z.enum(['missing', 'outdated', 'unequal', 'gone']),
  outcome: z.enum(['open', 'repaired', 'unchanged', 'failed']),
});

const customerDifferenceRowSchema = verdictSchema.extend({
  customer_id: z.bigint(),
  our_updated_at: z.date().nullable(),
  their_updated_at: z.date().nullable(),
});

const differenceRowSchema = verdictSchema.extend({
  order_id: z.bigint(),
  order_name: z.string().nullable(),
  unequal_parts: z.array(z.enum(UNEQUAL_PARTS)),
  day: z.date(),
  repaired_at: z.date().nullable(),
  our_total_minor: z.bigint().nullable(),
  their_total_minor: z.bigint().nullable(),
});

/** The name is the order's own of now, so that none outlives its order or its redaction. */
export async function loadDifferences(
  db: TenantDb,
  { shopId }: ShopRef,
  reconciliationId: string,
): Promise<OrderDifference[]> {
  const rows = await db.$queryRaw`
    SELECT d.order_id, o.name AS order_name, d.day, d.cause, d.unequal_parts, d.outcome, d.repaired_at, d.our_total_minor, d.their_total_minor
    FROM reconciliation_differences d
    LEFT JOIN orders o ON o.shop_id = d.shop_id AND o.order_id = d.order_id
    WHERE d.shop_id = ${shopId} AND d.reconciliation_id = ${reconciliationId}::uuid
    ORDER BY d.outcome = 'repaired', d.day DESC, d.order_id DESC LIMIT ${DIFFERENCES_SHOWN}`;
  return z.array(differenceRowSchema).parse(rows).map((row) => ({
    orderId: String(row.order_id),
    orderName: row.order_name,
    day: dayOf(row.day),
    cause: row.cause,
    parts: row.unequal_parts,
    outcome: row.outcome,
    repairedAtMs: row.repaired_at?.getTime() ?? null,
    ourTotalMinor: row.our_total_minor === null ? null : Number(row.our_total_minor),
    theirTotalMinor: row.their_total_minor === null ? null : Number(row.their_total_minor),
  }));
}

/** Ids alone: no name of a customer is kept. */
export async function loadCustomerDifferences(
  db: TenantDb,
  { shopId }: ShopRef,
  reconciliationId: string,
): Promise<{ shown: CustomerDifference[]; found: number }> {
  const where = { shopId, reconciliationId };
  const rows = await db.$queryRaw`
    SELECT customer_id, cause, outcome, our_updated_at, their_updated_at FROM reconciliation_customer_differences
    WHERE shop_id = ${shopId} AND reconciliation_id = ${reconciliationId}::uuid
    ORDER BY outcome = 'repaired', customer_id DESC LIMIT ${DIFFERENCES_SHOWN}`;
  return {
    shown: z.array(customerDifferenceRowSchema).parse(rows).map((row) => ({
      customerId: String(row.customer_id),
      cause: row.cause,
      outcome: row.outcome,
      ourUpdatedAtMs: row.our_updated_at?.getTime() ?? null,
      theirUpdatedAtMs: row.their_updated_at?.getTime() ?? null,
    })),
    found: await db.reconciliationCustomerDifference.count({ where }),
  };
}

export function reconciliationRun(row: Reconciliation): ReconciliationRun {
  return {
    ...runSchema.parse(row),
    id: row.reconciliationId,
    windowFromMs: row.windowFrom?.getTime() ?? null,
    asOfMs: row.asOf?.getTime() ?? null,
    ordersCompared: row.ordersCompared,
    customersCompared: row.customersCompared,
    differencesFound: row.differencesFound,
    differencesRepaired: row.differencesRepaired,
    subscriptionsMade: row.subscriptionsMade,
    errorCode: row.errorCode,
    requestedAtMs: row.requestedAt.getTime(),
    startedAtMs: row.startedAt?.getTime() ?? null,
    finishedAtMs: row.finishedAt?.getTime() ?? null,
  };
}

function dayOf(date: Date): number {
  return Math.floor(date.getTime() / MS_PER_24_HOURS);
}

/**
 * Keeps the latest comparisons, and of the latest of those their days and differences too.
 */
export async function forgetOldReconciliations(
  db: TenantDb,
  { shopId }: ShopRef,
  { keptRuns, keptInDetail }: { keptRuns: number; keptInDetail: number },
): Promise<void> {
  const ended = await db.reconciliation.findMany({
    where: { shopId, finishedAt: { not: null } },
    orderBy: { finishedAt: 'desc' },
    select: { reconciliationId: true },
  });
  const ids = ended.map(({ reconciliationId }) => reconciliationId);
  const bare = { shopId, reconciliationId: { in: ids.slice(keptInDetail) } };
  await db.reconciliationDay.deleteMany({ where: bare });
  await db.reconciliationDifference.deleteMany({ where: bare });
  await db.reconciliationCustomerDifference.deleteMany({ where: bare });
  await db.reconciliation.deleteMany({ where: { shopId, reconciliationId: { in: ids.slice(keptRuns) } } });
}
