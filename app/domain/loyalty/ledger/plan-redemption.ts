import type { Result } from '../../result.ts';
import { dayOfInstant } from '../../time/day-of-instant.ts';
import type { EntryDraft, EntryReason, LotTerms, Posting } from './entry.ts';
import { applyPostings, deriveBalance } from './member-ledger.ts';
import type { MemberLedger } from './member-ledger.ts';
import { allocateFromLots, contra, creditLots, inLot, openLot, sumOfPoints, withoutNoughts } from './move-points.ts';
import type { LotPoints } from './move-points.ts';
import { expiryDayOf } from './plan-passing-of-time.ts';
import type { ExpiryInput } from './plan-passing-of-time.ts';

/**
 * Points that come back after the day on which they would have expired may be spent for so many days: who returned a
 * purchase in time should not lose points to the calendar.
 */
export const RETURN_GRACE_DAYS = 30;

interface RedemptionInput {
  readonly redemptionId: string;
  readonly programVersion: number | null;
  readonly nowMs: number;
  readonly reason: EntryReason;
}

/** What a redemption has taken and given back so far, in the order in which it was taken. */
export interface HeldPoints {
  readonly lots: readonly (LotPoints & LotTerms)[];
}

/** Puts points aside for a discount that is about to be made. */
export function planReserve(
  ledger: MemberLedger,
  points: number,
  input: RedemptionInput,
): Result<EntryDraft, { reason: 'insufficient-points'; availablePoints: number }> {
  const availablePoints = Math.max(0, deriveBalance(ledger).points);
  if (availablePoints < points) return { ok: false, reason: 'insufficient-points', availablePoints };
  const taken = allocateFromLots(ledger.lots, 'customer', points);
  const postings = [
    ...taken.map((part) => inLot('customer', part.lotNo, -part.points)),
    ...taken.map((part) => inLot('reserved', part.lotNo, part.points)),
  ];
  return { ok: true, value: draft('reserve', input, { postings, key: `redemption/${input.redemptionId}/reserve` }) };
}

/** The discount was used in a paid order: the points are spent. */
export function planCapture(held: HeldPoints, input: RedemptionInput): EntryDraft {
  const postings = [
    ...held.lots.map(({ lotNo, points }) => inLot('reserved', lotNo, -points)),
    contra('redeemed', sumOfPoints(held.lots)),
  ];
  // Captured or released, never both: they share a key.
  return draft('capture', input, { postings, key: `redemption/${input.redemptionId}/settle` });
}

/** The discount was not made, not used in time, or its order was cancelled: the points come back whole. */
export function planRelease(
  ledger: MemberLedger,
  held: HeldPoints,
  input: RedemptionInput & { readonly expiry: ComesBack },
): EntryDraft {
  const postings = [
    ...held.lots.map(({ lotNo, points }) => inLot('reserved', lotNo, -points)),
    ...giveBack(ledger, held.lots, input),
  ];
  return draft('release', input, { postings, key: `redemption/${input.redemptionId}/settle` });
}

interface ReturnInput extends RedemptionInput {
  readonly expiry: ComesBack;
  /** Points that should have come back by now, of those that were captured; never falls. */
  readonly targetPoints: number;
  readonly returnedPoints: number;
  readonly returnsSoFar: number;
}

/**
 * The order that the discount was used in was refunded, in part or whole: the part of the points that belongs to it comes
 * back, those that expire last first.
 *
 * @returns null when nothing is to come back
 */
export function planReturn(ledger: MemberLedger, captured: HeldPoints, input: ReturnInput): EntryDraft | null {
  const points = input.targetPoints - input.returnedPoints;
  if (points <= 0) return null;
  const postings = [
    contra('redeemed', -points),
    ...giveBackAnew(ledger, lastTaken(captured, { skip: input.returnedPoints, points }), input),
  ];
  const key = `redemption/${input.redemptionId}/return/${input.returnsSoFar + 1}`;
  return draft('return', input, { postings, key });
}

/** The part of what was taken that comes after `skip` points from the end. */
function lastTaken({ lots }: HeldPoints, { skip, points }: { skip: number; points: number }): HeldPoints['lots'] {
  let skipped = skip;
  let missing = points;
  const parts = [];
  for (const lot of [...lots].reverse()) {
    const passed = Math.min(skipped, lot.points);
    skipped -= passed;
    const part = Math.min(missing, lot.points - passed);
    missing -= part;
    if (part > 0) parts.push({ ...lot, points: part });
  }
  return parts;
}

export type ComesBack = Omit<ExpiryInput, 'memberId' | 'nowMs'>;

/**
 * Held points, which their lots still know: each part to its own lot with its old expiry, or, where that has passed, all of
 * it to a new one with some days' grace.
 */
function giveBack(
  ledger: MemberLedger,
  parts: HeldPoints['lots'],
  { expiry, nowMs }: { expiry: ComesBack; nowMs: number },
): Posting[] {
  const { onTime, latePoints, graceTerms } = splitByExpiry(parts, expiry, nowMs);
  const credits = creditLots(ledger, onTime);
  const paid = -sumOfPoints(credits.filter(({ lotNo }) => lotNo === null));
  if (latePoints === 0) return credits;
  const late = openLot({ ...ledger, debtPoints: ledger.debtPoints + paid }, latePoints, { terms: graceTerms, nowMs });
  return withoutNoughts([...credits, ...late]);
}

/** Spent points, whose lots may be empty and forgotten: a new lot each, with the terms of the old one. */
function giveBackAnew(
  ledger: MemberLedger,
  parts: HeldPoints['lots'],
  { expiry, nowMs }: { expiry: ComesBack; nowMs: number },
): Posting[] {
  const { onTime, latePoints, graceTerms } = splitByExpiry(parts, expiry, nowMs);
  let state = ledger;
  const postings = [];
  for (const { points, maturesAtMs, expiresOn, orderId } of [...onTime, { points: latePoints, ...graceTerms }]) {
    const moved = points === 0 ? [] : openLot(state, points, { terms: { maturesAtMs, expiresOn, orderId }, nowMs });
    postings.push(...moved);
    state = applyPostings(state, moved);
  }
  return postings;
}

function splitByExpiry(parts: HeldPoints['lots'], expiry: ComesBack, nowMs: number) {
  const today = dayOfInstant(nowMs, expiry.timeZone);
  const isOver = (part: LotTerms): boolean => (expiryDayOf(part, expiry) ?? Infinity) <= today;
  return {
    onTime: parts.filter((part) => !isOver(part)),
    latePoints: sumOfPoints(parts.filter(isOver)),
    graceTerms: { maturesAtMs: nowMs, expiresOn: today + 1 + RETURN_GRACE_DAYS, orderId: null },
  };
}

function draft(
  kind: EntryDraft['kind'],
  { redemptionId, programVersion, nowMs, reason }: RedemptionInput,
  { postings, key }: { postings: readonly Posting[]; key: string },
): EntryDraft {
  return { kind, key, occurredAtMs: nowMs, source: { orderId: null, redemptionId, programVersion }, postings, reason };
}
