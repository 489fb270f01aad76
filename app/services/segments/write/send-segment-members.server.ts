import { loadOpen, markSent, settleRead, settleSent, unmarkSent } from '#app/adapters/db/segment-members.repository.server.ts';
import type { OpenMember } from '#app/adapters/db/segment-members.repository.server.ts';
import type { WrittenTarget, WriteRun } from '#app/adapters/db/segment-targets.repository.server.ts';
import { lockShop } from '#app/adapters/db/segments.repository.server.ts';
import { ShopifyUnavailableError } from '#app/adapters/shopify/admin-api.server.ts';
import { changeMetafield, MAX_METAFIELDS_A_CALL } from '#app/adapters/shopify/customer-metafields.server.ts';
import { changeTag, fetchCustomerTags, MAX_TAGGED_A_CALL } from '#app/adapters/shopify/customer-tags.server.ts';
import type { WriteAnswer } from '#app/adapters/shopify/written-outcome.ts';
import { MS_PER_SECOND } from '#app/domain/time/durations.ts';
import { isSameTag } from '#app/domain/segments/segment-target.ts';
import { failpoint } from '#app/failpoint.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** So many are read at once before they are tagged: what is read is a few seconds old when the last of them is sent. */
const READ_AT_ONCE = 50;
/** After so long another run of the shop, or another shop, has its turn. */
const TURN_MS = 5 * MS_PER_SECOND;

/** Before all customers' numbers. */
const NOBODY = 0n;

interface Sending {
  target: WrittenTarget;
  run: WriteRun;
}

/**
 * Sends what is open, group by group, until nothing is or the turn is over. Each group is on record as sent before it goes
 * out. One whose answer was lost is sent again as it is: a customer who has the tag, or has it no more, is no different
 * after the second time. That is why nothing is looked up before, as a discount code is.
 *
 * @returns whether nothing is left
 */
export async function sendSegmentMembers(context: ShopContext, sending: Sending, turnMs = TURN_MS): Promise<boolean> {
  const { inShop, shop, monotonicMs } = context;
  const endMs = monotonicMs() + turnMs;
  let after = NOBODY;
  while (monotonicMs() < endMs) {
    const open = await inShop((db) => loadOpen(db, shop, sending.run.targetId, { after, limit: READ_AT_ONCE }));
    const last = open.at(-1);
    // Somebody may have come behind us, by a merge of two customers: only who looks from the beginning knows.
    if (last === undefined && after === NOBODY) return true;
    after = last?.customerId ?? NOBODY;
    for (const action of ['remove', 'add'] as const) {
      const fresh = new Set(open.filter(({ state }) => state === 'intended').map(({ customerId }) => customerId));
      const ids = await idsToSend(context, sending, open.filter((member) => member.action === action));
      const most = sending.target.kind === 'tag' ? MAX_TAGGED_A_CALL : MAX_METAFIELDS_A_CALL;
      for (let from = 0; from < ids.length; from += most) {
        const group = { action, ids: ids.slice(from, from + most), fresh };
        if (!(await sendGroup(context, sending, group))) return false;
        if (monotonicMs() >= endMs) return false;
      }
    }
  }
  return false;
}

/** Leaves out those who have the tag without us. Who was sent before is ours: it was not there when we looked then. */
async function idsToSend(context: ShopContext, { target, run }: Sending, members: readonly OpenMember[]): Promise<bigint[]> {
  const fresh = members.filter(({ action, state }) => action === 'add' && state === 'intended').map(({ customerId }) => customerId);
  const all = members.map(({ customerId }) => customerId);
  // The app's own metafields have no other hand in them.
  if (target.kind === 'metafield' || fresh.length === 0) return all;
  const tags = await fetchCustomerTags(context.admin, fresh);
  const theirs = fresh.filter((id) => tags.get(id)?.some((tag) => isSameTag(tag, target.name)) === true);
  const gone = fresh.filter((id) => !tags.has(id));
  if (theirs.length + gone.length === 0) return all;
  await context.inShop(async (db) => {
    await lockShop(db, context.shop);
    await settleRead(db, context.shop, { ...run, action: 'add', now: context.now() }, { theirs, gone });
  });
  const settled = new Set([...theirs, ...gone]);
  return all.filter((id) => !settled.has(id));
}

interface Group {
  action: 'add' | 'remove';
  ids: readonly bigint[];
  /** Those that were never sent before. */
  fresh: ReadonlySet<bigint>;
}

/** @returns false when the run has ended meanwhile */
async function sendGroup(context: ShopContext, { target, run }: Sending, { action, ids, fresh }: Group): Promise<boolean> {
  const { inShop, shop, admin, now } = context;
  const sent = await inShop(async (db) => {
    await lockShop(db, shop);
    return markSent(db, shop, { ...run, action, now: now() }, ids);
  });
  if (sent.length === 0) return false;
  await failpoint('segment-after-intent');
  const { kind, name } = target;
  const outcome = await (kind === 'tag' ? changeTag(admin, action, name, sent) : changeMetafield(admin, action, name, sent)).catch(async (error: unknown) => {
    // Only then may it have happened all the same.
    if (error instanceof ShopifyUnavailableError) throw error;
    await inShop(async (db) => {
      await lockShop(db, shop);
      await unmarkSent(db, shop, { ...run, action, now: now() }, sent.filter((id) => fresh.has(id)));
    });
    throw error;
  });
  await failpoint('segment-after-send');
  const of = (answer: WriteAnswer) => sent.filter((id) => outcome.get(id) === answer);
  await inShop(async (db) => {
    await lockShop(db, shop);
    await settleSent(db, shop, { ...run, action, now: now() }, { done: of('done'), gone: of('gone'), refused: of('refused') });
  });
  return true;
}
