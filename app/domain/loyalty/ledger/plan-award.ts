import type { EntryDraft, EntryReason, LotTerms } from './entry.ts';
import { deriveBalance } from './member-ledger.ts';
import type { MemberLedger } from './member-ledger.ts';
import { contra, giveAnew, NONE_ENDED, takeBack } from './move-points.ts';
import type { EndedPoints } from './move-points.ts';

interface AwardInput {
  /** What the order, or the grant, should have given this member by now; 0 when it no longer counts. */
  readonly targetPoints: number;
  /** What entries about it have given so far, net. */
  readonly givenPoints: number;
  /** How many entries about it there are. */
  readonly entriesSoFar: number;
  readonly subject:
    | { readonly kind: 'order'; readonly orderId: bigint }
    /** Named so that a member can get it once: `welcome`, `birthday/2026`, `tier/gold`. */
    | { readonly kind: 'grant'; readonly name: string; readonly memberId: bigint; readonly orderId: bigint | null };
  /** Of the order, by all entries so far; nothing where none is given. */
  readonly ended?: EndedPoints;
  readonly terms: LotTerms;
  readonly programVersion: number;
  readonly occurredAtMs: number;
  readonly nowMs: number;
  readonly reason: EntryReason;
}

/**
 * More than any member should come to, and little enough that their sums, and those of two who are merged, fit where they
 * are kept: an order that was priced in the wrong unit must not stop the awards of everybody else.
 */
export const MOST_HELD_POINTS = 1_000_000_000;

/**
 * The entry that brings what an order has given to what it should have given. Since it goes by the difference, refunds
 * and edits may come in any order, twice, or all at once, and the end is the same.
 *
 * @returns null when nothing is to be done
 */
export function planAward(ledger: MemberLedger, award: AwardInput): EntryDraft | null {
  const { targetPoints, givenPoints, subject, terms, nowMs, ended = NONE_ENDED } = award;
  const difference = Math.min(targetPoints - givenPoints, Math.max(0, roomIn(ledger)));
  if (difference === 0) return null;
  const moved =
    difference > 0 ? giveAnew(ledger, difference, { terms, nowMs, ended }) : takeBack(ledger, -difference, { orderId: subject.orderId, ended });
  return {
    kind: subject.kind,
    key: `${subjectKey(subject)}/${award.entriesSoFar + 1}`,
    occurredAtMs: award.occurredAtMs,
    source: { orderId: subject.orderId, redemptionId: null, programVersion: award.programVersion },
    postings: [contra('issued', -difference), ...moved],
    reason: award.reason,
  };
}

function roomIn(ledger: MemberLedger): number {
  const { points, pendingPoints, reservedPoints } = deriveBalance(ledger);
  return MOST_HELD_POINTS - points - pendingPoints - reservedPoints;
}

function subjectKey(subject: AwardInput['subject']): string {
  return subject.kind === 'order' ? `order/${subject.orderId}` : `grant/${subject.memberId}/${subject.name}`;
}
