import type { Surface } from './surfaces.ts';

/** Key to words, of one surface in one language. A plural is a key for each form: `points.one`, `points.other`. */
export type Words = Readonly<Record<string, string>>;

/** One thing that is said: in one way, or in one for each plural form of the language. */
export interface TextGroup {
  readonly key: string;
  /** Keys of its words, in the order of the file. */
  readonly keys: readonly string[];
  readonly isPlural: boolean;
}

const PLURAL_FORMS: readonly string[] = ['zero', 'one', 'two', 'few', 'many', 'other'];

/** A file of words with its branches as keys: `{ panel: { use: 'Use' } }` is `panel.use`. */
export function flattenWords(tree: object, prefix = ''): Words {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, branch]: [string, unknown]): [string, string][] => {
      if (typeof branch === 'string') return [[prefix + name, closePlaceholders(branch)]];
      return typeof branch === 'object' && branch !== null ? Object.entries(flattenWords(branch, `${prefix}${name}.`)) : [];
    }),
  );
}

/** Liquid's `{{ points }}` and ours are the same placeholder. */
function closePlaceholders(text: string): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, '{{$1}}');
}

export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name))];
}

/** The group that a key belongs to: `points` for `points.one`, where there is a `points.other`. */
export function groupKeyOf(key: string, words: Words): string {
  const at = key.lastIndexOf('.');
  const stem = key.slice(0, Math.max(0, at));
  const isForm = at > 0 && PLURAL_FORMS.includes(key.slice(at + 1)) && words[`${stem}.other`] !== undefined;
  return isForm ? stem : key;
}

export function groupWords(words: Words): TextGroup[] {
  const keysOf = new Map<string, string[]>();
  for (const key of Object.keys(words)) {
    const group = groupKeyOf(key, words);
    keysOf.set(group, [...(keysOf.get(group) ?? []), key]);
  }
  return [...keysOf].map(([key, keys]) => ({ key, keys, isPlural: keys[0] !== key }));
}

/** Shown before the app has answered, or when it does not: nobody knows the merchant's words then. */
const SHOWN_WITHOUT_AN_ANSWER: Partial<Record<Surface, readonly string[]>> = {
  'loyalty-page': ['loading', 'unavailable', 'unavailableHint', 'retry'],
};

/** The words that a merchant can replace. */
export function replaceableWords(surface: Surface, words: Words): Words {
  const fixed = SHOWN_WITHOUT_AN_ANSWER[surface] ?? [];
  return Object.fromEntries(Object.entries(words).filter(([key]) => !fixed.includes(key)));
}
