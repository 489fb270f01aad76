import type { ShopperLocale } from '#app/domain/texts/surfaces.ts';

/** Each language in its own words, which whoever writes in it reads. */
export const LOCALE_NAMES: Readonly<Record<ShopperLocale, string>> = {
  en: 'English',
  'zh-CN': '简体中文',
  'zh-TW': '繁體中文',
  ja: '日本語',
  ko: '한국어',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  it: 'Italiano',
  'pt-BR': 'Português (Brasil)',
  nl: 'Nederlands',
  ar: 'العربية',
  th: 'ไทย',
  id: 'Bahasa Indonesia',
  vi: 'Tiếng Việt',
};
