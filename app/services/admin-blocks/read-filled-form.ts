import type { FieldError } from '#app/contracts/admin-blocks.ts';
import { readAdjustment } from '#app/domain/loyalty/members/adjustment-form.ts';

interface FilledForm {
  readonly points: string;
  readonly reason: string;
  readonly direction: 'give' | 'take';
  readonly mostPoints?: number;
}

/** Points and why, as a block in the admin sends them, or what is wrong beside each field. The end of points is the program's own, so no day is judged. */
export function readFilledForm({
  points,
  reason,
  direction,
  mostPoints,
}: FilledForm): { readonly ok: true; readonly value: { readonly points: number; readonly note: string; readonly expiresOn: null } } | { readonly ok: false; readonly errors: FieldError[] } {
  const read = readAdjustment({ direction, points, note: reason, expiresOn: '' }, { nowMs: 0, timeZone: 'UTC', ...(mostPoints === undefined ? {} : { mostPoints }) });
  if (read.ok) return { ok: true, value: { points: read.value.points, note: read.value.note, expiresOn: null } };
  const { points: ofPoints, note: ofReason } = read.problems;
  const errors: FieldError[] = [];
  if (ofPoints !== undefined) errors.push({ field: 'points', code: ofPoints });
  if (ofReason !== undefined) errors.push({ field: 'reason', code: ofReason });
  return { ok: false, errors };
}
