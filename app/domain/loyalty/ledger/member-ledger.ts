import { isMemberAccount, UnsoundEntryError } from './entry.ts';
import type { LotTerms, Posting } from './entry.ts';

/** What is left of a lot, by account. None is below 0. */
export interface Lot extends LotTerms {
  readonly lotNo: number;
  readonly customer: number;
  readonly pending: number;
  readonly reserved: number;
}

/** Where a member's points stand: the sum of their postings. */
export interface MemberLedger {
  /** Those that hold points, in the order in which they are spent. */
  readonly lots: readonly Lot[];
  /** What the member owes, 0 or more; above 0 only while no lot has anything to spend. */
  readonly debtPoints: number;
  /** The number that the next lot gets. */
  readonly nextLotNo: number;
}

export interface Balance {
  /** Below 0 when the member owes. */
  readonly points: number;
  readonly pendingPoints: number;
  readonly reservedPoints: number;
}

export const EMPTY_LEDGER: MemberLedger = { lots: [], debtPoints: 0, nextLotNo: 1 };

export function deriveBalance({ lots, debtPoints }: MemberLedger): Balance {
  let points = 0 - debtPoints;
  let pendingPoints = 0;
  let reservedPoints = 0;
  for (const lot of lots) {
    points += lot.customer;
    pendingPoints += lot.pending;
    reservedPoints += lot.reserved;
  }
  return { points, pendingPoints, reservedPoints };
}

/**
 * The ledger after some more postings. Sound ones leave no lot below 0; `checkMemberLedger` says whether they did.
 *
 * @throws UnsoundEntryError
 */
export function applyPostings(ledger: MemberLedger, postings: readonly Posting[]): MemberLedger {
  const lots = new Map(ledger.lots.map((lot) => [lot.lotNo, lot]));
  let { debtPoints, nextLotNo } = ledger;
  for (const { account, points, lotNo, opens } of postings) {
    if (!isMemberAccount(account)) continue;
    if (lotNo === null) {
      debtPoints -= points;
      continue;
    }
    const lot = lots.get(lotNo) ?? emptyLot(lotNo, opens);
    lots.set(lotNo, { ...lot, [account]: lot[account] + points });
    nextLotNo = Math.max(nextLotNo, lotNo + 1);
  }
  const held = [...lots.values()].filter((lot) => lot.customer !== 0 || lot.pending !== 0 || lot.reserved !== 0);
  return { lots: held.sort(inSpendingOrder), debtPoints, nextLotNo };
}

function emptyLot(lotNo: number, opens: LotTerms | null): Lot {
  if (opens === null) throw new UnsoundEntryError(`lot ${lotNo} was never opened or is empty for good`);
  return { lotNo, ...opens, customer: 0, pending: 0, reserved: 0 };
}

/** First to expire first; those that only inactivity ends come last, the oldest first. */
export function inSpendingOrder(a: Lot, b: Lot): number {
  const byExpiry = (a.expiresOn ?? Infinity) - (b.expiresOn ?? Infinity);
  return Number.isNaN(byExpiry) || byExpiry === 0 ? a.lotNo - b.lotNo : byExpiry;
}

/** What is wrong with it, in words for an operator; nothing when it is sound. */
export function checkMemberLedger({ lots, debtPoints }: MemberLedger): string[] {
  const findings = [];
  for (const { lotNo, customer, pending, reserved } of lots) {
    if (customer < 0 || pending < 0 || reserved < 0) findings.push(`lot ${lotNo} is below 0`);
  }
  if (debtPoints < 0) findings.push('debt is below 0');
  if (debtPoints > 0 && lots.some(({ customer }) => customer > 0)) findings.push('debt beside points that could pay it');
  return findings;
}
