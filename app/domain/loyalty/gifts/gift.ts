import { LONGEST_NOTE } from '../members/adjustment-form.ts';

export const GIFT_STATES = ['giving', 'completed', 'stopped', 'failed'] as const;
export type GiftState = (typeof GIFT_STATES)[number];

/** Why a gift came to no good end. Whatever was given until then stays given. */
export const GIFT_FAILURES = ['no-segment', 'not-running', 'too-many', 'scope', 'access', 'refused'] as const;
export type GiftFailure = (typeof GIFT_FAILURES)[number];

/** A slip of typing is repeated for everybody, so that it may be no larger than this. */
export const MOST_POINTS_EACH = 100_000;
/** A day's work of one worker, and more than most shops have customers. */
export const MOST_CUSTOMERS_A_GIFT = 1_000_000;

/** A gift as it is listed, and shown while it is under way. */
export interface GiftFacts {
  readonly giftId: string;
  readonly segmentId: string;
  readonly segmentName: string;
  readonly points: number;
  readonly note: string;
  readonly staffId: string;
  readonly state: GiftState;
  /** A `GiftFailure`, or what it waits for. */
  readonly errorCode: string | null;
  readonly expectedCustomers: number;
  readonly seenCustomers: number;
  readonly givenMembers: number;
  readonly excludedMembers: number;
  readonly unknownCustomers: number;
  readonly requestedAtMs: number;
  readonly finishedAtMs: number | null;
}

export type GiftProblem = 'missing' | 'not-a-number' | 'out-of-range' | 'too-long';

/** What a filled form asks for, or what is wrong with it beside each field. */
export function readGift({ points, reason }: { readonly points: string; readonly reason: string }):
  | { readonly ok: true; readonly value: { readonly points: number; readonly note: string } }
  | { readonly ok: false; readonly errors: { readonly field: 'points' | 'reason'; readonly code: GiftProblem }[] } {
  const errors: { field: 'points' | 'reason'; code: GiftProblem }[] = [];
  const text = points.trim();
  const number = /^\d{1,12}$/.test(text) ? Number(text) : null;
  if (number === null) errors.push({ field: 'points', code: text === '' ? 'missing' : 'not-a-number' });
  else if (number === 0 || number > MOST_POINTS_EACH) errors.push({ field: 'points', code: 'out-of-range' });
  const note = reason.trim();
  if (note === '') errors.push({ field: 'reason', code: 'missing' });
  else if ([...note].length > LONGEST_NOTE) errors.push({ field: 'reason', code: 'too-long' });
  return number === null || errors.length > 0 ? { ok: false, errors } : { ok: true, value: { points: number, note } };
}
