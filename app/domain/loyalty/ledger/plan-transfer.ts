import type { EntryDraft, Posting } from './entry.ts';
import type { Lot, MemberLedger } from './member-ledger.ts';
import { contra, inLot, NONE_ENDED, openLot, sumOfPoints, takeBack, withoutNoughts } from './move-points.ts';
import { applyPostings } from './member-ledger.ts';

interface TransferInput {
  readonly fromMemberId: bigint;
  readonly toMemberId: bigint;
  /** Different for each transfer between the two: a redemption that is released later moves its points then. */
  readonly transfersSoFar: number;
  readonly nowMs: number;
}

/**
 * Two customers became one: everything that the one could spend, has pending or owes goes to the other, each lot with its
 * terms. What a redemption holds stays until it is settled.
 *
 * @returns null when there is nothing to move
 */
export function planTransfer(
  from: MemberLedger,
  to: MemberLedger,
  input: TransferInput,
): { readonly out: EntryDraft; readonly in: EntryDraft } | null {
  const movable = from.lots.filter(({ customer, pending }) => customer > 0 || pending > 0);
  if (movable.length === 0 && from.debtPoints === 0) return null;
  const points = sumOfPoints(movable.map((lot) => ({ points: lot.customer + lot.pending }))) - from.debtPoints;
  const outPostings = [
    ...movable.map(({ lotNo, customer }) => inLot('customer', lotNo, -customer)),
    ...movable.map(({ lotNo, pending }) => inLot('pending', lotNo, -pending)),
    contra('customer', from.debtPoints),
    contra('transfer', points),
  ];
  const key = `transfer/${input.fromMemberId}/${input.toMemberId}/${input.transfersSoFar + 1}`;
  const common = {
    kind: 'transfer' as const,
    occurredAtMs: input.nowMs,
    source: { orderId: null, redemptionId: null, programVersion: null },
  };
  return {
    out: {
      ...common,
      key: `${key}/out`,
      postings: withoutNoughts(outPostings),
      reason: { code: 'merged-away', toMemberId: String(input.toMemberId) },
    },
    in: {
      ...common,
      key: `${key}/in`,
      postings: withoutNoughts([contra('transfer', -points), ...arrivals(to, { lots: movable, from, nowMs: input.nowMs })]),
      reason: { code: 'merged-in', fromMemberId: String(input.fromMemberId) },
    },
  };
}

/** The debt first, so that what arrives pays it, whoever of the two owed. */
function arrivals(
  to: MemberLedger,
  { lots, from, nowMs }: { lots: readonly Lot[]; from: MemberLedger; nowMs: number },
): Posting[] {
  let ledger = to;
  const postings: Posting[] = [];
  const arrive = (moved: readonly Posting[]): void => {
    postings.push(...moved);
    ledger = applyPostings(ledger, moved);
  };
  if (from.debtPoints > 0) arrive(takeBack(ledger, from.debtPoints, { orderId: null, ended: NONE_ENDED }));
  for (const { customer, pending, maturesAtMs, expiresOn, orderId } of lots) {
    const terms = { maturesAtMs, expiresOn, orderId };
    if (customer > 0) arrive(openLot(ledger, customer, { terms: { ...terms, maturesAtMs: Math.min(maturesAtMs, nowMs) }, nowMs }));
    if (pending > 0) arrive(openLot(ledger, pending, { terms, nowMs }));
  }
  return postings;
}
