import { dayOfInstant } from '../../time/day-of-instant.ts';
import type { EntryDraft, LotTerms, Posting } from './entry.ts';
import { applyPostings } from './member-ledger.ts';
import type { MemberLedger } from './member-ledger.ts';
import { contra, openLot, sumOfPoints } from './move-points.ts';
import type { EndedPoints } from './move-points.ts';
import { expiryDayOf } from './plan-passing-of-time.ts';
import type { ComesBack } from './plan-redemption.ts';

/** Points that a member lost to inactivity alone, by one entry. */
export interface LostPoints {
  readonly entryKey: string;
  /** The first instant at which they were gone. */
  readonly lostAtMs: number;
  /** When the member was last about, as far as was known then. */
  readonly lastActivityMs: number;
  readonly lots: readonly (LotTerms & { readonly points: number })[];
}

interface RevivalInput {
  readonly orderId: bigint;
  readonly processedAtMs: number;
  /** By which points end; the member's own activity is left out. */
  readonly terms: ComesBack;
  readonly nowMs: number;
}

/** Without what an order took back since: it stays taken. Null where nothing else was lost. */
export function withoutTakenBack(lost: LostPoints, endedOf: ReadonlyMap<bigint, EndedPoints>): LostPoints | null {
  const left = new Map([...endedOf].map(([orderId, { points, takenBackPoints }]) => [orderId, Math.max(0, points - takenBackPoints)]));
  const lots = lost.lots.flatMap((lot) => {
    const most = lot.orderId === null ? lot.points : (left.get(lot.orderId) ?? lot.points);
    const points = Math.min(lot.points, most);
    if (lot.orderId !== null) left.set(lot.orderId, most - points);
    return points === 0 ? [] : [{ ...lot, points }];
  });
  return lots.length === 0 ? null : { ...lost, lots };
}

/**
 * An order that is told of late shows that the member was about before their points ended: then they did not end, since
 * how late a webhook comes makes no difference. What was placed only after that day revives nothing, and neither does an
 * order so old that by it they would have ended by today all the same.
 *
 * @returns null where they ended rightly
 */
export function planRevival(ledger: MemberLedger, lost: LostPoints, { orderId, processedAtMs, terms, nowMs }: RevivalInput): EntryDraft | null {
  const wasAbout = processedAtMs > lost.lastActivityMs && processedAtMs < lost.lostAtMs;
  const day = expiryDayOf({ expiresOn: null }, { ...terms, lastActivityMs: processedAtMs });
  if (!wasAbout || (day !== null && day <= dayOfInstant(nowMs, terms.timeZone))) return null;
  let state = ledger;
  const postings: Posting[] = [];
  // Their lots are empty for good: new ones, by the same terms.
  for (const { points, maturesAtMs, expiresOn, orderId: lotOrderId } of lost.lots) {
    const moved = openLot(state, points, { terms: { maturesAtMs, expiresOn, orderId: lotOrderId }, nowMs });
    postings.push(...moved);
    state = applyPostings(state, moved);
  }
  return {
    kind: 'expiry',
    key: `${lost.entryKey}/undone`,
    occurredAtMs: nowMs,
    source: { orderId, redemptionId: null, programVersion: null },
    postings: [contra('expired', -sumOfPoints(lost.lots)), ...postings],
    // A refund of one of these orders goes by what of it is over.
    reason: { code: 'was-active', orderId: String(orderId), broughtBack: lost.lots.map((lot) => ({ orderId: lot.orderId === null ? null : String(lot.orderId), points: lot.points })) },
  };
}
