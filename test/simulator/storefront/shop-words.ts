import ar from './words/ar.json' with { type: 'json' };
import de from './words/de.json' with { type: 'json' };
import en from './words/en.json' with { type: 'json' };
import es from './words/es.json' with { type: 'json' };
import fr from './words/fr.json' with { type: 'json' };
import ja from './words/ja.json' with { type: 'json' };
import zhCn from './words/zh-CN.json' with { type: 'json' };

export type ShopWord = keyof typeof en;

const WORDS: Record<string, Record<ShopWord, string>> = { ar, de, en, es, fr, ja, 'zh-CN': zhCn };

const RIGHT_TO_LEFT = new Set(['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'ur', 'yi']);

/** Looks a text up in the buyer's language, or in English where there is none, and fills in `{name}`. */
export type Say = (word: ShopWord, values?: Record<string, string>) => string;

export function wordsFor(locale: string): Say {
  const words = WORDS[locale] ?? WORDS[languageOf(locale)] ?? en;
  return (word, values = {}) => words[word].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(languageOf(locale)) ? 'rtl' : 'ltr';
}

export function languageOf(locale: string): string {
  return locale.split('-')[0] ?? locale;
}
