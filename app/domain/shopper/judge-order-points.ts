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

/** What the rules give an order, as far as it is known. */
interface RuledPoints {
  readonly targetPoints: number;
  /** What is certain of it: all of it, unless a rate depends on what only Shopify can say. */
  readonly leastPoints: number;
}

/** An order about which there is no entry, by what the rules give it. */
export interface UngivenOrder {
  /** Null where there was no program for such an order. */
  readonly award: (RuledPoints & { readonly reason: Pick<OrderReason, 'code'> }) | null;
  /** The same, were it paid and sent. */
  readonly promised: RuledPoints | null;
  readonly isOfGuest: boolean;
  /** Whether the worker has come to the order as it is. */
  readonly isAwarded: boolean;
}

/** Reasons that time takes away by itself. */
const FOR_NOW: ReadonlySet<string> = new Set(['order-not-paid', 'order-not-fulfilled']);

export function judgeUngiven({ award, promised, isOfGuest, isAwarded }: UngivenOrder): OrderPointsVerdict {
  if (award === null) return NONE;
  if (award.targetPoints > 0) {
    if (isOfGuest) return claimable(award);
    return isAwarded ? NONE : { state: 'pending', isPromised: award.leastPoints > 0 };
  }
  if (!FOR_NOW.has(award.reason.code) || promised === null || promised.targetPoints <= 0) return NONE;
  if (isOfGuest) return claimable(promised);
  // Nobody is told a number that another may follow.
  if (promised.leastPoints !== promised.targetPoints) return { state: 'pending', isPromised: promised.leastPoints > 0 };
  return { state: 'ready', points: promised.targetPoints, standing: 'pending', spendableFromMs: null };
}

/** A guest waits for nothing: they are told what is certain. */
function claimable({ leastPoints }: RuledPoints): OrderPointsVerdict {
  return leastPoints > 0 ? { state: 'ready', points: leastPoints, standing: 'claimable', spendableFromMs: null } : NONE;
}

const SHORTEST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/** Half as long again as has been waited by now: soon while the page has just opened, seldom later. */
export function deriveRetryMs(waitedMs: number): number {
  return Math.min(Math.max(Math.round(waitedMs / 2), SHORTEST_RETRY_MS), LONGEST_RETRY_MS);
}
