import { countOpen } from '#app/adapters/db/segment-members.repository.server.ts';
import {
  changeTarget,
  changeUnfinishedRun,
  findUnfinishedRun,
  insertRun,
  loadDueTargets,
  loadNextRun,
  loadTarget,
} from '#app/adapters/db/segment-targets.repository.server.ts';
import type { WrittenTarget, WriteRun } from '#app/adapters/db/segment-targets.repository.server.ts';
import { lockShop } from '#app/adapters/db/segments.repository.server.ts';
import { ShopifyAccessError, ShopifyGrantUnclearError, ShopifyRequestError, ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { defineCustomerMetafield, MetafieldRefusedError } from '#app/adapters/shopify/customer-metafields.server.ts';
import { MissingScopeError } from '#app/adapters/shopify/missing-scope.server.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { dropUnsentMembers } from '#app/services/segments/write/drop-unsent-members.server.ts';
import { finishUndo, makeNativeSegment, removeNativeSegment } from '#app/services/segments/write/native-segment-steps.server.ts';
import { loadMemberIds } from '#app/services/segments/write/load-member-ids.server.ts';
import { planSegmentWrite } from '#app/services/segments/write/plan-segment-write.server.ts';
import { nextDueAt } from '#app/services/segments/write/request-segment-write.server.ts';
import { segmentOfKey } from '#app/services/segments/write/segment-of-key.server.ts';
import { sendSegmentMembers } from '#app/services/segments/write/send-segment-members.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

const LONGEST_PAUSE_MS = 900 * MS_PER_SECOND;
const IMPORT_PAUSE_MS = 30 * MS_PER_SECOND;

export interface AdvancedWrite {
  run: WriteRun;
  /** How it ended, if it did: a run that failed has a code. */
  ended: { state: 'completed' | 'failed'; errorCode: string | null } | null;
}

/**
 * One turn of one run: what the merchant asked for, and what is due tonight. Runs under a lock of the shop, again while
 * work is left, and after a kill at any point.
 */
export async function advanceSegmentWrites(context: ShopContext): Promise<AdvancedWrite | null> {
  await beginDue(context);
  const { inShop, shop, now } = context;
  const run = await inShop((db) => loadNextRun(db, shop, now()));
  if (run === null) return null;
  const target = await inShop((db) => loadTarget(db, shop, run.targetId));
  if (target === null) return null;
  await inShop((db) => changeUnfinishedRun(db, shop, run.writeId, { advancedAt: now(), startedAt: run.startedAt ?? now() }));
  try {
    const ended = await advance(context, target, run);
    if (ended === 'waits') return { run, ended: null };
    if (ended !== null) return { run, ended: await end(context, run, ended) };
    if (run.outages > 0 || run.errorCode !== null) await inShop((db) => changeUnfinishedRun(db, shop, run.writeId, { outages: 0, errorCode: null }));
    return { run, ended: null };
  } catch (error) {
    return { run, ended: await settleError(context, run, error) };
  }
}

type Ending = { state: 'completed' | 'failed'; errorCode: string | null };
const COMPLETED: Ending = { state: 'completed', errorCode: null };
const failed = (errorCode: string): Ending => ({ state: 'failed', errorCode });

async function beginDue(context: ShopContext): Promise<void> {
  const { inShop, shop, now, newId } = context;
  await inShop(async (db) => {
    if ((await loadDueTargets(db, shop, now())).length === 0) return;
    await lockShop(db, shop);
    // Again: what the merchant stopped while we waited is due no more.
    for (const targetId of await loadDueTargets(db, shop, now())) {
      await changeTarget(db, shop, targetId, { dueAt: await nextDueAt(context, db), updatedAt: now() });
      if (await findUnfinishedRun(db, shop, targetId)) continue;
      await insertRun(db, shop, { writeId: newId(), targetId, kind: 'write', cause: 'nightly', now: now() });
    }
  });
}

async function advance(context: ShopContext, target: WrittenTarget, run: WriteRun): Promise<Ending | 'waits' | null> {
  if (run.state === 'requested') return plan(context, target, run);
  if (run.kind === 'write') {
    if (target.kind === 'tag') await makeNativeSegment(context, target);
    else if (run.added === 0) await defineCustomerMetafield(context.admin, { key: target.name, name: `Perennial: ${target.title}` });
  } else if (!(await removeNativeSegment(context, target))) return failed('segment-kept');
  const isThrough = await sendSegmentMembers(context, { target, run });
  if (!isThrough) return null;
  if (run.kind === 'undo') await finishUndo(context, target);
  return COMPLETED;
}

/** Null when it was planned; of one that waits it is on record what for. */
async function plan(context: ShopContext, target: WrittenTarget, run: WriteRun): Promise<Ending | 'waits' | null> {
  const { inShop, shop, now } = context;
  const { writeId, targetId } = run;
  if (run.kind === 'write') {
    const members = await loadMembers(context, target);
    if (typeof members === 'string') return failed(members);
    if (members === null) {
      await inShop((db) => changeUnfinishedRun(db, shop, writeId, { errorCode: 'importing', notBefore: new Date(now().getTime() + IMPORT_PAUSE_MS) }));
      return 'waits';
    }
    await planSegmentWrite(context, run, members);
  } else await planSegmentWrite(context, run, new BigInt64Array(0));
  await inShop(async (db) => {
    await lockShop(db, shop);
    await changeUnfinishedRun(db, shop, writeId, { state: 'writing', planned: await countOpen(db, shop, targetId) });
  });
  return null;
}

/**
 * Who is to have the mark; null while the first pull is under way, when most are not here yet. What is not known of anybody
 * is not taken for nobody: the mark would be taken from all.
 */
async function loadMembers(context: ShopContext, { segmentKey }: WrittenTarget): Promise<BigInt64Array | 'missing' | 'unreadable' | 'not-known' | null> {
  const { inShop, shop } = context;
  const [segment, isPulled] = await inShop(async (db) => {
    const pulled = await db.import.findFirst({ where: { shopId: shop.shopId, resource: 'orders', state: 'completed' }, select: { importId: true } });
    return [await segmentOfKey(db, context, segmentKey), pulled !== null] as const;
  });
  if (segment === 'missing' || segment === 'unreadable') return segment;
  const members = isPulled ? await loadMemberIds(context, { segment, asOf: null }) : null;
  if (members === null) return null;
  return members.notKnown.length > 0 ? 'not-known' : members.ids;
}

async function end(context: ShopContext, run: WriteRun, ending: Ending): Promise<Ending> {
  const { inShop, shop, now } = context;
  await inShop(async (db) => {
    await lockShop(db, shop);
    await changeUnfinishedRun(db, shop, run.writeId, { ...ending, outages: 0, finishedAt: now() });
  });
  if (ending.state === 'failed') await dropUnsentMembers(context, run.targetId);
  return ending;
}

/** Only errors that tell of Shopify; any other is a fault of ours and goes up. */
async function settleError(context: ShopContext, run: WriteRun, error: unknown): Promise<Ending | null> {
  if (error instanceof ShopifyUnavailableError || error instanceof ShopifyGrantUnclearError) {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, MS_PER_SECOND * 2 ** run.outages);
    const notBefore = new Date(context.now().getTime() + pauseMs);
    await context.inShop((db) => changeUnfinishedRun(db, context.shop, run.writeId, { errorCode: 'unavailable', outages: run.outages + 1, notBefore }));
    return null;
  }
  if (error instanceof MissingScopeError) return end(context, run, failed('scope'));
  if (error instanceof ShopifyAccessError) return end(context, run, failed('access'));
  if (error instanceof ShopifyRequestError || error instanceof MetafieldRefusedError) return end(context, run, failed('refused'));
  throw error;
}
