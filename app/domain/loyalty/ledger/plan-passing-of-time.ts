import { dayAfterMonths } from '../../time/calendar-day.ts';
import { dayOfInstant, startOfDay } from '../../time/day-of-instant.ts';
import type { Expiry } from '../program/program.ts';
import type { EntryDraft } from './entry.ts';
import type { Lot, MemberLedger } from './member-ledger.ts';
import { contra, creditLots, inLot, sumOfPoints, withoutNoughts } from './move-points.ts';

/** Makes the points spendable whose return window is over. */
export function planMaturities(ledger: MemberLedger, { memberId, nowMs }: { memberId: bigint; nowMs: number }): EntryDraft | null {
  const mature = ledger.lots.filter((lot) => lot.pending > 0 && lot.maturesAtMs <= nowMs);
  const [first] = mature;
  if (first === undefined) return null;
  const credits = mature.map(({ lotNo, pending }) => ({ lotNo, points: pending }));
  return {
    kind: 'maturity',
    // A lot has pending points once in its life, so any of them names the entry.
    key: `maturity/${memberId}/${Math.min(...credits.map(({ lotNo }) => lotNo))}`,
    occurredAtMs: Math.max(...mature.map(({ maturesAtMs }) => maturesAtMs)),
    source: { orderId: null, redemptionId: null, programVersion: null },
    postings: [...credits.map(({ lotNo, points }) => inLot('pending', lotNo, -points)), ...creditLots(ledger, credits)],
    reason: { code: 'return-window-over' },
  };
}

export interface ExpiryInput {
  readonly memberId: bigint;
  readonly expiry: Expiry;
  /** When the member last earned or spent; null when they never did. */
  readonly lastActivityMs: number | null;
  /** No points end before it, whatever the rule says: -Infinity for no such day, Infinity while none end at all. */
  readonly notBeforeDay?: number;
  readonly timeZone: string;
  readonly nowMs: number;
}

/** What is over by today: each lot at the first instant of its day, at the shop. What a redemption holds does not expire. */
export function planExpiry(ledger: MemberLedger, input: ExpiryInput): EntryDraft | null {
  const { memberId, timeZone, nowMs } = input;
  const today = dayOfInstant(nowMs, timeZone);
  const over = ledger.lots
    .map((lot) => ({ lot, day: expiryDayOf(lot, input) }))
    .filter(({ lot, day }) => day !== null && day <= today && lot.customer > 0);
  if (over.length === 0) return null;
  const lastDay = Math.max(...over.map(({ day }) => day ?? 0));
  const points = sumOfPoints(over.map(({ lot }) => ({ points: lot.customer })));
  return {
    kind: 'expiry',
    // The same lot may end twice, on different days: a part that was reserved comes back after the member was active again.
    key: `expiry/${memberId}/${Math.min(...over.map(({ lot }) => lot.lotNo))}/${lastDay}`,
    occurredAtMs: startOfDay(lastDay, timeZone),
    source: { orderId: null, redemptionId: null, programVersion: null },
    postings: [...over.map(({ lot }) => inLot('customer', lot.lotNo, -lot.customer)), contra('expired', points)],
    reason: { code: over.some(({ lot }) => lot.expiresOn === null) ? 'inactive' : 'too-old' },
  };
}

/**
 * Everything that is left ends: the person was forgotten, or the program is over. Pending points end too, and so does what
 * the member owes; what a redemption holds ends when it comes back.
 *
 * @returns null when nothing is left
 */
export function planEnd(
  ledger: MemberLedger,
  { memberId, code, sequence, nowMs }: { memberId: bigint; code: 'forgotten' | 'program-over'; sequence: number; nowMs: number },
): EntryDraft | null {
  const left = ledger.lots.filter(({ customer, pending }) => customer > 0 || pending > 0);
  const points = sumOfPoints(left.map((lot) => ({ points: lot.customer + lot.pending })));
  if (points === 0 && ledger.debtPoints === 0) return null;
  const postings = [
    ...left.map(({ lotNo, customer }) => inLot('customer', lotNo, -customer)),
    ...left.map(({ lotNo, pending }) => inLot('pending', lotNo, -pending)),
    contra('expired', points),
    contra('customer', ledger.debtPoints),
    contra('adjustment', -ledger.debtPoints),
  ];
  return {
    kind: 'expiry',
    key: `end/${memberId}/${sequence}`,
    occurredAtMs: nowMs,
    source: { orderId: null, redemptionId: null, programVersion: null },
    postings: withoutNoughts(postings),
    reason: { code },
  };
}

/** The first day on which a lot's points are gone, as things stand; null when nothing ends them. */
export function expiryDayOf(lot: Pick<Lot, 'expiresOn'>, terms: Omit<ExpiryInput, 'memberId' | 'nowMs'>): number | null {
  const day = Math.max(dayByRule(lot, terms) ?? Infinity, terms.notBeforeDay ?? -Infinity);
  return day === Infinity ? null : day;
}

function dayByRule({ expiresOn }: Pick<Lot, 'expiresOn'>, { expiry, lastActivityMs, timeZone }: Omit<ExpiryInput, 'memberId' | 'nowMs'>): number | null {
  if (expiresOn !== null) return expiresOn;
  if (expiry.kind !== 'inactivity' || lastActivityMs === null) return null;
  return dayAfterMonths(dayOfInstant(lastActivityMs, timeZone), expiry.months);
}
