import type pg from 'pg';

import { moveExclusion } from '#app/adapters/db/loyalty/exclusions.repository.server.ts';
import { forgetMergedMember } from '#app/adapters/db/loyalty/forget-member.server.ts';
import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { dropEndedTraces, moveTrace } from '#app/adapters/db/loyalty/member-traces.repository.server.ts';
import { giveMemberTo, holdMembers, markMerged, moveBirthday } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { moveClaim } from '#app/adapters/db/loyalty/welcomes.repository.server.ts';
import { planTransfer } from '#app/domain/loyalty/ledger/plan-transfer.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/**
 * Two customers turned out to be one: the points of the one that went belong to the one that stayed, and so do those that
 * a redemption gives back later, their account, their birthday, and that they are excluded. Inside the transaction that moves the orders.
 */
export async function mergeMembers(
  { shop, now }: Pick<ShopContext, 'shop' | 'now'>,
  connection: pg.PoolClient,
  { fromId, toId }: { fromId: bigint; toId: bigint },
): Promise<void> {
  const held = await holdMembers(connection, shop, { customerIds: [fromId, toId] });
  const from = held.find(({ customerId }) => customerId === fromId);
  const to = held.find(({ customerId }) => customerId === toId);
  if (from === undefined) return;
  const { memberId } = from;
  const nowDate = now();
  if (to === undefined) {
    await giveMemberTo(connection, shop, { memberId, customerId: toId });
    await moveTrace(connection, shop, { memberId, customerId: toId, now: nowDate });
  } else {
    const writer = new LedgerWriter(nowDate);
    appendTransfer(writer, { from, to, nowMs: nowDate.getTime() });
    // What is due to the one that stayed may have changed in any way: it is looked at again.
    await writer.write(connection, shop, () => nowDate.getTime());
    await moveClaim(connection, shop, { fromId: memberId, toId: to.memberId });
    await moveBirthday(connection, shop, { fromId: memberId, toId: to.memberId, now: nowDate });
    await moveExclusion(connection, shop, { fromId: memberId, toId: to.memberId, now: nowDate });
    await markMerged(connection, shop, { memberId, mergedInto: to.memberId });
  }
  // The one that stayed was forgotten before we heard of this: a pseudonym.
  if (toId < 0n) await forgetMergedMember(connection, shop, { memberId, now: nowDate });
  await dropEndedTraces(connection, shop, [memberId]);
}

/** Moves whatever can be moved; nothing where there is nothing. */
export function appendTransfer(writer: LedgerWriter, { from, to, nowMs }: { from: HeldMember; to: HeldMember; nowMs: number }): void {
  const transfer = planTransfer(from.ledger, to.ledger, {
    fromMemberId: from.memberId,
    toMemberId: to.memberId,
    // Each transfer is an entry of the one that went, so that its sequence numbers them.
    transfersSoFar: from.lastSequence,
    nowMs,
  });
  if (transfer === null) return;
  writer.append(from, transfer.out);
  writer.append(to, transfer.in);
}
