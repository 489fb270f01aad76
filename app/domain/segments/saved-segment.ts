import type { Result } from '../result.ts';
import { segmentFromQuery, segmentToQuery } from './segment-query.ts';
import { CHOICE_FIELDS, RANGE_FIELDS } from './segment.ts';
import type { Condition, Segment } from './segment.ts';

export const SEGMENT_LIMITS = { nameLength: 80, queryLength: 4000, segments: 100 } as const;

const OUR_NAMES: ReadonlySet<string> = new Set([...RANGE_FIELDS, ...CHOICE_FIELDS, 'match']);

export interface ReadSegment {
  /** What could be read. Not to be counted where anything is unread: it would be other customers. */
  readonly segment: Segment;
  /** What could not, by its name or as it stands. A rule without any condition is unread as a whole, as ''. */
  readonly unread: readonly string[];
}

/** A rule as it was saved. Unlike an address it holds nothing else, so an unknown name is a condition that is unknown. */
export function readSavedQuery(query: string): ReadSegment {
  const entries = [...new URLSearchParams(query)];
  const { segment, unread } = segmentFromQuery(entries);
  const unknown = entries.map(([name]) => name).filter((name) => !OUR_NAMES.has(name));
  const all = [...unread, ...unknown];
  return { segment, unread: all.length === 0 && segment.conditions.length === 0 ? [''] : all };
}

export function writeSavedQuery(segment: Segment): string {
  return String(new URLSearchParams(segmentToQuery(segment)));
}

export type NameRefusal = { reason: 'name-missing' } | { reason: 'name-too-long' };

/** Spaces at the ends, and several in a row, are nobody's intent and would make two names look like one. */
export function checkSegmentName(typed: string): Result<string, NameRefusal> {
  const name = typed.normalize('NFC').replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (!/[^\s\p{Cf}]/u.test(name)) return { ok: false, reason: 'name-missing' };
  return [...name].length > SEGMENT_LIMITS.nameLength ? { ok: false, reason: 'name-too-long' } : { ok: true, value: name };
}

export type RuleRefusal = { reason: 'no-conditions' } | { reason: 'rule-too-long' } | { reason: 'contradiction'; field: Condition['field'] };

/** Whether a rule is one to keep. One that nobody can ever meet is a slip of typing. */
export function checkSegmentRule({ conditions }: Segment, query: string): Result<null, RuleRefusal> {
  if (conditions.length === 0) return { ok: false, reason: 'no-conditions' };
  if (query.length > SEGMENT_LIMITS.queryLength) return { ok: false, reason: 'rule-too-long' };
  const never = conditions.find((condition) => condition.kind === 'range' && isContradiction(condition));
  return never === undefined ? { ok: true, value: null } : { ok: false, reason: 'contradiction', field: never.field };
}

export function isContradiction({ from, to }: { readonly from: number | null; readonly to: number | null }): boolean {
  return from !== null && to !== null && from > to;
}
