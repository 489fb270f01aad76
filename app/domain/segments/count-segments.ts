import { LIFECYCLE_STAGES, LIFECYCLE_STATES, RFM_GROUPS } from '../retention/report/report.ts';
import type { SegmentScope } from './segment-scope.ts';
import type { ChoiceField, Condition, Segment } from './segment.ts';
import { selectMembers } from './select-members.ts';

export interface SegmentCount {
  readonly count: number;
  /** Conditions on what is not known of anybody: nobody meets them. */
  readonly notKnown: readonly Condition['field'][];
}

/**
 * How many belong to each. Segments of one choice among groups, states or stages, which most ready-made ones are, are all
 * counted in one pass over the customers; each other takes a pass for each of its conditions.
 */
export function countSegments(scope: SegmentScope, segments: readonly Segment[]): SegmentCount[] {
  const coded = segments.some((segment) => codedCondition(segment) !== null) ? countCodes(scope) : null;
  return segments.map((segment) => {
    const condition = codedCondition(segment);
    if (condition !== null && coded !== null) return { count: sumOf(coded[condition.field], condition.anyOf), notKnown: [] };
    const { count, notKnown } = selectMembers(scope, segment);
    return { count, notKnown };
  });
}

type CodedField = Extract<ChoiceField, 'rfmGroup' | 'state' | 'stage'>;

interface CodedCondition {
  readonly field: CodedField;
  readonly anyOf: readonly (string | null)[];
}

function codedCondition({ conditions: [condition, ...others] }: Segment): CodedCondition | null {
  if (condition?.kind !== 'choice' || others.length > 0) return null;
  const { field, anyOf } = condition;
  return field === 'rfmGroup' || field === 'state' || field === 'stage' ? { field, anyOf } : null;
}

/** Customers by value. */
type Counted = ReadonlyMap<string | null, number>;

function countCodes({ rows }: SegmentScope): Record<CodedField, Counted> {
  const { groups, states, stages, count } = rows;
  const byGroup = new Uint32Array(RFM_GROUPS.length);
  const byState = new Uint32Array(LIFECYCLE_STATES.length);
  const byStage = new Uint32Array(LIFECYCLE_STAGES.length);
  for (let i = 0; i < count; i += 1) {
    const [group, state, stage] = [groups[i] ?? NaN, states[i] ?? NaN, stages[i] ?? NaN];
    byGroup[group] = (byGroup[group] ?? NaN) + 1;
    byState[state] = (byState[state] ?? NaN) + 1;
    byStage[stage] = (byStage[stage] ?? NaN) + 1;
  }
  return { rfmGroup: counted(RFM_GROUPS, byGroup), state: counted(LIFECYCLE_STATES, byState), stage: counted(LIFECYCLE_STAGES, byStage) };
}

function counted(values: readonly string[], counts: Uint32Array): Counted {
  return new Map(values.map((value, code) => [value, counts[code] ?? 0]));
}

function sumOf(counts: Counted, anyOf: readonly (string | null)[]): number {
  let sum = 0;
  for (const value of new Set(anyOf)) sum += counts.get(value) ?? 0;
  return sum;
}
