import type { OrderReason } from '../accrual/award-reason.ts';
import type { EntryKind } from '../ledger/entry.ts';
import type { Reward } from '../program/program.ts';

/** A line of an order, and the one rule that it earned by. */
export interface ToldLine {
  /** Null for value that no line explains. */
  title: string | null;
  baseMinor: number;
  rule: 'usual' | 'tier' | 'multiplier' | 'gift-card';
  /** What the merchant calls the rule or the tier; empty where it has no name. */
  ruleName: string;
  factorBasisPoints: number;
  points: number;
}

/** Why an order earned, or did not, with the names that its ids had in the program's version. */
export type ToldOrder =
  | {
      code: 'order-earned';
      currency: string;
      valueMinor: number;
      ratePoints: number;
      ratePerMinor: number;
      lines: ToldLine[];
      bonus: { minimumMinor: number; points: number } | null;
      /** What the order would have to come to for a bonus, where it has none; null where there is none to be had. */
      nextBonusMinor: number | null;
      cappedAtPoints: number | null;
    }
  | { code: Exclude<OrderReason['code'], 'order-earned'> };

/** An entry as a page tells it. */
export interface ToldEntry {
  readonly sequence: number;
  readonly kind: EntryKind;
  readonly occurredAtMs: number;
  readonly recordedAtMs: number;
  readonly orderName: string | null;
  readonly programVersion: number | null;
  readonly note: string | null;
  readonly staffId: string | null;
  /** What changed. */
  readonly points: number;
  readonly pendingPoints: number;
  readonly reservedPoints: number;
  /** What of `points` is debt: above 0 what was made, below 0 what was paid. */
  readonly owedPoints: number;
  /**
   * Of an order's entry: above 0 what was taken back of points that had ended, of which nobody has any; below 0 what of
   * the points given had ended before, and is over again.
   */
  readonly endedPoints: number;
  /** What it left. */
  readonly balanceAfter: number;
  readonly pendingAfter: number;
  readonly reservedAfter: number;
  /** What earlier entries about the same order had given to the member, or to those who went up in them. */
  readonly givenBefore: number;
  readonly maturesAtMs: number | null;
  /** `YYYY-MM-DD` in shop time. */
  readonly expiresOn: string | null;
  readonly code: string | null;
  /** What happened, as the reason names it. */
  readonly because: string;
  /** Of an order's entry. */
  readonly order: ToldOrder | null;
  /** What points were spent on; null where it is not known any more. */
  readonly reward: Pick<Reward, 'name' | 'gives'> | null;
  /** Of the reason: the tier, the line of a file, the other member. */
  readonly fact: string | null;
}

/**
 * `given`: entries say so. The others have none: `guest`, nobody to give it to; `excluded`, by the merchant's decision;
 * `no-program`, none at the time; `nothing`, the rules give none, and `order` says which; `on-its-way`, the worker comes
 * to it shortly.
 */
export type OrderVerdict = 'given' | 'guest' | 'excluded' | 'no-program' | 'nothing' | 'on-its-way';

export interface OrderAnswer {
  name: string;
  /** Of the order's customer; null where they are no member. */
  memberId: string | null;
  /** Of the member it is asked for, if it is asked for one. */
  isTheirs: boolean;
  verdict: OrderVerdict;
  /** What it has given so far, or would give. */
  points: number;
  entries: number;
  processedAtMs: number;
  order: ToldOrder | null;
}
