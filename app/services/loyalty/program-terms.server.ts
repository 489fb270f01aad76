import { loadProgramHistory, loadProgramShop } from '#app/adapters/db/loyalty/programs.repository.server.ts';
import type { HeldMember } from '#app/adapters/db/loyalty/ledger.repository.server.ts';
import type { TenantDb } from '#app/adapters/db/tenant.server.ts';
import type { ComesBack } from '#app/domain/loyalty/ledger/plan-redemption.ts';
import { deriveDueMs } from '#app/domain/loyalty/ledger/derive-due.ts';
import { findEndDueMs } from '#app/domain/loyalty/ledger/tell-expiry.ts';
import { nextBirthday } from '#app/domain/loyalty/members/birthday.ts';
import { earliestExpiryDay } from '#app/domain/loyalty/program/earliest-expiry-day.ts';
import type { Program } from '#app/domain/loyalty/program/program.ts';
import type { ProgramVersion } from '#app/domain/loyalty/program/version-in-force.ts';
import { dayOfInstant, startOfDay } from '#app/domain/time/day-of-instant.ts';
import type { ShopContext } from '#app/services/shop-context.server.ts';

/** What holds for a shop's points. */
export interface ProgramTerms {
  /** The oldest first; at least one. */
  readonly versions: readonly ProgramVersion[];
  readonly newest: ProgramVersion;
  readonly timeZone: string;
  readonly currency: string;
}

export const MOST_VERSIONS = 10_000;

/** Null while no program was saved, or the shop's currency and time zone are not known. */
export async function loadProgramTerms(db: TenantDb, { shop }: Pick<ShopContext, 'shop'>): Promise<ProgramTerms | null> {
  const { currency, timeZone } = await loadProgramShop(db, shop);
  const versions = (await loadProgramHistory(db, shop, { before: null, limit: MOST_VERSIONS })).reverse();
  const newest = versions.at(-1);
  if (newest === undefined || currency === null || timeZone === null) return null;
  return { versions, newest, timeZone, currency };
}

/** By what a member's points end. A program that is paused lets nothing expire. */
export function expiryTermsOf(
  { versions, newest, timeZone }: Pick<ProgramTerms, 'versions' | 'newest' | 'timeZone'>,
  member: Pick<HeldMember, 'lastActivityMs' | 'enrolledAtMs'>,
): ComesBack {
  return {
    expiry: runningExpiry(newest.program),
    lastActivityMs: member.lastActivityMs ?? member.enrolledAtMs,
    notBeforeDay: earliestExpiryDay(versions, timeZone),
    timeZone,
  };
}

function runningExpiry({ status, expiry }: Program): Program['expiry'] {
  return status.kind === 'paused' || status.kind === 'off' ? { kind: 'never' } : expiry;
}

type TimeTerms = Pick<ProgramTerms, 'versions' | 'newest' | 'timeZone'>;

/** When time will next do something to a member's points: maturities, ends, the warnings of them, a birthday. */
export function pointsDueMsOf(terms: TimeTerms, nowMs: number): (member: HeldMember) => number | null {
  const { status } = terms.newest.program;
  return (member) => {
    const rules = expiryTermsOf(terms, member);
    const pointsDueMs = earlierOf(deriveDueMs(member.ledger, rules, nowMs), findEndDueMs(member.ledger, { terms: rules, status, nowMs }));
    return earlierOf(pointsDueMs, findBirthdayMs(member, terms, nowMs));
  };
}

function findBirthdayMs({ birthday, isExcluded, mergedInto }: HeldMember, { newest: { program }, timeZone }: TimeTerms, nowMs: number): number | null {
  if (birthday === null || isExcluded || mergedInto !== null || program.status.kind !== 'live' || !program.earning.birthdayPoints) return null;
  return startOfDay(nextBirthday(birthday, dayOfInstant(nowMs, timeZone)), timeZone);
}

/**
 * The same for `LedgerWriter.write`, by whoever knows nothing of tiers: what was due before stays due. A look too early
 * finds nothing to do and works out the next one anew.
 */
export function dueMsOf(terms: TimeTerms, nowMs: number): (member: HeldMember) => number | null {
  const pointsDueMs = pointsDueMsOf(terms, nowMs);
  return (member) => earlierOf(pointsDueMs(member), member.dueMs);
}

/** Null is never. */
export function earlierOf(oneMs: number | null, otherMs: number | null): number | null {
  if (oneMs === null || otherMs === null) return oneMs ?? otherMs;
  return Math.min(oneMs, otherMs);
}
