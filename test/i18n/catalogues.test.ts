import { describe, expect, it } from 'vitest';

import { reportCatalogues as catalogues } from '#app/i18n/report-catalogues.ts';
import { i18nIn } from '#app/i18n/i18n.ts';
import { LANGUAGES } from '#app/i18n/languages.ts';

/** Words that are the same in both languages: names, signs and lines made of placeholders alone. */
const SAME_IN_BOTH = new Set(['shell.appName', 'metrics.none']);
const CHINESE = /\p{Script=Han}/u;
const PLURAL_FORM = /_(zero|one|two|few|many|other)$/;

type Words = { readonly [key: string]: string | Words };

function flatten(words: Words, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'string') flat.set(path, value);
    else for (const [inner, text] of flatten(value, path)) flat.set(inner, text);
  }
  return flat;
}

function placeholdersOf(text: string): string[] {
  return [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name ?? '').sort();
}

const english = flatten(catalogues.en);
const chinese = flatten(catalogues['zh-CN']);
const idsOf = (words: Map<string, string>) => [...new Set([...words.keys()].map((key) => key.replace(PLURAL_FORM, '')))];

describe('the words of the admin pages', () => {
  it('exist in English and in Simplified Chinese under the same keys', () => {
    expect(idsOf(chinese)).toEqual(idsOf(english));
  });

  it('have the plural forms that each language needs', () => {
    for (const [language, words] of [
      ['en', english],
      ['zh-CN', chinese],
    ] as const) {
      const plurals = [...words.keys()].filter((key) => PLURAL_FORM.test(key));
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const expected = [...new Set(plurals.map((key) => key.replace(PLURAL_FORM, '')))].flatMap((id) =>
        forms.map((form) => `${id}_${form}`),
      );
      expect(plurals.sort()).toEqual(expected.sort());
    }
  });

  it('take the same placeholders in both languages', () => {
    for (const [key, text] of chinese) expect([key, placeholdersOf(text)]).toEqual([key, placeholdersOf(english.get(key) ?? '')]);
  });

  it('are translated, every one of them', () => {
    const leftInEnglish = [...chinese].filter(
      ([key, text]) => !CHINESE.test(text) && /\p{L}/u.test(text.replace(/{{\w+}}/g, '')) && !SAME_IN_BOTH.has(key),
    );
    expect(leftInEnglish).toEqual([]);
    expect([...english].filter(([, text]) => CHINESE.test(text))).toEqual([]);
  });

  it('are not empty and carry no space at their ends', () => {
    const separators = new Set(['metrics.separator']);
    for (const [key, text] of [...english, ...chinese]) {
      if (!separators.has(key)) expect([key, text.trim()]).toEqual([key, text]);
      expect([key, text.length > 0]).toEqual([key, true]);
    }
  });

  it('are there at once, before anything has been awaited', () => {
    const titles = LANGUAGES.map((language) => i18nIn(language).t('overview:title'));
    expect(titles).toEqual(['Overview', '概览']);
  });

  it('keep to one word for one thing', () => {
    for (const [key, text] of english) expect([key, text]).toEqual([key, expect.not.stringMatching(/\bpull|\blately\b|\bmiddling\b/i)]);
    const others = /拉取|回购|顾客|数字|全部时间|Next-order/;
    for (const [key, text] of chinese) expect([key, text]).toEqual([key, expect.not.stringMatching(others)]);
  });
});
