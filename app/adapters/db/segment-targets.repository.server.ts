import { z } from 'zod';

import type { ShopRef, TenantDb } from '#app/adapters/db/tenant.server.ts';
import { TARGET_KINDS } from '#app/domain/segments/segment-target.ts';
import type { TargetKind } from '#app/domain/segments/segment-target.ts';
import { Prisma } from '#app/generated/prisma/client.ts';
import type { SegmentTarget, SegmentWrite } from '#app/generated/prisma/client.ts';

export interface WrittenTarget extends Omit<SegmentTarget, 'shopId' | 'kind'> {
  kind: TargetKind;
}

const WRITE_STATES = ['requested', 'writing', 'completed', 'cancelled', 'failed'] as const;
export type WriteState = (typeof WRITE_STATES)[number];
export const UNFINISHED_WRITE_STATES: WriteState[] = ['requested', 'writing'];

export interface WriteRun extends Omit<SegmentWrite, 'shopId' | 'kind' | 'cause' | 'state'> {
  kind: 'write' | 'undo';
  cause: 'asked' | 'nightly';
  state: WriteState;
}

const kindSchema = z.enum(TARGET_KINDS);
const runSchema = z.object({ kind: z.enum(['write', 'undo']), cause: z.enum(['asked', 'nightly']), state: z.enum(WRITE_STATES) });

function targetOf({ shopId: _, ...row }: SegmentTarget): WrittenTarget {
  return { ...row, kind: kindSchema.parse(row.kind) };
}

function runOf({ shopId: _, ...row }: SegmentWrite): WriteRun {
  return { ...row, ...runSchema.parse(row) };
}

export async function loadTarget(db: TenantDb, { shopId }: ShopRef, targetId: string): Promise<WrittenTarget | null> {
  const row = await db.segmentTarget.findUnique({ where: { shopId_targetId: { shopId, targetId } } });
  return row && targetOf(row);
}

/** In which segments of the shop are written, each with its last run, the oldest first. */
export async function loadTargets(db: TenantDb, { shopId }: ShopRef): Promise<{ target: WrittenTarget; run: WriteRun | null }[]> {
  const rows = await db.segmentTarget.findMany({ where: { shopId }, orderBy: [{ createdAt: 'asc' }, { targetId: 'asc' }] });
  const found = [];
  for (const row of rows) {
    const run = await db.segmentWrite.findFirst({ where: { shopId, targetId: row.targetId }, orderBy: [{ requestedAt: 'desc' }, { writeId: 'desc' }] });
    found.push({ target: targetOf(row), run: run && runOf(run) });
  }
  return found;
}

export async function isSegmentWritten(db: TenantDb, { shopId }: ShopRef, segmentKey: string): Promise<boolean> {
  return (await db.segmentTarget.findFirst({ where: { shopId, segmentKey }, select: { targetId: true } })) !== null;
}

/** Another target that has the tag already, capitals aside, as the unique index sees it. */
export async function findTargetNamed(db: TenantDb, { shopId }: ShopRef, { kind, name }: { kind: TargetKind; name: string }): Promise<string | null> {
  const rows = await db.$queryRaw<{ target_id: string }[]>`
    SELECT target_id::text FROM segment_targets WHERE shop_id = ${shopId} AND kind = ${kind} AND lower(name) = lower(${name})`;
  return rows[0]?.target_id ?? null;
}

/** Tags that segments are written under. */
export async function loadSegmentTags(db: TenantDb, { shopId }: ShopRef): Promise<string[]> {
  const rows = await db.segmentTarget.findMany({ where: { shopId, kind: 'tag' satisfies TargetKind }, select: { name: true } });
  return rows.map(({ name }) => name);
}

export async function findTargetOfSegment(db: TenantDb, { shopId }: ShopRef, { segmentKey, kind }: { segmentKey: string; kind: TargetKind }): Promise<WrittenTarget | null> {
  const row = await db.segmentTarget.findUnique({ where: { shopId_segmentKey_kind: { shopId, segmentKey, kind } } });
  return row && targetOf(row);
}

export async function putTarget(db: TenantDb, { shopId }: ShopRef, target: WrittenTarget): Promise<void> {
  const { targetId, ...rest } = target;
  await db.segmentTarget.upsert({
    where: { shopId_targetId: { shopId, targetId } },
    create: { shopId, ...target },
    update: rest,
  });
}

export type TargetChange = Partial<Pick<SegmentTarget, 'isKept' | 'dueAt' | 'nativeName' | 'nativeGid' | 'nativeAskedAt' | 'nativeProblem'>>;

export async function changeTarget(db: TenantDb, { shopId }: ShopRef, targetId: string, change: TargetChange & { updatedAt: Date }): Promise<void> {
  await db.segmentTarget.updateMany({ where: { shopId, targetId }, data: change });
}

/** With its runs and members. */
export async function removeTarget(db: TenantDb, { shopId }: ShopRef, targetId: string): Promise<void> {
  await db.segmentTarget.deleteMany({ where: { shopId, targetId } });
}

export async function loadDueTargets(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<string[]> {
  const rows = await db.segmentTarget.findMany({ where: { shopId, dueAt: { lte: now } }, select: { targetId: true } });
  return rows.map(({ targetId }) => targetId);
}

export async function findUnfinishedRun(db: TenantDb, { shopId }: ShopRef, targetId: string): Promise<WriteRun | null> {
  const row = await db.segmentWrite.findFirst({ where: { shopId, targetId, state: { in: UNFINISHED_WRITE_STATES } } });
  return row && runOf(row);
}

/** The run that waits longest for a turn, so that a small one need not wait for the end of a large one. */
export async function loadNextRun(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<WriteRun | null> {
  const row = await db.segmentWrite.findFirst({
    where: { shopId, state: { in: UNFINISHED_WRITE_STATES }, notBefore: { lte: now } },
    orderBy: [{ advancedAt: { sort: 'asc', nulls: 'first' } }, { requestedAt: 'asc' }],
  });
  return row && runOf(row);
}

export async function insertRun(
  db: TenantDb,
  { shopId }: ShopRef,
  run: Pick<WriteRun, 'writeId' | 'targetId' | 'kind' | 'cause'> & { now: Date },
): Promise<void> {
  const { now, ...rest } = run;
  await db.segmentWrite.create({ data: { shopId, ...rest, state: 'requested', notBefore: now, requestedAt: now } });
}

export type RunChange = Partial<Pick<SegmentWrite, 'state' | 'planned' | 'errorCode' | 'outages' | 'notBefore' | 'startedAt' | 'advancedAt' | 'finishedAt'>>;

/** Changes a run unless it has ended meanwhile, by the merchant's hand for one. */
export async function changeUnfinishedRun(db: TenantDb, { shopId }: ShopRef, writeId: string, change: RunChange): Promise<boolean> {
  const { count } = await db.segmentWrite.updateMany({ where: { shopId, writeId, state: { in: UNFINISHED_WRITE_STATES } }, data: change });
  return count > 0;
}

/** Of an uninstall: a merchant who comes back decides anew what is written. What was written stays on record. */
export async function endAllWrites(db: TenantDb, { shopId }: ShopRef, now: Date): Promise<void> {
  await db.segmentTarget.updateMany({ where: { shopId, isKept: true }, data: { isKept: false, dueAt: null, updatedAt: now } });
  await db.segmentWrite.updateMany({
    where: { shopId, state: { in: UNFINISHED_WRITE_STATES } },
    data: { state: 'cancelled', errorCode: 'uninstalled', finishedAt: now },
  });
}

export interface ForgottenWrites {
  /** Runs that ended before are forgotten, but for the last of each target. */
  runsUntil: Date;
  /** Targets that are written no longer are, once their last run ended before. */
  targetsUntil: Date;
}

/** Before `forgetWrites`, which would take a million members along at one stroke. @returns how many went, at most `limit` */
export async function forgetMembersOfOldTargets(db: TenantDb, { shopId }: ShopRef, { targetsUntil, limit }: { targetsUntil: Date; limit: number }): Promise<number> {
  const old = oldTargetsOf(shopId, targetsUntil);
  // First, as in every change of a shop's data.
  await db.$queryRaw`SELECT 1 FROM shops WHERE shop_id = ${shopId} FOR NO KEY UPDATE`;
  return db.$executeRaw`
    DELETE FROM segment_write_members WHERE shop_id = ${shopId} AND (target_id, customer_id) IN (
      SELECT target_id, customer_id FROM segment_write_members WHERE shop_id = ${shopId} AND target_id IN (SELECT t.target_id ${old}) LIMIT ${limit})`;
}

/** Targets go with their runs and members. */
export async function forgetWrites(db: TenantDb, { shopId }: ShopRef, { runsUntil, targetsUntil }: ForgottenWrites): Promise<void> {
  await db.$executeRaw`
    DELETE FROM segment_writes w WHERE w.shop_id = ${shopId} AND w.finished_at < ${runsUntil}
      AND EXISTS (SELECT FROM segment_writes l WHERE l.shop_id = w.shop_id AND l.target_id = w.target_id AND l.requested_at > w.requested_at)`;
  await db.$executeRaw`DELETE ${oldTargetsOf(shopId, targetsUntil)}`;
}

function oldTargetsOf(shopId: number, until: Date): Prisma.Sql {
  return Prisma.sql`
    FROM segment_targets t WHERE t.shop_id = ${shopId} AND NOT t.is_kept
      AND NOT EXISTS (SELECT FROM segment_writes w WHERE w.shop_id = t.shop_id AND w.target_id = t.target_id
        AND (w.finished_at IS NULL OR w.finished_at >= ${until}))`;
}
