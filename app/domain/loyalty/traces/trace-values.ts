import { formatDay } from '../../time/calendar-day.ts';
import { dayOfInstant } from '../../time/day-of-instant.ts';
import type { Program, TierLevel } from '../program/program.ts';
import { tierAt } from '../tiers/tier-at.ts';

/**
 * What Shopify knows of a member, by metafield. Themes and workflows that merchants wrote go by these keys and types, so
 * that one is only ever added.
 */
export const TRACE_FIELDS = [
  { key: 'points', type: 'number_integer', name: 'Loyalty points', isFilter: true },
  { key: 'pending_points', type: 'number_integer', name: 'Loyalty points pending', isFilter: false },
  { key: 'tier', type: 'single_line_text_field', name: 'Loyalty tier (handle)', isFilter: true },
  { key: 'tier_name', type: 'single_line_text_field', name: 'Loyalty tier', isFilter: false },
  { key: 'member_since', type: 'date', name: 'Loyalty member since', isFilter: false },
  { key: 'tier_ends_on', type: 'date', name: 'Loyalty tier ends on', isFilter: false },
] as const;
export type TraceField = (typeof TRACE_FIELDS)[number];
export type TraceKey = TraceField['key'];
export type TraceValues = Readonly<Partial<Record<TraceKey, string>>>;

/** What is counted for the merchant's page is counted no further: beyond it nobody acts otherwise for knowing the number. */
export const TRACES_COUNTED_TO = 10_000;

export interface Trace {
  readonly values: TraceValues;
  /** Of the level that the member has now; null where the program has no tiers. */
  readonly tierId: string | null;
  readonly tag: string | null;
  /** When it will be another although nothing happens; null when it will not. */
  readonly nextMs: number | null;
}

interface TraceInput {
  readonly program: Pick<Program, 'status' | 'tiers'>;
  readonly member: { readonly balancePoints: number; readonly pendingPoints: number; readonly enrolledAtMs: number; readonly isExcluded: boolean };
  /** Of the member's tier, in the order in which they were added. */
  readonly changes: readonly { readonly tierId: string; readonly effectiveAtMs: number }[];
  /** Whether members of every tier carry a tag; a tier that names one of its own, or ships free, always gives it. */
  readonly isTagging: boolean;
  readonly nowMs: number;
  readonly timeZone: string;
}

/** A program that is off leaves nothing behind: what it had written is taken back. */
export function deriveTrace({ program, member, changes, isTagging, nowMs, timeZone }: TraceInput): Trace {
  if (program.status.kind === 'off') return { values: {}, tierId: null, tag: null, nextMs: null };
  const level = tierAt(program, changes, nowMs);
  const ahead = changes.map(({ effectiveAtMs }) => effectiveAtMs).filter((effectiveAtMs) => effectiveAtMs > nowMs);
  const newest = changes.at(-1);
  const ends = level !== null && newest !== undefined && newest.effectiveAtMs > nowMs && newest.tierId !== level.id ? newest.effectiveAtMs : null;
  const dayOf = (ms: number) => formatDay(dayOfInstant(ms, timeZone));
  return {
    values: {
      points: String(member.balancePoints),
      pending_points: String(member.pendingPoints),
      ...(level === null ? {} : { tier: level.id, tier_name: oneLine(level.name) }),
      member_since: dayOf(member.enrolledAtMs),
      ...(ends === null ? {} : { tier_ends_on: dayOf(ends) }),
    },
    tierId: level?.id ?? null,
    // Whoever was taken out of the program keeps what they have, and nothing that goes by the tag.
    tag: level === null || member.isExcluded ? null : tierTagOf(level, isTagging),
    nextMs: ahead.length === 0 ? null : Math.min(...ahead),
  };
}

/** Shopify's own bound. */
const TAG_LENGTH = 255;

/** Shopify knows by the tag who ships free. */
export function tierTagOf({ tag, name, hasFreeShipping }: Pick<TierLevel, 'tag' | 'name' | 'hasFreeShipping'>, isTagging: boolean): string | null {
  if (tag !== null) return tag;
  // A comma ends a tag.
  return isTagging || hasFreeShipping ? [...`Tier: ${oneLine(name.replaceAll(',', ' '))}`].slice(0, TAG_LENGTH).join('').trim() : null;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** What Shopify has, as far as we know; null for what it may have, since an answer was lost or never came. */
export type WrittenValues = Readonly<Record<string, string | null>>;

/** Of somebody of whom Shopify may have anything. */
export const UNKNOWN_TRACE: WrittenValues = Object.fromEntries(TRACE_FIELDS.map(({ key }) => [key, null]));

export interface TraceChange {
  readonly set: readonly { readonly key: TraceKey; readonly type: string; readonly value: string }[];
  readonly drop: readonly string[];
}

/** What brings Shopify to what holds: by state and no difference of points, so that once or twice is the same. */
export function planTraceChange(written: WrittenValues, values: TraceValues): TraceChange {
  const set = TRACE_FIELDS.flatMap(({ key, type }) => {
    const value = values[key];
    return value === undefined || written[key] === value ? [] : [{ key, type, value }];
  });
  const known = new Set<string>(TRACE_FIELDS.filter(({ key }) => values[key] !== undefined).map(({ key }) => key));
  return { set, drop: Object.keys(written).filter((key) => !known.has(key)) };
}

/** While it is under way nobody knows what Shopify has. */
export function withIntent(written: WrittenValues, { set, drop }: TraceChange): WrittenValues {
  return { ...written, ...Object.fromEntries([...set.map(({ key }) => key), ...drop].map((key) => [key, null])) };
}

export function afterChange(written: WrittenValues, { set, drop }: TraceChange): WrittenValues {
  const left = Object.entries(written).filter(([key]) => !drop.includes(key));
  return { ...Object.fromEntries(left), ...Object.fromEntries(set.map(({ key, value }) => [key, value])) };
}
