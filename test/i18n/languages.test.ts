import { describe, expect, it } from 'vitest';

import { adminLocaleOf } from '#app/i18n/admin-locale.server.ts';
import { chooseAdminLocale } from '#app/i18n/languages.ts';

function requestFor(path: string, acceptLanguage?: string): Request {
  return new Request(`https://app.example${path}`, acceptLanguage === undefined ? {} : { headers: { 'Accept-Language': acceptLanguage } });
}

describe('the language of the admin pages', () => {
  it.each([
    ['zh-CN', 'zh-CN'],
    ['zh-TW', 'zh-CN'],
    ['zh', 'zh-CN'],
    ['en', 'en'],
    ['de', 'en'],
    ['not a language', 'en'],
  ])('for a merchant whose admin is in %s is %s', (wish, language) => {
    expect(chooseAdminLocale([wish]).language).toBe(language);
  });

  it('keeps the numbers in the merchant’s own kind of English', () => {
    expect(chooseAdminLocale(['en-GB'])).toEqual({ language: 'en', formats: 'en-GB' });
  });

  it('is what the admin names in the address before what the browser asks for', () => {
    expect(adminLocaleOf(requestFor('/app?locale=zh-CN', 'en-US,en;q=0.9')).language).toBe('zh-CN');
  });

  it('is the first one of the browser that there are words in, where the address names none', () => {
    expect(adminLocaleOf(requestFor('/app', 'fr-FR,zh-CN;q=0.8,en;q=0.5')).language).toBe('zh-CN');
    expect(adminLocaleOf(requestFor('/app')).language).toBe('en');
  });
});
