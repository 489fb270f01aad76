import { readTypedNumber, typedNumber } from '#app/components/customers/range-number.ts';
import { isContradiction } from '#app/domain/segments/saved-segment.ts';
import { CHOICE_FIELDS, RANGE_FIELDS } from '#app/domain/segments/segment.ts';
import type { ChoiceField, Condition, RangeField, Segment } from '#app/domain/segments/segment.ts';

interface RangeDraft {
  kind: 'range';
  field: RangeField;
  /** As typed. */
  from: string;
  to: string;
}

interface ChoiceDraft {
  kind: 'choice';
  field: ChoiceField;
  anyOf: readonly (string | null)[];
}

/** A condition while it is being entered; `key` tells it from others of its field. */
export type ConditionDraft = (RangeDraft | ChoiceDraft) & { key: number };

export function draftOf(condition: Condition, key: number, currency: string): ConditionDraft {
  if (condition.kind === 'choice') return { ...condition, key };
  const { kind, field } = condition;
  return { kind, field, key, from: typedNumber(field, condition.from, currency), to: typedNumber(field, condition.to, currency) };
}

/** Null where there is no such field. */
export function emptyDraft(name: string, key: number): ConditionDraft | null {
  const range = RANGE_FIELDS.find((known) => known === name);
  if (range !== undefined) return { kind: 'range', field: range, key, from: '', to: '' };
  const choice = CHOICE_FIELDS.find((known) => known === name);
  return choice === undefined ? null : { kind: 'choice', field: choice, key, anyOf: [] };
}

/** What is wrong with a condition as it stands; `unfinished` is no fault while one is still typing. */
export type DraftProblem = 'from' | 'to' | 'contradiction' | 'unfinished';

export function problemOf(draft: ConditionDraft, currency: string): DraftProblem | null {
  if (draft.kind === 'choice') return draft.anyOf.length === 0 ? 'unfinished' : null;
  const [from, to] = [readTypedNumber(draft.field, draft.from, currency), readTypedNumber(draft.field, draft.to, currency)];
  if (from === undefined) return 'from';
  if (to === undefined) return 'to';
  if (from === null && to === null) return 'unfinished';
  return isContradiction({ from, to }) ? 'contradiction' : null;
}

/** The rule of the conditions that are finished; null while what is typed in one is no number. */
export function segmentOfDrafts(drafts: readonly ConditionDraft[], match: Segment['match'], currency: string): Segment | null {
  const problems = drafts.map((draft) => problemOf(draft, currency));
  if (problems.some((problem) => problem !== null && problem !== 'unfinished')) return null;
  const conditions = drafts.filter((_, i) => problems[i] === null).map((draft) => conditionOf(draft, currency));
  return { match, conditions };
}

function conditionOf(draft: ConditionDraft, currency: string): Condition {
  if (draft.kind === 'choice') return { kind: 'choice', field: draft.field, anyOf: draft.anyOf };
  const { kind, field } = draft;
  return { kind, field, from: readTypedNumber(field, draft.from, currency) ?? null, to: readTypedNumber(field, draft.to, currency) ?? null };
}
