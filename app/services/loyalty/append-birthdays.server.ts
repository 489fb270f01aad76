import type pg from 'pg';

import { loadAbsorbedMembers } from '#app/adapters/db/loyalty/absorbed-members.server.ts';
import type { HeldMember, LedgerWriter } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import { findTakenKeys } from '#app/adapters/db/loyalty/tier-facts.server.ts';
import type { ShopRef } from '#app/adapters/db/tenant.server.ts';
import { lotTermsOf } from '#app/domain/loyalty/ledger/lot-terms.ts';
import { planAward } from '#app/domain/loyalty/ledger/plan-award.ts';
import { BIRTHDAY_KNOWN_DAYS, latestBirthday } from '#app/domain/loyalty/members/birthday.ts';
import { dateOfDay } from '#app/domain/time/calendar-day.ts';
import { dayOfInstant, startOfDay } from '#app/domain/time/day-of-instant.ts';
import type { ProgramTerms } from '#app/services/loyalty/program-terms.server.ts';

/** For so many days afterwards, since a worker may have stood still on the day itself. */
const LATE_DAYS = 3;

interface BirthdaysInput {
  readonly writer: LedgerWriter;
  readonly members: readonly HeldMember[];
  readonly terms: ProgramTerms;
  readonly nowMs: number;
}

/** Points for members whose birthday it is at the shop, once a year. Their rows are held. */
export async function appendBirthdays(connection: pg.PoolClient, shop: ShopRef, { writer, members, terms, nowMs }: BirthdaysInput): Promise<void> {
  const { newest, timeZone } = terms;
  const { status, earning } = newest.program;
  const points = earning.birthdayPoints ?? 0;
  if (points === 0 || status.kind !== 'live') return;
  const today = dayOfInstant(nowMs, timeZone);
  const celebrating = members.flatMap((member) => {
    const day = birthdayToday(member, { today, timeZone });
    if (day === null) return [];
    const name = `birthday/${dateOfDay(day).year}`;
    return [{ member, name, atMs: startOfDay(day, timeZone) }];
  });
  // Who went up in them may have had theirs already.
  const absorbed = await loadAbsorbedMembers(connection, shop, celebrating.map(({ member }) => member.memberId));
  const keysOf = ({ member, name }: { member: HeldMember; name: string }): string[] =>
    [member.memberId, ...(absorbed.get(member.memberId) ?? [])].map((memberId) => `grant/${memberId}/${name}/1`);
  const taken = await findTakenKeys(connection, shop, celebrating.flatMap(keysOf));
  for (const { member, name, atMs } of celebrating) {
    if (keysOf({ member, name }).some((key) => taken.has(key))) continue;
    const draft = planAward(member.ledger, {
      targetPoints: points,
      givenPoints: 0,
      entriesSoFar: 0,
      subject: { kind: 'grant', name, memberId: member.memberId, orderId: null },
      terms: lotTermsOf({ program: newest.program, occasionMs: nowMs, orderId: null, timeZone }),
      programVersion: newest.version,
      occurredAtMs: atMs,
      nowMs,
      reason: { code: 'birthday' },
    });
    if (draft !== null) writer.append(member, draft);
  }
}

/** The day of the birthday, if it is one that counts; null if not. */
function birthdayToday(
  { birthday, birthdayKnownAtMs, isExcluded, mergedInto, customerId }: HeldMember,
  { today, timeZone }: { today: number; timeZone: string },
): number | null {
  if (birthday === null || birthdayKnownAtMs === null || isExcluded || mergedInto !== null || customerId < 0n) return null;
  const day = latestBirthday(birthday, today);
  const isKnown = dayOfInstant(birthdayKnownAtMs, timeZone) <= day - BIRTHDAY_KNOWN_DAYS;
  return isKnown && today - day <= LATE_DAYS ? day : null;
}
