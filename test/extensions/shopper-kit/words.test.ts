import { describe, expect, it } from 'vitest';

import { joinSentences as joinInPreview } from '#app/domain/texts/join-sentences.ts';
import { SHOPPER_LOCALES } from '#app/domain/texts/surfaces.ts';
import { formatAmount, formatDay, formatEnd, formatInstant, joinSentences, sayPoints, withTexts } from '../../../extensions/shopper-kit/src/words.ts';
import { wordingIn } from '../support/locale-words.ts';

const PAGE = 'perennial-loyalty-page';

describe('the words of the shoppers’ surfaces', () => {
  it.each([
    ['en', 1, '1 point'],
    ['en', 1240, '1,240 points'],
    ['de', 1240, '1.240 Punkte'],
    ['fr', 0, '0 point'],
    ['ar', 2, 'نقطتان'],
    ['ar', 5, '5 نقاط'],
    ['ar', 100, '100 نقطة'],
    ['ja', 1240, '1,240ポイント'],
  ])('count points as %s does', (locale, points, words) => {
    expect(sayPoints('points', points, wordingIn(PAGE, locale)).replaceAll(/[٠-٩]/g, (digit) => String('٠١٢٣٤٥٦٧٨٩'.indexOf(digit)))).toBe(words);
  });

  it('stand without a space between sentences where the language has none, as in the previews', () => {
    expect(SHOPPER_LOCALES.filter((locale) => joinSentences(locale, ['1。', '2。']) === '1。2。')).toEqual(['zh-CN', 'zh-TW', 'ja']);
    for (const locale of SHOPPER_LOCALES) expect(joinSentences(locale, ['1.', '2.'])).toBe(joinInPreview(locale, ['1.', '2.']));
  });

  it('say a debt with its sign and the plural of its size', () => {
    expect(sayPoints('points', -120, wordingIn(PAGE))).toBe('-120 points');
    expect(sayPoints('points', -1, wordingIn(PAGE))).toBe('-1 point');
  });

  it('write money without cents that are none, and with all that are some', () => {
    const wording = wordingIn(PAGE);
    expect(formatAmount({ amountMinor: 500, currency: 'EUR', decimals: 2 }, wording)).toBe('€5');
    expect(formatAmount({ amountMinor: 550, currency: 'EUR', decimals: 2 }, wording)).toBe('€5.50');
    expect(formatAmount({ amountMinor: 500, currency: 'JPY', decimals: 0 }, wording)).toBe('¥500');
  });

  it('keep a calendar day of the shop the same day everywhere', () => {
    expect(formatDay('2027-03-31', wordingIn(PAGE, 'en', 'Pacific/Kiritimati'))).toBe('March 31, 2027');
    expect(formatDay('soon', wordingIn(PAGE))).toBeNull();
  });

  it('tell an instant in the zone of the buyer', () => {
    expect(formatInstant('2026-12-05T23:30:00Z', wordingIn(PAGE, 'en', 'Asia/Tokyo'))).toBe('December 6, 2026');
    expect(formatInstant('soon', wordingIn(PAGE))).toBeNull();
    expect(formatEnd('2026-12-22T22:59:59Z', wordingIn(PAGE, 'en', 'Europe/Berlin'))).toBe('December 22, 2026');
  });

  it('give way to the merchant’s own, with the gaps filled and their own plural', () => {
    const own = withTexts(wordingIn(PAGE), { title: 'Tea leaves', 'points.one': '{{points}} leaf', 'points.other': '{{ points }} leaves' }, 'en');
    expect(own.translate('title')).toBe('Tea leaves');
    expect([sayPoints('points', 1, own), sayPoints('points', 1240, own)]).toEqual(['1 leaf', '1,240 leaves']);
    expect(own.translate('retry')).toBe('Try again');
  });

  it('take one text of the merchant for every number', () => {
    const own = withTexts(wordingIn(PAGE), { points: '{{points}} leaves' }, 'no such language');
    expect(sayPoints('points', 3, own)).toBe('3 leaves');
  });

  it.each(['{{points}} {{thing}}', '{{constructor}}', '{{__proto__}} {{points}}', ''])('pass over %j, in which something would stay open', (text) => {
    const own = withTexts(wordingIn(PAGE), { points: text, 'points.other': text, unknownKey: 'x' }, 'en');
    expect(sayPoints('points', 3, own)).toBe('3 points');
  });
});
