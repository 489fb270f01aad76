import type { StatusChange } from '#app/domain/loyalty/program/change-status.ts';
import type { FieldProblems } from '#app/domain/loyalty/program/field-problems.ts';

/** What came of a try to save the program. */
export type ProgramAnswer =
  | { readonly outcome: 'saved'; readonly version: number; readonly became: StatusChange['to'] | 'looking-back' | null }
  | { readonly outcome: 'refused'; readonly reason: ProgramRefusal; readonly problems: FieldProblems };

export type ProgramRefusal = 'failed' | 'wrong-fields' | 'changed-meanwhile' | 'not-from-here' | 'last-day-out-of-range' | 'shop-not-known-yet'
  | 'since-day-out-of-range' | 'past-changed' | 'importing' | 'under-way' | 'limit-not-yours';

/** A refusal leaves the page, and what was typed there, as it is. */
export function shouldShowAnew({ actionStatus, defaultShouldRevalidate }: { actionStatus?: number | undefined; defaultShouldRevalidate: boolean }): boolean {
  return (actionStatus === undefined || actionStatus < 400) && defaultShouldRevalidate;
}
