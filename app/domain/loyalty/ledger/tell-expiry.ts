import { formatDay } from '../../time/calendar-day.ts';
import { dayOfInstant, startOfDay } from '../../time/day-of-instant.ts';
import type { Program } from '../program/program.ts';
import type { MemberLedger } from './member-ledger.ts';
import { expiryDayOf } from './plan-passing-of-time.ts';
import type { ComesBack } from './plan-redemption.ts';

/** Points that a member should be told of before they end. */
export interface ExpiryNotice {
  readonly key: string;
  readonly memberId: bigint;
  /** By the rule of expiry; by the end of the program. */
  readonly kind: 'points-expiring' | 'points-ending';
  readonly facts: { readonly day: string; readonly points: number; readonly daysBefore: number };
  readonly dueMs: number;
}

/** Where a program that ends says nothing of its own. */
const USUAL_NOTICE_DAYS: readonly number[] = [30, 7];

interface TellExpiryInput {
  readonly memberId: bigint;
  readonly terms: ComesBack;
  readonly status: Program['status'];
  readonly nowMs: number;
}

/** The warnings that are due: of several for the same day, the latest alone. Each is told once, by its key. */
export function tellExpiry(ledger: MemberLedger, { memberId, terms, status, nowMs }: TellExpiryInput): ExpiryNotice[] {
  const today = dayOfInstant(nowMs, terms.timeZone);
  const endDay = endDayOf(status);
  const pointsByDay = new Map<number, number>();
  for (const lot of ledger.lots) {
    const day = Math.min(expiryDayOf(lot, terms) ?? Infinity, endDay ?? Infinity);
    if (lot.customer > 0 && day > today && Number.isFinite(day)) pointsByDay.set(day, (pointsByDay.get(day) ?? 0) + lot.customer);
  }
  return [...pointsByDay].flatMap(([day, points]) => {
    const daysBefore = noticeDaysOf(terms).filter((days) => day - today <= days).sort((a, b) => a - b)[0];
    if (daysBefore === undefined) return [];
    const kind = day === endDay ? ('points-ending' as const) : ('points-expiring' as const);
    return [{ key: `${kind}/${memberId}/${formatDay(day)}/${daysBefore}`, memberId, kind, facts: { day: formatDay(day), points, daysBefore }, dueMs: nowMs }];
  });
}

/** When the end of the program next asks something of a member who has points or owes some: its warnings, and the end. */
export function findEndDueMs({ lots, debtPoints }: MemberLedger, { terms, status, nowMs }: Omit<TellExpiryInput, 'memberId'>): number | null {
  const endDay = endDayOf(status);
  const isLeft = debtPoints > 0 || lots.some(({ customer, pending }) => customer > 0 || pending > 0);
  if (endDay === null || !isLeft) return null;
  const days = [endDay, ...noticeDaysOf(terms).map((daysBefore) => endDay - daysBefore)];
  const moments = days.map((day) => startOfDay(day, terms.timeZone)).filter((atMs) => atMs > nowMs);
  return moments.length === 0 ? nowMs : Math.min(...moments);
}

/** First day on which all that is left has ended with the program; null for one that goes on. */
function endDayOf(status: Program['status']): number | null {
  return status.kind === 'winding-down' ? status.lastRedemptionDay + 1 : null;
}

function noticeDaysOf({ expiry }: ComesBack): readonly number[] {
  return expiry.kind === 'never' ? USUAL_NOTICE_DAYS : expiry.noticeDays;
}
