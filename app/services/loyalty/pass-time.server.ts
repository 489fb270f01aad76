import type pg from 'pg';

import { allAnswers, answersTo, withBriefConnection } from '#app/adapters/db/brief-connection.server.ts';
import { LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { holdMembers, rememberDue } from '#app/adapters/db/loyalty/members.repository.server.ts';
import { readTerms } from '#app/adapters/db/loyalty/newest-program.server.ts';
import { insertNotices } from '#app/adapters/db/loyalty/notices.repository.server.ts';
import { findDueMembers } from '#app/adapters/db/loyalty/progress.repository.server.ts';
import { tellExpiry } from '#app/domain/loyalty/ledger/tell-expiry.ts';
import { failpoint } from '#app/failpoint.server.ts';
import { appendBirthdays } from '#app/services/loyalty/append-birthdays.server.ts';
import { appendWhatIsOver } from '#app/services/loyalty/append-what-is-over.server.ts';
import { earlierOf, expiryTermsOf, pointsDueMsOf } from '#app/services/loyalty/program-terms.server.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';
import { TierReview } from '#app/services/loyalty/review-tiers.server.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

// Their rows are held together, for some 50 ms.
const MEMBERS_A_TURN = 200;

type TimeContext = Pick<ShopContext, 'shop' | 'pool' | 'now'>;

/** Does what time alone does to points, for members with something due: return windows end, points expire. */
export function passTime(context: TimeContext): Promise<'done' | 'more'> {
  const { shop, pool, now } = context;
  return withBriefConnection(pool, shop, async (connection) => {
    const [terms, memberIds] = await allAnswers([readTerms(connection, shop), findDueMembers(connection, shop, { now: now(), limit: MEMBERS_A_TURN })]);
    if (terms === null || memberIds.length === 0) return 'done';
    await passTimeOf(context, connection, { memberIds, terms });
    return memberIds.length < MEMBERS_A_TURN ? 'done' : 'more';
  });
}

/** The same for some members, due or not. Inside `withBriefConnection`. */
export async function passTimeOf(
  { shop, now }: Pick<ShopContext, 'shop' | 'now'>,
  connection: pg.PoolClient,
  { memberIds, terms }: { memberIds: readonly bigint[]; terms: ProgramTerms },
): Promise<HeldMember[]> {
  const members = await holdMembers(connection, shop, { memberIds });
  const nowDate = now();
  const nowMs = nowDate.getTime();
  const tiers = await TierReview.open(connection, shop, { members, terms, nowMs });
  const writer = new LedgerWriter(nowDate, (entry) => tiers.note(entry));
  for (const member of members) appendWhatIsOver(writer, member, { terms, nowMs });
  await appendBirthdays(connection, shop, { writer, members, terms, nowMs });
  tiers.review(writer, members);
  await failpoint('member-time-inside');
  const pointsDueMs = pointsDueMsOf(terms, nowMs);
  for (const member of members) member.dueMs = earlierOf(pointsDueMs(member), tiers.nextMsOf(member));
  const { status } = terms.newest.program;
  const notices = members.flatMap(({ memberId, ledger, ...member }) => tellExpiry(ledger, { memberId, terms: expiryTermsOf(terms, member), status, nowMs }));
  await answersTo(connection, () => [
    writer.write(connection, shop, ({ dueMs }) => dueMs),
    tiers.write(connection, shop),
    insertNotices(connection, shop, notices),
    // Also of those for whom there was nothing to write: a redemption may hold what would have expired.
    rememberDue(connection, shop, members.map((member) => ({ member, dueMs: member.dueMs }))),
  ]);
  return members;
}
