import type { Result } from '../../result.ts';

/** Points that a workflow gives. */
export interface PointsToAdd {
  readonly customerId: bigint;
  /** Whole and above 0: a workflow takes none. */
  readonly points: number;
  /** The merchant's words; null for none. */
  readonly note: string | null;
}

/** A slip of typing in a workflow is repeated for everybody, so that it may be no larger than this. */
export const MOST_POINTS_A_RUN = 100_000;
export const LONGEST_FLOW_NOTE = 500;

export type AddPointsProblem = 'no-customer' | 'points-no-number' | 'points-not-whole' | 'points-out-of-range' | 'note-too-long';

const LARGEST_ID = 9_223_372_036_854_775_807n;

/** What the properties of the action ask for, or the first thing that is wrong with them. */
export function readPointsToAdd(properties: Readonly<Record<string, unknown>>): Result<PointsToAdd, { reason: AddPointsProblem }> {
  const digits = /^(?:gid:\/\/shopify\/Customer\/)?([1-9]\d{0,18})$/.exec(textOf(properties['customer_id']))?.[1];
  const customerId = digits === undefined ? null : BigInt(digits);
  if (customerId === null || customerId > LARGEST_ID) return { ok: false, reason: 'no-customer' };
  const [, whole, fraction = ''] = /^([+-]?\d{1,15})(?:\.(\d{1,20}))?$/.exec(textOf(properties['points'])) ?? [];
  if (whole === undefined) return { ok: false, reason: 'points-no-number' };
  if (/[1-9]/.test(fraction)) return { ok: false, reason: 'points-not-whole' };
  const points = Number(whole);
  if (points < 1 || points > MOST_POINTS_A_RUN) return { ok: false, reason: 'points-out-of-range' };
  const note = textOf(properties['note']);
  if ([...note].length > LONGEST_FLOW_NOTE) return { ok: false, reason: 'note-too-long' };
  return { ok: true, value: { customerId, points, note: note === '' ? null : note } };
}

/** Flow sends numbers as texts, as numbers, and what was left empty not at all. */
function textOf(value: unknown): string {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)) ? String(value).trim() : '';
}
