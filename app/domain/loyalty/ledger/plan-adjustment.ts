import type { EntryDraft, EntryReason, LotTerms } from './entry.ts';
import type { MemberLedger } from './member-ledger.ts';
import { contra, NONE_ENDED, openLot, takeBack } from './move-points.ts';

interface AdjustmentInput {
  readonly kind: 'adjustment' | 'import';
  /** Of the request, so that a form sent twice or a file read twice changes the balance once. */
  readonly key: string;
  /** Not 0; below 0 to take. */
  readonly points: number;
  readonly terms: LotTerms;
  readonly occurredAtMs: number;
  readonly nowMs: number;
  readonly reason: EntryReason;
}

/** What a person decided, or another system's ledger says. What is taken may leave the member owing. */
export function planAdjustment(ledger: MemberLedger, input: AdjustmentInput): EntryDraft {
  const { kind, key, points, terms, occurredAtMs, nowMs, reason } = input;
  const moved = points > 0 ? openLot(ledger, points, { terms, nowMs }) : takeBack(ledger, -points, { orderId: null, ended: NONE_ENDED });
  return {
    kind,
    key,
    occurredAtMs,
    source: { orderId: null, redemptionId: null, programVersion: null },
    postings: [contra('adjustment', -points), ...moved],
    reason,
  };
}
