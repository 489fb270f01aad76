import type { Account, LotTerms, Posting } from './entry.ts';
import type { Lot, MemberLedger } from './member-ledger.ts';

/** Some points of one lot. */
export interface LotPoints {
  readonly lotNo: number;
  readonly points: number;
}

export function contra(account: Account, points: number): Posting {
  return { account, points, lotNo: null, opens: null };
}

export function inLot(account: 'customer' | 'pending' | 'reserved', lotNo: number, points: number): Posting {
  return { account, points, lotNo, opens: null };
}

/** A sum that leaves out nothing: postings of 0 points do not exist. */
export function withoutNoughts(postings: readonly Posting[]): Posting[] {
  return postings.filter(({ points }) => points !== 0);
}

/**
 * Postings that make new points a member's: pending until they mature, spendable at once where that is past. Spendable
 * points pay what the member owes first, and a lot is opened for the rest alone.
 */
export function openLot(ledger: MemberLedger, points: number, { terms, nowMs }: { terms: LotTerms; nowMs: number }): Posting[] {
  const lotNo = ledger.nextLotNo;
  if (terms.maturesAtMs > nowMs) return [{ account: 'pending', points, lotNo, opens: terms }];
  const paid = Math.min(points, ledger.debtPoints);
  return withoutNoughts([
    { account: 'customer', points: points - paid, lotNo, opens: terms },
    contra('customer', paid),
  ]);
}

/** Postings that make points of lots that are open spendable, the debt paid first. */
export function creditLots(ledger: MemberLedger, credits: readonly LotPoints[]): Posting[] {
  let owed = ledger.debtPoints;
  const postings = [];
  for (const { lotNo, points } of credits) {
    const paid = Math.min(points, owed);
    owed -= paid;
    postings.push(inLot('customer', lotNo, points - paid));
  }
  return withoutNoughts([...postings, contra('customer', ledger.debtPoints - owed)]);
}

/**
 * Which lots `points` are taken from, the first to expire first.
 *
 * @returns less than `points` together where the lots hold less
 */
export function allocateFromLots(lots: readonly Lot[], account: 'customer' | 'pending', points: number): LotPoints[] {
  let missing = points;
  const taken = [];
  for (const lot of lots) {
    const part = Math.min(lot[account], missing);
    if (part > 0) taken.push({ lotNo: lot.lotNo, points: part });
    missing -= part;
  }
  return taken;
}

/** Points of an order that ended before anybody spent them. */
export interface EndedPoints {
  readonly points: number;
  /** So many of them were taken back since: an order that is worth less owes nothing for what nobody could spend. */
  readonly takenBackPoints: number;
}

export const NONE_ENDED: EndedPoints = { points: 0, takenBackPoints: 0 };

/**
 * Postings that take points back which a member should not have: from the lots of the order that they came with, the
 * pending ones first, then from those of it that have ended, then from whatever can be spent, and what is missing then
 * becomes debt. What a redemption holds and what other orders have pending is left alone.
 */
export function takeBack(ledger: MemberLedger, points: number, { orderId, ended }: { orderId: bigint | null; ended: EndedPoints }): Posting[] {
  const own = orderId === null ? [] : ledger.lots.filter((lot) => lot.orderId === orderId);
  const others = ledger.lots.filter((lot) => !own.includes(lot));
  const fromPending = allocateFromLots(own, 'pending', points);
  const fromOwn = allocateFromLots(own, 'customer', points - sumOfPoints(fromPending));
  const missing = points - sumOfPoints(fromPending) - sumOfPoints(fromOwn);
  const fromEnded = Math.min(missing, Math.max(0, ended.points - ended.takenBackPoints));
  const fromOthers = allocateFromLots(others, 'customer', missing - fromEnded);
  const owed = missing - fromEnded - sumOfPoints(fromOthers);
  return withoutNoughts([
    ...fromPending.map((part) => inLot('pending', part.lotNo, -part.points)),
    ...[...fromOwn, ...fromOthers].map((part) => inLot('customer', part.lotNo, -part.points)),
    contra('expired', -fromEnded),
    contra('customer', -owed),
  ]);
}

/** Postings of points that are given anew: those that had ended, and were taken back as such, have ended again. */
export function giveAnew(ledger: MemberLedger, points: number, { terms, nowMs, ended }: { terms: LotTerms; nowMs: number; ended: EndedPoints }): Posting[] {
  const over = Math.min(points, ended.takenBackPoints);
  return [...withoutNoughts([contra('expired', over)]), ...(points === over ? [] : openLot(ledger, points - over, { terms, nowMs }))];
}

export function sumOfPoints(parts: readonly { readonly points: number }[]): number {
  return parts.reduce((sum, { points }) => sum + points, 0);
}
