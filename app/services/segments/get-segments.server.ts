import { loadSavedSegments } from '#app/adapters/db/segments.repository.server.ts';
import { READY_MADE_SEGMENTS } from '#app/domain/segments/ready-made-segments.ts';
import type { ReadyMadeId } from '#app/domain/segments/ready-made-segments.ts';
import { readSavedQuery } from '#app/domain/segments/saved-segment.ts';
import type { ReadSegment } from '#app/domain/segments/saved-segment.ts';
import { ALL_CUSTOMERS } from '#app/domain/segments/segment.ts';
import type { Condition } from '#app/domain/segments/segment.ts';
import { needsOf } from '#app/services/retention/customer-scope.server.ts';
import { countMembers } from '#app/services/segments/count-members.server.ts';
import type { MembersAnswer } from '#app/services/segments/count-members.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface CountedSegment extends ReadSegment {
  id: string;
  name: string;
  /** Null where the rule cannot be read. */
  count: number | null;
  /** Conditions on what is not known of anybody: nobody meets them. */
  notKnown: readonly Condition['field'][];
}

export interface SegmentsOfShop extends Omit<MembersAnswer, 'counts'> {
  saved: CountedSegment[];
  /** Null where it takes the lines of all orders, which a page does not wait for. */
  readyMade: { id: ReadyMadeId; count: number | null }[];
}

/** The merchant's own segments and the ready-made ones; null while currency and time zone are not known. */
export async function getSegments(context: ShopContext, { asOf }: { asOf: string | null }): Promise<SegmentsOfShop | null> {
  const stored = await context.inShop((db) => loadSavedSegments(db, context.shop));
  const read = stored.map(({ segmentId, name, query }) => ({ id: segmentId, name, ...readSavedQuery(query) }));
  const readable = read.map(({ segment, unread }) => (unread.length === 0 ? segment : ALL_CUSTOMERS));
  const atOnce = READY_MADE_SEGMENTS.filter(({ segment }) => !needsOf(segment, null).urgencies);
  const answer = await countMembers(context, { asOf, segments: [...atOnce.map(({ segment }) => segment), ...readable] });
  if (answer === null) return null;
  const { counts, ...rest } = answer;
  const ofSaved = counts.slice(atOnce.length);
  const ofReadyMade = new Map(atOnce.map(({ id }, i) => [id, counts[i]?.count ?? 0]));
  return {
    ...rest,
    saved: read.map((one, i) => {
      const { count = null, notKnown = [] } = one.unread.length === 0 ? (ofSaved[i] ?? {}) : {};
      return { ...one, count, notKnown };
    }),
    readyMade: READY_MADE_SEGMENTS.map(({ id }) => ({ id, count: ofReadyMade.get(id) ?? null })),
  };
}

export interface SegmentToEdit extends MembersAnswer {
  id: string;
  /** Empty for a new one. */
  name: string;
  rule: ReadSegment;
  isSaved: boolean;
}

/** A saved segment to be changed, or a new one that begins with a rule. Null while nothing is known of the shop. */
export async function getSegmentToEdit(
  context: ShopContext,
  { asOf, id, begun }: { asOf: string | null; id: string | null; begun: ReadSegment },
): Promise<SegmentToEdit | null> {
  const stored = id === null ? [] : await context.inShop((db) => loadSavedSegments(db, context.shop));
  const saved = stored.find(({ segmentId }) => segmentId === id);
  const rule = saved === undefined ? begun : readSavedQuery(saved.query);
  const answer = await countMembers(context, { asOf, segments: [rule.segment] });
  if (answer === null) return null;
  return { ...answer, id: saved?.segmentId ?? context.newId(), name: saved?.name ?? '', rule, isSaved: saved !== undefined };
}
