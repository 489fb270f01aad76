import type { OrderReason } from '../loyalty/accrual/award-reason.ts';

/** What the page of an order is told of its points. */
export type OrderPointsVerdict =
  | { readonly state: 'none' }
  /** `isPromised`: it is certain that points come. */
  | { readonly state: 'pending'; readonly isPromised: boolean }
  | {
      readonly state: 'ready';
      readonly points: number;
      readonly standing: 'pending' | 'spendable' | 'claimable';
      readonly spendableFromMs: number | null;
    };

const NONE: OrderPointsVerdict = { state: 'none' };

/** What the ledger says: what was given, after refunds. */
export function judgeGiven({ points, maturesAtMs }: { readonly points: number; readonly maturesAtMs: number }, nowMs: number): OrderPointsVerdict {
  if (points <= 0) return NONE;
  const isPending = maturesAtMs > nowMs;
  return { state: 'ready', points, standing: isPending ? 'pending' : 'spendable', spendableFromMs: isPending ? maturesAtMs : null };
}

/** An order about which there is no entry, by what the rules give it. */
export interface UngivenOrder {
  /** Null where there was no program for such an order. */
  readonly award: { readonly targetPoints: number; readonly reason: Pick<OrderReason, 'code'> } | null;
  /** The same, were it paid and sent. */
  readonly promised: { readonly targetPoints: number } | null;
  readonly isOfGuest: boolean;
  /** Whether the worker has come to the order as it is. */
  readonly isAwarded: boolean;
}

/** Reasons that time takes away by itself. */
const FOR_NOW: ReadonlySet<string> = new Set(['order-not-paid', 'order-not-fulfilled']);

export function judgeUngiven({ award, promised, isOfGuest, isAwarded }: UngivenOrder): OrderPointsVerdict {
  if (award === null) return NONE;
  if (award.targetPoints > 0) {
    if (isOfGuest) return { state: 'ready', points: award.targetPoints, standing: 'claimable', spendableFromMs: null };
    return isAwarded ? NONE : { state: 'pending', isPromised: true };
  }
  if (!FOR_NOW.has(award.reason.code) || promised === null || promised.targetPoints <= 0) return NONE;
  return { state: 'ready', points: promised.targetPoints, standing: isOfGuest ? 'claimable' : 'pending', spendableFromMs: null };
}

const SHORTEST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/** Half as long again as has been waited by now: soon while the page has just opened, seldom later. */
export function deriveRetryMs(waitedMs: number): number {
  return Math.min(Math.max(Math.round(waitedMs / 2), SHORTEST_RETRY_MS), LONGEST_RETRY_MS);
}
