import { describe, expect, it } from 'vitest';

import { ourWords } from '#app/adapters/shopper-words.server.ts';
import { judgeTexts, mostCharacters, tidyText } from '#app/domain/texts/judge-texts.ts';
import { pluralExamples } from '#app/domain/texts/plural-examples.ts';
import { findShopperLocale, SHOPPER_LOCALES, SURFACES } from '#app/domain/texts/surfaces.ts';
import type { ShopperLocale } from '#app/domain/texts/surfaces.ts';
import { flattenWords, groupWords, replaceableWords } from '#app/domain/texts/surface-words.ts';
import type { Words } from '#app/domain/texts/surface-words.ts';
import { planThemeTexts, WORDS_OF_THE_THEME } from '#app/domain/texts/theme-texts.ts';
import { HOSTILE_NAMES } from '#test/support/hostile-names.ts';

const OURS: Words = {
  heading: 'A thank-you for your next order',
  minimum: 'For orders of {{amount}} or more.',
  'points.one': '{{points}} point',
  'points.other': '{{points}} points',
};

describe('a merchant’s text', () => {
  it.each(SURFACES.flatMap((surface) => SHOPPER_LOCALES.map((locale) => [surface, locale] as const)))('may be ours, word by word: %s in %s', (surface, locale) => {
    const ours = replaceableWords(surface, ourWords(surface, locale));
    expect(Object.keys(ours).length).toBeGreaterThan(3);
    expect(judgeTexts(ours, ours)).toEqual({});
  });

  it.each<[string, Words, string]>([
    ['a placeholder that ours has', { minimum: 'For big orders.' }, 'missing'],
    ['a placeholder that ours has not', { heading: 'Thank you, {{name}}' }, 'unknown'],
    ['half a placeholder', { minimum: 'For {{amount}} or {{amount' }, 'braces'],
    ['a placeholder of Liquid', { heading: 'Hello {% raw %}' }, 'braces'],
    ['a tag', { heading: 'Thank <b>you</b>' }, 'markup'],
    ['the code of a character', { heading: 'Tea &amp; more' }, 'markup'],
    ['a line break', { heading: 'Thank\nyou' }, 'invisible'],
    ['a NUL', { heading: 'Thank\0you' }, 'invisible'],
    ['a turn of the line', { heading: 'Thank \u202eyou' }, 'invisible'],
    ['half a character', { heading: 'Thank \ud83d you' }, 'invisible'],
    ['a space of no width alone', { heading: '\u200b' }, 'blank'],
    ['what joins and parts letters, and no letters', { heading: '\u200c \u200d\u00ad' }, 'blank'],
    ['what fills the place of a letter', { heading: '\u3164\u115f\u2800' }, 'blank'],
    ['a way of drawing without what is drawn', { heading: '\ufe0f\u{e0041}' }, 'blank'],
    ['ten thousand letters', { heading: 'a'.repeat(10_000) }, 'too-long'],
    ['a key that there is not', { title: 'Points' }, 'unknown-key'],
    ['a key that every object has', { constructor: 'Points' }, 'unknown-key'],
  ])('may not have %s', (_what, texts, reason) => {
    expect(Object.values(judgeTexts(texts, OURS)).map((problem) => problem.reason)).toEqual([reason]);
  });

  it.each(['Danke für deine Bestellung 🎉', 'Tee < Kaffee & Kuchen', '100 % pour vous', 'شكرًا لك\u200f', 'می‌خواهم', '👩‍👩‍👧'])('may be %j', (text) => {
    expect(judgeTexts({ heading: text }, OURS)).toEqual({});
  });

  it('is written in each plural form or in none', () => {
    expect(judgeTexts({ 'points.other': '{{points}} leaves' }, OURS)).toEqual({ 'points.one': { reason: 'forms' } });
    expect(judgeTexts({ 'points.one': '', 'points.other': '' }, OURS)).toEqual({});
    expect(judgeTexts({ 'points.one': '{{ points }} leaf', 'points.other': '{{points}} leaves' }, OURS)).toEqual({});
  });

  it('may name the number where our form for one or two leaves it out', () => {
    const ours = { 'points.one': 'نقطة واحدة', 'points.other': '{{points}} نقطة' };
    expect(judgeTexts({ 'points.one': '{{points}} ورقة', 'points.other': '{{points}} ورقة' }, ours)).toEqual({});
    expect(judgeTexts({ 'points.one': 'ورقة', 'points.other': 'ورقة' }, ours)).toEqual({ 'points.other': { reason: 'missing', names: ['points'] } });
  });

  it('has room for three times what we say there, and for a few words on any button', () => {
    expect([mostCharacters('points.one', OURS), mostCharacters('heading', OURS)]).toEqual([60, 93]);
    expect(mostCharacters('long', { long: 'x'.repeat(200) })).toBe(300);
  });

  it.each(SURFACES)('has so little room that all of %s are a small answer', (surface) => {
    for (const locale of SHOPPER_LOCALES) {
      const ours = replaceableWords(surface, ourWords(surface, locale));
      expect(Object.keys(ours).reduce((sum, key) => sum + mostCharacters(key, ours), 0)).toBeLessThan(25_000);
    }
  });

  it('that is hostile is refused, or holds nothing but plain signs', () => {
    const taken = HOSTILE_NAMES.map(tidyText).filter((text) => text !== '' && Object.keys(judgeTexts({ heading: text }, OURS)).length === 0);
    expect(taken.filter((text) => /<[a-z!/]|\p{Cc}|[\u202a-\u202e\u2066-\u2069]|\{\{/iu.test(text))).toEqual([]);
    expect(HOSTILE_NAMES.length - taken.length).toBeGreaterThan(80);
  });

  it('is kept without spaces around it, and each letter in one way', () => {
    expect(tidyText('  Cafe\u0301 ')).toBe('Café');
  });
});

describe('the words of a surface', () => {
  it('are flat, with a key for each plural form, and Liquid’s placeholders are ours', () => {
    const words = flattenWords({ panel: { costs: 'Points: {{ points }}' }, points: { one: 'a', other: 'b' }, other: 'c' });
    expect(words).toEqual({ 'panel.costs': 'Points: {{points}}', 'points.one': 'a', 'points.other': 'b', other: 'c' });
    expect(groupWords(words).map(({ key, isPlural }) => [key, isPlural])).toEqual([['panel.costs', false], ['points', true], ['other', false]]);
  });

  it('leave to us what is shown before anybody has answered, but for what Shopify’s own server draws', () => {
    const storefront = ourWords('storefront', 'en');
    expect(replaceableWords('storefront', storefront)).toEqual(storefront);
    const page = ourWords('loyalty-page', 'en');
    const fixed = Object.keys(page).filter((key) => !Object.hasOwn(replaceableWords('loyalty-page', page), key));
    expect(fixed).toEqual(['loading', 'unavailable', 'unavailableHint', 'retry']);
  });

  it.each([
    ['de', 'de'],
    ['de-CH', 'de'],
    ['pt-BR', 'pt-BR'],
    ['PT-br', 'pt-BR'],
    ['zh-TW', 'zh-TW'],
    ['pt-PT', null],
    ['zh-Hant', null],
    ['sv', null],
    ['', null],
    ['constructor', null],
  ])('of a surface in %j are those in %j', (tag, locale) => {
    expect(findShopperLocale(tag)).toBe(locale);
  });

  it('are counted as each language counts', () => {
    expect(pluralExamples('en', 'one')).toEqual({ numbers: [1], isAll: true });
    expect(pluralExamples('ar', 'few')).toEqual({ numbers: [3, 4, 5], isAll: false });
    expect(pluralExamples('ja', 'other')).toEqual({ numbers: [0, 1, 2], isAll: false });
    expect(pluralExamples('fr', 'many')).toEqual({ numbers: [1_000_000], isAll: false });
  });
});

describe('the texts that the theme’s own server draws', () => {
  const OWN = new Map<ShopperLocale, Words>([
    ['de', { 'launcher.title': 'Blätter', 'panel.rewards': 'Geschenke' }],
    ['pt-BR', { 'standing.join': 'Entre' }],
  ]);

  const SHOWN = { key: 'program', value: '{"isShown":true}' };
  const plan = (own: ReadonlyMap<ShopperLocale, Words>, written: Parameters<typeof planThemeTexts>[1]) => planThemeTexts({ own, isProgramShown: true }, [SHOWN, ...written]);

  it('stand beside whether there is a program to show, which is told once and again when it changes', () => {
    const told = (isProgramShown: boolean, written: Parameters<typeof planThemeTexts>[1]) => planThemeTexts({ own: new Map(), isProgramShown }, written);
    expect(told(true, [])).toEqual([SHOWN]);
    expect(told(true, [SHOWN])).toEqual([]);
    expect(told(false, [SHOWN])).toEqual([{ key: 'program', value: '{"isShown":false}' }]);
    expect(told(true, [{ key: 'program', value: 'nonsense' }])).toEqual([SHOWN]);
  });

  it('are known to the storefront, and are all that it draws itself', () => {
    const keys = Object.keys(ourWords('storefront', 'en'));
    expect(keys.filter((key) => WORDS_OF_THE_THEME.includes(key))).toEqual(WORDS_OF_THE_THEME);
    expect(keys.filter((key) => !key.startsWith('panel.') && !WORDS_OF_THE_THEME.includes(key))).toEqual([]);
  });

  it('are told to Shopify language by language, without those that the panel is told by the app', () => {
    expect(plan(OWN, [])).toEqual([
      { key: 'texts-de', value: '{"launcher.title":"Blätter"}' },
      { key: 'texts-pt-BR', value: '{"standing.join":"Entre"}' },
    ]);
  });

  it('are told once, and taken back', () => {
    const written = plan(OWN, []);
    expect(plan(OWN, written)).toEqual([]);
    expect(plan(new Map([['de', { 'panel.rewards': 'Geschenke' }]]), written)).toEqual([
      { key: 'texts-de', value: '{}' },
      { key: 'texts-pt-BR', value: '{}' },
    ]);
    expect(plan(new Map(), plan(new Map(), written))).toEqual([]);
  });

  it.each(['', 'null', '7', '[', '{"launcher.title":7}', '{"launcher.title":"Blätter","more":"x"}'])('replace what is none of ours: %j', (value) => {
    expect(plan(OWN, [{ key: 'texts-de', value }])).toContainEqual({ key: 'texts-de', value: '{"launcher.title":"Blätter"}' });
  });
});
