import { CHOICE_FIELDS, RANGE_FIELDS } from './segment.ts';
import type { ChoiceCondition, ChoiceField, Condition, RangeCondition, RangeField, Segment } from './segment.ts';

/**
 * Segments as the query of an address, so that a list of customers can be linked to, kept and sent:
 * `orders=2..3&state=atRisk,lapsed&country=GB,~&match=any`. A range may be open: `daysSinceLastOrder=90..`. In a choice
 * `~` is "not known", and a comma, tilde or percent sign within a value is percent-encoded once more.
 */
const UNKNOWN = '~';
const RANGE = /^(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?$/;

/** One entry a condition, in their order; nothing for a segment of everybody. */
export function segmentToQuery({ match, conditions }: Segment): [string, string][] {
  const entries = conditions.map((condition): [string, string] => [condition.field, valueOf(condition)]);
  return match === 'any' && conditions.length > 1 ? [...entries, ['match', 'any']] : entries;
}

function valueOf(condition: Condition): string {
  if (condition.kind === 'range') return `${condition.from ?? ''}..${condition.to ?? ''}`;
  return condition.anyOf.map((value) => (value === null ? UNKNOWN : escapeChoice(value))).join(',');
}

function escapeChoice(value: string): string {
  return value.replace(/[%,~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Entries of other names are not ours and are left alone; one of ours that cannot be read is named in `unread`. */
export function segmentFromQuery(entries: Iterable<readonly [string, string]>): { segment: Segment; unread: Condition['field'][] } {
  const conditions: Condition[] = [];
  const unread: Condition['field'][] = [];
  let match: Segment['match'] = 'all';
  for (const [name, value] of entries) {
    if (name === 'match') match = value === 'any' ? 'any' : 'all';
    if (!isRangeField(name) && !isChoiceField(name)) continue;
    const condition = isRangeField(name) ? readRange(name, value) : readChoice(name, value);
    if (condition === null) unread.push(name);
    else conditions.push(condition);
  }
  return { segment: { match, conditions }, unread };
}

function readRange(field: RangeField, value: string): RangeCondition | null {
  const found = RANGE.exec(value);
  if (found === null) return null;
  const from = found[1] === undefined ? null : Number(found[1]);
  const to = found[2] === undefined ? null : Number(found[2]);
  if (from === null && to === null) return null;
  return { kind: 'range', field, from, to };
}

function readChoice(field: ChoiceField, value: string): ChoiceCondition | null {
  if (value === '') return null;
  const anyOf = value.split(',').map((text) => (text === UNKNOWN ? null : text.replace(/%(25|2C|7E)/gi, (escaped) => decodeURIComponent(escaped))));
  return { kind: 'choice', field, anyOf };
}

function isRangeField(name: string): name is RangeField {
  return RANGE_FIELDS.some((field) => field === name);
}

function isChoiceField(name: string): name is ChoiceField {
  return CHOICE_FIELDS.some((field) => field === name);
}
