import { saveTraces } from '#app/adapters/db/loyalty/member-traces.repository.server.ts';
import type { TraceRow } from '#app/adapters/db/loyalty/member-traces.repository.server.ts';
import { withTenantConnection } from '#app/adapters/db/tenant.server.ts';
import { changeTag, fetchCustomerTags, MAX_TAGGED_A_CALL } from '#app/adapters/shopify/customer-tags.server.ts';
import type { WriteAnswer, WrittenOutcome } from '#app/adapters/shopify/written-outcome.ts';
import { isSameTag } from '#app/domain/segments/segment-target.ts';
import { withIntent } from '#app/domain/loyalty/traces/trace-values.ts';
import type { MovingTrace } from '#app/services/loyalty/traces/write-traces.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

export interface TaggedMember {
  readonly tag: string | null;
  readonly tagState: TraceRow['tagState'];
  readonly answer: WriteAnswer;
}

/**
 * Takes the tag of the tier before and gives that of the tier now. A tag that the customer had before us is theirs and is
 * never taken. That we give one is on record before it goes out, so that it is known as ours after a lost answer.
 *
 * @returns by member, of those whose tag was to change
 */
export async function writeTierTags(context: ShopContext, moving: readonly MovingTrace[]): Promise<Map<bigint, TaggedMember>> {
  const tagged = new Map<bigint, TaggedMember>();
  const changing = moving.filter(({ due, trace }) => due.tag !== trace.tag || due.tagState === 'sent');
  if (changing.length === 0) return tagged;
  const leaving = changing.filter(({ due, trace }) => due.tag !== null && due.tagState !== 'theirs' && !isSame(due.tag, trace.tag));
  const left = await inGroups(context, 'remove', leaving, ({ due }) => due.tag);
  for (const { due } of changing) tagged.set(due.memberId, { tag: null, tagState: null, answer: left.get(due.customerId) ?? 'done' });
  for (const { due } of leaving.filter((one) => left.get(one.due.customerId) === 'refused')) {
    tagged.set(due.memberId, { tag: due.tag, tagState: due.tagState, answer: 'refused' });
  }
  const coming = changing.filter(({ due, trace }) => trace.tag !== null && (left.get(due.customerId) ?? 'done') === 'done');
  const toSend = await leaveTheirs(context, coming, tagged);
  await noteSent(context, toSend);
  const came = await inGroups(context, 'add', toSend, ({ trace }) => trace.tag);
  for (const { due, trace } of toSend) {
    const answer = came.get(due.customerId) ?? 'done';
    tagged.set(due.memberId, answer === 'done' ? { tag: trace.tag, tagState: 'ours', answer } : { tag: null, tagState: null, answer });
  }
  return tagged;
}

function isSame(one: string, other: string | null): boolean {
  return other !== null && isSameTag(one, other);
}

/** Those whose tag is to be sent: without those who have it already, unless we may have given it ourselves. */
async function leaveTheirs({ admin }: ShopContext, coming: readonly MovingTrace[], tagged: Map<bigint, TaggedMember>): Promise<MovingTrace[]> {
  const isOurs = ({ due, trace }: MovingTrace) => due.tag !== null && isSame(due.tag, trace.tag) && due.tagState !== 'theirs';
  const fresh = coming.filter((one) => !isOurs(one));
  if (fresh.length === 0) return [...coming];
  const tags = await fetchCustomerTags(admin, fresh.map(({ due }) => due.customerId));
  return coming.filter((one) => {
    if (isOurs(one)) return true;
    const { due, trace } = one;
    const theirs = tags.get(due.customerId);
    const hasIt = theirs?.some((tag) => isSame(tag, trace.tag)) === true;
    if (theirs === undefined) tagged.set(due.memberId, { tag: null, tagState: null, answer: 'gone' });
    else if (hasIt) tagged.set(due.memberId, { tag: trace.tag, tagState: 'theirs', answer: 'done' });
    return theirs !== undefined && !hasIt;
  });
}

async function noteSent({ shop, pool }: ShopContext, toSend: readonly MovingTrace[]): Promise<void> {
  const rows = toSend.map(({ due: { dueAt, ...due }, trace, change }) => ({
    ...{ memberId: due.memberId, customerId: due.customerId, written: withIntent(due.written, change), toldTierId: trace.tierId },
    ...{ tag: trace.tag, tagState: 'sent' as const, problem: null, seenDueAt: dueAt, dueAt },
  }));
  await withTenantConnection(pool, shop, (connection) => saveTraces(connection, shop, rows));
}

async function inGroups(
  { admin }: ShopContext,
  action: 'add' | 'remove',
  members: readonly MovingTrace[],
  tagOf: (one: MovingTrace) => string | null,
): Promise<WrittenOutcome> {
  const outcome = new Map<bigint, WriteAnswer>();
  for (const tag of new Set(members.map(tagOf))) {
    if (tag === null) continue;
    const ids = members.filter((one) => tagOf(one) === tag).map(({ due }) => due.customerId);
    for (let from = 0; from < ids.length; from += MAX_TAGGED_A_CALL) {
      for (const [id, answer] of await changeTag(admin, action, tag, ids.slice(from, from + MAX_TAGGED_A_CALL))) outcome.set(id, answer);
    }
  }
  return outcome;
}
