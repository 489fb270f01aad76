import { expect, it } from 'vitest';

import { joinSentences } from '#app/domain/texts/join-sentences.ts';

it.each([
  ['en', 'One. Two.'],
  ['pt-BR', 'One. Two.'],
  ['ko', 'One. Two.'],
  ['th', 'One. Two.'],
  ['zh-CN', 'One.Two.'],
  ['zh-TW', 'One.Two.'],
  ['zh', 'One.Two.'],
  ['ja', 'One.Two.'],
  ['JA-JP', 'One.Two.'],
])('sentences in %s stand as "%s"', (locale, joined) => {
  expect(joinSentences(locale, ['One.', null, 'Two.'])).toBe(joined);
});

it('of nothing that is said nothing is written', () => {
  expect(joinSentences('en', [null])).toBe('');
});
