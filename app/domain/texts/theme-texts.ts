import type { ShopperLocale } from './surfaces.ts';
import type { Words } from './surface-words.ts';

/**
 * The words of the storefront that Shopify's own server draws into the page, before anybody could ask the app: the merchant's
 * stand in Shopify, a metafield of the app's own a language, where Liquid reads them.
 */
export const WORDS_OF_THE_THEME: readonly string[] = [
  'launcher.title',
  'standing.points',
  'standing.pending',
  'standing.join',
  'standing.sign_in',
  'panel.loading',
  'panel.away',
];

/** A metafield of the app's own: `program`, or the words of one language, `texts-pt-BR`, as Liquid makes it of the page's. */
export interface ThemeTexts {
  readonly key: string;
  /** JSON: key to words. A language without words of the merchant's own has an empty object. */
  readonly value: string;
}

/** What the theme goes by. */
interface ThemeState {
  readonly own: ReadonlyMap<ShopperLocale, Words>;
  /** Where it does not hold, the theme draws nothing of ours. */
  readonly isProgramShown: boolean;
}

type Value = Readonly<Record<string, unknown>>;

/** What Shopify has to be told, so that it has what holds and nothing else; nothing when it has that already. */
export function planThemeTexts({ own, isProgramShown }: ThemeState, written: readonly ThemeTexts[]): ThemeTexts[] {
  const wanted = new Map<string, Value>([...own].map(([locale, words]) => [`texts-${locale}`, pickDrawn(words)]));
  wanted.set('program', { isShown: isProgramShown });
  const had = new Map(written.map(({ key, value }) => [key, value]));
  return [...new Set([...wanted.keys(), ...had.keys()])].flatMap((key) => {
    const words = wanted.get(key) ?? {};
    const before = readWords(had.get(key) ?? '{}');
    return before !== null && isSame(words, before) ? [] : [{ key, value: JSON.stringify(words) }];
  });
}

function pickDrawn(words: Words): Words {
  return Object.fromEntries(WORDS_OF_THE_THEME.flatMap((key) => (words[key] === undefined ? [] : [[key, words[key]]])));
}

/** Null for what is none of ours. */
function readWords(json: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(json);
    return typeof read === 'object' && read !== null ? { ...read } : null;
  } catch {
    return null;
  }
}

function isSame(words: Value, others: Value): boolean {
  const keys = Object.keys(words);
  return keys.length === Object.keys(others).length && keys.every((key) => words[key] === others[key]);
}
