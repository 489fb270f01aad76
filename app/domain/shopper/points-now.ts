import { applyPostings, deriveBalance } from '../loyalty/ledger/member-ledger.ts';
import type { MemberLedger } from '../loyalty/ledger/member-ledger.ts';
import { expiryDayOf, planExpiry, planMaturities } from '../loyalty/ledger/plan-passing-of-time.ts';
import type { ComesBack } from '../loyalty/ledger/plan-redemption.ts';

export interface PointsNow {
  /** Spendable; below 0 when the member owes. */
  readonly points: number;
  readonly pendingPoints: number;
  /** The first pending points to become spendable. */
  readonly nextMaturity: { readonly points: number; readonly atMs: number } | null;
  /** The first spendable points to end, and the first day on which they are gone. */
  readonly nextEnd: { readonly points: number; readonly day: number } | null;
}

interface PointsNowInput {
  readonly memberId: bigint;
  readonly terms: ComesBack;
  /** On which all ends with the program; null for one that goes on. */
  readonly endDay: number | null;
  readonly nowMs: number;
}

/**
 * A member's points at this instant, whether or not the worker has come to what time has done to them: what a redemption
 * would find, too.
 */
export function derivePointsNow(ledger: MemberLedger, { memberId, terms, endDay, nowMs }: PointsNowInput): PointsNow {
  const matured = applyPostings(ledger, planMaturities(ledger, { memberId, nowMs })?.postings ?? []);
  const present = applyPostings(matured, planExpiry(matured, { memberId, ...terms, nowMs })?.postings ?? []);
  const { points, pendingPoints } = deriveBalance(present);
  return { points, pendingPoints, nextMaturity: findMaturity(present), nextEnd: findEnd(present, { terms, endDay }) };
}

function findMaturity({ lots }: MemberLedger): PointsNow['nextMaturity'] {
  const pending = lots.filter((lot) => lot.pending > 0);
  if (pending.length === 0) return null;
  const atMs = Math.min(...pending.map(({ maturesAtMs }) => maturesAtMs));
  return { atMs, points: pending.reduce((sum, lot) => (lot.maturesAtMs === atMs ? sum + lot.pending : sum), 0) };
}

function findEnd({ lots }: MemberLedger, { terms, endDay }: Pick<PointsNowInput, 'terms' | 'endDay'>): PointsNow['nextEnd'] {
  const ends = lots
    .filter(({ customer }) => customer > 0)
    .map((lot) => ({ points: lot.customer, day: Math.min(expiryDayOf(lot, terms) ?? Infinity, endDay ?? Infinity) }));
  const day = Math.min(...ends.map((end) => end.day));
  if (!Number.isFinite(day)) return null;
  return { day, points: ends.reduce((sum, end) => (end.day === day ? sum + end.points : sum), 0) };
}
