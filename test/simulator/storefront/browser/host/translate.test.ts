import { describe, expect, it, vi } from 'vitest';

import { createTranslate } from './translate.ts';

const translate = createTranslate({
  locale: 'fr',
  texts: { offer: { title: 'Bonjour {{ name }}' }, points: { one: '{{count}} point', other: '{{count}} points' } },
  defaultLocale: 'en',
  defaultTexts: {
    offer: { title: 'Hello', text: 'Only in English' },
    days: { one: 'one day', other: '{{count}} days' },
  },
});

describe('the texts of an extension', () => {
  it('come in the language of the buyer, with what is filled in', () => {
    expect(translate('offer.title', { name: 'Anna' })).toBe('Bonjour Anna');
  });

  it('come from the default language where the buyer’s has none', () => {
    expect(translate('offer.text')).toBe('Only in English');
  });

  it('choose the plural by the rules of the language that the text is in', () => {
    // French counts zero as one, English as many.
    expect(translate('points', { count: 0 })).toBe('0 point');
    expect(translate('points', { count: 2 })).toBe('2 points');
    expect(translate('days', { count: 0 })).toBe('0 days');
  });

  it('come in parts when something other than text is filled in', () => {
    const element = { type: 'strong' };
    expect(translate('offer.title', { name: element })).toEqual(['Bonjour ', element]);
  });

  it('show the key and warn when nobody wrote a text', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect(translate('offer.nowhere')).toBe('offer.nowhere');
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });
});
