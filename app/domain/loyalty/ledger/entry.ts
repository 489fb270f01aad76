/**
 * The ledger is double entry: the postings of an entry add up to 0. `customer` is what a member can spend (below 0 when
 * they owe), `pending` what waits for the return window, `reserved` what a redemption holds. The others are where points
 * come from and go to, so that their sums are what the program issued, redeemed, let expire and adjusted. `transfer`
 * carries points between members who were merged and is 0 over the shop.
 */
export const ACCOUNTS = [
  'customer',
  'pending',
  'reserved',
  'issued',
  'redeemed',
  'expired',
  'adjustment',
  'transfer',
] as const;
export type Account = (typeof ACCOUNTS)[number];

/** Accounts that a member's points are in; the postings of these name their lot. */
export type MemberAccount = 'customer' | 'pending' | 'reserved';

export interface Posting {
  readonly account: Account;
  /** Whole and not 0; what is added to the account, below 0 what is taken. */
  readonly points: number;
  /** The lot that these points are of; null on accounts that are no member's, and for debt, which is of no lot. */
  readonly lotNo: number | null;
  /** On the one posting that opens a lot. */
  readonly opens: LotTerms | null;
}

/** Points that were given together, spent before others that expire later. Fixed when the lot is opened. */
export interface LotTerms {
  /** When pending points become spendable. */
  readonly maturesAtMs: number;
  /** First day, at the shop, on which they are gone; null where only the member's inactivity ends them. */
  readonly expiresOn: number | null;
  /** The order that earned them, for a later refund of it; null for points of no order. */
  readonly orderId: bigint | null;
}

export const ENTRY_KINDS = [
  /** Points of an order as it stands: the first award, or what a refund, edit or cancellation changes about it. */
  'order',
  /** Welcome, first order, birthday, reaching a tier; taken back by another of the same kind. */
  'grant',
  /** A lot's pending points become spendable. */
  'maturity',
  'reserve',
  'capture',
  'release',
  /** Spent points come back, since what they were spent on was refunded. */
  'return',
  'expiry',
  'adjustment',
  'import',
  'transfer',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Whether an entry shows that the member is about, from which their inactivity is counted. */
export function isActivity({ kind, postings }: Pick<EntryDraft, 'kind' | 'postings'>): boolean {
  if (kind === 'reserve' || kind === 'import') return true;
  return kind === 'order' && postings.some(({ account, points }) => account === 'issued' && points < 0);
}

/** What an entry is about. */
export interface EntrySource {
  readonly orderId: bigint | null;
  readonly redemptionId: string | null;
  /** Of the program that it was decided under; null where no rule was asked (a maturity, a manual adjustment). */
  readonly programVersion: number | null;
}

/** One thing that happened to one member's points, before it has its place in the ledger. */
export interface EntryDraft {
  readonly kind: EntryKind;
  /** The business key: there is one entry of it in the shop, however often it is asked for. */
  readonly key: string;
  readonly occurredAtMs: number;
  readonly source: EntrySource;
  readonly postings: readonly Posting[];
  /** Why, as facts and no prose: JSON that `explain` reads. Names nobody. */
  readonly reason: EntryReason;
}

/** `code` says which facts are there. */
export type EntryReason = { readonly code: string } & { readonly [fact: string]: JsonValue };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An entry in its place: `sequence` counts a member's entries from 1. */
export interface Entry extends EntryDraft {
  readonly memberId: bigint;
  readonly sequence: number;
  /** When we learned of it. */
  readonly recordedAtMs: number;
}

/** An entry that would break a rule of the ledger. A fault of ours, never of a request. */
export class UnsoundEntryError extends Error {
  override name = 'UnsoundEntryError';
}

/** @throws UnsoundEntryError */
export function requireSoundPostings(postings: readonly Posting[]): void {
  let sum = 0;
  for (const { account, points, lotNo, opens } of postings) {
    if (!Number.isSafeInteger(points) || points === 0) throw new UnsoundEntryError(`${points} points in ${account}`);
    if (opens !== null && (lotNo === null || points < 0)) throw new UnsoundEntryError('a lot is opened by points in it');
    if (lotNo !== null && !isMemberAccount(account)) throw new UnsoundEntryError(`a lot in ${account}`);
    if (lotNo === null && (account === 'pending' || account === 'reserved')) {
      throw new UnsoundEntryError(`${account} points of no lot`);
    }
    sum += points;
  }
  if (postings.length < 2 || sum !== 0) throw new UnsoundEntryError(`postings add up to ${sum}`);
}

export function isMemberAccount(account: Account): account is MemberAccount {
  return account === 'customer' || account === 'pending' || account === 'reserved';
}
