import { loadTierTags } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import {
  changeTarget,
  changeUnfinishedRun,
  findTargetNamed,
  findTargetOfSegment,
  findUnfinishedRun,
  insertRun,
  loadTarget,
  putTarget,
} from '#app/adapters/db/segment-targets.repository.server.ts';
import type { WrittenTarget } from '#app/adapters/db/segment-targets.repository.server.ts';
import { lockShop } from '#app/adapters/db/segments.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { Result } from '#app/domain/result.ts';
import { checkTag, isSameTag, metafieldKeyOf, TARGET_LIMITS, tidy } from '#app/domain/segments/segment-target.ts';
import type { TagRefusal, TargetKind } from '#app/domain/segments/segment-target.ts';
import { nextNightlyMs } from '#app/domain/sync/reconciliation-schedule.ts';
import { dropUnsentMembers } from '#app/services/segments/write/drop-unsent-members.server.ts';
import { segmentOfKey } from '#app/services/segments/write/segment-of-key.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface AskedWrite {
  segmentKey: string;
  /** What the merchant sees the segment called. */
  title: string;
  kind: TargetKind;
  /** As it was typed; of a metafield nothing is typed. */
  tag: string;
  isKept: boolean;
  /** A native segment on the tag as well. */
  hasNative: boolean;
}

export type WriteRefusal =
  | TagRefusal
  /** Another segment is written under this tag. */
  | { reason: 'tag-taken' }
  /** A tier of the loyalty program is written under this tag. */
  | { reason: 'tag-of-tier' }
  /** This segment has another tag, which must go first. */
  | { reason: 'other-tag' }
  | { reason: 'under-way' }
  | { reason: 'missing' }
  | { reason: 'unreadable' };

type AskingContext = Pick<ShopContext, 'shop' | 'inShop' | 'now' | 'newId'>;

/**
 * Puts on record that a segment is to be written, for the worker to do. Asked again, the same target is brought up to
 * date, and kept so or not as was said last.
 */
export async function requestSegmentWrite(context: AskingContext, asked: AskedWrite): Promise<Result<{ targetId: string }, WriteRefusal>> {
  const { shop, inShop, now, newId } = context;
  const named = asked.kind === 'tag' ? checkTag(asked.tag) : { ok: true as const, value: metafieldKeyOf(asked.segmentKey) };
  if (!named.ok) return named;
  const name = named.value;
  const targetId = newId();
  const writeId = newId();
  return inShop(async (db) => {
    await lockShop(db, shop);
    const segment = await segmentOfKey(db, context, asked.segmentKey);
    if (segment === 'missing' || segment === 'unreadable') return { ok: false, reason: segment };
    const { segmentKey, kind } = asked;
    const known = await findTargetOfSegment(db, shop, { segmentKey, kind });
    if (known && !isSameTag(known.name, name)) return { ok: false, reason: 'other-tag' };
    if (known && (await findUnfinishedRun(db, shop, known.targetId))) return { ok: false, reason: 'under-way' };
    const owner = await findTargetNamed(db, shop, { kind, name });
    if (owner !== null && owner !== known?.targetId) return { ok: false, reason: 'tag-taken' };
    if (kind === 'tag' && (await loadTierTags(db, shop)).some((tag) => isSameTag(tag, name))) return { ok: false, reason: 'tag-of-tier' };
    const target = await targetFor(context, db, { asked, name, targetId, known });
    await putTarget(db, shop, target);
    await insertRun(db, shop, { writeId, targetId: target.targetId, kind: 'write', cause: 'asked', now: now() });
    return { ok: true, value: { targetId: target.targetId } };
  });
}

async function targetFor(
  context: AskingContext,
  db: TenantDb,
  { asked, name, targetId, known }: { asked: AskedWrite; name: string; targetId: string; known: WrittenTarget | null },
): Promise<WrittenTarget> {
  const { segmentKey, kind, isKept, hasNative } = asked;
  const now = context.now();
  const title = [...(tidy(asked.title) || segmentKey)].slice(0, TARGET_LIMITS.titleLength).join('');
  const isNew = known === null || known.nativeName === null;
  const native = {
    nativeName: kind === 'tag' && hasNative && isNew ? title : (known?.nativeName ?? null),
    nativeGid: known?.nativeGid ?? null,
    nativeAskedAt: known?.nativeAskedAt ?? null,
    // What was refused is tried again when the merchant asks again.
    nativeProblem: null,
  };
  return {
    ...{ targetId: known?.targetId ?? targetId, segmentKey, kind, name: known?.name ?? name, title, isKept, ...native },
    dueAt: isKept ? await nextDueAt(context, db) : null,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
  };
}

/** The shop's next night. */
export async function nextDueAt({ shop, now }: Pick<ShopContext, 'shop' | 'now'>, db: TenantDb): Promise<Date> {
  const { ianaTimeZone } = await db.shop.findUniqueOrThrow({ where: { shopId: shop.shopId }, select: { ianaTimeZone: true } });
  return new Date(nextNightlyMs({ nowMs: now().getTime(), timeZone: ianaTimeZone ?? 'UTC', shopId: shop.shopId }));
}

/** Ends what is under way, and keeps nothing up to date from now on: who was marked stays so until it is undone. */
export async function stopSegmentWrite(context: AskingContext, targetId: string): Promise<void> {
  const { shop, inShop, now } = context;
  const hasEnded = await inShop(async (db) => {
    await lockShop(db, shop);
    await changeTarget(db, shop, targetId, { isKept: false, dueAt: null, updatedAt: now() });
    return endUnfinished(db, { shop, now }, targetId);
  });
  if (hasEnded) await dropUnsentMembers(context, targetId);
}

/** Asks for everything of the target to be taken back that we have written, and for nothing else. */
export async function undoSegmentWrite({ shop, inShop, now, newId }: AskingContext, targetId: string): Promise<void> {
  const writeId = newId();
  await inShop(async (db) => {
    await lockShop(db, shop);
    if ((await loadTarget(db, shop, targetId)) === null) return;
    const under = await findUnfinishedRun(db, shop, targetId);
    if (under?.kind === 'undo') return;
    await changeTarget(db, shop, targetId, { isKept: false, dueAt: null, updatedAt: now() });
    await endUnfinished(db, { shop, now }, targetId);
    await insertRun(db, shop, { writeId, targetId, kind: 'undo', cause: 'asked', now: now() });
  });
}

/** Whether it is brought up to date each night from now on. */
export async function keepSegmentWrite(context: AskingContext, { targetId, isKept }: { targetId: string; isKept: boolean }): Promise<void> {
  const { shop, inShop, now } = context;
  await inShop(async (db) => {
    await lockShop(db, shop);
    const under = await findUnfinishedRun(db, shop, targetId);
    if (under?.kind === 'undo') return;
    await changeTarget(db, shop, targetId, { isKept, dueAt: isKept ? await nextDueAt(context, db) : null, updatedAt: now() });
  });
}

/** @returns whether there was one */
async function endUnfinished(db: TenantDb, { shop, now }: Pick<ShopContext, 'shop' | 'now'>, targetId: string): Promise<boolean> {
  const under = await findUnfinishedRun(db, shop, targetId);
  if (under === null) return false;
  return changeUnfinishedRun(db, shop, under.writeId, { state: 'cancelled', finishedAt: now() });
}
