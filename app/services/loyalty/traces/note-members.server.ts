import type pg from 'pg';

import { insertFlowEvents } from '#app/adapters/db/loyalty/flow-events.repository.server.ts';
import { dropEndedTraces, holdForTrace, loadUnseenEntries, markNoted } from '#app/adapters/db/loyalty/member-traces.repository.server.ts';
import { loadNewestProgram, loadProgramVersion } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import { askForSweep, changeTracing, findSweptMembers, findUnseenMembers, forgetWritten, openTracing } from '#app/adapters/db/loyalty/tracing.repository.server.ts';
import type { TracedShop, Tracing } from '#app/adapters/db/loyalty/tracing.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import { FLOW_LATE_MS, flowEventOfEntry } from '#app/domain/loyalty/traces/flow-event.ts';
import { MS_PER_HOUR, MS_PER_SECOND } from '#app/domain/time/durations.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Clocks differ, and a transaction may be long: what was recorded within that time before is looked through again. */
const OVERLAP_MS = 900 * MS_PER_SECOND;
const SWEEP_EVERY_MS = MS_PER_HOUR;
const MEMBERS_A_LOOK = 200;
const MEMBERS_A_SWEEP = 1_000;

type NotingContext = Pick<ShopContext, 'shop' | 'inShop' | 'pool' | 'now'>;

/**
 * Finds who has had entries or changes of tier since the last look, and puts down what is meant: that the member is due,
 * and what Flow is to be told. It is found by the entries, whose writers do nothing for it; each member's own numbers say
 * what of them is new, so that looking twice notes nothing twice. Once an hour all members are gone through, which finds
 * whoever was missed, and after a change of tiers, tags or installation everybody is looked at.
 */
export async function noteMembers(context: NotingContext): Promise<'done' | 'more'> {
  const { shop, inShop, pool } = context;
  const now = context.now();
  const { tracing } = await takeOver(context, now);
  const unseen = await withTenantConnection(pool, shop, async (connection) => {
    const since = new Date(tracing.seenUntil.getTime() - OVERLAP_MS);
    const found = await findUnseenMembers(connection, shop, { since, limit: MEMBERS_A_LOOK });
    await noteThese(context, connection, { memberIds: found, now });
    return found.length;
  });
  if (unseen < MEMBERS_A_LOOK) await inShop((db) => changeTracing(db, shop, { seenUntil: now }));
  const sweep = tracing.sweepDueAt <= now ? await sweepOn(context, tracing, now) : 'done';
  return unseen < MEMBERS_A_LOOK ? sweep : 'more';
}

/** What has changed for all members at once. */
async function takeOver(context: NotingContext, now: Date): Promise<TracedShop> {
  const { shop, inShop, pool } = context;
  const found = await inShop((db) => openTracing(db, shop, now));
  const { tracing, installedAt } = found;
  const isNewInstall = tracing.installedAt?.getTime() !== installedAt?.getTime();
  if (isNewInstall) {
    await withTenantConnection(pool, shop, (connection) => forgetWritten(connection, shop));
    await inShop(async (db) => {
      await changeTracing(db, shop, { installedAt, definedAt: null, outages: 0, lastError: null, lastErrorAt: null });
      await askForSweep(db, shop, now);
    });
  }
  const hasOtherTiers = await inShop(async (db) => {
    const newest = await loadNewestProgram(db, shop);
    if (newest === null || newest.version === tracing.sweptVersion) return false;
    const before = await loadProgramVersion(db, shop, tracing.sweptVersion);
    await changeTracing(db, shop, { sweptVersion: newest.version });
    if (before !== null && isTracedAlike(before.program, newest.program)) return false;
    await askForSweep(db, shop, now);
    return true;
  });
  return isNewInstall || hasOtherTiers ? inShop((db) => openTracing(db, shop, now)) : found;
}

function isTracedAlike(one: Program, other: Program): boolean {
  return JSON.stringify(one.tiers) === JSON.stringify(other.tiers) && (one.status.kind === 'off') === (other.status.kind === 'off');
}

async function sweepOn(context: NotingContext, { sweepAfter, sweepIsWhole }: Tracing, now: Date): Promise<'done' | 'more'> {
  const { shop, inShop, pool } = context;
  const last = await withTenantConnection(pool, shop, async (connection) => {
    const swept = await findSweptMembers(connection, shop, { after: sweepAfter ?? 0n, limit: MEMBERS_A_SWEEP, isWhole: sweepIsWhole });
    await noteThese(context, connection, { memberIds: swept.memberIds, now });
    return swept.last;
  });
  await inShop(async (db) => {
    if (last !== null) return changeTracing(db, shop, { sweepAfter: last });
    // A whole one that was asked for meanwhile has begun at the first member again.
    await db.loyaltyTracing.updateMany({
      where: { shopId: shop.shopId, sweepAfter, sweepIsWhole },
      data: { sweepAfter: null, sweepIsWhole: false, sweepDueAt: new Date(now.getTime() + SWEEP_EVERY_MS) },
    });
  });
  return last === null ? 'done' : 'more';
}

/** The same for some members. Inside a `withTenantConnection` transaction. */
export async function noteThese(
  { shop }: Pick<ShopContext, 'shop'>,
  connection: pg.PoolClient,
  { memberIds, now }: { memberIds: readonly bigint[]; now: Date },
): Promise<void> {
  if (memberIds.length === 0) return;
  const members = await holdForTrace(connection, shop, memberIds);
  const since = new Date(now.getTime() - FLOW_LATE_MS);
  const entries = await loadUnseenEntries(connection, shop, { members, since });
  const events = entries.flatMap(({ memberId, ...entry }) => {
    const event = flowEventOfEntry(entry);
    return event === null ? [] : [{ ...event, memberId }];
  });
  await insertFlowEvents(connection, shop, { events, now });
  await markNoted(connection, shop, { members, now });
  await dropEndedTraces(connection, shop, memberIds);
}
