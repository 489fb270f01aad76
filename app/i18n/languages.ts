/** What the admin pages are written in. */
export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface AdminLocale {
  language: Language;
  /** Language tag for numbers and dates: the merchant's own where it goes with the language of the words. */
  formats: string;
}

const DEFAULT: AdminLocale = { language: 'en', formats: 'en' };

/**
 * What the words and the numbers of the admin pages are in, from the wishes in falling order of weight: the first that
 * we have the language of. Every kind of Chinese is answered in Simplified Chinese.
 */
export function chooseAdminLocale(wishes: readonly (string | null | undefined)[]): AdminLocale {
  for (const wish of wishes) {
    const locale = wish ? parseLocale(wish) : null;
    if (locale?.language === 'zh') return { language: 'zh-CN', formats: 'zh-CN' };
    if (locale?.language === 'en') return { language: 'en', formats: locale.baseName };
  }
  return DEFAULT;
}

function parseLocale(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag);
  } catch {
    // Whoever asked for it may have made it up.
    return null;
  }
}
