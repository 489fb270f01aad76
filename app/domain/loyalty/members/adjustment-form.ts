import { dayOfInstant } from '../../time/day-of-instant.ts';
import { parseDay } from '../../time/calendar-day.ts';

/** Points that a member of staff gives or takes, and why. */
export interface AdjustmentRequest {
  readonly memberId: bigint;
  /** Not 0; below 0 to take. */
  readonly points: number;
  readonly note: string;
  /** First day on which given points are gone; null for the program's own rule. */
  readonly expiresOn: number | null;
  /** Of one filled form: sent again, it changes nothing. */
  readonly formKey: string;
}

/** As typed. */
export interface AdjustmentDraft {
  readonly direction: 'give' | 'take';
  readonly points: string;
  readonly note: string;
  /** `YYYY-MM-DD`, or empty. */
  readonly expiresOn: string;
}

export const MOST_ADJUSTED_POINTS = 10_000_000;
export const LONGEST_NOTE = 500;

export type AdjustmentProblem = 'not-a-number' | 'out-of-range' | 'missing' | 'too-long' | 'not-a-day' | 'already-over';
export type AdjustmentProblems = Partial<Record<'points' | 'note' | 'expiresOn', AdjustmentProblem>>;

/** What a filled form asks for, or what is wrong with it beside each field. */
export function readAdjustment(
  { direction, points, note, expiresOn }: AdjustmentDraft,
  { nowMs, timeZone, mostPoints = MOST_ADJUSTED_POINTS }: { nowMs: number; timeZone: string; mostPoints?: number },
): { ok: true; value: Pick<AdjustmentRequest, 'points' | 'note' | 'expiresOn'> } | { ok: false; problems: AdjustmentProblems } {
  const problems: AdjustmentProblems = {};
  const text = points.trim();
  const number = /^\d{1,12}$/.test(text) ? Number(text) : null;
  if (number === null) problems.points = text === '' ? 'missing' : 'not-a-number';
  else if (number === 0 || number > mostPoints) problems.points = 'out-of-range';
  const words = note.trim();
  if (words === '') problems.note = 'missing';
  else if ([...words].length > LONGEST_NOTE) problems.note = 'too-long';
  // What is taken has no end of its own.
  const ends = direction === 'give' && expiresOn !== '' ? parseDay(expiresOn) : null;
  if (direction === 'give' && expiresOn !== '') {
    if (ends === null) problems.expiresOn = 'not-a-day';
    else if (ends <= dayOfInstant(nowMs, timeZone)) problems.expiresOn = 'already-over';
  }
  if (number === null || Object.keys(problems).length > 0) return { ok: false, problems };
  return { ok: true, value: { points: direction === 'give' ? number : 0 - number, note: words, expiresOn: ends } };
}
