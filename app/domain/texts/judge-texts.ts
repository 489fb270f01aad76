import { groupKeyOf, groupWords, placeholdersOf } from './surface-words.ts';
import type { Words } from './surface-words.ts';

/** Why a text cannot be taken. */
export type TextProblem =
  | { readonly reason: 'unknown-key' | 'blank' | 'markup' | 'invisible' | 'braces' | 'forms' }
  | { readonly reason: 'too-long'; readonly most: number }
  /** Placeholders that ours has and this has not, or the other way round. */
  | { readonly reason: 'missing' | 'unknown'; readonly names: readonly string[] };

export type TextProblems = Readonly<Record<string, TextProblem>>;

/** The database keeps no longer ones. */
const MOST_CHARACTERS = 300;
/** A button has room for a few words more than ours. */
const LEAST_ROOM_CHARACTERS = 60;
/** Times our own length: a sentence of ours has its place, and what is three times as long breaks it. */
const ROOM = 3;

/** Control characters, line ends, and what turns the text around it without being seen; a lone half of a character too. */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u202A-\u202E\u2060\u2066-\u206F\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]/u;
/** Something to see: neither space nor what joins or parts letters, fills a gap or says how to draw; not the empty cell of Braille. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\u2800]/u;
/** A tag, a comment, or the name of a character: it would be read out as it is written. */
const MARKUP = /<[a-z!/?]|&(?:#\w+|[a-z]\w+);/i;
const PLACEHOLDER = /\{\{\s*\w+\s*\}\}/g;
/** What is left of an attempt at a placeholder, in our form or in Liquid's. */
const BRACES = /\{\{|\}\}|\{%|%\}/;

/** As it is kept: without spaces around it, each letter in one way. */
export function tidyText(text: string): string {
  return text.trim().normalize('NFC');
}

/** How long a text may be at `key`, whose group is said by ours in at most so many characters. */
export function mostCharacters(key: string, ours: Words): number {
  const group = groupKeyOf(key, ours);
  const longest = Object.keys(ours)
    .filter((one) => groupKeyOf(one, ours) === group)
    .reduce((most, one) => Math.max(most, ours[one]?.length ?? 0), 0);
  return Math.min(MOST_CHARACTERS, Math.max(LEAST_ROOM_CHARACTERS, ROOM * longest));
}

/**
 * What is wrong with a merchant's texts of one surface in one language, key by key; `ours` are the words that can be
 * replaced there. An empty one means ours.
 */
export function judgeTexts(texts: Words, ours: Words): TextProblems {
  const problems = new Map<string, TextProblem>();
  for (const [key, text] of Object.entries(texts)) {
    const problem = text === '' ? null : judgeText(key, text, ours);
    if (problem !== null) problems.set(key, problem);
  }
  // A language that counts in several forms would otherwise say points of ours for one number and leaves for another.
  for (const { keys, isPlural } of groupWords(ours)) {
    const open = keys.filter((key) => (texts[key] ?? '') === '');
    if (isPlural && open.length < keys.length) for (const key of open) problems.set(key, { reason: 'forms' });
  }
  return Object.fromEntries(problems);
}

function judgeText(key: string, text: string, ours: Words): TextProblem | null {
  const own = Object.hasOwn(ours, key) ? ours[key] : undefined;
  if (own === undefined) return { reason: 'unknown-key' };
  const most = mostCharacters(key, ours);
  if (text.length > most) return { reason: 'too-long', most };
  if (!VISIBLE.test(text)) return { reason: 'blank' };
  if (INVISIBLE.test(text)) return { reason: 'invisible' };
  if (MARKUP.test(text)) return { reason: 'markup' };
  const names = placeholdersOf(text);
  const known = placeholdersAround(key, ours);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) return { reason: 'unknown', names: unknown };
  if (BRACES.test(text.replace(PLACEHOLDER, ' '))) return { reason: 'braces' };
  const missing = placeholdersOf(own).filter((name) => !names.includes(name));
  return missing.length === 0 ? null : { reason: 'missing', names: missing };
}

/** A form for one or two may leave the number out, and may as well name it. */
function placeholdersAround(key: string, ours: Words): string[] {
  const group = groupKeyOf(key, ours);
  const around = Object.entries(ours).filter(([one]) => groupKeyOf(one, ours) === group);
  return [...new Set(around.flatMap(([, text]) => placeholdersOf(text)))];
}
