import { dayAfterMonths } from '../../time/calendar-day.ts';
import { dayOfInstant, startOfDay } from '../../time/day-of-instant.ts';
import type { Program } from '../program/program.ts';
import type { LotTerms } from './entry.ts';

interface LotTermsInput {
  readonly program: Program;
  /** What the return window is counted from, of an order by `occasionMsOf`; for other points, when they are given. */
  readonly occasionMs: number;
  readonly orderId: bigint | null;
  /** Of an order of before the program, when the program began to look back at it: its points are as old as that. */
  readonly lookedBackAtMs?: number | null;
  readonly timeZone: string;
}

/**
 * When points of an order become spendable and when they end. The return window is whole calendar days of the shop after
 * the day on which the order was paid, or sent, so that who returns something on its last day is inside it. Points of no order do not wait.
 *
 * @throws UnknownTimeZoneError
 */
export function lotTermsOf({ program, occasionMs, orderId, lookedBackAtMs = null, timeZone }: LotTermsInput): LotTerms {
  const { pendingDays } = program.earning;
  const waits = orderId !== null && pendingDays > 0;
  const maturesAtMs = waits ? startOfDay(dayOfInstant(occasionMs, timeZone) + pendingDays + 1, timeZone) : occasionMs;
  const { expiry } = program;
  const agesFromMs = Math.max(maturesAtMs, lookedBackAtMs ?? maturesAtMs);
  const expiresOn = expiry.kind === 'age' ? dayAfterMonths(dayOfInstant(agesFromMs, timeZone), expiry.months) : null;
  return { maturesAtMs, expiresOn, orderId };
}
