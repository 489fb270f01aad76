import type pg from 'pg';

import { insertFlowEvents } from '#app/adapters/db/loyalty/flow-events.repository.server.ts';
import { holdDueTraces, saveTraces } from '#app/adapters/db/loyalty/member-traces.repository.server.ts';
import type { DueTrace, TraceRow } from '#app/adapters/db/loyalty/member-traces.repository.server.ts';
import { loadTierChanges } from '#app/adapters/db/loyalty/tier-changes.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { writeLoyaltyMetafields } from '#app/adapters/shopify/loyalty-metafields.server.ts';
import type { WrittenOutcome } from '#app/adapters/shopify/written-outcome.ts';
import { flowEventOfTier } from '#app/domain/loyalty/traces/flow-event.ts';
import { afterChange, deriveTrace, planTraceChange, withIntent } from '#app/domain/loyalty/traces/trace-values.ts';
import type { Trace, TraceChange } from '#app/domain/loyalty/traces/trace-values.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { noteThese } from '#app/services/loyalty/traces/note-members.server.ts';
import { writeTierTags } from '#app/services/loyalty/traces/write-tier-tags.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** Of new members, five a call, ten calls; of those who have only earned, two calls. */
const MEMBERS_AT_ONCE = 50;

export interface WritingTerms extends Pick<ProgramTerms, 'newest' | 'timeZone'> {
  readonly isTagging: boolean;
}

/** A member on the way to what holds. */
export interface MovingTrace {
  readonly due: DueTrace;
  readonly trace: Trace;
  readonly change: TraceChange;
}

/**
 * Brings the metafields and the tag of some members who are due to what holds now. What is about to be written is on
 * record as unknown before it goes out: one whose answer was lost is written again, whatever the member has by then.
 */
export async function writeTraces(context: ShopContext, terms: WritingTerms): Promise<'done' | 'more'> {
  const { shop, pool, admin, now } = context;
  const { moving, isLast } = await withTenantConnection(pool, shop, (connection) => intend(context, connection, terms));
  if (moving.length === 0) return isLast ? 'done' : 'more';
  await failpoint('trace-after-intent');
  const written = await writeLoyaltyMetafields(admin, moving.map(({ due, change }) => ({ customerId: due.customerId, ...change })));
  await failpoint('trace-after-send');
  const tags = await writeTierTags(context, moving.filter(({ due }) => (written.get(due.customerId) ?? 'done') !== 'gone'));
  const rows = moving.map((one) => settledRow(one, written, tags.get(one.due.memberId), now().getTime()));
  await withTenantConnection(pool, shop, (connection) => saveTraces(connection, shop, rows));
  return isLast ? 'done' : 'more';
}

/** Also what Flow is told of a tier: it and the tier that it last heard of are written together. */
async function intend(
  { shop, now }: ShopContext,
  connection: pg.PoolClient,
  { newest, timeZone, isTagging }: WritingTerms,
): Promise<{ moving: MovingTrace[]; isLast: boolean }> {
  const nowDate = now();
  const nowMs = nowDate.getTime();
  const { due, strayIds } = await holdDueTraces(connection, shop, { now: nowDate, limit: MEMBERS_AT_ONCE });
  const isLast = due.length + strayIds.length < MEMBERS_AT_ONCE && strayIds.length === 0;
  await noteThese({ shop }, connection, { memberIds: strayIds, now: nowDate });
  if (due.length === 0) return { moving: [], isLast };
  const changes = await loadTierChanges(connection, shop, due.map(({ memberId }) => memberId));
  const moving = due.map((member) => {
    const trace = deriveTrace({ program: newest.program, member, changes: changes.get(member.memberId) ?? [], isTagging, nowMs, timeZone });
    return { due: member, trace, change: planTraceChange(member.written, trace.values) };
  });
  const events = moving.flatMap(({ due: { memberId, toldTierId, restoredAtMs }, trace: { tierId } }) => {
    const inEffect = (changes.get(memberId) ?? []).findLast(({ effectiveAtMs }) => effectiveAtMs <= nowMs) ?? null;
    const levels = newest.program.tiers?.levels ?? [];
    const event = flowEventOfTier({ memberId, toldTierId, tierId, levels, change: inEffect, restoredAtMs, nowMs });
    return event === null ? [] : [{ ...event, memberId }];
  });
  await insertFlowEvents(connection, shop, { events, now: nowDate });
  const rows = moving.map(({ due: { dueAt, ...member }, trace, change }) => ({
    ...{ memberId: member.memberId, customerId: member.customerId, tag: member.tag, tagState: member.tagState },
    ...{ written: withIntent(member.written, change), toldTierId: trace.tierId, problem: null, seenDueAt: dueAt, dueAt },
  }));
  await saveTraces(connection, shop, rows);
  return { moving, isLast };
}

/** Somebody who is gone is left alone until there is something new of them. */
function settledRow(
  { due, trace, change }: MovingTrace,
  written: WrittenOutcome,
  tagged: { tag: string | null; tagState: TraceRow['tagState']; answer: 'done' | 'gone' | 'refused' } | undefined,
  nowMs: number,
): TraceRow {
  const answer = written.get(due.customerId) ?? 'done';
  const problem = answer === 'done' ? (tagged?.answer ?? 'done') : answer;
  return {
    memberId: due.memberId,
    customerId: due.customerId,
    written: answer === 'done' ? afterChange(withIntent(due.written, change), change) : withIntent(due.written, change),
    toldTierId: trace.tierId,
    tag: tagged === undefined ? due.tag : tagged.tag,
    tagState: tagged === undefined ? due.tagState : tagged.tagState,
    problem: problem === 'done' ? null : problem,
    seenDueAt: due.dueAt,
    dueAt: trace.nextMs === null ? null : new Date(Math.max(trace.nextMs, nowMs)),
  };
}
