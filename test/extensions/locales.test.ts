import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { readTexts } from './support/locale-words.ts';

const EXTENSIONS = ['perennial-thank-you', 'perennial-loyalty-page', 'perennial-profile', 'perennial-checkout'];
/** What another language writes as English does. */
const SAME_AS_ENGLISH = ['fr points.one', 'fr points.other', 'fr heading'];
/** What merchants read has the languages of the app's own pages. */
const FOR_MERCHANTS = ['perennial-customer-card', 'perennial-segment-action'];
const LOCALES = ['ar', 'de', 'en', 'es', 'fr', 'id', 'it', 'ja', 'ko', 'nl', 'pt-BR', 'th', 'vi', 'zh-CN', 'zh-TW'];
/** These forms name the number themselves where a language does: one point, two points, none. */
const MAY_LEAVE_THE_NUMBER_OUT = new Set(['zero', 'one', 'two']);

const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).sort();
const withoutNumbers = (names: string[]): string[] => names.filter((name) => !['points', 'orders', 'days', 'number'].includes(name));
const formsOf = (text: string | Record<string, string>): [string, string][] =>
  typeof text === 'string' ? [['other', text]] : Object.entries(text);

describe.each([
  ...EXTENSIONS.map((extension) => ({ extension, locales: LOCALES })),
  ...FOR_MERCHANTS.map((extension) => ({ extension, locales: ['en', 'zh-CN'] })),
])('the texts of $extension', ({ extension, locales }) => {
  const english = readTexts(extension, 'en');

  it('are there in each language of those who read them', () => {
    const found = readdirSync(`extensions/${extension}/locales`).map((file) => file.replace(/(\.default)?\.json$/, ''));
    expect(found.sort()).toEqual([...locales].sort());
  });

  it.each(locales)('say in %s everything that English says', (locale) => {
    const texts = readTexts(extension, locale);
    expect(Object.keys(texts)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(texts)) {
      expect([key, typeof text]).toEqual([key, typeof english[key]]);
      for (const [form, words] of formsOf(text)) expect([key, form, words.trim() === '']).toEqual([key, form, false]);
    }
  });

  it.each(locales.filter((locale) => locale !== 'en'))('are translated in %s, every one of them', (locale) => {
    const wordsOf = (texts: Record<string, string | Record<string, string>>) =>
      Object.entries(texts).flatMap(([key, text]) => formsOf(text).map(([form, words]): [string, string] => [typeof text === 'string' ? key : `${key}.${form}`, words]));
    const ofEnglish = new Map(wordsOf(english));
    const left = wordsOf(readTexts(extension, locale))
      .filter(([key, words]) => words === ofEnglish.get(key) && /\p{L}/u.test(words.replace(/\{\{\w+\}\}/g, '')))
      .map(([key]) => `${locale} ${key}`);
    expect(left.filter((key) => !SAME_AS_ENGLISH.includes(key))).toEqual([]);
  });

  it.each(locales)('have in %s every plural form of the language, and none that it does not know', (locale) => {
    const categories = [...new Intl.PluralRules(locale).resolvedOptions().pluralCategories];
    for (const [key, text] of Object.entries(readTexts(extension, locale))) {
      if (typeof text === 'object') expect([key, Object.keys(text).sort()]).toEqual([key, categories.sort()]);
    }
  });

  it.each(locales)('leave in %s the same gaps to be filled', (locale) => {
    for (const [key, text] of Object.entries(readTexts(extension, locale))) {
      const expected = placeholders(formsOf(english[key] ?? '').at(-1)?.[1] ?? '');
      for (const [form, words] of formsOf(text)) {
        const found = placeholders(words);
        const isShort = typeof text === 'object' && MAY_LEAVE_THE_NUMBER_OUT.has(form) && found.length < expected.length;
        expect([key, form, found]).toEqual([key, form, isShort ? withoutNumbers(expected) : expected]);
      }
    }
  });
});
