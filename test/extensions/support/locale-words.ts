import { readFileSync } from 'node:fs';

import type { Wording } from '../../../extensions/shopper-kit/src/words.ts';

type Texts = Record<string, string | Record<string, string>>;

export function readTexts(extension: string, locale: string): Texts {
  const file = locale === 'en' ? 'en.default.json' : `${locale}.json`;
  return JSON.parse(readFileSync(`extensions/${extension}/locales/${file}`, 'utf8'));
}

/** `shopify.i18n` over the texts of an extension, with Intl under it. Throws for a key that there is no text for. */
export function i18nOf(extension: string, locale = 'en') {
  const texts = readTexts(extension, locale);
  const intl = <Options extends object>(options: Options & { inExtensionLocale?: boolean } = {} as Options) => {
    const { inExtensionLocale: _, ...rest } = options;
    return rest;
  };
  return {
    translate: (key: string, values: Record<string, string | number> = {}): string => {
      const found = texts[key];
      const text = typeof found === 'object' ? found[new Intl.PluralRules(locale).select(Number(values.count))] : found;
      if (text === undefined) throw new Error(`${extension} has no text for ${key} in ${locale}.`);
      return text.replace(/\{\{(\w+)\}\}/g, (gap, name: string) => String(values[name] ?? gap));
    },
    formatNumber: (value: number | bigint, options?: Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(locale, intl(options)).format(value),
    formatCurrency: (value: number | bigint, options?: Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(locale, { style: 'currency', ...intl(options) }).format(value),
    formatDate: (value: Date, options?: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, intl(options)).format(value),
  };
}

/** How an extension writes in a language. */
export function wordingIn(extension: string, locale = 'en', timeZone: string | undefined = 'UTC'): Wording {
  return { ...i18nOf(extension, locale), timeZone };
}
